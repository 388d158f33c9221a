"""Files named on the command line, handed to the app as a small JSON file whose path is in an environment variable.

Plain values only: paths, a score kind, options. Knows nothing of the command line or of screens.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from dashboard.errors import InputError
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.media import media_folder
from dashboard.inputs.read import DataFiles, read_dataset

VARIABLE = "DASHBOARD_OPENED"


@dataclass(frozen=True)
class Opened:
    """What to read at the start: paths as text, the score kind, and the fields of ReadOptions that were given.

    media: the folder below which the pictures and sounds lie that cells name.
    """

    scores: dict[str, str]
    labels: str | None = None
    score_kind: str | None = None
    columns: str | None = None
    readers: dict[str, str] = field(default_factory=dict)
    class_names: str | None = None
    class_groups: str | None = None
    options: dict = field(default_factory=dict)
    media: str | None = None

    def read(self) -> Dataset:
        """The Dataset in these files; InputError as `read_dataset` and `media_folder` raise it."""
        media = None if self.media is None else media_folder(self.media)
        names = None if self.class_names is None else Path(self.class_names)
        files = DataFiles(self.scores, self.labels, self.columns, self.readers, names, self.class_groups)
        return replace(read_dataset(files, self.score_kind, **self.options), media=media)


def write_opened(opened: Opened, path: Path) -> dict[str, str]:
    """Writes what to open to `path`; returns the environment variable that makes `read_opened` find it."""
    path.write_text(json.dumps(asdict(opened)), encoding="utf-8")
    return {VARIABLE: str(path)}


def read_opened(environment: Mapping[str, str] = os.environ) -> Dataset | None:
    """The Dataset that the app was started with, or None; InputError where its files cannot be read any more."""
    if VARIABLE not in environment:
        return None
    try:
        opened = Opened(**json.loads(Path(environment[VARIABLE]).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"{VARIABLE} must name the file that `python -m dashboard open` wrote, but it cannot be read ({error}): "
            "start the app that way again."
        ) from None
    return opened.read()
