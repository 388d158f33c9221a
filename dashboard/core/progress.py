"""How far a computation is, told as a share of 1. Knows nothing of who listens."""

from collections.abc import Callable

Progress = Callable[[float], None]


def part_of(progress: Progress, start: float, stop: float) -> Progress:
    """For a step that takes the whole from `start` to `stop`."""
    return lambda done: progress(start + (stop - start) * done)


def ignore(done: float) -> None:
    """Where nobody listens."""
