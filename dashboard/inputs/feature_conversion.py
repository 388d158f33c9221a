"""Reads the files of a training in a process of its own and maps the table they make. Knows nothing of screens."""

import re
from collections.abc import Iterable
from pathlib import Path

from dashboard.core.feature_table import FeatureTable
from dashboard.inputs.bounded_reading import BoundedReading, answer_request, is_quick
from dashboard.inputs.features import FeatureFiles, read_features
from dashboard.inputs.limits import DEFAULT_LIMITS, Limits
from dashboard.inputs.names import quoted
from dashboard.inputs.stored_features import load_features, store_features

QUICK_BYTES = 1_000_000  # of all files; more becomes far more in memory on its way to a table
_SPARSE = re.compile(rb"^\s*\{", re.MULTILINE)  # rows of ARFF whose few bytes may be any number of cells


def are_quick(paths: Iterable[Path]) -> bool:
    """Whether files are read sooner in place, and cannot do harm there: small, and nothing in them unpacks."""
    paths = list(paths)
    if sum(path.stat().st_size for path in paths) > QUICK_BYTES:
        return False
    return all(is_quick(path) and not _SPARSE.search(path.read_bytes()) for path in paths)


class FeatureConversion(BoundedReading):
    """Files being read together; see `BoundedReading`.

    files: the fields of FeatureFiles -> (name, path); options: those of FeatureOptions.
    """

    def __init__(
        self,
        files: dict[str, tuple[str, Path]],
        options: dict,
        *,
        limits: Limits = DEFAULT_LIMITS,
        scratch: Path | None = None,
    ):
        request = {"files": {role: [name, str(path)] for role, (name, path) in files.items()}, "options": options}
        what = ", ".join(quoted(name) for name, _ in files.values())
        super().__init__("dashboard.inputs.feature_conversion", what, request, limits=limits, scratch=scratch)

    def table(self) -> FeatureTable:
        """What the files hold; waits for it. Raises as `read_features`, or InputError for the limit that was broken."""
        return load_features(self.folder())


def _convert(request: dict, limits: Limits, folder: Path) -> None:
    files = FeatureFiles(**{role: (name, Path(path)) for role, (name, path) in request["files"].items()})
    store_features(read_features(files, limits=limits, **request["options"]), folder)


if __name__ == "__main__":
    answer_request(_convert)
