"""What whoever hosts the app may set, each by an environment variable: read here and nowhere else.

Knows nothing of what the settings are used for.
"""

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import get_args

_SOURCES = r"('none'|('self'|https://[\w.*-]+(:\d+)?)( ('self'|https://[\w.*-]+(:\d+)?))*)"  # of a security policy
LOG_LEVELS = ("debug", "info", "warning", "error")


def _about(variable: str, explanation: str, choices: tuple[str, ...] = (), pattern: str = "") -> dict:
    """Of a field of Settings: its environment variable and what it says; where not all are allowed, its values or how
    they are written.
    """
    return {"variable": variable, "explanation": explanation, "choices": choices, "pattern": pattern}


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
    array_bytes: int = field(
        default=8_000_000_000, metadata=_about("DASHBOARD_ARRAY_BYTES", "of memory for the arrays of all visitors")
    )
    visitor_bytes: int = field(
        default=4_000_000_000, metadata=_about("DASHBOARD_VISITOR_BYTES", "of it for the data that one visitor opened")
    )
    unused_minutes: float = field(
        default=60.0, metadata=_about("DASHBOARD_UNUSED_MINUTES", "after which data that nobody looks at is let go")
    )
    visitors: int = field(default=100, metadata=_about("DASHBOARD_VISITORS", "visitors at once"))
    frame_ancestors: str = field(
        default="'none'",
        metadata=_about("DASHBOARD_FRAME_ANCESTORS", "which pages may show the app in a frame", pattern=_SOURCES),
    )
    admin: bool = field(default=False, metadata=_about("DASHBOARD_ADMIN", "1 shows on the Data page what is in use"))
    log_level: str = field(
        default="info", metadata=_about("DASHBOARD_LOG_LEVEL", "from which level on is logged", choices=LOG_LEVELS)
    )
    log_format: str = field(
        default="json", metadata=_about("DASHBOARD_LOG_FORMAT", "of a line of the log", choices=("json", "text"))
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
    choices = ("0", "1") if kind is bool else setting.metadata["choices"]
    if choices and text not in choices:
        raise ValueError(f"{setting.metadata['variable']} must be one of {', '.join(choices)}, got {text!r}")
    if setting.metadata["pattern"] and not re.fullmatch(setting.metadata["pattern"], text):
        raise ValueError(f"{setting.metadata['variable']} must be 'none', 'self' or https addresses, got {text!r}")
    if kind is bool:
        return text == "1"
    if kind not in (int, float):
        return kind(text)
    try:
        value = kind(text)
    except ValueError:
        value = 0
    if not value > 0:
        raise ValueError(f"{setting.metadata['variable']} must be a number above 0, got {text!r}")
    return value
