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
    """`[function(piece) for piece in pieces]`, in that order, on `n_threads` threads, one of them the caller's."""
    pieces = list(pieces)
    results = [None] * len(pieces)
    waiting = iter(range(len(pieces)))  # shared: each thread takes the next piece when it has done one

    def work():
        for i in waiting:
            results[i] = function(pieces[i])

    n_helpers = min(n_threads, len(pieces)) - 1
    if n_helpers < 1:
        work()
        return results
    with ThreadPoolExecutor(n_helpers) as pool:
        helpers = [pool.submit(work) for _ in range(n_helpers)]
        work()
        for helper in helpers:
            helper.result()
    return results
