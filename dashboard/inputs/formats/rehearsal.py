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
from dataclasses import asdict

from dashboard.errors import InputError
from dashboard.inputs.formats.files import SourceFile, copy_bytes
from dashboard.inputs.formats.parquet_batches import ParquetBatches
from dashboard.inputs.limited_process import REFUSED, bound_this_process, end_now
from dashboard.inputs.limits import Limits, as_size
from dashboard.module_process import module_command, project_environment


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
    command = [*module_command("dashboard.inputs.formats.rehearsal"), str(file), json.dumps(asdict(limits))]
    try:
        done = subprocess.run(
            command,
            stdin=handle,
            capture_output=True,
            env=project_environment(),
            timeout=limits.max_rehearsal_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            f"{file} must be readable within {limits.max_rehearsal_seconds} seconds, but is not: load fewer samples."
        ) from None
    if done.returncode == REFUSED:
        raise InputError(done.stdout.decode())
    if done.returncode != 0:
        raise InputError(
            f"{file} must be a sound Parquet file that unpacks to under {as_size(limits.max_array_bytes)}, but "
            "reading it "
            f"breaks off (status {done.returncode}): it is damaged or too large, save it again or load fewer samples."
        )


def _rehearse_here(what: str, limits: Limits) -> None:
    bound_this_process(limits.max_rehearsal_bytes, limits.max_rehearsal_seconds)
    try:
        for _ in ParquetBatches(os.fdopen(0, "rb"), what, limits):
            pass
    except InputError as error:
        sys.stdout.buffer.write(str(error).encode())
        sys.stdout.flush()
        end_now(REFUSED)
    end_now(0)


if __name__ == "__main__":
    _rehearse_here(sys.argv[1], Limits(**json.loads(sys.argv[2])))
