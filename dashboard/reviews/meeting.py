"""What is done to a review in a meeting, each as a new review with a line for its history. Knows nothing of storage."""

from dataclasses import dataclass, field, replace
from typing import Any

from dashboard.reviews.documents import set_name
from dashboard.reviews.review import (
    ACCEPTED,
    SUPERSEDED,
    WITHDRAWN,
    Comment,
    Decision,
    Note,
    Proposal,
    Review,
    Snapshot,
    new_id,
)
from dashboard.reviews.review_errors import ReviewError

MOST_CHARACTERS = 20_000  # of a note, a comment or a reason
MOST_OF_A_TITLE = 300
MOST_OF_A_SET = 20_000_000
TOLD = ("title", "limited_to")  # with their new value in the history
REPLACED = ("title", "settings", "thresholds", "limited_to")


@dataclass(frozen=True, eq=False)
class Change:
    """A review changed, and what the history says of it. snapshot: a view to be frozen with it."""

    review: Review
    kind: str
    details: dict[str, Any] = field(default_factory=dict)
    snapshot: Snapshot | None = None


def started(review: Review, source: str = "") -> Change:
    """A new review, of one that a page made or of one that was loaded. source: what it is a copy of, in words."""
    check_length(review.thresholds or "", "A threshold set", MOST_OF_A_SET)
    for each in review.notes:
        check_length(each.text, "A note")
    for each in review.proposals:
        check_length(each.thresholds, "A threshold set", MOST_OF_A_SET)
        check_length(each.why, "A reason")
    # Snapshots stay with the review they were made in.
    decisions = tuple(replace(each, snapshot=None) for each in review.decisions)
    new = replace(review, title=checked_title(review.title), decisions=decisions, id=new_id(), version=1)
    details = {"title": new.title} | ({"source": source} if source else {})
    return Change(new, "copied" if review.id or source else "saved", details)


def replaced(review: Review, wanted: Review, more: tuple[str, ...] = ()) -> Change:
    """The fields REPLACED as wanted; more: other fields that change. Unchanged, with its version, where none does."""
    wanted = replace(wanted, title=checked_title(wanted.title))
    check_length(wanted.thresholds or "", "A threshold set", MOST_OF_A_SET)
    changed = {name: getattr(wanted, name) for name in REPLACED if getattr(wanted, name) != getattr(review, name)}
    if not changed and not more:
        return Change(review, "")
    details = {"changed": [*changed, *more]} | {name: changed[name] for name in TOLD if name in changed}
    if changed.get("thresholds"):
        details["thresholds"] = set_name(changed["thresholds"])
    return Change(replace(review, version=review.version + 1, **changed), "updated", details)


def note_added(review: Review, note: Note) -> Change:
    check_length(note.text, "A note")
    return Change(replace(review, notes=(*review.notes, note)), "note", {"id": note.id, "class_name": note.class_name})


def note_changed(review: Review, note_id: str, text: str) -> Change:
    """Gone where the text is empty; the history keeps what it said."""
    check_length(text, "A note")
    before = _found(review.notes, note_id, "note")
    notes = tuple(replace(each, text=text) if each is before else each for each in review.notes)
    notes = tuple(each for each in notes if each.text)
    return Change(replace(review, notes=notes), "note changed", {"id": note_id, "was": before.text})


def proposed(review: Review, proposal: Proposal) -> Change:
    check_length(proposal.why, "A reason")
    check_length(proposal.thresholds, "A threshold set", MOST_OF_A_SET)
    details = {"proposal": proposal.id, "why": proposal.why}
    return Change(replace(review, proposals=(*review.proposals, proposal)), "proposal", details)


def commented(review: Review, proposal_id: str, comment: Comment) -> Change:
    check_length(comment.text, "A comment")
    before = _found(review.proposals, proposal_id, "proposal")
    after = replace(before, comments=(*before.comments, comment))
    return Change(_with_proposal(review, after), "comment", {"proposal": proposal_id, "text": comment.text})


def withdrawn(review: Review, proposal_id: str) -> Change:
    before = _found(review.proposals, proposal_id, "proposal")
    if before.state == ACCEPTED:
        raise ReviewError("Only a proposal that was not accepted can be withdrawn: open the question again instead.")
    return Change(_with_proposal(review, replace(before, state=WITHDRAWN)), "withdrawn", {"proposal": proposal_id})


def accepted(review: Review, decision: Decision) -> Change:
    """The proposal's thresholds are in force, the decision before is superseded, the view is frozen."""
    check_length(decision.why, "A reason")
    proposal = _found(review.proposals, decision.proposal, "proposal")
    if proposal.state == WITHDRAWN:
        raise ReviewError("A proposal that was withdrawn cannot be accepted: propose its thresholds again.")
    before = tuple(replace(each, state=SUPERSEDED) if each.state == ACCEPTED else each for each in review.decisions)
    after = replace(
        _with_proposal(review, replace(proposal, state=ACCEPTED)),
        thresholds=proposal.thresholds,
        decisions=(*before, replace(decision, thresholds=proposal.thresholds)),
        version=review.version + 1,
    )
    snapshot = Snapshot(
        decision.snapshot, "", decision.who, decision.when, proposal.thresholds, review.settings, review.data_digest
    )
    details = {"proposal": proposal.id, "why": decision.why, "snapshot": decision.snapshot}
    details |= {"instead_of": set_name(review.thresholds)} if review.thresholds else {}
    return Change(after, "accepted", details, snapshot)


def reopened(review: Review, decision: Decision) -> Change:
    check_length(decision.why, "A reason")
    after = replace(review, decisions=(*review.decisions, decision), version=review.version + 1)
    return Change(after, "reopened", {"why": decision.why})


def frozen(review: Review, snapshot: Snapshot) -> Change:
    check_length(snapshot.thresholds or "", "A threshold set", MOST_OF_A_SET)
    check_length(snapshot.title, "A title", MOST_OF_A_TITLE)
    return Change(review, "snapshot", {"snapshot": snapshot.id, "title": snapshot.title}, snapshot)


def checked_title(title: str) -> str:
    """The title on one line; ReviewError where it is empty or too long."""
    title = " ".join(title.split())
    if not title:
        raise ReviewError("A review must have a title: say what is decided.")
    check_length(title, "A title", MOST_OF_A_TITLE)
    return title


def check_length(text: str, what: str, most: int = MOST_CHARACTERS) -> None:
    if len(text) > most:
        raise ReviewError(f"{what} must have at most {most:,} characters, but this one has {len(text):,}: shorten it.")


def _found(values, id, what):
    for each in values:
        if each.id == id:
            return each
    raise ReviewError(f"This {what} is not in the review any more: load the review again.")


def _with_proposal(review, after):
    proposals = tuple(after if each.id == after.id else each for each in review.proposals)
    return replace(review, proposals=proposals)
