"""Everything large that visitors look at, once for all of them: found by digest, bounded in bytes, freed when unused.

Knows nothing of what the values are, nor of pages and sessions.
"""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

from dashboard.inputs.limits import as_size
from dashboard.logs import log
from dashboard.settings import read_settings
from dashboard.ui.array_bytes import buffers_of

BASE = "data"  # the key of what an owner cannot make again; without it nothing of the owner is of use
RANKED = "ranked"  # begins the keys of what nothing can be shown without
_OVERHEAD = 2_000  # bytes counted for each value beside its arrays


class NoRoom(Exception):
    """A limit of this server is reached; the text is a sentence for the person."""


@dataclass
class _Held:
    value: object
    buffers: dict[int, int]
    stamp: int  # the higher, the later it was asked for
    since: float = field(default_factory=lambda: time.monotonic())  # when it was asked for last


class SharedArrays:
    """Values by owner (the digest of a dataset) and key; may be used from any thread.

    Beyond `max_bytes` what was asked for least recently goes: first of owners that no visitor has open, then of those
    that nobody looks at, then what can be made again. The BASE of an owner that somebody looks at never goes.
    """

    def __init__(self, max_bytes: int):
        self.max_bytes = max_bytes
        self._held: dict[tuple[str, Hashable], _Held] = {}
        self._buffers: Counter[int] = Counter()  # identity -> how many values refer to it
        self._sizes: dict[int, int] = {}
        self._lookers: dict[str, str] = {}  # who looks -> at which owner
        self._open: dict[str, frozenset[str]] = {}  # who -> the owners that they may look at again
        self._lock = threading.RLock()
        self._making: dict[tuple, list] = defaultdict(lambda: [threading.Lock(), 0])
        self._stamp = 0

    def find(self, owner: str, key: Hashable = BASE):
        """The value, or LookupError."""
        with self._lock:
            held = self._held[owner, key]
            self._touch(held)
            return held.value

    def get(self, owner: str, key: Hashable, make: Callable[[], object]):
        """The value, made where it is not there: once, however many ask at the same moment."""
        with self._alone((owner, key)):
            try:
                return self.find(owner, key)
            except LookupError:
                return self.put(owner, key, make())

    def put(self, owner: str, key: Hashable, value):
        """Holds the value and returns it; one that is there already stays and is returned."""
        buffers = buffers_of(value)
        with self._lock:
            if (owner, key) in self._held:
                return self.find(owner, key)
            self._stamp += 1
            self._held[owner, key] = _Held(value, buffers, self._stamp)
            self._count(buffers)
            self._shrink(spare=(owner, key))
        return value

    def drop(self, owner: str, key: Hashable | None = None) -> None:
        """Lets go of a value, or of all of an owner."""
        with self._lock:
            for name in [name for name in self._held if name[0] == owner and key in (None, name[1])]:
                self._remove(name)

    def look(self, who: str, owner: str, opened: Iterable[str] = ()) -> None:
        """From now on `who` looks at this owner and at no other; opened: what else they have open."""
        with self._lock:
            self._stop_the_clock(who)
            self._lookers[who], self._open[who] = owner, frozenset([*opened, owner])

    def leave(self, who: str) -> None:
        with self._lock:
            self._stop_the_clock(who)
            self._lookers.pop(who, None)
            self._open.pop(who, None)

    def check_room(self, value, extra_bytes: int = 0) -> None:
        """NoRoom where a new BASE, with so much more for ranking it, would not fit beside what is looked at."""
        with self._lock:
            in_use = {}
            for (owner, key), held in self._held.items():
                if self._is_looked_at(owner) and (key == BASE or key[0] == RANKED):
                    in_use |= held.buffers
        new = {identity: size for identity, size in buffers_of(value).items() if identity not in in_use}
        needed, taken = sum(new.values()) + extra_bytes, sum(in_use.values())
        if needed + taken > self.max_bytes:
            log("limit_reached", "warning", limit="array bytes", most=self.max_bytes, needed=needed, taken=taken)
        if needed > self.max_bytes:
            raise NoRoom(
                f"Data must take at most {as_size(self.max_bytes)} of this server's memory, ranked, but this takes "
                f"{as_size(needed)}: load fewer samples or classes. What was loaded before is still here."
            )
        if needed + taken > self.max_bytes:
            raise NoRoom(
                f"All data in use must take at most {as_size(self.max_bytes)} of this server's memory, but this takes "
                f"{as_size(needed)}, ranked, and other visitors look at {as_size(taken)}: load fewer samples or "
                "classes, or try again later. What was loaded before is still here."
            )

    def free_unused(self, seconds: float) -> None:
        """Lets go of all owners that no visitor has had open or asked for during so many seconds, and counts anew."""
        now = time.monotonic()
        with self._lock:
            latest: dict[str, float] = {}
            for (owner, _), held in self._held.items():
                latest[owner] = max(latest.get(owner, 0.0), held.since)
            for owner, since in latest.items():
                if not self._is_open(owner) and now - since >= seconds:
                    self.drop(owner)
            self._measure()

    @property
    def n_bytes(self) -> int:
        """Of all values, with what is shared between them counted once."""
        with self._lock:
            return sum(self._sizes.values()) + _OVERHEAD * len(self._held)

    def bytes_of_data(self, owner: str) -> int:
        """Of its BASE; 0 where that is not here."""
        with self._lock:
            held = self._held.get((owner, BASE))
            return sum(held.buffers.values()) if held else 0

    @property
    def n_data(self) -> int:
        """How many owners have their BASE here."""
        with self._lock:
            return sum(key == BASE for _, key in self._held)

    def is_looked_at(self, owner: str) -> bool:
        with self._lock:
            return self._is_looked_at(owner)

    def _is_looked_at(self, owner: str) -> bool:
        return owner in self._lookers.values()

    def _touch(self, held: _Held) -> None:
        self._stamp += 1
        held.stamp, held.since = self._stamp, time.monotonic()

    def _is_open(self, owner: str) -> bool:
        return any(owner in opened for opened in self._open.values())

    def _stop_the_clock(self, who: str) -> None:
        """What somebody had open until now counts as used until now."""
        opened = self._open.get(who, frozenset())
        for (owner, _), held in self._held.items():
            if owner in opened:
                held.since = time.monotonic()

    def _count(self, buffers: dict[int, int]) -> None:
        self._buffers.update(buffers.keys())
        self._sizes |= buffers

    def _remove(self, name) -> None:
        for identity in self._held.pop(name).buffers:
            self._buffers[identity] -= 1
            if not self._buffers[identity]:
                del self._buffers[identity], self._sizes[identity]

    def _shrink(self, spare) -> None:
        while self.n_bytes > self.max_bytes:
            names = [name for name in self._held if name != spare and not self._stays(name, spare)]
            if not names:
                return
            owner, key = min(names, key=self._order)
            self.drop(owner, None if key == BASE else key)

    def _order(self, name) -> tuple[bool, bool, int]:
        """What goes first is lowest."""
        return self._is_looked_at(name[0]), self._is_open(name[0]), self._held[name].stamp

    def _stays(self, name, spare) -> bool:
        owner, key = name
        return key == BASE and (owner == spare[0] or self._is_looked_at(owner))

    def _measure(self) -> None:
        """Values may have grown since they came: a ranking keeps the areas it was asked for."""
        self._buffers.clear()
        self._sizes.clear()
        for held in self._held.values():
            held.buffers = buffers_of(held.value)
            self._count(held.buffers)

    @contextmanager
    def _alone(self, name) -> Iterator[None]:
        with self._lock:
            turn = self._making[name]
            turn[1] += 1
        try:
            with turn[0]:
                yield
        finally:
            with self._lock:
                turn[1] -= 1
                if not turn[1]:
                    del self._making[name]


@cache
def shared_arrays() -> SharedArrays:
    """The one of this process: all visitors share it on purpose."""
    return SharedArrays(read_settings().array_bytes)
