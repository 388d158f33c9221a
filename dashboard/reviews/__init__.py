"""Keeps what a meeting decides on: reviews with their links, and thresholds as files that outlive the app.

Imports core only; SQLAlchemy and fsspec are loaded by whoever asks for a store.
"""

from importlib import import_module

from dashboard.reviews.links import Links
from dashboard.reviews.review import Decision, Note, Person, Proposal, Review, ReviewSummary, Snapshot
from dashboard.reviews.review_data import ReviewData
from dashboard.reviews.review_errors import Conflict, QuotaReached, ReviewError, UnknownLink
from dashboard.reviews.threshold_exports import threshold_csv, threshold_json
from dashboard.reviews.threshold_snippet import threshold_snippet

__all__ = [
    "Conflict",
    "Decision",
    "Links",
    "Note",
    "Person",
    "Proposal",
    "QuotaReached",
    "Review",
    "ReviewData",
    "ReviewError",
    "ReviewStore",
    "ReviewSummary",
    "Snapshot",
    "UnknownLink",
    "open_store",
    "threshold_csv",
    "threshold_json",
    "threshold_snippet",
]


def __getattr__(name: str):
    if name in ("ReviewStore", "open_store"):
        return getattr(import_module("dashboard.reviews.store"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
