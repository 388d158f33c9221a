"""What Streamlit concludes from the names of folders."""

from pathlib import Path

from dashboard import ui


def test_no_folder_called_pages_lies_beside_the_entry_script():
    """Streamlit would run its files directly, past main.py, for the first visitor of a page's own address."""
    assert not (Path(ui.__file__).parent / "pages").exists()
