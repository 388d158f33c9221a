"""How much visitors may upload, and where it lies: read once from the environment. Knows nothing of requests."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class UploadSettings:
    """Bounds on uploads to disk. `folder` is where the server makes a folder of its own."""

    max_file_bytes: int = 4_000_000_000
    max_total_bytes: int = 20_000_000_000  # of all visitors together
    max_files_per_visitor: int = 50
    hours_kept: float = 12
    folder: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))


def read_settings(environment: Mapping[str, str] = os.environ) -> UploadSettings:
    """The settings; ValueError names a variable that cannot be read."""
    given = {
        "max_file_bytes": _number(environment, "DASHBOARD_MAX_UPLOAD_BYTES", int),
        "max_total_bytes": _number(environment, "DASHBOARD_UPLOAD_TOTAL_BYTES", int),
        "max_files_per_visitor": _number(environment, "DASHBOARD_UPLOAD_FILES", int),
        "hours_kept": _number(environment, "DASHBOARD_UPLOAD_HOURS", float),
        "folder": Path(folder) if (folder := environment.get("DASHBOARD_UPLOAD_FOLDER")) else None,
    }
    return UploadSettings(**{name: value for name, value in given.items() if value is not None})


def _number(environment, variable, kind):
    text = environment.get(variable)
    if not text:
        return None
    try:
        value = kind(text)
    except ValueError:
        value = 0
    if not value > 0:
        raise ValueError(f"{variable} must be a number above 0, got {text!r}")
    return value
