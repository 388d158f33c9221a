"""What whoever hosts the app may set, each by an environment variable: read here and nowhere else.

Knows nothing of what the settings are used for.
"""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import get_args


def _about(variable: str, explanation: str) -> dict[str, str]:
    """Of a field of Settings: its environment variable and what it says, for the README and for messages."""
    return {"variable": variable, "explanation": explanation}


def _temporary() -> Path:
    return Path(tempfile.gettempdir())


@dataclass(frozen=True)
class Settings:
    """Every setting with its default; numbers are above 0."""

    max_upload_bytes: int = field(default=4_000_000_000, metadata=_about("DASHBOARD_MAX_UPLOAD_BYTES", "of one file"))
    upload_total_bytes: int = field(
        default=20_000_000_000, metadata=_about("DASHBOARD_UPLOAD_TOTAL_BYTES", "of all visitors' files")
    )
    upload_files: int = field(default=50, metadata=_about("DASHBOARD_UPLOAD_FILES", "of one browser"))
    upload_hours: float = field(
        default=12.0, metadata=_about("DASHBOARD_UPLOAD_HOURS", "after which a file is deleted")
    )
    upload_folder: Path = field(
        default_factory=_temporary, metadata=_about("DASHBOARD_UPLOAD_FOLDER", "where uploads lie")
    )
    training_jobs: int = field(default=1, metadata=_about("DASHBOARD_TRAINING_JOBS", "trainings at once"))
    training_queue: int = field(default=8, metadata=_about("DASHBOARD_TRAINING_QUEUE", "trainings that may wait"))
    training_minutes: float = field(
        default=30.0, metadata=_about("DASHBOARD_TRAINING_MINUTES", "that a training goes on with nobody looking at it")
    )
    training_hours: float = field(
        default=12.0, metadata=_about("DASHBOARD_TRAINING_HOURS", "after which a finished training is deleted")
    )
    training_folder: Path = field(
        default_factory=_temporary, metadata=_about("DASHBOARD_TRAINING_FOLDER", "where trainings lie")
    )
    review_folder: Path = field(
        default=Path(__file__).parents[1] / ".reviews",
        metadata=_about("DASHBOARD_REVIEW_FOLDER", "where reviews lie, unless the next two say otherwise"),
    )
    database_url: str = field(
        default="",
        repr=False,  # may carry a password
        metadata=_about("DASHBOARD_DATABASE_URL", "PostgreSQL for the words of reviews"),
    )
    blob_url: str = field(
        default="", repr=False, metadata=_about("DASHBOARD_BLOB_URL", "an object store for their arrays")
    )
    review_days: float | None = field(
        default=None, metadata=_about("DASHBOARD_REVIEW_DAYS", "after its last change that a review is deleted")
    )
    review_bytes: int | None = field(default=None, metadata=_about("DASHBOARD_REVIEW_BYTES", "of all reviews together"))


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings; ValueError names a variable that cannot be read."""
    given = {each.name: environment.get(each.metadata["variable"]) for each in fields(Settings)}
    kinds = {each.name: each for each in fields(Settings)}
    return Settings(**{name: _read(kinds[name], text) for name, text in given.items() if text})


def _read(setting, text: str):
    """One value in the type of its default."""
    kind = next(iter(get_args(setting.type)), setting.type)  # of "float | None": float
    if kind not in (int, float):
        return kind(text)
    try:
        value = kind(text)
    except ValueError:
        value = 0
    if not value > 0:
        raise ValueError(f"{setting.metadata['variable']} must be a number above 0, got {text!r}")
    return value
