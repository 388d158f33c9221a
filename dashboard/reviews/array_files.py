"""An array as the bytes that are kept of it, named by their SHA-256, and back. Nothing is ever pickled.

The bytes are a .npy file in C order and little-endian, not compressed, so that a large one opens by mapping the file;
text and mixed cells lie in it as JSON. Knows nothing of where files lie.
"""

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

from dashboard.reviews.review_errors import DamagedReview

BLOCK_BYTES = 4_000_000
AS_CELLS = "UOT"  # kinds of dtypes that are kept as JSON


@dataclass(frozen=True)
class ArrayRef:
    """Where an array lies. digest: of its file, in hex; size: of its file in bytes; cells: the dtype of kept cells."""

    digest: str
    size: int
    cells: str | None = None


@dataclass(frozen=True, eq=False)
class ArrayFile:
    """The file of one array, made piece by piece: no second copy of a large one is held."""

    array: np.ndarray
    cells: str | None = None

    @classmethod
    def of(cls, array: np.ndarray) -> "ArrayFile":
        """Raises TypeError for cells that are neither text, numbers nor None."""
        if array.dtype.kind not in AS_CELLS:
            return cls(array)
        cells = array.dtype.str if array.dtype.kind == "U" else "O"
        return cls(np.frombuffer(json.dumps(array.tolist(), default=_plain).encode(), dtype=np.uint8), cells)

    @cached_property
    def ref(self) -> ArrayRef:
        content, size = hashlib.sha256(), 0
        for piece in self.pieces():
            content.update(piece)
            size += len(piece)
        return ArrayRef(content.hexdigest(), size, self.cells)

    def pieces(self) -> Iterator[bytes | memoryview]:
        """The bytes in order, some megabytes at a time."""
        array, dtype = np.atleast_1d(self.array), self.array.dtype.newbyteorder("<")
        head = io.BytesIO()
        npy.write_array_header_1_0(
            head, {"descr": npy.dtype_to_descr(dtype), "fortran_order": False, "shape": self.array.shape}
        )
        yield head.getvalue()
        step = max(1, BLOCK_BYTES // max(1, array[:1].nbytes))
        for start in range(0, len(array) if array.size else 0, step):
            block = np.ascontiguousarray(array[start : start + step], dtype=dtype)
            yield block.reshape(-1).view(np.uint8).data


def read_array(file: BinaryIO, ref: ArrayRef) -> np.ndarray:
    """The array that `ref` names, from its file, straight into its memory; DamagedReview where it is another."""
    hashed = _Hashed(file)
    try:
        array = _read_npy(hashed, ref)
    except (ValueError, EOFError):
        array = None
    if array is None or hashed.digest() != ref.digest:
        raise damaged(ref)
    return restored(array, ref)


def check_file(file: BinaryIO, ref: ArrayRef) -> None:
    """DamagedReview unless the file has the bytes that `ref` names."""
    if hashlib.file_digest(file, "sha256").hexdigest() != ref.digest:
        raise damaged(ref)


def restored(array: np.ndarray, ref: ArrayRef) -> np.ndarray:
    """The array as it was saved, read-only; text and mixed cells are made again."""
    if ref.cells is not None:
        values = json.loads(array.tobytes())
        array = np.empty(len(values), dtype=ref.cells)
        array[:] = values
    array.flags.writeable = False
    return array


def damaged(ref: ArrayRef) -> DamagedReview:
    return DamagedReview(
        f"The arrays of this review must be as they were saved, but one of them ({ref.digest[:8]}…) is missing or "
        "was changed on its disk: bring the store's files back from a backup, or save the review anew."
    )


def _read_npy(file, ref):
    if npy.read_magic(file) != (1, 0):
        raise ValueError("another version of .npy")
    shape, in_fortran_order, dtype = npy.read_array_header_1_0(file)
    if in_fortran_order or dtype.hasobject or int(np.prod(shape, dtype=object)) * dtype.itemsize >= ref.size:
        raise ValueError("not a header that was written here")
    array = np.empty(shape, dtype)
    rest = memoryview(array.reshape(-1).view(np.uint8))
    while len(rest):
        piece = file.read(min(len(rest), BLOCK_BYTES))
        if not piece:
            raise EOFError
        rest[: len(piece)] = piece
        rest = rest[len(piece) :]
    if file.read(1):
        raise ValueError("bytes after the array")
    return array


def _plain(value):
    if isinstance(value, np.generic) and isinstance(plain := value.item(), str | int | float | bool):
        return plain
    raise TypeError(f"cells must be text, numbers or None to be kept, got {type(value).__name__}")


class _Hashed:
    """Reads on and hashes what it read."""

    def __init__(self, file):
        self._file, self._content = file, hashlib.sha256()

    def read(self, size):
        piece = self._file.read(size)
        self._content.update(piece)
        return piece

    def digest(self):
        return self._content.hexdigest()
