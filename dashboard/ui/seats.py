"""How many visitors there are, each with a seat from their first run until their connection ends.

Knows nothing of sessions, nor of what visitors look at.
"""

import secrets
import threading
from collections.abc import Callable
from functools import cache

from dashboard.logs import log
from dashboard.settings import read_settings
from dashboard.ui.arrays import NoRoom, shared_arrays


class Seat:
    """One visitor's place; `leave` gives it back, however often it is called."""

    def __init__(self, id: str, on_leave: Callable[[str], None]):
        self.id = id
        self._on_leave = on_leave

    def leave(self) -> None:
        self._on_leave(self.id)


class Seats:
    """So many seats; may be used from any thread."""

    def __init__(self, n: int, on_leave: Callable[[str], None] = lambda id: None):
        self.n = n
        self._taken: set[str] = set()
        self._on_leave = on_leave
        self._lock = threading.Lock()

    def take(self) -> Seat:
        """A seat; NoRoom where all are taken."""
        with self._lock:
            if len(self._taken) >= self.n:
                log("limit_reached", "warning", limit="visitors", most=self.n)
                raise NoRoom(
                    f"At most {self.n} people can use this server at once, and all {self.n} places are taken: "
                    "try again in a few minutes."
                )
            seat = Seat(secrets.token_hex(8), self._leave)
            self._taken.add(seat.id)
        return seat

    @property
    def n_taken(self) -> int:
        with self._lock:
            return len(self._taken)

    def _leave(self, id: str) -> None:
        with self._lock:
            self._taken.discard(id)
        self._on_leave(id)


@cache
def all_seats() -> Seats:
    """The one of this process; who leaves looks at nothing any more."""
    return Seats(read_settings().visitors, on_leave=shared_arrays().leave)
