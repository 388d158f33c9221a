"""Zip archives (.npz, .pt) opened only after their directory was checked: count, sizes, ratio, names.

Does not know what the members hold, and extracts nothing to disk.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from dashboard.errors import InputError
from dashboard.inputs.formats.files import SourceFile
from dashboard.inputs.limits import Limits, as_size
from dashboard.inputs.names import quoted

_MAX_DIRECTORY_BYTES = 4_000_000
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What zipfile raises on damaged archives: RuntimeError for encrypted members, NotImplementedError for unknown methods.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    OSError,
    ValueError,
    OverflowError,
    RuntimeError,
    NotImplementedError,
)


class Archive:
    """A checked zip archive; `members` in the order of its directory."""

    def __init__(self, file: SourceFile, opened: zipfile.ZipFile):
        self._file = file
        self._opened = opened
        self.members = opened.infolist()

    def open(self, member: zipfile.ZipInfo) -> "MemberHandle":
        """A handle on the unpacked bytes of a member; never yields more than the directory says."""
        part = f"its member {quoted(member.filename)}"
        with _damage_as_input_error(self._file, part):
            return MemberHandle(self._opened.open(member), self._file, part)


class MemberHandle:
    """Reads a member; damage found on the way is an InputError."""

    def __init__(self, handle: BinaryIO, file: SourceFile, part: str):
        self._handle = handle
        self._file = file
        self._part = part

    def read(self, size: int) -> bytes:
        with _damage_as_input_error(self._file, self._part):
            return self._handle.read(size)

    def readinto(self, target: memoryview) -> int:
        with _damage_as_input_error(self._file, self._part):
            return self._handle.readinto(target)


@contextmanager
def open_archive(file: SourceFile, limits: Limits) -> Iterator[Archive]:
    """The archive of a file, after every check that its directory allows; InputError where one fails."""
    bounded = _BoundedReads(file.handle, _MAX_DIRECTORY_BYTES)
    with _damage_as_input_error(file, "its directory"):
        opened = zipfile.ZipFile(bounded)
    bounded.most = None
    with opened:
        _check_directory(opened.infolist(), file, limits)
        yield Archive(file, opened)


def _check_directory(members, file, limits):
    if len(members) > limits.max_members:
        raise InputError(f"{file} must hold at most {limits.max_members:,} members, but holds {len(members):,}.")
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise InputError(f"{file} must hold each member once, but has two of the same name: save it again.")
    for member in members:
        if member.flag_bits & 1 or member.compress_type not in _READABLE:
            raise InputError(
                f"{file} must be stored or deflated without a password, but its member {quoted(member.filename)} "
                "is not: "
                "save it again."
            )
        if member.header_offset + member.compress_size > file.size:
            raise InputError(
                f"{file} must hold all its members, but {quoted(member.filename)} claims more than the file's "
                f"{as_size(file.size)}: the file is truncated, save or upload it again."
            )
    _check_expansion(sum(member.file_size for member in members), file, limits)


def _check_expansion(unpacked, file, limits):
    # A label matrix of rare classes packs 1000 : 1 without any malice: the ratio counts for large archives only.
    if unpacked > limits.max_array_bytes:
        raise InputError(
            f"{file} must unpack to at most {as_size(limits.max_array_bytes)}, but its directory claims "
            f"{as_size(unpacked)}: "
            "load fewer samples or classes."
        )
    if unpacked > limits.max_unpacked_freely and unpacked > limits.max_ratio * file.size:
        raise InputError(
            f"{file} must unpack to at most {limits.max_ratio} times its size, but {as_size(file.size)} claim to "
            "unpack to "
            f"{as_size(unpacked)}: save it uncompressed with np.savez."
        )


@contextmanager
def _damage_as_input_error(file, part):
    try:
        yield
    except _DAMAGED as error:
        raise InputError(
            f"{file} must be a complete zip archive, but {part} cannot be read ({error}): "
            "the file is damaged or truncated, save or upload it again."
        ) from None


class _BoundedReads(io.RawIOBase):
    """A handle that refuses single reads beyond `most` bytes: zipfile reads a whole directory in one go."""

    def __init__(self, handle: BinaryIO, most: int | None):
        super().__init__()
        self._handle = handle
        self.most = most

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._handle.seek(offset, whence)

    def tell(self) -> int:
        return self._handle.tell()

    def read(self, size: int = -1) -> bytes:
        if self.most is None or 0 <= size <= self.most:
            return self._handle.read(size)
        data = self._handle.read(self.most + 1)
        if len(data) > self.most:
            raise zipfile.BadZipFile(f"it takes over {as_size(self.most)}")
        return data
