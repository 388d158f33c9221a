"""How far a training is, from the messages of its process: bounded whatever they say. Knows nothing of processes.

A message is an object with "kind": "prepared" (parameter_count, device, notices), "progress" (done, total), "report",
"ended" (state, message).
"""

import time
from dataclasses import dataclass, field

from dashboard.training.reports import EpochReport

MOST_REPORTS = 1_000


@dataclass
class JobProgress:
    """Of one process after another: a resumed training goes on with the reports of those before."""

    share: float = 0.0
    device: str = ""
    parameter_count: int | None = None
    notices: tuple[str, ...] = ()
    ended: str | None = None
    message: str = ""
    reports: tuple[EpochReport, ...] = ()
    _first: tuple[float, float] | None = field(default=None, repr=False)  # time and share when steps began
    _stride: int = 1

    def begin(self) -> None:
        """A new process takes over."""
        self.ended, self.message, self._first = None, "", None

    def take(self, message: dict) -> None:
        """What a message says; one of an unknown kind says nothing."""
        kind = message.get("kind")
        if kind == "prepared":
            self.parameter_count = message["parameter_count"]
            self.device, self.notices = message["device"], tuple(message["notices"])
        elif kind == "progress":
            self._move(message["done"] / max(message["total"], 1))
        elif kind == "report":
            self._add(EpochReport.from_plain(message["report"]))
        elif kind == "ended":
            self.ended, self.message = message["state"], message["message"]

    def seconds_left(self) -> float | None:
        """At the pace since the first step of this process; None before the second."""
        if self._first is None or self.share <= self._first[1]:
            return None
        pace = (self.share - self._first[1]) / (time.monotonic() - self._first[0])
        return (1.0 - self.share) / pace

    def _move(self, share: float) -> None:
        self.share = min(max(share, 0.0), 1.0)
        if self._first is None:
            self._first = (time.monotonic(), self.share)

    def _add(self, report: EpochReport) -> None:
        """Sorted by seed and epoch; a report of the same epoch takes the place of the earlier one.

        Beyond MOST_REPORTS every second epoch is left out; the newest one stays.
        """
        self.device = report.device
        by_place = {(each.seed_index, each.epoch): each for each in self.reports}
        by_place[report.seed_index, report.epoch] = report
        while len(by_place) > MOST_REPORTS:
            self._stride *= 2
            by_place = {place: each for place, each in by_place.items() if self._stays(each)}
        if self.reports and not self._stays(self.reports[-1]):
            by_place.pop((self.reports[-1].seed_index, self.reports[-1].epoch), None)
        by_place[report.seed_index, report.epoch] = report
        self.reports = tuple(by_place[place] for place in sorted(by_place))

    def _stays(self, report: EpochReport) -> bool:
        return report.epoch % self._stride == 0 or report.epoch == report.n_epochs
