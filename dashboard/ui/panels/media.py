"""Pictures and sounds of samples on screen: small in a table, large for one sample.

What may be shown at all, `dashboard.inputs.media` says.
"""

import numpy as np
import streamlit as st

from dashboard.errors import InputError
from dashboard.escape import for_markdown
from dashboard.inputs.media import Medium, read_medium, short_cell
from dashboard.inputs.png import png_bytes
from dashboard.ui.view import View

PAGE_BYTES = 3_000_000  # of the pictures of a page together: they travel with its table
LONGEST_TEXT = 20_000  # characters shown of one cell
_TABLE_SCALE, _LARGE_SCALE = 2, 8  # of the sample data's little scans


def columns_of(view: View, role: str) -> list[str]:
    """The extra columns with this role."""
    return [name for name, its_role in view.dataset.column_roles.items() if its_role == role]


def pictures(view: View, rows: np.ndarray) -> dict[str, list[str | None]]:
    """A `data:` address, or None where there is no picture to show, per sample; a list for each source of pictures.

    Once a page holds PAGE_BYTES, further pictures are None: whoever opens a sample sees its picture.
    """
    found = {}
    if view.dataset.images is not None:
        found["picture"] = [_scan(view, row, _TABLE_SCALE).address for row in rows]
    room = PAGE_BYTES
    for name in columns_of(view, "image"):
        addresses = []
        for row in rows:
            medium = _medium_or_none(view, name, row)
            fits = medium is not None and len(medium.content) <= room
            room -= len(medium.content) if fits else 0
            addresses.append(medium.address if fits else None)
        if any(addresses):
            found[f"picture: {name}"] = addresses
    return found


def show_media(view: View, row: int) -> None:
    """Everything of one sample that is seen or heard, and its texts in full."""
    if view.dataset.images is not None:
        st.image(_scan(view, row, _LARGE_SCALE).address)
    for role, show in (("image", _show_picture), ("audio", _show_sound)):
        for name in columns_of(view, role):
            cell = str(view.predictions.columns[name][row])
            if cell:
                _show_medium(view, name, cell, role, show)
    for name in columns_of(view, "text"):
        text = str(view.predictions.columns[name][row])
        st.caption(for_markdown(name))
        st.text(text[:LONGEST_TEXT])
        if len(text) > LONGEST_TEXT:
            st.caption(f"The first {LONGEST_TEXT:,} of {len(text):,} characters.")


def _show_medium(view, name, cell, role, show) -> None:
    st.caption(f"{for_markdown(name)}: {for_markdown(short_cell(cell))}")
    try:
        show(read_medium(cell, role, view.dataset.media))
    except InputError as refused:
        st.caption(for_markdown(f"Not shown. {refused}"))


def _show_picture(medium: Medium) -> None:
    st.image(medium.address)


def _show_sound(medium: Medium) -> None:
    st.audio(medium.content, format=medium.mime)


def _medium_or_none(view, name, row) -> Medium | None:
    cell = str(view.predictions.columns[name][row])
    try:
        return read_medium(cell, "image", view.dataset.media) if cell else None
    except InputError:
        return None  # the sentence stands beside the opened sample


def _scan(view, row, scale) -> Medium:
    return Medium(png_bytes(view.dataset.images[row], scale), "image/png")
