"""A visitor's feature files, read: small ones at once, others in a process that people watch and can stop.

The page waits for the process outside of its fragment, in which a button would wait for the end of the run.
"""

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from dashboard.core.feature_table import FeatureTable
from dashboard.errors import InputError
from dashboard.inputs.bounded_reading import RefusedFiles
from dashboard.inputs.feature_conversion import FeatureConversion, are_quick
from dashboard.inputs.features import FeatureFiles, read_features
from dashboard.inputs.limits import DEFAULT_LIMITS, Limits
from dashboard.ui import state, upload_cache
from dashboard.ui.file_upload.store import StoredFile, upload_store
from dashboard.ui.panels.reading import offer_to_read, read_apart

_WANTED, _STOPPED = "train_files_wanted", "train_reading_stopped"


@dataclass(frozen=True)
class OwnFiles:
    """files: role -> file, features among them. options: arguments of `read_features`. key: says both."""

    files: dict[str, StoredFile]
    options: dict
    key: str

    @property
    def id(self) -> str:
        return self.files["features"].id

    @property
    def are_quick(self) -> bool:
        return are_quick(file.path for file in self.files.values())


def table_control(own: OwnFiles) -> FeatureTable | None:
    """The table, or None while a person has stopped the reading; starts a run of the page where it has to be read.

    Raises InputError, or ChoiceNeeded, as `read_features`.
    """
    if (table := _known(own)) is not None or own.are_quick:
        return table or _read_here(own)
    if state.recalled(_STOPPED) != own.key:
        state.remember(_WANTED, True)
        st.rerun()
    offer_to_read(_STOPPED, "train_read_again")
    return None


def table_of(own: OwnFiles) -> FeatureTable:
    """The same without drawing: where the table was let go meanwhile, it is read before this returns."""
    if (table := _known(own)) is not None or own.are_quick:
        return table or _read_here(own)
    with _conversion(own) as conversion:
        return _kept(own, conversion.table())


def is_wanted() -> bool:
    """Whether `table_control` waits for `read_files`."""
    return state.recalled(_WANTED, False)


def read_files(own: OwnFiles) -> None:
    """Reads the files and keeps what came of it; outside of fragments."""
    state.forget(_WANTED)
    sizes = {file.name: file.size for file in own.files.values()}
    halt = partial(state.remember, _STOPPED, own.key)
    try:
        with read_apart(partial(_conversion, own), sizes, key=own.id, halt=halt) as conversion:
            _kept(own, conversion.table())
    except InputError as error:
        _kept(own, RefusedFiles.of(error))


def _known(own: OwnFiles) -> FeatureTable | None:
    """None where they have not been read."""
    try:
        outcome = upload_cache.feature_table(own.id, own.key, None)
    except LookupError:
        return None
    if isinstance(outcome, RefusedFiles):
        raise outcome.error()
    return outcome


def _kept(own, outcome):
    return upload_cache.feature_table(own.id, own.key, outcome)


def _read_here(own) -> FeatureTable:
    files = FeatureFiles(**{role: (file.name, file.path) for role, file in own.files.items()})
    return _kept(own, read_features(files, limits=_limits(), **own.options))


def _conversion(own) -> FeatureConversion:
    files = {role: (file.name, file.path) for role, file in own.files.items()}
    return FeatureConversion(files, own.options, limits=_limits(), scratch=upload_store().folder)


def _limits() -> Limits:
    return replace(DEFAULT_LIMITS, max_file_bytes=upload_store().settings.max_file_bytes)
