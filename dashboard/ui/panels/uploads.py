"""Where people hand in files: the uploaders, and what they hold as `Sources`."""

import hashlib
from dataclasses import dataclass, field

import streamlit as st

from dashboard.inputs.mapping import Sources
from dashboard.inputs.names import names_of_files
from dashboard.ui import cache


@dataclass(frozen=True)
class Uploads:
    """The files of one load, before they are read; `class_names` is pasted text."""

    scores: list = field(default_factory=list)
    labels: object = None
    columns: object = None
    readers: list = field(default_factory=list)
    class_names: str = ""
    class_groups: object = None

    @property
    def key(self) -> str:
        """A digest of which files these are."""
        files = [*self.scores, self.labels, self.columns, *self.readers, self.class_groups]
        named = [f"{file.file_id}/{file.name}" if file else "-" for file in files]
        text = "\0".join([str(len(self.scores)), str(len(self.readers)), *named, self.class_names])
        return hashlib.sha256(text.encode()).hexdigest()

    def read(self) -> Sources:
        """What the files hold; InputError with the sentence of the first that cannot be read."""
        return Sources(
            {name: _content(file) for name, file in _named(self.scores).items()},
            self.labels and _content(self.labels),
            self.columns and _content(self.columns),
            {name: _content(file) for name, file in _named(self.readers).items()},
            self.class_names.strip() or None,
            self.class_groups and _content(self.class_groups),
        )


def uploads_control() -> Uploads:
    """Scores and labels side by side, everything rarer behind an expander."""
    left, right = st.columns(2)
    scores = left.file_uploader(
        "Scores: one file per run",
        accept_multiple_files=True,
        key="upload_scores",
        help="One row per sample, one column per class: .npy, .npz, .csv, .tsv, .parquet, .pt, .safetensors, .json",
    )
    labels = right.file_uploader(
        "Labels: leave empty when they are in the scores' file",
        key="upload_labels",
        help="0/1 per class, -1/+1, class indices or lists of class names, in any of the formats",
    )
    with st.expander("Readers, extra columns, class names"):
        left, right = st.columns(2)
        readers = left.file_uploader(
            "Readers: 0/1 decisions of human annotators on the same samples",
            accept_multiple_files=True,
            key="upload_readers",
        )
        columns = right.file_uploader("Columns of the samples: groups, units, texts", key="upload_columns")
        class_names = left.text_area(
            "Class names, one per line, in the order of the columns", key="upload_names", height=120
        )
        groups = right.file_uploader("Groups of classes: a table of class and group", key="upload_class_groups")
    return Uploads(scores, labels, columns, readers, class_names, groups)


def _content(file):
    return cache.content(file.file_id, file.name, file)


def _named(files) -> dict:
    return dict(zip(names_of_files(file.name for file in files), files, strict=True))
