"""The files of one load, read: small ones at once, others in a process that people watch and can stop."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.errors import InputError
from dashboard.escape import for_markdown
from dashboard.inputs.bounded_reading import BoundedReading, is_quick
from dashboard.inputs.content import FileContent, read_file
from dashboard.inputs.conversion import Conversion
from dashboard.inputs.limits import DEFAULT_LIMITS, Limits, as_size
from dashboard.inputs.mapping import Sources
from dashboard.inputs.names import names_of_files
from dashboard.ui import state, upload_cache
from dashboard.ui.file_upload.store import StoredFile, upload_store
from dashboard.ui.panels.uploads import Uploads

AT_ONCE = 2  # files read at the same time on this server: each may take memory by the gigabyte
_TURNS = threading.BoundedSemaphore(AT_ONCE)  # shared by all visitors on purpose
_REFRESH = 0.25  # seconds between two looks at the process; each is a point where a newer run takes over


def read_uploads(uploads: Uploads) -> Sources | None:
    """What the files hold, or None while a person has stopped the reading; InputError with the first fault."""
    if state.recalled("stopped_reading") == uploads.key:
        offer_to_read("stopped_reading", "read_again")
        return None
    return Sources(
        {name: _content(file, uploads) for name, file in _named(uploads.scores).items()},
        uploads.labels and _content(uploads.labels, uploads),
        uploads.columns and _content(uploads.columns, uploads),
        {name: _content(file, uploads) for name, file in _named(uploads.readers).items()},
        uploads.class_names.strip() or None,
        uploads.class_groups and _content(uploads.class_groups, uploads),
    )


def _named(files: list[StoredFile]) -> dict[str, StoredFile]:
    return dict(zip(names_of_files(file.name for file in files), files, strict=True))


def _content(file: StoredFile, uploads: Uploads) -> FileContent:
    try:
        return upload_cache.content(file.id, None)
    except LookupError:
        return upload_cache.content(file.id, _read(file, uploads))


def _read(file: StoredFile, uploads: Uploads) -> FileContent:
    limits = replace(DEFAULT_LIMITS, max_file_bytes=upload_store().settings.max_file_bytes)
    if is_quick(file.path):
        return read_file(file.path, name=file.name, limits=limits)
    return _read_apart(file, uploads, limits)


def _read_apart(file: StoredFile, uploads: Uploads, limits: Limits) -> FileContent:
    start = partial(Conversion, file.path, name=file.name, limits=limits, scratch=upload_store().folder)
    halt = partial(state.remember, "stopped_reading", uploads.key)
    with read_apart(start, {file.name: file.size}, key=file.id, halt=halt) as conversion:
        return conversion.content()


@contextmanager
def read_apart(start, sizes: dict[str, int], *, key: str, halt) -> Iterator[BoundedReading]:
    """The process that `start()` begins, when it has read; a line tells how long it takes, and a button stops it.

    It ends with this run, whether the run is over, newer than this one, or stopped by a person. In a fragment the
    button would wait for the end of the run. sizes: name -> bytes of the files; halt: what the button calls.
    """
    slot = st.empty()
    with slot.container(horizontal=True, vertical_alignment="center", key="reading"):
        said = st.empty()
        st.button("Stop reading", icon=":material/stop:", key=f"stop_{key}", on_click=halt)
    words = ", ".join(f"{for_markdown(name)} ({as_size(size)})" for name, size in sizes.items())
    try:
        with _turn(said), start() as reading:
            while not reading.wait(_REFRESH):
                said.markdown(f"Reading {words}: {reading.seconds:.0f} s")
            yield reading
    except InputError:
        slot.empty()
        raise
    slot.empty()


@contextmanager
def _turn(said) -> Iterator[None]:
    """When no more than AT_ONCE files are being read."""
    while not _TURNS.acquire(timeout=_REFRESH):
        said.markdown("Waiting until files of other visitors are read")
    try:
        yield
    finally:
        _TURNS.release()


def offer_to_read(stopped: str, key: str) -> None:
    """The way on after a person stopped the reading, which is remembered under `stopped`."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Reading was stopped; nothing has changed.")
        st.button("Read the files", key=key, on_click=state.forget, args=(stopped,))
