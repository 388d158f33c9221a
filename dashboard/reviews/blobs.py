"""Where the files of arrays lie: a folder of this machine, or any store that fsspec opens. A file is named by the hash
of its bytes, written once, never changed.

In a folder a file gets its name only when all of it is on the disk: whatever has a name is whole, also after a crash.
"""

import hashlib
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import fsspec
import numpy as np

from dashboard.reviews.array_files import ArrayFile, ArrayRef, check_file, damaged, read_array, restored
from dashboard.reviews.review_errors import ReviewError, StoreUnavailable

MAPPED_FROM = 1_000_000  # bytes; a process may have some ten thousand mappings only
_PART = ".part"


def open_blobs(url: str | Path) -> "FolderBlobs | ObjectBlobs":
    """The store that a URL, or the path of a folder, names; StoreUnavailable where fsspec knows no such."""
    if isinstance(url, Path):
        return FolderBlobs(url)
    try:
        files, root = fsspec.url_to_fs(url)
    except (ValueError, ImportError) as error:
        # The URL itself may carry a password.
        raise StoreUnavailable(
            f"The arrays' store must be a URL that fsspec opens, but “{url.partition(':')[0]}:” needs something that "
            f"is missing here ({type(error).__name__}): install its package or set DASHBOARD_BLOB_URL to another."
        ) from None
    return FolderBlobs(Path(root)) if "file" in _protocols(files) else ObjectBlobs(files, root)


class FolderBlobs:
    """Files below a folder of this machine, which only this user may open."""

    def __init__(self, folder: Path):
        self.folder = folder
        make_private(folder)
        _sync_folder(folder.parent)

    def has(self, ref: ArrayRef) -> bool:
        path = self._path(ref.digest)
        return path.is_file() and path.stat().st_size == ref.size

    def write(self, file: ArrayFile) -> None:
        """The bytes are on the disk before the file gets its name; `settle` puts the name there."""
        path = self._path(file.ref.digest)
        part = path.with_name(f"{path.name}.{secrets.token_hex(8)}{_PART}")
        try:
            with part.open("xb") as handle:
                write_pieces(file, handle.write)
                handle.flush()
                os.fsync(handle.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def settle(self) -> None:
        """All names given so far, by whatever process, are on the disk."""
        _sync_folder(self.folder)

    def read(self, ref: ArrayRef) -> np.ndarray:
        """The array, its bytes compared with its name; a large one is mapped, not copied into memory."""
        try:
            with self._path(ref.digest).open("rb") as file:
                if ref.size < MAPPED_FROM or ref.cells is not None:
                    return read_array(file, ref)
                check_file(file, ref)
                file.seek(0)
                return restored(np.lib.format.open_memmap(file.name, mode="r").view(np.ndarray), ref)
        except FileNotFoundError:
            raise damaged(ref) from None

    def remove(self, digest: str) -> None:
        self._path(digest).unlink(missing_ok=True)

    def remove_parts(self, older_than: float) -> None:
        """Deletes what saves left that were killed before this time (seconds since 1970)."""
        for part in self.folder.glob(f"*{_PART}"):
            with suppress(FileNotFoundError):  # another process sweeps too, or that save ends just now
                if part.stat().st_mtime < older_than:
                    part.unlink()

    def _path(self, digest):
        return self.folder / f"{digest}.npy"  # one folder: one fsync for all names of a save


class ObjectBlobs:
    """Files in a store that fsspec opens; a file that is not whole is found by its size and written again."""

    def __init__(self, files: Any, root: str):
        self.files, self.root = files, root.rstrip("/")

    def has(self, ref: ArrayRef) -> bool:
        path = self._path(ref.digest)
        self.files.invalidate_cache(path)
        try:
            return self.files.info(path)["size"] == ref.size
        except FileNotFoundError:
            return False

    def write(self, file: ArrayFile) -> None:
        path = self._path(file.ref.digest)
        self.files.makedirs(self.root, exist_ok=True)
        with self.files.open(path, "wb") as handle:
            write_pieces(file, handle.write)
        if not self.has(file.ref):
            raise StoreUnavailable("The arrays' store took a file but has not got all of it: save the review again.")

    def settle(self) -> None:
        """Nothing: a file that was taken stays."""

    def read(self, ref: ArrayRef) -> np.ndarray:
        """The array, its bytes compared with its name; nothing beyond its own memory is needed."""
        try:
            with self.files.open(self._path(ref.digest), "rb") as file:
                return read_array(file, ref)
        except FileNotFoundError:
            raise damaged(ref) from None

    def remove(self, digest: str) -> None:
        with suppress(FileNotFoundError):
            self.files.rm_file(self._path(digest))

    def remove_parts(self, older_than: float) -> None:
        """Nothing: a store of objects has no half ones, and of other stores the name is written over."""

    def _path(self, digest):
        return f"{self.root}/{digest}.npy"


def write_pieces(file: ArrayFile, write: Callable[[Any], Any]) -> None:
    """Writes all of a file; ReviewError where the array is no longer the one its name was made from."""
    content = hashlib.sha256()
    for piece in file.pieces():
        content.update(piece)
        write(piece)
    if content.hexdigest() != file.ref.digest:
        raise ReviewError("An array must not change while it is saved, but one did: save the review again.")


def make_private(folder: Path) -> None:
    """A folder, and what is missing above it, that only this user may open; one that is there stays as it is.

    StoreUnavailable where it cannot be made.
    """
    if folder.is_dir():
        return
    make_private(folder.parent)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"The reviews' folder must be one that the app may write to, but the system says: {error.strerror}. Set "
            "DASHBOARD_REVIEW_FOLDER to another."
        ) from error


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # folders cannot be opened there, and names are on the disk when `replace` returns
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _protocols(files):
    return (files.protocol,) if isinstance(files.protocol, str) else files.protocol
