"""Reads an uploaded file in a process of its own and maps what it holds. Knows nothing of screens."""

from pathlib import Path

from dashboard.inputs.bounded_reading import BoundedReading, answer_request
from dashboard.inputs.content import FileContent, read_file
from dashboard.inputs.limits import DEFAULT_LIMITS, Limits
from dashboard.inputs.names import quoted
from dashboard.inputs.stored_content import load_content, store_content


class Conversion(BoundedReading):
    """One file being read; see `BoundedReading`."""

    def __init__(self, path: Path, *, name: str, limits: Limits = DEFAULT_LIMITS, scratch: Path | None = None):
        request = {"path": str(path), "name": name}
        super().__init__("dashboard.inputs.conversion", quoted(name), request, limits=limits, scratch=scratch)

    def content(self) -> FileContent:
        """What the file holds; waits for it. InputError with the sentence of the reader, or of the limit it broke."""
        return load_content(self.folder())


def _convert(request: dict, limits: Limits, folder: Path) -> None:
    store_content(read_file(Path(request["path"]), name=request["name"], limits=limits), folder)


if __name__ == "__main__":
    answer_request(_convert)
