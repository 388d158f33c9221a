"""What happened to a review, as a line of its history. Apart from the report, which loads what makes HTML."""

from dashboard.reviews.review import Event

# Of what an event tells, with the word before it; ids and digests say nothing to people.
SAID = {"title": "", "text": "", "why": "", "was": "", "source": "from "}
LONGEST = 200  # characters of a line of the history


def event_words(event: Event) -> str:
    """What happened, with what was written then, on one line."""
    details = event.details
    said = [word + " ".join(str(details[name]).split()) for name, word in SAID.items() if details.get(name)]
    words = f"{event.kind}: {'; '.join(said)}" if said else event.kind
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
