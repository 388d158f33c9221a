"""Runs one function over many independent pieces on a few threads. Knows nothing of what the pieces are.

NumPy's copies, sorts and searches release the interpreter lock, so threads share the arrays and still run at once.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def available_cores() -> int:
    """The cores this process may use (a container or `taskset` may leave it fewer than the machine has)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_each(function: Callable, pieces: Iterable, n_threads: int) -> list:
    """`[function(piece) for piece in pieces]`, in that order, on `n_threads` threads."""
    pieces = list(pieces)
    if min(n_threads, len(pieces)) <= 1:
        return [function(piece) for piece in pieces]
    with ThreadPoolExecutor(min(n_threads, len(pieces))) as pool:
        return list(pool.map(function, pieces))
