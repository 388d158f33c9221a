"""What a meeting adds to a review that is kept: notes, proposals, decisions, snapshots. Each is one transaction.

`ReviewStore` is made from this; here lies what every change has in common.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Row

from dashboard.reviews import meeting, review_rows
from dashboard.reviews.blobs import open_blobs
from dashboard.reviews.database import Database
from dashboard.reviews.documents import moment
from dashboard.reviews.drafts import Drafts
from dashboard.reviews.kept_arrays import KeptArrays, KeptData
from dashboard.reviews.meeting import Change
from dashboard.reviews.review import ACCEPTED, OPEN, Comment, Decision, Note, Person, Proposal, Review, Snapshot, new_id
from dashboard.reviews.review_errors import Conflict, DamagedReview
from dashboard.reviews.review_rows import Door
from dashboard.reviews.trainings import Trainings

SWEPT_EVERY_S = 3600.0


class MeetingStore:
    """See `ReviewStore`."""

    def __init__(
        self,
        database_url: str | URL,
        blob_url: str | Path,
        *,
        keep_days: float | None = None,
        max_bytes: int | None = None,
        clock: Callable[[], float] = time.time,
    ):
        self._clock, self._keep_s = clock, float("inf") if keep_days is None else keep_days * 86_400
        self._blobs = open_blobs(blob_url)
        self._database = Database(database_url)
        self._arrays = KeptArrays(self._database, self._blobs, max_bytes, clock)
        self._drafts = Drafts(self._database, self._arrays, clock)
        self._trainings = Trainings(self._database, clock)
        self._swept_at = clock()

    def add_note(self, edit_link: str, text: str, class_name: str | None = None, who: Person | None = None) -> str:
        """Adds a note, about a class or about all; returns its id."""
        note = Note(text, class_name, _name(who), self._now())
        self._change(edit_link, who, lambda review: meeting.note_added(review, note))
        return note.id

    def change_note(self, edit_link: str, note_id: str, text: str, who: Person | None = None) -> None:
        """Rewrites a note, or takes it away where the text is empty; the history keeps what it said."""
        self._change(edit_link, who, lambda review: meeting.note_changed(review, note_id, text))

    def propose(self, edit_link: str, thresholds: str, why: str = "", who: Person | None = None) -> str:
        """Adds a proposal (text of a thresholds.json); returns its id."""
        proposal = Proposal(thresholds, why, _name(who), self._now())
        self._change(edit_link, who, lambda review: meeting.proposed(review, proposal))
        return proposal.id

    def comment(self, edit_link: str, proposal_id: str, text: str, who: Person | None = None) -> None:
        """Adds a comment to a proposal."""
        comment = Comment(text, _name(who), self._now())
        self._change(edit_link, who, lambda review: meeting.commented(review, proposal_id, comment))

    def withdraw(self, edit_link: str, proposal_id: str, who: Person | None = None) -> None:
        """Takes back a proposal that was not accepted; it stays to be read."""
        self._change(edit_link, who, lambda review: meeting.withdrawn(review, proposal_id))

    def accept(
        self, edit_link: str, proposal_id: str, expected_version: int, *, why: str = "", who: Person | None = None
    ) -> int:
        """Makes a proposal the thresholds in force and the decision, with a snapshot; returns the new version.

        The decision before is superseded. Conflict as in `update`.
        """
        decision = Decision(ACCEPTED, None, _name(who), self._now(), why, proposal_id, new_id())
        return self._change(edit_link, who, lambda review: meeting.accepted(review, decision), expected_version)

    def reopen(self, edit_link: str, expected_version: int, *, why: str = "", who: Person | None = None) -> int:
        """Opens the question again; the thresholds in force stay. Returns the new version; Conflict as in `update`."""
        decision = Decision(OPEN, None, _name(who), self._now(), why)
        return self._change(edit_link, who, lambda review: meeting.reopened(review, decision), expected_version)

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
        snapshot = Snapshot(new_id(), title, _name(who), self._now(), thresholds, settings)
        self._change(edit_link, who, lambda review: meeting.frozen(review, snapshot))
        return snapshot.id

    def _change(
        self,
        edit_link: str,
        who: Person | None,
        change: Callable[[Review], Change],
        expected_version: int | None = None,
    ) -> int:
        """Changes the words of a review as it is now, whoever changed it before; the version afterwards."""
        with self._database.writing() as connection:
            row, review = self._to_edit(connection, edit_link, who, expected_version)
            done = change(review)
            self._write(connection, row, done, who)
        return done.review.version

    def _to_edit(
        self, connection: Connection, edit_link: str, who: Person | None, expected_version: int | None = None
    ) -> tuple[Row, Review]:
        """The review behind an edit link; Conflict where its version is another than expected."""
        row = review_rows.by_link(connection, edit_link, self._door(who), to_edit=True)
        if expected_version not in (None, row.version):
            by, when = row.versioned_by, moment(row.versioned_at)
            raise Conflict(
                f"The review must be saved as it was loaded, but {by} saved another version at {when:%H:%M:%S} UTC on "
                f"{when:%d %B %Y}. Yours is not saved yet: load the review again and change it there, or propose "
                "your thresholds.",
                who=by,
                when=when,
                version=row.version,
            )
        return row, review_rows.review_of(connection, row, may_edit=True)

    def _write(
        self,
        connection: Connection,
        row: Row,
        change: Change,
        who: Person | None,
        datasets: dict[str, KeptData] | None = None,
    ) -> None:
        at = self._clock()
        review_rows.write(connection, row, change, who=_name(who), now=at, arrays=self._arrays, datasets=datasets)

    def _kept(self, review: Review) -> dict[str, KeptData]:
        """Its arrays are safe when this returns."""
        given = {name: getattr(review, name) for name in ("data", "held_out")}
        return {name: self._arrays.keep(data) for name, data in given.items() if data is not None}

    def _found(self, find: Callable[[Connection], tuple[Row, Any] | None], arrays: bool) -> Any:
        """What `find` finds without arrays, with them where they are wanted."""
        for is_last in (False, True):
            with self._database.reading() as connection:
                found = find(connection)
                if found is None or not arrays:
                    return found and found[1]
                manifests = review_rows.manifests_of(connection, found[0])
            try:
                data, held_out = (each and self._arrays.load(each) for each in manifests)
                return replace(found[1], data=data, held_out=held_out)
            except DamagedReview:  # or it was deleted, or given other data, just now
                if is_last:
                    raise
        return None

    def _sweep_now_and_then(self) -> None:
        if self._clock() - self._swept_at > SWEPT_EVERY_S:
            self._swept_at = self._clock()
            self.sweep()

    def _door(self, who: Person | None) -> Door:
        return Door(who, self._oldest)

    @property
    def _oldest(self) -> float:
        """When reviews that expire now were last changed (seconds since 1970)."""
        return self._clock() - self._keep_s

    def _now(self) -> datetime:
        return moment(self._clock())


def _name(who: Person | None) -> str:
    return str(who or Person())[:200]
