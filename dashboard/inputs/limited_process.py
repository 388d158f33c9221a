"""What a process that reads a hostile file does to itself first: bounds on memory and time, and a quick end.

Knows nothing of files. Where the system has no such bounds (Windows), a crash still stays away from the server.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path

REFUSED = 3  # the exit status of a process that ended with a sentence


def bound_this_process(n_bytes: int, seconds: float) -> None:
    """No more address space than this, an end by the system after this time, and the first to go when memory is out."""
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (n_bytes, n_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if hasattr(signal, "alarm"):
        signal.alarm(int(seconds) + 1)  # without a handler: also ends code that never returns to Python
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def end_now(status: int) -> None:
    """Ends without tidying up: about one orderly exit in forty is ended by an abort among pyarrow's threads."""
    os._exit(status)
