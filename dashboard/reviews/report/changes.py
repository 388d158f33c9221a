"""What changed per class since the last decision, or by it, as a table of a report. Computes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.reviews.report.tables import CHANGE, RATE, THRESHOLD, Column, Estimate, Table

SINCE, BY = "Since the last decision", "What the last decision changed"


@dataclass(frozen=True)
class ClassChange:
    """One class before and now; thresholds on the 0-1 scale, NaN for never. change: of F1, with its paired interval.

    change_here: the same on the samples that the report is about, where the other figures are of held-out ones.
    """

    class_name: str
    threshold_before: float
    threshold: float
    f1_before: float
    f1: float
    change: Estimate
    verdict: str = ""
    change_here: Estimate | None = None


def changes_table(changes: Sequence[ClassChange], *, notes: tuple[str, ...] = (), title: str = SINCE) -> Table:
    """A row per change, in the order given."""
    fields = {
        "class": ("class_name", "text"),
        "threshold before": ("threshold_before", THRESHOLD),
        "threshold now": ("threshold", THRESHOLD),
        "F1 before": ("f1_before", RATE),
        "F1 now": ("f1", RATE),
        "change of F1": ("change", CHANGE),
        "verdict": ("verdict", "text"),
    }
    if any(each.change_here is not None for each in changes):
        fields["change of F1, these samples"] = ("change_here", CHANGE)
    columns = (Column(title, [getattr(each, name) for each in changes], kind) for title, (name, kind) in fields.items())
    return Table("changes", title, tuple(columns), notes)
