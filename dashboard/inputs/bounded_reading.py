"""Reads files in a process of its own, with bounded memory and time, that can be stopped at any moment.

The server maps what the process wrote: a file that takes all memory, or ends the process that reads it, leaves the
server as it was. Knows nothing of what is read, nor of screens.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.limited_process import REFUSED, bound_this_process, end_now
from dashboard.inputs.limits import Limits, as_size
from dashboard.module_process import module_command, project_environment

QUICK_BYTES = 5_000_000  # read in place in a quarter of a second; a process alone takes 0.4 s to start
_RISKY = (b"PK", b"PAR1")  # archives and Parquet can unpack to far more than they take
_REFUSAL = "refusal.json"


def is_quick(path: Path) -> bool:
    """Whether a file is read sooner in place, and cannot do harm there: small, and nothing in it unpacks."""
    with path.open("rb") as file:
        return path.stat().st_size <= QUICK_BYTES and not file.read(4).startswith(_RISKY)


@dataclass(frozen=True)
class RefusedFiles:
    """An InputError, or a ChoiceNeeded, as plain values: to be kept and raised again without what it held on to."""

    sentence: str
    option: str | None = None
    choices: dict[str, str] | None = None

    @classmethod
    def of(cls, error: InputError) -> "RefusedFiles":
        return cls(str(error), getattr(error, "option", None), getattr(error, "choices", None))

    def error(self) -> InputError:
        if self.option is None:
            return InputError(self.sentence)
        return ChoiceNeeded(self.sentence, option=self.option, choices=self.choices)


class BoundedReading:
    """A module being run on a request; used with `with`, whose end stops the process and removes what it wrote.

    The process also ends when this one does, and after `limits.max_conversion_seconds`. module: calls `answer_request`.
    what: the files as sentences name them. request: plain values.
    """

    def __init__(self, module: str, what: str, request: dict, *, limits: Limits, scratch: Path | None = None):
        self._what, self._limits = what, limits
        self._scratch = tempfile.TemporaryDirectory(prefix="reading-", dir=scratch, ignore_cleanup_errors=True)
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            module_command(module), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=project_environment()
        )
        request = request | {"what": what, "folder": self._scratch.name, "limits": asdict(limits)}
        with suppress(BrokenPipeError):  # a process that ends at once is told of by `folder`
            # The pipe stays open: its end tells the process that this one is gone.
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()

    def __enter__(self):
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
        left = max(self._limits.max_conversion_seconds - self.seconds, 0.0)
        try:
            self._process.wait(timeout=min(seconds, left))
        except subprocess.TimeoutExpired:
            if self.seconds >= self._limits.max_conversion_seconds:
                self.stop()
                raise InputError(
                    f"{self._what} must be readable within {self._limits.max_conversion_seconds:g} seconds, but "
                    "reading takes longer: load fewer samples, or save float32 as .npy."
                ) from None
            return False
        return True

    def folder(self) -> Path:
        """Where the process wrote what it read; waits for it. InputError, or ChoiceNeeded, as it was raised there."""
        while not self.wait(0.5):
            pass
        folder, status = Path(self._scratch.name), self._process.returncode
        if status == 0:
            return folder
        if status == REFUSED:
            raise RefusedFiles(**json.loads((folder / _REFUSAL).read_text(encoding="utf-8"))).error()
        raise InputError(
            f"{self._what} must be sound and readable within {as_size(self._limits.max_conversion_bytes)} of memory, "
            f"but reading breaks off (status {status}): the file is damaged or too large, save it again or load fewer "
            "samples."
        )

    def stop(self) -> None:
        """Ends the process if it still runs."""
        self._process.kill()
        self._process.wait()
        with suppress(BrokenPipeError):
            self._process.stdin.close()


def answer_request(answer: Callable[[dict, Limits, Path], None]) -> None:
    """What the process does: bounds itself, lets `answer` read and write into the folder, and ends."""
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    limits, folder = Limits(**request["limits"]), Path(request["folder"])
    bound_this_process(limits.max_conversion_bytes, limits.max_conversion_seconds)
    try:
        answer(request, replace(limits, rehearses_parquet=False), folder)  # this process is bounded itself
    except InputError as error:
        _refuse(folder, RefusedFiles.of(error))
    except MemoryError:
        said = (
            f"{request['what']} must be readable within {as_size(limits.max_conversion_bytes)} of memory, but reading "
            "needs more: load fewer samples, or save float32 as .npy."
        )
        _refuse(folder, RefusedFiles(said))
    except OSError as error:
        said = f"{request['what']} must fit on the server's disk, but writing failed ({error})."
        _refuse(folder, RefusedFiles(said))
    end_now(0)


def _refuse(folder: Path, refused: RefusedFiles) -> None:
    (folder / _REFUSAL).write_text(json.dumps(asdict(refused)), encoding="utf-8")
    end_now(REFUSED)


def _end_with_the_server():
    # Not through sys.stdin.buffer: its lock would be waited for at an orderly exit.
    while os.read(0, 4096):
        pass
    end_now(1)
