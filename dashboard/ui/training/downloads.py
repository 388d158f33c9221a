"""Buttons for what a training left on disk; a file is read when somebody presses its button."""

from functools import partial

import streamlit as st

from dashboard.training.job_status import JobStatus
from dashboard.training.run_files import PLAN_FILE, ZIP_FILE

ABOUT = {
    "validation.npz": "logits, labels",
    "test.npz": "logits, labels",
    "weights.safetensors": "weights",
    "train.py": "PyTorch script",
}


def show_downloads(registry, status: JobStatus) -> None:
    """Everything as one archive, the plan, and the files of one run."""
    names, runs = registry.file_names(status.id), run_names(registry, status.id)
    _button(registry, status.id, ZIP_FILE, "training.zip", "Everything (.zip)")
    _button(registry, status.id, PLAN_FILE, PLAN_FILE, "Plan (.json)")
    if not runs:
        return
    run = st.selectbox("Files of one run", runs, key="download_run")
    for name in names:
        folder, _, file = name.partition("/")
        if folder == run:
            _button(registry, status.id, name, f"{run}_{file}", f"{file}: {ABOUT.get(file, '')}".rstrip(": "))
    st.caption(
        "The .npz files hold logits, labels (1, 0, -1 unknown), class_names, ids and the columns, as the Data page and "
        "python -m dashboard read them. The script retrains the run without this app, from data.npz in the archive."
    )


def run_names(registry, id: str) -> list[str]:
    """Of the runs that there are: fewer than the plan asks for where the training was stopped."""
    return list(dict.fromkeys(name.split("/")[0] for name in registry.file_names(id) if "/" in name))


def _button(registry, id: str, name: str, file_name: str, label: str) -> None:
    st.download_button(
        label,
        data=partial(read_file, registry, id, name),
        file_name=file_name,
        mime="application/octet-stream",
        icon=":material/download:",
        key=f"download_{name}",
        on_click="ignore",
        type="tertiary",
    )


def read_file(registry, id: str, name: str) -> bytes:
    """The bytes of a file; empty where the training is gone since the page was drawn."""
    path = registry.file(id, name)
    return b"" if path is None else path.read_bytes()
