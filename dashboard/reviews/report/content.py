"""What a report says, as plain data: numbers already computed, figures already drawn, text as people wrote it.

Knows nothing of HTML and of how anything was computed; text is escaped where it is written out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboard.reviews.report.tables import Table


@dataclass(frozen=True)
class DataLine:
    """What the figures are of. digest: of all that was loaded. n_unknown: cells left out of every count."""

    name: str
    run: str
    digest: str
    n_samples: int
    n_classes: int
    n_positives: int
    n_unknown: int
    score_kind: str
    unit: str = "sample"


@dataclass(frozen=True)
class Chart:
    """json: a figure of `dashboard.figures.export.document_json`. text: plain, for those who do not see it.

    caption: plain text under it.
    """

    name: str
    title: str
    json: str
    text: str
    caption: str = ""


@dataclass(frozen=True)
class Comment:
    """What somebody wrote, Markdown; who and when are empty where nobody is named."""

    text: str
    who: str = ""
    when: str = ""


@dataclass(frozen=True)
class Proposal:
    """Thresholds that somebody proposed. why and the comments: Markdown. state: "open", "accepted", "withdrawn"."""

    name: str
    who: str
    when: str
    state: str = "open"
    why: str = ""
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True)
class Decision:
    """state: "open", "accepted" or "superseded". why: Markdown."""

    state: str
    who: str = ""
    when: str = ""
    why: str = ""


@dataclass(frozen=True)
class Event:
    when: str
    who: str
    what: str


@dataclass(frozen=True, eq=False)
class ReportContent:
    """summary: one sentence above all else. thresholds: what these thresholds are, in words.

    changes: what changed per class since the last decision. notes: on the whole; class_notes: class -> those on it.
    method: sentences that say how to read the numbers. Text is plain unless it says Markdown.
    """

    title: str
    data: DataLine
    created: str
    summary: str
    thresholds: str
    headline: Table
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    changes: Table | None = None
    decision: Decision | None = None
    notes: tuple[Comment, ...] = ()
    class_notes: Mapping[str, tuple[Comment, ...]] = field(default_factory=dict)
    proposals: tuple[Proposal, ...] = ()
    history: tuple[Event, ...] = ()
    method: tuple[str, ...] = ()

    @property
    def all_tables(self) -> tuple[Table, ...]:
        """In the order in which the report shows them."""
        return (self.headline, *(() if self.changes is None else (self.changes,)), *self.tables)
