"""Files beyond what Streamlit's uploader takes: sent straight to disk, then each given its part in the load."""

import re

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.inputs.limits import as_size
from dashboard.ui import state, upload_cache
from dashboard.ui.file_upload import large_files_control
from dashboard.ui.file_upload.store import StoredFile, upload_store

ROLES = {
    "scores": "Scores of a run",
    "labels": "Labels",
    "columns": "Columns of the samples",
    "readers": "Decisions of a reader",
    "class_groups": "Groups of classes",
    "unused": "Not used",
}
# What a name speaks for, from the most telling word on; people see it and change it.
_WORDS = {"reader": "readers", "label|target|truth|y_true": "labels", "column|meta": "columns", "group": "class_groups"}


def large_files() -> dict[str, list[StoredFile]]:
    """Role -> the visitor's large files with that role, in the order in which they came."""
    store = upload_store()
    kept = state.recalled("large_files", [])
    with st.expander(f"Larger files: up to {as_size(store.settings.max_file_bytes)} each", expanded=bool(kept)):
        arrived = [file.id for file in large_files_control(store, "large_upload")]
        files = [file for id in dict.fromkeys([*kept, *arrived]) if (file := store.find(id))]
        state.remember("large_files", [file.id for file in files])
        if files:
            st.caption(f"On the server's disk for {store.settings.hours_kept:g} hours, or until you remove them.")
        roles = {role: [] for role in ROLES}
        for file in files:
            roles[_role_control(file)].append(file)
    return roles


def remove_upload(file_id: str) -> None:
    """Deletes a file from the disk, with what was read of it."""
    upload_store().remove(file_id)
    upload_cache.forget_content(file_id)


def _role_control(file: StoredFile) -> str:
    key = f"role_{file.id}"
    state.preset_widget(key, state.recalled(key) or _guess(file.name))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{for_markdown(file.name)} · {as_size(file.size)}", width="stretch")
        role = st.selectbox(
            f"What {file.name} holds",  # collapsed: read aloud as it is, never drawn as Markdown
            list(ROLES),
            format_func=ROLES.get,
            key=key,
            on_change=lambda: state.remember(key, state.widget_value(key)),
            label_visibility="collapsed",
            width=220,
        )
        st.button("Remove", key=f"remove_{file.id}", on_click=remove_upload, args=(file.id,))
    return role


def _guess(name: str) -> str:
    return next((role for words, role in _WORDS.items() if re.search(words, name.lower())), "scores")
