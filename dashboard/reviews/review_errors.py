"""Why a review cannot be opened, saved or changed: each a sentence that a page shows. Everything else stays loud."""

from datetime import datetime


class ReviewError(ValueError):
    """What must hold, what was found, what to do. Names no link, password or address of the store."""


class UnknownLink(ReviewError):
    """Nothing opens by this link for this person; the same sentence whatever the reason."""


class Conflict(ReviewError):
    """Somebody else saved first; what was to be saved is with the caller still. who, when, version: of their save."""

    def __init__(self, message: str, *, who: str, when: datetime, version: int):
        super().__init__(message)
        self.who, self.when, self.version = who, when, version


class QuotaReached(ReviewError):
    """The deployment keeps no more bytes."""


class DamagedReview(ReviewError):
    """What lies in the store is not what was saved."""


class StoreUnavailable(ReviewError):
    """The database or the store of the arrays does not answer, or is of another version."""
