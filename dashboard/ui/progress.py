"""A bar for work that passes over all samples; it shows only when the work takes long enough to be noticed."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

NOTICED = 0.3  # seconds


@contextmanager
def progress_bar(text: str) -> Iterator[Callable[[float], None]]:
    """Yields report(share done); the bar is gone afterwards. Each report is a point where a newer run takes over."""
    slot, started = st.empty(), time.monotonic()

    def report(done: float) -> None:
        if time.monotonic() - started > NOTICED:
            slot.progress(min(max(done, 0.0), 1.0), text=text)

    yield report
    slot.empty()
