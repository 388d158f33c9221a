"""What a review says for its report: decision, notes, proposals and history in words. Computes nothing.

Knows nothing of HTML and of how reviews are kept.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from dashboard.reviews.event_words import event_words
from dashboard.reviews.report import content
from dashboard.reviews.review import OPEN, Review


def told(review: Review) -> dict[str, Any]:
    """The fields of ReportContent that come from a review, its title among them."""
    decision = review.decision
    return {
        "title": review.title,
        "decision": _decision(decision),
        "notes": tuple(_comment(each) for each in review.notes if each.class_name is None),
        "class_notes": _class_notes(review),
        "proposals": tuple(_proposal(number, each) for number, each in enumerate(review.proposals, start=1)),
        "history": tuple(content.Event(moment(each.when), each.who, event_words(each)) for each in review.history),
    }


def moment(when: datetime) -> str:
    """2026-11-30 08:12 UTC."""
    return f"{when:%Y-%m-%d %H:%M} UTC"


def _decision(decision) -> content.Decision:
    if decision.state == OPEN and not decision.who:
        return content.Decision(OPEN)  # nothing was decided yet
    return content.Decision(decision.state, decision.who, moment(decision.when), decision.why)


def _class_notes(review: Review) -> dict[str, tuple[content.Comment, ...]]:
    """Class -> all that was noted of it, in the order of writing."""
    notes = defaultdict(list)
    for each in review.notes:
        if each.class_name is not None:
            notes[each.class_name].append(_comment(each))
    return {name: tuple(each) for name, each in notes.items()}


def _comment(written) -> content.Comment:
    """A note of the review, or a comment on a proposal."""
    return content.Comment(written.text, written.who or "somebody", moment(written.when))


def _proposal(number: int, proposal) -> content.Proposal:
    comments = tuple(map(_comment, proposal.comments))
    name, who = f"Proposal {number}", proposal.who or "somebody"
    return content.Proposal(name, who, moment(proposal.when), proposal.state, proposal.why, comments)
