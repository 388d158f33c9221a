"""The words of a review (all but its arrays, history and snapshots) as a JSON document, and back.

Threshold sets are kept beside it by the hash of their text: a document with many proposals stays short.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from dashboard.reviews.review import Comment, Decision, Note, Proposal, Review

FORMAT = 1
_MOST_SEARCHED = 200_000  # characters


def document_of(review: Review) -> tuple[str, dict[str, str]]:
    """The document, and digest -> text of the threshold sets it names."""
    sets: dict[str, str] = {}

    def named(value):
        plain = asdict(value)
        if plain.get("thresholds") is not None:
            plain["thresholds"] = set_digest(plain["thresholds"], sets)
        return plain

    document = {
        "format": FORMAT,
        "title": review.title,
        "settings": review.settings,
        "thresholds": None if review.thresholds is None else set_digest(review.thresholds, sets),
        "notes": [asdict(note) for note in review.notes],
        "proposals": [named(each) for each in review.proposals],
        "decisions": [named(each) for each in review.decisions],
    }
    return json.dumps(document, default=_as_text), sets


def words_of(document: str, sets: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a Review that a document tells; sets as `document_of` gave them."""
    told = json.loads(document)
    return {
        "title": told["title"],
        "settings": told["settings"],
        "thresholds": told["thresholds"] and sets[told["thresholds"]],
        "notes": tuple(_made(Note, each, sets) for each in told["notes"]),
        "proposals": tuple(_made(Proposal, each, sets) for each in told["proposals"]),
        "decisions": tuple(_made(Decision, each, sets) for each in told["decisions"]),
    }


def set_digest(text: str, sets: dict[str, str]) -> str:
    """The name of a threshold set, which is noted in `sets`."""
    digest = set_name(text)
    sets[digest] = text
    return digest


def set_name(text: str) -> str:
    """The hash of a threshold set's text, by which the history names it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def summary_of(review: Review) -> dict[str, Any]:
    """What a list shows."""
    run = review.data.first_run
    return {
        "title": review.title,
        "data_name": review.data.name,
        "run_names": list(review.data.runs),
        "n_samples": run.n_samples,
        "n_classes": run.n_classes,
        "state": review.decision.state,
    }


def found_by(review: Review) -> str:
    """What a search looks at: title and the names of data, runs and classes."""
    data = review.data
    return searchable("\n".join([review.title, data.name, *data.runs, *data.first_run.class_names])[:_MOST_SEARCHED])


def searchable(text: str) -> str:
    """Without what differs only in capitals."""
    return storable(text.casefold())


def storable(text: str) -> str:
    """Without what no database takes as text."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _made(kind, plain, sets):
    known = {each.name for each in fields(kind)}
    values = {name: value for name, value in plain.items() if name in known}
    values["when"] = datetime.fromisoformat(values["when"])
    if values.get("thresholds") is not None:
        values["thresholds"] = sets[values["thresholds"]]
    if "comments" in values:
        values["comments"] = tuple(_made(Comment, each, sets) for each in values["comments"])
    return kind(**values)


def _as_text(value):
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"a review's words and settings must be plain values, got {type(value).__name__}")
