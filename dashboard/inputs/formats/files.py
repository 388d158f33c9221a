"""A file as the format readers see it, and what they hand back. Knows nothing of any format."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from dashboard.errors import InputError
from dashboard.inputs.limits import Limits, as_size
from dashboard.inputs.names import printable, quoted

_HEAD_BYTES = 4096
_BLOCK_BYTES = 1 << 24


@dataclass(frozen=True)
class SourceFile:
    """An open file: seekable, not empty, within the size limit."""

    name: str
    size: int
    handle: BinaryIO
    head: bytes  # its first bytes

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()

    def __str__(self) -> str:
        return quoted(self.name)


@dataclass(frozen=True, eq=False)
class Reading:
    """What a reader understood: arrays, or a table, with sentences about it."""

    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    table: pd.DataFrame | None = None
    has_header: bool = True
    notes: tuple[str, ...] = ()


@contextmanager
def open_source(source: Path | bytes | BinaryIO, name: str | None, limits: Limits) -> Iterator[SourceFile]:
    """The file behind a path, bytes or an open binary handle; a handle stays open and belongs to the caller."""
    if isinstance(source, (str, Path)):
        with _open_path(Path(source)) as handle:
            yield _source_file(handle, name or Path(source).name, limits)
    elif isinstance(source, (bytes, bytearray, memoryview)):
        yield _source_file(io.BytesIO(source), name or "upload", limits)
    else:
        handle = source if source.seekable() else io.BytesIO(source.read(limits.max_file_bytes + 1))
        yield _source_file(handle, name or str(getattr(source, "name", "upload")), limits)


def read_into(handle: BinaryIO, array: np.ndarray, what: str) -> np.ndarray:
    """Fills a C-contiguous array from the handle without a second copy; InputError where the file ends early."""
    target = memoryview(array.reshape(-1).view(np.uint8)) if array.nbytes else memoryview(b"")
    done = 0
    while done < len(target):
        count = handle.readinto(target[done : done + _BLOCK_BYTES])
        if not count:
            raise InputError(
                f"{what} must hold {as_size(len(target))} of values as its header says, but ends after "
                f"{as_size(done)}: the file is truncated, save or upload it again."
            )
        done += count
    return array


def copy_bytes(handle: BinaryIO, copy: BinaryIO) -> None:
    """Copies the handle from its start and leaves both at theirs."""
    handle.seek(0)
    shutil.copyfileobj(handle, copy, _BLOCK_BYTES)
    handle.seek(0)
    copy.seek(0)


def _open_path(path: Path) -> BinaryIO:
    try:
        is_other = path.exists() and not path.is_file()
        if not is_other:
            return path.open("rb")
    except FileNotFoundError:
        raise InputError(
            f"{quoted(path.name)} must be an existing file, but there is none in {str(path.parent)!r}: check the path."
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL character
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{quoted(path.name)} must be readable, but opening it failed: {reason}.") from None
    raise InputError(f"{quoted(path.name)} must be a file, but is a folder or device: name the file itself.")


def _source_file(handle, name, limits):
    name = printable(Path(name).name) or "upload"
    size = handle.seek(0, io.SEEK_END)
    handle.seek(0)
    if size == 0:
        raise InputError(f"{quoted(name)} must hold data, but is empty (0 bytes): save or upload it again.")
    if size > limits.max_file_bytes:
        raise InputError(
            f"{quoted(name)} must be at most {as_size(limits.max_file_bytes)}, but has {as_size(size)}: "
            "load fewer samples, or save float32 as .npy."
        )
    head = handle.read(_HEAD_BYTES)
    handle.seek(0)
    return SourceFile(name, size, handle, head)
