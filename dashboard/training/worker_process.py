"""The process of a training as the server sees it: started, listened to, asked to stop, ended.

What it says is bounded; knows nothing of plans and queues. No thread of the server computes anything.
"""

import json
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from dashboard.module_process import module_command, project_environment
from dashboard.processor import wait_awake

MOST_LINE, LAST_LINES = 4_000_000, 60  # bytes of a message; lines of stderr that are kept
GRACE_SECONDS = 20.0


def n_training_threads() -> int:
    """One less than there are cores, so that the server answers; at least 1."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(cores - 1, 1)


class WorkerProcess:
    """A running `module` with its folder as argument; its messages go to `take`, its end to `ended`.

    Both are called in a thread of this object: `take` per message, `ended(exit status)` once, when everything that the
    process said has been taken. Its stdin stays open as long as this server lives: at its end the process ends itself.
    """

    def __init__(
        self,
        module: str,
        folder: Path,
        *arguments: str,
        take: Callable[[dict], None],
        ended: Callable[[int], None],
    ):
        threads = str(n_training_threads())
        environment = project_environment() | {"OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads}
        wait_awake(environment)
        self._take, self._ended = take, ended
        self._errors: deque[str] = deque(maxlen=LAST_LINES)
        self._kill_at: float | None = None
        self._process = subprocess.Popen(
            module_command(module, str(folder), *arguments),
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C at the server's terminal is the server's to pass on
        )
        self._readers = [
            threading.Thread(target=self._read_errors, name="training-errors", daemon=True),
            threading.Thread(target=self._read_messages, name="training-messages", daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def errors(self) -> tuple[str, ...]:
        """The last lines that the process wrote to stderr."""
        return tuple(self._errors)

    def ask_to_stop(self, grace: float = GRACE_SECONDS) -> None:
        """Asks once; `check_grace` ends the process when it has not ended by itself after so many seconds."""
        if self._kill_at is None:
            self._kill_at = time.monotonic() + grace
            self._signal(signal.SIGTERM)

    def end_within(self, seconds: float) -> None:
        """`check_grace` ends the process when it still runs after so many seconds."""
        self._kill_at = time.monotonic() + seconds

    def check_grace(self) -> None:
        if self._kill_at is not None and time.monotonic() >= self._kill_at:
            self.kill()

    def kill(self) -> None:
        """Ends the process and whatever it started."""
        self._signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

    def join(self, timeout: float) -> bool:
        """Whether process and threads are gone; not to be called from `take` or `ended`."""
        for reader in self._readers:
            reader.join(timeout)
        return not any(reader.is_alive() for reader in self._readers)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):  # it ended meanwhile
            if self._process.poll() is not None:
                return
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, number)
            else:
                self._process.terminate()

    def _read_messages(self) -> None:
        with self._process.stdout as lines:
            for line in iter(lambda: lines.readline(MOST_LINE), b""):
                with suppress(ValueError):  # not a message: a library wrote to stdout, or a line was cut by the end
                    message = json.loads(line)
                    if isinstance(message, dict):
                        self._take(message)
        self._readers[0].join()
        self._process.stdin.close()
        self._ended(self._process.wait())

    def _read_errors(self) -> None:
        with self._process.stderr as lines:
            for line in iter(lambda: lines.readline(2_000), b""):
                self._errors.append(line.decode(errors="replace").rstrip())
