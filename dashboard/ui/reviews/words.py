"""Reviews in words: who, when, what happened. Knows nothing of Streamlit; what comes out is for Markdown."""

from datetime import datetime

from dashboard.escape import for_markdown
from dashboard.reviews import Decision, Review
from dashboard.reviews.event_words import event_words
from dashboard.reviews.review import ACCEPTED, OPEN, SUPERSEDED, Event, Snapshot

STATES = {OPEN: "open", ACCEPTED: "accepted", SUPERSEDED: "superseded"}


def moment(when: datetime) -> str:
    """30 Nov 2026, 10:32 UTC."""
    return f"{when.day} {when:%b %Y, %H:%M} UTC"


def by(who: str) -> str:
    return f" by {for_markdown(who)}" if who else ""


def decision_words(decision: Decision) -> str:
    """What was decided, when and by whom."""
    if decision.state == OPEN:
        return "Nothing is decided yet." if not decision.who else f"Opened again {_at(decision)}."
    return f"Accepted {_at(decision)}."


def _at(decision: Decision) -> str:
    return f"on {moment(decision.when)}{by(decision.who)}"


def thresholds_origin(review: Review, shown: Review | Snapshot) -> str:
    """Where the thresholds of an opened review come from, as the header tells it."""
    if shown is not review:
        return f"frozen on {moment(shown.when)}{by(shown.who)}"
    decision = review.decision
    if decision.state == ACCEPTED and decision.thresholds == review.thresholds:
        return f"accepted {_at(decision)}"
    return "as in the review"


def event_line(event: Event) -> str:
    """One line of the history."""
    return f"{moment(event.when)} · {for_markdown(event.who or 'somebody')} · {for_markdown(event_words(event))}"
