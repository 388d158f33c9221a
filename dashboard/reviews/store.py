"""Reviews kept for real: arrays by content, everything else in a database, both named by a URL.

The one door to what is kept; knows nothing of screens and of the address bar. May be used from any thread and by
several processes at once.
"""

from collections.abc import Iterable
from typing import Any

from dashboard.reviews.links import Links
from dashboard.reviews.review import Person, Review, ReviewSummary, Snapshot


class ReviewStore:
    """Opens or makes the store and brings an older one up to date; StoreUnavailable where that cannot be.

    database_url: as SQLAlchemy names one (sqlite:///..., postgresql://...). blob_url: a folder or whatever fsspec opens
    (file:///..., s3://...). keep_days: after the last change, None for ever. max_bytes: of all reviews together.

    Every method that takes a link raises UnknownLink where the link does not open, or does not change, a review for
    this person; one that writes raises QuotaReached where there is no room. What a method returned from is kept,
    whatever happens to this process afterwards.
    """

    def __init__(
        self, database_url: str, blob_url: str, *, keep_days: float | None = None, max_bytes: int | None = None
    ): ...

    def save(self, review: Review, who: Person | None = None) -> Links:
        """Keeps a new review; who becomes its owner where the e-mail address is proved."""
        raise NotImplementedError

    def load(self, link: str, who: Person | None = None, *, arrays: bool = True) -> Review:
        """The review behind a view or an edit link. arrays: False leaves out `data` and `held_out` (quick)."""
        raise NotImplementedError

    def update(self, edit_link: str, review: Review, who: Person | None = None) -> int:
        """Keeps title, settings, thresholds, limited_to and, where given, data and held_out of a changed review.

        Returns the new version. Conflict where somebody else did so since `review.version`: nothing is changed then.
        Notes, proposals and decisions have their own methods and never conflict.
        """
        raise NotImplementedError

    def add_note(self, edit_link: str, text: str, class_name: str | None = None, who: Person | None = None) -> str:
        """Adds a note, about a class or about all; returns its id."""
        raise NotImplementedError

    def change_note(self, edit_link: str, note_id: str, text: str, who: Person | None = None) -> None:
        """Rewrites a note, or takes it away where the text is empty; the history keeps what it said."""
        raise NotImplementedError

    def propose(self, edit_link: str, thresholds: str, why: str = "", who: Person | None = None) -> str:
        """Adds a proposal (text of a thresholds.json); returns its id."""
        raise NotImplementedError

    def comment(self, edit_link: str, proposal_id: str, text: str, who: Person | None = None) -> None:
        raise NotImplementedError

    def withdraw(self, edit_link: str, proposal_id: str, who: Person | None = None) -> None:
        raise NotImplementedError

    def accept(
        self, edit_link: str, proposal_id: str, expected_version: int, *, why: str = "", who: Person | None = None
    ) -> int:
        """Makes a proposal the thresholds in force and the decision, with a snapshot; returns the new version.

        The decision before is superseded. Conflict as in `update`.
        """
        raise NotImplementedError

    def reopen(self, edit_link: str, expected_version: int, *, why: str = "", who: Person | None = None) -> int:
        """Opens the question again; the thresholds in force stay. Returns the new version; Conflict as in `update`."""
        raise NotImplementedError

    def freeze(
        self,
        edit_link: str,
        thresholds: str | None,
        settings: dict[str, Any],
        *,
        title: str = "",
        who: Person | None = None,
    ) -> str:
        """A snapshot of the review's data with these thresholds and settings; returns its id for the address."""
        raise NotImplementedError

    def load_snapshot(self, link: str, snapshot_id: str, who: Person | None = None, *, arrays: bool = True) -> Snapshot:
        """A snapshot of the review behind a view or an edit link."""
        raise NotImplementedError

    def delete(self, edit_link: str, who: Person | None = None) -> None:
        """Deletes the review with its snapshots and history; arrays nobody else uses go with the next sweep."""
        raise NotImplementedError

    def list_own(
        self, who: Person | None = None, links: Iterable[str] = (), search: str = ""
    ) -> tuple[ReviewSummary, ...]:
        """Reviews that this person owns or this browser knows links of, the last changed first.

        search: words that must all occur in the title or the names of classes, runs and data. Links that open nothing
        for this person are left out.
        """
        raise NotImplementedError

    def links_of_own(self, review_id: str, who: Person) -> Links:
        """New links, beside those there are, for the owner who has none at hand; UnknownLink for anybody else."""
        raise NotImplementedError

    def renew_links(self, edit_link: str, who: Person | None = None) -> Links:
        """New links; all those there were open nothing any more."""
        raise NotImplementedError

    def keep_draft(self, session_id: str, draft: Review) -> None:
        """Keeps unsaved work of a browser session, in place of what was kept for it before; for a day."""
        raise NotImplementedError

    def draft(self, session_id: str, *, arrays: bool = True) -> Review | None:
        """What was kept for this browser session; None where there is nothing any more."""
        raise NotImplementedError

    def drop_draft(self, session_id: str) -> None:
        raise NotImplementedError

    def sweep(self) -> int:
        """Deletes what has expired and the arrays that nothing uses; returns the bytes freed.

        An array that some save asked for within the last hour stays: that save may be under way.
        """
        raise NotImplementedError

    def bytes_used(self) -> int:
        """Of all arrays and texts."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends the connections."""


def open_store(settings) -> ReviewStore:
    """The store that the settings of the host name."""
    raise NotImplementedError
