"""What a meeting decides on, as plain data: runs, thresholds, notes, proposals, decisions and what happened.

Knows nothing of databases, files and screens. Thresholds are the text of a thresholds.json, of one set or of a set per
group; notes are Markdown as it was typed, made harmless only where it is shown.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dashboard.reviews.review_data import ReviewData

PROPOSED, ACCEPTED, WITHDRAWN = "proposed", "accepted", "withdrawn"  # a proposal
OPEN, SUPERSEDED = "open", "superseded"  # a decision, beside ACCEPTED


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Person:
    """Who does something. name: as typed, proves nothing. email: only where signing in has proved it, else None."""

    name: str = ""
    email: str | None = None

    def __str__(self) -> str:
        return self.name or self.email or "somebody"


@dataclass(frozen=True)
class Note:
    """Markdown about one class, or about the review as a whole where class_name is None. who: in words."""

    text: str
    class_name: str | None = None
    who: str = ""
    when: datetime = field(default_factory=now)
    id: str = field(default_factory=new_id)


@dataclass(frozen=True)
class Comment:
    text: str
    who: str = ""
    when: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Proposal:
    """Thresholds that somebody would have instead of the current ones. state: PROPOSED, ACCEPTED or WITHDRAWN."""

    thresholds: str
    why: str = ""
    who: str = ""
    when: datetime = field(default_factory=now)
    state: str = PROPOSED
    comments: tuple[Comment, ...] = ()
    id: str = field(default_factory=new_id)


@dataclass(frozen=True)
class Decision:
    """What was decided: thresholds accepted (ACCEPTED, later SUPERSEDED), or the question opened again (OPEN).

    thresholds: those accepted; None for OPEN. proposal: the id of the proposal accepted. snapshot: the id of the view
    frozen at that moment.
    """

    state: str
    thresholds: str | None = None
    who: str = ""
    when: datetime = field(default_factory=now)
    why: str = ""
    proposal: str | None = None
    snapshot: str | None = None


@dataclass(frozen=True)
class Event:
    """One line of the history; number counts from 1 within a review. details: plain values."""

    number: int
    kind: str
    who: str
    when: datetime
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SnapshotNote:
    """A snapshot as a review lists it."""

    id: str
    title: str
    who: str
    when: datetime


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A view as it was: never changed, whatever becomes of its review. data, held_out: None where not loaded."""

    id: str
    title: str
    who: str
    when: datetime
    thresholds: str | None
    settings: dict[str, Any]
    data_digest: str = ""
    held_out_digest: str | None = None
    data: ReviewData | None = None
    held_out: ReviewData | None = None


@dataclass(frozen=True, eq=False)
class Review:
    """Made by a page with the fields up to `limited_to`; the store fills in the others.

    data: what is judged; None where a review was loaded without its arrays. held_out: other samples of the same
    classes to report on. thresholds: those in force. settings: the view (page, run, group, classes, axis), plain
    values. limited_to: None for whoever has a link, "signed-in", "@domain" or e-mail addresses.
    version: changes with `ReviewStore.update` and with a decision. may_edit: whether it was loaded by the edit link.
    """

    title: str
    data: ReviewData | None = None
    held_out: ReviewData | None = None
    thresholds: str | None = None
    proposals: tuple[Proposal, ...] = ()
    notes: tuple[Note, ...] = ()
    decisions: tuple[Decision, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    limited_to: str | tuple[str, ...] | None = None

    id: str = ""
    version: int = 0
    may_edit: bool = False
    owner: str | None = None
    created: datetime | None = None
    changed: datetime | None = None
    data_digest: str = ""
    held_out_digest: str | None = None
    history: tuple[Event, ...] = ()
    snapshots: tuple[SnapshotNote, ...] = ()

    @property
    def decision(self) -> Decision:
        """The last decision; OPEN where nothing was decided yet."""
        return self.decisions[-1] if self.decisions else Decision(OPEN, when=self.created or now())


@dataclass(frozen=True)
class ReviewSummary:
    """A review in a list. link: the edit or view link it is known by; None where it is known by its owner."""

    id: str
    title: str
    data_name: str
    run_names: tuple[str, ...]
    n_samples: int
    n_classes: int
    state: str
    created: datetime
    changed: datetime
    link: str | None = None
    may_edit: bool = False
