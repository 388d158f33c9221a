"""Reads an uploaded file in a process of its own, with bounded memory and time, that can be stopped at any moment.

The server maps what the process wrote: a file that takes all memory, or ends the process that reads it, leaves the
server as it was. Knows nothing of screens.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from dashboard.errors import InputError
from dashboard.inputs.content import FileContent, read_file
from dashboard.inputs.formats.arff import read_arff
from dashboard.inputs.formats.files import open_source
from dashboard.inputs.limited_process import REFUSED, bound_this_process, end_now
from dashboard.inputs.limits import DEFAULT_LIMITS, Limits, as_size
from dashboard.inputs.names import quoted
from dashboard.inputs.stored_arff import arff_as_content
from dashboard.inputs.stored_content import load_content, store_content
from dashboard.module_process import module_command, project_environment

QUICK_BYTES = 5_000_000  # read in place in a quarter of a second; a process alone takes 0.4 s to start
_RISKY = (b"PK", b"PAR1")  # archives and Parquet can unpack to far more than they take


def is_quick(path: Path) -> bool:
    """Whether a file is read sooner in place, and cannot do harm there: small, and nothing in it unpacks."""
    with path.open("rb") as file:
        return path.stat().st_size <= QUICK_BYTES and not file.read(4).startswith(_RISKY)


class Conversion:
    """One file being read in a process; used with `with`, whose end stops the process and removes what it wrote.

    The process also ends when this one does, and after `limits.max_conversion_seconds`. is_arff: the content is that
    of `stored_arff`.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str,
        limits: Limits = DEFAULT_LIMITS,
        scratch: Path | None = None,
        is_arff: bool = False,
    ):
        self._name, self._limits = name, limits
        self._scratch = tempfile.TemporaryDirectory(prefix="reading-", dir=scratch, ignore_cleanup_errors=True)
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            module_command("dashboard.inputs.conversion"),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=project_environment(),
        )
        request = {"path": str(path), "name": name, "folder": self._scratch.name, "limits": asdict(limits)}
        request["is_arff"] = is_arff
        with suppress(BrokenPipeError):  # a process that ends at once is told of by `content`
            # The pipe stays open: its end tells the process that this one is gone.
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()

    def __enter__(self) -> "Conversion":
        return self

    def __exit__(self, *_) -> None:
        self.stop()
        self._scratch.cleanup()

    @property
    def process_id(self) -> int:
        return self._process.pid

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._started

    def wait(self, seconds: float) -> bool:
        """True once the process has ended, at the latest after so many seconds; InputError when its time is up."""
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            if self.seconds > self._limits.max_conversion_seconds:
                self.stop()
                raise InputError(self._too_slow()) from None
            return False
        return True

    def content(self) -> FileContent:
        """What the file holds; waits for it. InputError with the sentence of the reader, or of the limit it broke."""
        while not self.wait(0.5):
            pass
        folder, status = Path(self._scratch.name), self._process.returncode
        if status == 0:
            return load_content(folder)
        if status == REFUSED:
            raise InputError((folder / "refusal.txt").read_text(encoding="utf-8"))
        raise InputError(
            f"{quoted(self._name)} must be a sound file that can be read within "
            f"{as_size(self._limits.max_conversion_bytes)} of memory, but reading it breaks off (status {status}): "
            "it is damaged or too large, save it again or load fewer samples."
        )

    def stop(self) -> None:
        """Ends the process if it still runs."""
        self._process.kill()
        self._process.wait()
        with suppress(BrokenPipeError):
            self._process.stdin.close()

    def _too_slow(self):
        return (
            f"{quoted(self._name)} must be readable within {self._limits.max_conversion_seconds:g} seconds, but is "
            "not: load fewer samples, or save float32 as .npy."
        )


def _convert_here() -> None:
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    limits, folder = Limits(**request["limits"]), Path(request["folder"])
    bound_this_process(limits.max_conversion_bytes, limits.max_conversion_seconds)
    try:
        bounded = replace(limits, rehearses_parquet=False)  # this process is bounded itself
        read = _read_arff if request["is_arff"] else read_file
        store_content(read(Path(request["path"]), name=request["name"], limits=bounded), folder)
    except InputError as error:
        _refuse(folder, str(error))
    except MemoryError:
        _refuse(
            folder,
            f"{quoted(request['name'])} must be readable within {as_size(limits.max_conversion_bytes)} of memory, "
            "but is not: load fewer samples, or save float32 as .npy.",
        )
    except OSError as error:
        _refuse(folder, f"{quoted(request['name'])} must fit on the server's disk, but writing it failed ({error}).")
    end_now(0)


def _read_arff(path: Path, *, name: str, limits: Limits) -> FileContent:
    with open_source(path, name, limits) as file:
        return arff_as_content(read_arff(file, limits))


def _refuse(folder, sentence):
    (folder / "refusal.txt").write_text(sentence, encoding="utf-8", errors="replace")
    end_now(REFUSED)


def _end_with_the_server():
    # Not through sys.stdin.buffer: its lock would be waited for at an orderly exit.
    while os.read(0, 4096):
        pass
    end_now(1)


if __name__ == "__main__":
    _convert_here()
