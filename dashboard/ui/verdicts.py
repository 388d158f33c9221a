"""What people said of single decisions: label wrong, model wrong, or unsure. Stays with the data while the server runs.

Found by the digest of the data, so everyone who has the data sees the same verdicts. Knows nothing of Streamlit.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

VERDICTS = ("label wrong", "model wrong", "unsure")
MOST_DATASETS = 50
MOST_VERDICTS = 100_000  # of one dataset


@dataclass(frozen=True)
class Verdict:
    """Of one sample in one class. row: in what was loaded, from 1. outcome, run: of the decision that was looked at."""

    row: int
    class_name: str
    verdict: str
    note: str = ""
    outcome: str = ""
    run: str = ""


class VerdictStore:
    """The verdicts of all data; safe to use from several threads.

    Of more than MOST_DATASETS the one longest without a new verdict is dropped; of one dataset no verdict ever is.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._of_data: OrderedDict[str, dict[tuple[int, str], Verdict]] = OrderedDict()

    def give(self, digest: str, verdicts: Iterable[Verdict]) -> bool:
        """Take these in place of earlier ones on the same cells; False, and none taken, were they too many."""
        with self._lock:
            held = self._of_data.get(digest, {})
            new = {(each.row, each.class_name): each for each in verdicts}
            if len(held) + len(new.keys() - held.keys()) > MOST_VERDICTS:
                return False
            self._of_data.setdefault(digest, {}).update(new)
            self._of_data.move_to_end(digest)
            while len(self._of_data) > MOST_DATASETS:
                self._of_data.popitem(last=False)
            return True

    def take_back(self, digest: str, row: int, class_name: str) -> None:
        with self._lock:
            self._of_data.get(digest, {}).pop((row, class_name), None)

    def get(self, digest: str, row: int, class_name: str) -> Verdict | None:
        with self._lock:
            return self._of_data.get(digest, {}).get((row, class_name))

    def n_verdicts(self, digest: str) -> int:
        with self._lock:
            return len(self._of_data.get(digest, {}))

    def of(self, digest: str) -> dict[tuple[int, str], Verdict]:
        """(row, class name) -> verdict, in the order in which they were first given."""
        with self._lock:
            return dict(self._of_data.get(digest, {}))
