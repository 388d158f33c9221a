"""Fields for one file each: an uploader until there is one, then its name; large files by the upload route."""

from collections.abc import Mapping

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.inputs.limits import as_size
from dashboard.ui import state
from dashboard.ui.file_upload import large_files_control
from dashboard.ui.file_upload.native import move_to_disk
from dashboard.ui.file_upload.store import StoredFile, upload_store
from dashboard.ui.panels.large_files import remove_upload


def file_field(role: str, label: str) -> None:
    """The file of a role; UploadRefused where the disk has no room for it."""
    store, slot = upload_store(), st.empty()
    file = store.find(state.recalled(f"train_file_{role}"))
    if file is None:
        uploaded = slot.file_uploader(label, key=f"train_upload_{role}_{_turn(role)}")
        if uploaded is None:
            return
        file = move_to_disk(uploaded, store)
        state.remember(f"train_file_{role}", file.id)
    with slot.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(
            f"{label.split(',')[0].split(':')[0]}: **{for_markdown(file.name)}** · {as_size(file.size)}",
            width="stretch",
        )
        st.button("Remove", key=f"train_remove_{role}", on_click=remove_file, args=(role, file.id))


def remove_file(role: str, id: str) -> None:
    """Deletes the file from the disk and offers the field again."""
    remove_upload(id)
    state.forget(f"train_file_{role}")
    # A new key: under the old one the browser would bring the moved file, now empty, once more.
    state.remember(f"train_turn_{role}", _turn(role) + 1)


def _turn(role: str) -> int:
    return state.recalled(f"train_turn_{role}", 0)


def large_files_field(roles: Mapping[str, str]) -> None:
    """Files that Streamlit's uploader does not take; each is given its role."""
    store = upload_store()
    with st.expander(f"Larger files: up to {as_size(store.settings.max_file_bytes)} each", key="train_larger"):
        for file in large_files_control(store, "train_large"):
            _role_control(file, roles)


def _role_control(file: StoredFile, roles: Mapping[str, str]) -> None:
    held = next((role for role in roles if state.recalled(f"train_file_{role}") == file.id), None)
    key = f"train_role_{file.id}"

    def take():
        for role in roles:
            if state.recalled(f"train_file_{role}") == file.id:
                state.forget(f"train_file_{role}")
        if state.widget_value(key) in roles:
            state.remember(f"train_file_{state.widget_value(key)}", file.id)

    state.preset_widget(key, held)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{for_markdown(file.name)} · {as_size(file.size)}", width="stretch")
        st.selectbox(
            f"What {file.name} holds",  # collapsed: read aloud as it is, never drawn as Markdown
            list(roles),
            format_func=lambda role: roles[role].split(",")[0],
            key=key,
            on_change=take,
            placeholder="Holds...",
            label_visibility="collapsed",
            width=260,
        )
