import pytest

from dashboard.ui.file_upload.settings import UploadSettings
from dashboard.ui.file_upload.store import UploadStore


@pytest.fixture
def store_with(tmp_path):
    """store_with(**settings) -> an UploadStore in a folder of the test's own."""
    stores = []

    def make(**settings) -> UploadStore:
        stores.append(UploadStore(UploadSettings(folder=tmp_path / "uploads", **settings)))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def store(store_with):
    return store_with()


def files_in(store) -> list[str]:
    """The endings of all files on the disk."""
    return sorted(path.suffix for path in store.folder.iterdir() if path.suffix)
