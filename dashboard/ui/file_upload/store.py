"""Uploaded files on disk: under random names in a folder of this server alone, bounded in number, size and age.

Knows nothing of requests or sessions: whoever has an id has the file, and an id cannot be guessed (128 bits).
"""

import atexit
import hashlib
import secrets
import shutil
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dashboard.inputs.limits import as_size
from dashboard.own_folder import OwnFolder
from dashboard.ui.file_upload.settings import UploadSettings, read_settings

_FOLDER_PREFIX = "dashboard-uploads-"


class UploadRefused(Exception):
    """A file that is not taken: the status of the answer and a sentence for the person."""

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class StoredFile:
    """A complete upload. name: as the user knows it, never part of a path. sha256: of its bytes, in hex."""

    id: str
    name: str
    size: int
    sha256: str
    path: Path


@dataclass(frozen=True)
class _Place:
    visitor: str
    size: int
    since: float
    file: StoredFile | None = None  # None while it is being written


class UploadStore:
    """All uploads of this server; may be used from any thread."""

    def __init__(self, settings: UploadSettings):
        self.settings = settings
        self._own = OwnFolder(settings.folder, _FOLDER_PREFIX)
        self._places: dict[str, _Place] = {}
        self._lock = threading.Lock()

    def admit(self, size: int, visitor: str) -> None:
        """UploadRefused when a file of so many bytes cannot be taken from this visitor now."""
        self.sweep()
        with self._lock:
            self._check(size, visitor)

    def open(self, name: str, size: int, visitor: str) -> "Upload":
        """Room for a file of exactly so many bytes; UploadRefused where there is none."""
        self.sweep()
        with self._lock:
            self._check(size, visitor)
            upload = Upload(self, secrets.token_hex(16), name, size)
            self._places[upload.id] = _Place(visitor, size, time.time())
        return upload

    def find(self, id: object) -> StoredFile | None:
        """The complete file with this id; None for any other value, whatever it is."""
        with self._lock:
            place = self._places.get(id) if isinstance(id, str) else None
        return place and place.file

    def remove(self, id: str) -> None:
        """Deletes a file; nothing happens when there is none."""
        with self._lock:
            known = self._places.pop(id, None)
        if known:
            for path in (self._path(id), self._path(id, part=True)):
                path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Deletes the files that are older than they are kept."""
        oldest = time.time() - self.settings.hours_kept * 3600
        with self._lock:
            expired = [id for id, place in self._places.items() if place.file and place.since < oldest]
        for id in expired:
            self.remove(id)

    def close(self) -> None:
        """Deletes everything; the store is of no use afterwards."""
        self._own.close()

    @property
    def folder(self) -> Path:
        return self._own.path

    def _path(self, id, *, part=False):
        return self.folder / f"{id}.{'part' if part else 'file'}"

    def _complete(self, upload, sha256):
        file = StoredFile(upload.id, upload.name, upload.size, sha256, self._path(upload.id))
        self._path(upload.id, part=True).replace(file.path)
        with self._lock:
            place = self._places[upload.id]
            self._places[upload.id] = _Place(place.visitor, place.size, time.time(), file)
        return file

    def _check(self, size, visitor):
        settings = self.settings
        if size > settings.max_file_bytes:
            raise UploadRefused(
                413,
                f"A file must have at most {as_size(settings.max_file_bytes)}, but this one has {as_size(size)}: "
                "load fewer samples, or save float32 as .npy.",
            )
        if sum(place.visitor == visitor for place in self._places.values()) >= settings.max_files_per_visitor:
            raise UploadRefused(
                429,
                f"At most {settings.max_files_per_visitor} uploaded files are kept for one person: remove some of them "
                "first.",
            )
        taken = sum(place.size for place in self._places.values())
        free = min(settings.max_total_bytes - taken, shutil.disk_usage(self.folder).free)
        if size > free:
            raise UploadRefused(
                507,
                f"The server has room for {as_size(max(free, 0))} more of uploads, but this file has {as_size(size)}: "
                f"remove files you no longer need, or try again later (files are kept for {settings.hours_kept:g} "
                "hours).",
            )


class Upload:
    """One file on its way to the disk. Either `finish` or `discard` ends it; a discarded one leaves nothing."""

    def __init__(self, store: UploadStore, id: str, name: str, size: int):
        self.id, self.name, self.size = id, name, size
        self._store = store
        self._handle = store._path(id, part=True).open("xb", buffering=0)
        self._hash = hashlib.sha256()
        self._written = 0
        self._is_complete = False

    def write(self, data: bytes) -> None:
        """The next bytes; UploadRefused beyond the announced size or when the disk is full."""
        self._written += len(data)
        if self._written > self.size:
            raise UploadRefused(
                413,
                f"The file must have the {as_size(self.size)} it was announced with, but has more: upload it again.",
            )
        self._hash.update(data)
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._handle.write(rest) :]
        except OSError as error:
            raise UploadRefused(507, f"The server could not write the file to its disk: {error.strerror}.") from None

    def finish(self) -> StoredFile:
        """The complete file; UploadRefused when bytes are missing."""
        if self._written != self.size:
            raise UploadRefused(
                400,
                f"The file must have the {as_size(self.size)} it was announced with, but only "
                f"{as_size(self._written)} came: upload it again.",
            )
        self._handle.close()
        file = self._store._complete(self, self._hash.hexdigest())
        self._is_complete = True
        return file

    def discard(self) -> None:
        """Leaves nothing of an upload that was not finished; does nothing to one that was."""
        if not self._is_complete:
            self._handle.close()
            self._store.remove(self.id)


@cache
def upload_store() -> UploadStore:
    """The one store of this process: the route writes into it, the pages read from it."""
    store = UploadStore(read_settings())
    atexit.register(store.close)
    return store
