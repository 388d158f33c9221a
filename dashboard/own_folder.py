"""A folder on disk that belongs to one running process alone, and is deleted once that process is gone.

Knows nothing of what lies in it.
"""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_LOCK = "in-use"


class OwnFolder:
    """A new folder under `base` that only this user may open. Those of processes that are gone are deleted first."""

    def __init__(self, base: Path, prefix: str):
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(base, prefix)
        # It gets its name once it is held: another process that sweeps at this moment would delete it.
        unnamed = Path(tempfile.mkdtemp(prefix=f".{prefix}", dir=base))
        self._held = _hold(unnamed)
        self.path = unnamed.rename(base / unnamed.name.removeprefix("."))

    def close(self) -> None:
        """Deletes the folder with everything in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._held:
            self._held.close()


def _sweep(base: Path, prefix: str) -> None:
    for folder in base.glob(f"{prefix}*"):
        held = None if folder.is_symlink() else _hold(folder)
        if held:
            shutil.rmtree(folder, ignore_errors=True)
            held.close()


def _hold(folder: Path) -> BinaryIO | None:
    """A handle whose life marks the folder as in use; None when another process holds it or it is not ours."""
    with suppress(ImportError, OSError):  # ImportError: no such locks on Windows, where nothing is left to delete
        import fcntl

        handle = (folder / _LOCK).open("ab")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            raise
        return handle
    return None
