"""A drop zone for files too large for Streamlit's own uploader: sent to the route, never through the session.

Its value is a list of small records; their ids are what counts, and an id that the store does not know means nothing.
"""

from pathlib import Path

import streamlit as st

from dashboard.ui.file_upload.guard import TOKEN_COOKIE, TOKEN_HEADER
from dashboard.ui.file_upload.route import NAME_HEADER
from dashboard.ui.file_upload.store import StoredFile, UploadStore

_FOLDER = Path(__file__).parent


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


_component = st.components.v2.component(
    "file_upload", html=_text("upload.html"), css=_text("upload.css"), js=_text("upload.js")
)


def large_files_control(store: UploadStore, key: str) -> list[StoredFile]:
    """The files uploaded through this control since it was mounted, in the order in which they arrived."""
    data = {"max_bytes": store.settings.max_file_bytes, "cookie": TOKEN_COOKIE}
    data |= {"token_header": TOKEN_HEADER, "name_header": NAME_HEADER}
    value = _component(key=key, data=data, default={"files": []}, on_files_change=lambda: None)
    records = value.files if isinstance(value.files, list) else []
    found = (store.find(record.get("id")) for record in records if isinstance(record, dict))
    return [file for file in found if file is not None]
