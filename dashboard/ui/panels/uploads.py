"""Where people hand in files: Streamlit's uploaders for small ones, the upload route for large ones.

All of them end on disk, from where they are read.
"""

import hashlib
from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile

from dashboard.escape import for_markdown
from dashboard.ui import state
from dashboard.ui.file_upload.native import move_to_disk
from dashboard.ui.file_upload.store import StoredFile, upload_store
from dashboard.ui.panels.large_files import large_files, remove_upload


@dataclass(frozen=True)
class Uploads:
    """The files of one load, before they are read; `class_names` is pasted text."""

    scores: list[StoredFile] = field(default_factory=list)
    labels: StoredFile | None = None
    columns: StoredFile | None = None
    readers: list[StoredFile] = field(default_factory=list)
    class_names: str = ""
    class_groups: StoredFile | None = None

    @property
    def key(self) -> str:
        """A digest of which files these are."""
        files = [*self.scores, self.labels, self.columns, *self.readers, self.class_groups]
        named = [f"{file.id}/{file.name}" if file else "-" for file in files]
        text = "\0".join([str(len(self.scores)), str(len(self.readers)), *named, self.class_names])
        return hashlib.sha256(text.encode()).hexdigest()


def uploads_control() -> Uploads:
    """Scores and labels side by side, everything rarer behind an expander. UploadRefused when the disk has no room."""
    left, right = st.columns(2)
    scores = _uploader(
        left,
        "Scores: one file per run",
        "upload_scores",
        several=True,
        help="One row per sample, one column per class: .npy, .npz, .csv, .tsv, .parquet, .pt, .safetensors, .json",
    )
    labels = _uploader(
        right,
        "Labels: leave empty when they are in the scores' file",
        "upload_labels",
        help="0/1 per class, -1/+1, class indices or lists of class names, in any of the formats",
    )
    with st.expander("Readers, extra columns, class names"):
        left, right = st.columns(2)
        about_readers = "Readers: 0/1 decisions of human annotators on the same samples"
        readers = _uploader(left, about_readers, "upload_readers", several=True)
        columns = _uploader(right, "Columns of the samples: groups, units, texts", "upload_columns")
        class_names = left.text_area(
            "Class names, one per line, in the order of the columns", key="upload_names", height=120
        )
        groups = _uploader(right, "Groups of classes: a table of class and group", "upload_class_groups")
    large = large_files()
    return Uploads(
        scores + large["scores"],
        _only(labels + large["labels"], "labels"),
        _only(columns + large["columns"], "columns of the samples"),
        readers + large["readers"],
        class_names,
        _only(groups + large["class_groups"], "groups of classes"),
    )


def _only(files: list[StoredFile], what: str) -> StoredFile | None:
    """The one file with these; of several, the last, and people are told so."""
    if len(files) > 1:
        st.warning(
            f"{len(files)} files are given as {what}; the last one is read, {for_markdown(files[-1].name)}.",
            icon=":material/warning:",
        )
    return files[-1] if files else None


def _uploader(place, label: str, key: str, *, several: bool = False, help: str | None = None) -> list[StoredFile]:
    """The files that Streamlit's uploader lists, each moved to disk in the first run that sees it."""
    place.file_uploader(label, accept_multiple_files=several, key=key, help=help)
    store, moved, listed = upload_store(), state.recalled(f"moved_{key}", {}), _listed(key)
    for uploaded in listed:
        if uploaded.file_id not in moved and isinstance(uploaded, UploadedFile):
            moved = moved | {uploaded.file_id: move_to_disk(uploaded, store).id}
            state.remember(f"moved_{key}", moved)
    kept = {uploaded.file_id: moved[uploaded.file_id] for uploaded in listed if uploaded.file_id in moved}
    for file_id in moved.keys() - kept.keys():
        remove_upload(moved[file_id])
    state.remember(f"moved_{key}", kept)
    return [file for id in kept.values() if (file := store.find(id))]


def _listed(key: str) -> list[UploadedFile | DeletedFile]:
    """What the widget shows. Its own return value is a copy in memory, and leaves out the files that were moved."""
    value = state.widget_value(key)
    return value if isinstance(value, list) else [value] if value else []
