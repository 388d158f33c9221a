"""Where tests write that wait for a disk more than for anything else."""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 500_000_000


def parent_of_quick_folders() -> Path | None:
    """A file system in memory with enough room, or None for the usual temporary folder."""
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES
    return MEMORY if usable else None
