"""Reads a Parquet file to its end in a process of its own, with bounded memory and time, before it is read here.

632 bytes of Parquet can stand for a row of 16 GB, and damaged files can end the process that reads them: both then
happen to the rehearsal and not to the server. Knows nothing of the content.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from dashboard.errors import InputError
from dashboard.inputs.formats.files import SourceFile, copy_bytes
from dashboard.inputs.formats.parquet_batches import ParquetBatches
from dashboard.inputs.limits import Limits, as_size

_REFUSED = 3  # the exit status of a rehearsal that ended with a sentence on its standard output
_PROJECT = Path(__file__).resolve().parents[3]


def rehearse(file: SourceFile, limits: Limits) -> None:
    """Returns when the file can be read within the limits; InputError when not, or when reading it ends the process."""
    file.handle.seek(0)
    try:
        file.handle.fileno()
    except io.UnsupportedOperation:
        with tempfile.TemporaryFile() as copy:
            copy_bytes(file.handle, copy)
            _run(file, copy, limits)
    else:
        _run(file, file.handle, limits)
    file.handle.seek(0)


def _run(file, handle, limits):
    handle.seek(0)
    command = [sys.executable, "-m", "dashboard.inputs.formats.rehearsal", str(file), json.dumps(asdict(limits))]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_PROJECT), os.environ.get("PYTHONPATH", "")])}
    try:
        done = subprocess.run(
            command,
            stdin=handle,
            capture_output=True,
            env=environment,
            timeout=limits.max_rehearsal_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            f"{file} must be readable within {limits.max_rehearsal_seconds} seconds, but is not: load fewer samples."
        ) from None
    if done.returncode == _REFUSED:
        raise InputError(done.stdout.decode())
    if done.returncode != 0:
        raise InputError(
            f"{file} must be a sound Parquet file that unpacks to under {as_size(limits.max_array_bytes)}, but "
            "reading it "
            f"breaks off (status {done.returncode}): it is damaged or too large, save it again or load fewer samples."
        )


def _rehearse_here(what: str, limits: Limits) -> None:
    _bound_memory(limits.max_rehearsal_bytes)
    try:
        for _ in ParquetBatches(os.fdopen(0, "rb"), what, limits):
            pass
    except InputError as error:
        sys.stdout.buffer.write(str(error).encode())
        sys.stdout.flush()
        _end(_REFUSED)
    _end(0)


def _end(status):
    # Without tidying up: about one orderly exit in forty is ended by an abort among pyarrow's threads, after which a
    # sound file would be refused.
    os._exit(status)


def _bound_memory(n_bytes):
    # Where the system has no such bounds (Windows), the rehearsal still keeps a crash away from the server.
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (n_bytes, n_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


if __name__ == "__main__":
    _rehearse_here(sys.argv[1], Limits(**json.loads(sys.argv[2])))
