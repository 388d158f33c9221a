"""How much visitors may upload, and where it lies. Knows nothing of requests."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dashboard import settings


@dataclass(frozen=True)
class UploadSettings:
    """Bounds on uploads to disk. `folder` is where the server makes a folder of its own."""

    max_file_bytes: int = 4_000_000_000
    max_total_bytes: int = 20_000_000_000  # of all visitors together
    max_files_per_visitor: int = 50
    hours_kept: float = 12
    folder: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))


def read_settings(environment: Mapping[str, str] = os.environ) -> UploadSettings:
    """Those of the environment; ValueError names a variable that cannot be read."""
    given = settings.read_settings(environment)
    return UploadSettings(
        given.max_upload_bytes, given.upload_total_bytes, given.upload_files, given.upload_hours, given.upload_folder
    )
