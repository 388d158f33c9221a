"""Reviews kept for real: arrays by content, everything else in a database, both named by a URL.

The one door to what is kept; knows nothing of screens and of the address bar. May be used from any thread and by
several processes at once.
"""

import json
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import URL, Connection, Row, delete, select

from dashboard.reviews import listing, meeting, review_rows
from dashboard.reviews.kept_arrays import bytes_used
from dashboard.reviews.links import Links, check_limits
from dashboard.reviews.meeting import Change
from dashboard.reviews.meeting_store import MeetingStore
from dashboard.reviews.review import Event, Person, Review, ReviewSummary, Snapshot
from dashboard.reviews.review_data import ReviewData
from dashboard.reviews.review_errors import ReviewError, UnknownLink
from dashboard.reviews.tables import REVIEWS
from dashboard.reviews.trainings import KeptTraining
from dashboard.settings import Settings


class ReviewStore(MeetingStore):
    """Opens or makes the store and brings an older one up to date; StoreUnavailable where that cannot be.

    database_url: as SQLAlchemy names one (sqlite:///..., postgresql://...). blob_url: whatever fsspec opens (file:///...,
    s3://...), or the path of a folder. keep_days: after the last change, None for ever. max_bytes: of all reviews
    together. clock: seconds since 1970.

    Every method that takes a link raises UnknownLink where the link does not open, or does not change, a review for
    this person; one that writes raises QuotaReached where there is no room. What a method returned from is kept,
    whatever happens to this process afterwards.
    """

    def save(self, review: Review, who: Person | None = None) -> Links:
        """Keeps a new review; who becomes its owner where the e-mail address is proved.

        Of a review that was loaded a copy is kept, with its notes, proposals and decisions and a history of its own.
        """
        if review.data is None:
            raise ReviewError("A review must have data to be saved: load it with its arrays.")
        self._sweep_now_and_then()
        change, door, links = meeting.started(review), self._door(who), Links.new()
        check_limits(review.limited_to, who, door.owner)
        kept = self._kept(review)
        with self._database.writing() as connection:
            new = replace(change.review, owner=door.owner)
            for each in kept.values():
                self._arrays.use(connection, each)
            ids = {name: each.id for name, each in kept.items()}
            review_rows.insert_review(connection, new, ids, self._clock())
            review_rows.insert_links(connection, new.id, links)
            row = review_rows.by_link(connection, links.edit, door, to_edit=True)
            self._write(connection, row, change, who, kept)
        return links

    def copy(self, link: str, review: Review, who: Person | None = None, *, snapshot_id: str | None = None) -> Links:
        """Keeps a new review on the data behind a view or an edit link, or of a snapshot of it: no array is written.

        review: its words (title, thresholds, notes, settings, limited_to); its history says what it was copied from.
        """
        data, door, links = self._data_of_its_own(link, who, snapshot_id), self._door(who), Links.new()
        check_limits(review.limited_to, who, door.owner)
        with self._database.writing() as connection:
            row, source, words = self._source(connection, link, who, snapshot_id)
            change = meeting.started(replace(review, data=data, held_out=None, owner=door.owner), words)
            ids = {"data": source.data, "held_out": source.held_out}
            review_rows.insert_review(connection, change.review, ids, self._clock(), like=row)
            review_rows.insert_links(connection, change.review.id, links)
            self._write(connection, review_rows.by_link(connection, links.edit, door, to_edit=True), change, who)
        return links

    def _data_of_its_own(self, link: str, who: Person | None, snapshot_id: str | None) -> ReviewData | None:
        """The data of a snapshot whose review has been given other data since: a list tells its names."""
        with self._database.reading() as connection:
            row, source, _ = self._source(connection, link, who, snapshot_id)
            if source.data == row.data:
                return None
            manifest, _ = review_rows.manifests_of(connection, source)
        return self._arrays.load(manifest)

    def _source(
        self, connection: Connection, link: str, who: Person | None, snapshot_id: str | None
    ) -> tuple[Row, Row, str]:
        """The rows of the review behind a link and of what is copied of it, and that in words."""
        row = review_rows.by_link(connection, link, self._door(who))
        title = json.loads(row.summary)["title"]
        if snapshot_id is None:
            return row, row, title
        source, snapshot = review_rows.snapshot_in(connection, row, snapshot_id)
        return row, source, f"{title}, as frozen on {snapshot.when:%d %B %Y at %H:%M} UTC"

    def load(self, link: str, who: Person | None = None, *, arrays: bool = True) -> Review:
        """The review behind a view or an edit link. arrays: False leaves out `data` and `held_out` (quick)."""

        def find(connection):
            row = review_rows.by_link(connection, link, self._door(who))
            return row, review_rows.review_of(connection, row, row.may_edit)

        return self._found(find, arrays)

    def update(self, edit_link: str, review: Review, who: Person | None = None) -> int:
        """Keeps title, settings, thresholds, limited_to and, where given, data and held_out of a changed review.

        Returns the new version. Conflict where somebody else did so since `review.version`: nothing is changed then.
        Notes, proposals and decisions have their own methods and never conflict.
        """
        with self._database.reading() as connection:  # before large arrays are kept for nothing
            self._to_edit(connection, edit_link, who, review.version)
        kept = self._kept(review)
        with self._database.writing() as connection:
            row, before = self._to_edit(connection, edit_link, who, review.version)
            check_limits(review.limited_to, who, row.owner)
            new = {name: each for name, each in kept.items() if each.id != getattr(row, name)}
            change = meeting.replaced(before, review, tuple(new))
            if change.kind:
                for each in new.values():
                    self._arrays.use(connection, each)
                self._write(connection, row, replace(change, review=replace(change.review, data=review.data)), who, new)
        return change.review.version

    def load_snapshot(self, link: str, snapshot_id: str, who: Person | None = None, *, arrays: bool = True) -> Snapshot:
        """A snapshot of the review behind a view or an edit link."""

        def find(connection):
            review = review_rows.by_link(connection, link, self._door(who))
            return review_rows.snapshot_in(connection, review, snapshot_id)

        return self._found(find, arrays)

    def news(self, link: str, after: int, who: Person | None = None) -> tuple[Event, ...]:
        """What has happened to the review behind a link since its event of this number (quick)."""
        with self._database.reading() as connection:
            row = review_rows.by_link(connection, link, self._door(who))
            return review_rows.history_of(connection, row.id, after)

    def load_thresholds(self, link: str, name: str, who: Person | None = None) -> str:
        """A threshold set that the history names, as the text of a thresholds.json."""
        with self._database.reading() as connection:
            row = review_rows.by_link(connection, link, self._door(who))
            sets = review_rows.threshold_sets(connection, row.id)
        if name not in sets:
            raise UnknownLink(review_rows.OPENS_NOTHING)
        return sets[name]

    def delete(self, edit_link: str, who: Person | None = None) -> None:
        """Deletes the review with its snapshots and history; arrays nobody else uses go with the next sweep."""
        with self._database.writing() as connection:
            row = review_rows.by_link(connection, edit_link, self._door(who), to_edit=True)
            connection.execute(delete(REVIEWS).where(REVIEWS.c.id == row.id))

    def list_own(
        self, who: Person | None = None, links: Iterable[str] = (), search: str = ""
    ) -> tuple[ReviewSummary, ...]:
        """Reviews that this person owns or this browser knows links of, the last changed first, at most 200.

        search: words that must all occur in the title or the names of classes, runs and data. Links that open nothing
        for this person are left out, and those after the first 200.
        """
        with self._database.reading() as connection:
            return listing.listed(connection, self._door(who), links, search)

    def links_of_own(self, review_id: str, who: Person) -> Links:
        """New links, beside those there are, for the owner who has none at hand; UnknownLink for anybody else."""
        links = Links.new()
        with self._database.writing() as connection:
            row = review_rows.by_owner(connection, review_id, self._door(who))
            review_rows.insert_links(connection, row.id, links)
        return links

    def renew_links(self, edit_link: str, who: Person | None = None) -> Links:
        """New links; all those there were open nothing any more."""
        links = Links.new()
        with self._database.writing() as connection:
            row, review = self._to_edit(connection, edit_link, who)
            self._write(connection, row, Change(review, "links renewed"), who)
            review_rows.delete_links(connection, row.id)
            review_rows.insert_links(connection, row.id, links)
        return links

    def keep_draft(self, session_id: str, draft: Review) -> None:
        """Keeps unsaved work of a browser session, in place of what was kept for it before; for a day.

        Data with the digest of what was kept before is taken to be the same.
        """
        self._sweep_now_and_then()
        self._drafts.keep(session_id, draft)

    def draft(self, session_id: str, *, arrays: bool = True) -> Review | None:
        """What was kept for this browser session; None where there is nothing any more.

        Of a draft of a loaded review, `id` and `version` are those of the review.
        """
        return self._found(lambda connection: self._drafts.found(connection, session_id), arrays)

    def drop_draft(self, session_id: str) -> None:
        """Forgets what was kept for this browser session."""
        self._drafts.drop(session_id)

    def note_training(self, id: str, state: str, plan: str) -> None:
        """Keeps what a training is and how far it came, for every server of this store; for 30 days."""
        self._trainings.note(id, state, plan)

    def training(self, id: str) -> KeptTraining | None:
        """What was noted last of the training with this secret id; None where nothing is known."""
        return self._trainings.find(id)

    def sweep(self) -> int:
        """Deletes what has expired and the arrays that nothing uses; returns the bytes freed.

        An array that some save asked for within the last hour stays: that save may be under way.
        """
        with self._database.writing() as connection:
            connection.execute(delete(REVIEWS).where(REVIEWS.c.changed_at < self._oldest))
            self._drafts.drop_expired(connection)
            self._trainings.drop_expired(connection)
        return self._arrays.sweep()

    def bytes_used(self) -> int:
        """Of all arrays and texts."""
        with self._database.reading() as connection:
            return bytes_used(connection)

    def check_answers(self) -> None:
        """StoreUnavailable where the database does not answer (quick)."""
        with self._database.reading() as connection:
            connection.execute(select(REVIEWS.c.id).limit(1)).first()

    def close(self) -> None:
        """Ends the connections."""
        self._database.close()


def open_store(settings: Settings) -> ReviewStore:
    """The store that the settings of the host name: a folder with everything in it unless they say otherwise."""
    folder = settings.review_folder.absolute()
    return ReviewStore(
        settings.database_url or URL.create("sqlite", database=str(folder / "reviews.sqlite")),
        settings.blob_url or folder / "arrays",
        keep_days=settings.review_days,
        max_bytes=settings.review_bytes,
    )
