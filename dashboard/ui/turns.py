"""Short runs of many visitors one after the other instead of all at once. Knows nothing of what a run does.

Ten visitors who release a threshold at the same moment share one interpreter. When it goes round among their runs, all
of them end last; in turns half of them end in half the time and the last one no later.
"""

import threading
from collections.abc import Callable
from functools import wraps

LONGEST_WAIT = 0.3  # seconds: a run that takes long, once, holds nobody up for longer
_TURN = threading.Lock()  # shared by all visitors on purpose


def in_turn(function: Callable) -> Callable:
    """The function, run when no other visitor runs one of these, or after LONGEST_WAIT."""

    @wraps(function)
    def waiting(*args, **kwargs):
        my_turn = _TURN.acquire(timeout=LONGEST_WAIT)
        try:
            return function(*args, **kwargs)
        finally:
            if my_turn:
                _TURN.release()

    return waiting
