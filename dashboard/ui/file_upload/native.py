"""Files of Streamlit's own uploader, moved to disk so that its memory is free again.

Streamlit keeps such a file in memory, twice, for as long as the session lives. `uploaded_file_mgr` of the script's
context is private to Streamlit; it is used in this one place, and a test holds it to the installed version.
"""

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard.inputs.names import printable
from dashboard.ui.file_upload.store import StoredFile, UploadStore

_PIECE_BYTES = 1 << 22


def move_to_disk(uploaded: UploadedFile, store: UploadStore) -> StoredFile:
    """The same file in the store; afterwards Streamlit holds none of its bytes. UploadRefused where it has no room."""
    upload = store.open(printable(uploaded.name) or "upload", uploaded.size, f"session {_context().session_id}")
    try:
        for start in range(0, uploaded.size, _PIECE_BYTES):
            uploaded.seek(start)
            upload.write(uploaded.read(_PIECE_BYTES))
        file = upload.finish()
    finally:
        upload.discard()
    release(uploaded)
    return file


def release(uploaded: UploadedFile) -> None:
    """Takes the bytes from the uploader's memory and from the widget's value, which both stay usable."""
    context = _context()
    context.uploaded_file_mgr.remove_file(context.session_id, uploaded.file_id)
    uploaded.seek(0)
    uploaded.truncate(0)


def _context():
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("uploaded files can be moved only while a page runs")
    return context
