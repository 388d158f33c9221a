"""Reviews as rows of the tables: found by a link, read as plain data, written as a change.

Each function works within the transaction of its caller; arrays are named here, never read.
"""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from dashboard.reviews import snapshot_rows
from dashboard.reviews.documents import document_of, found_by, moment, searchable, storable, summary_of, words_of
from dashboard.reviews.kept_arrays import KeptArrays, KeptData
from dashboard.reviews.links import Links, link_hash, may_open
from dashboard.reviews.meeting import Change
from dashboard.reviews.review import Event, Person, Review, Snapshot
from dashboard.reviews.review_errors import UnknownLink
from dashboard.reviews.tables import DATASETS, HISTORY, LINKS, REVIEWS, THRESHOLD_SETS

OPENS_NOTHING = (
    "This link opens no review: it may be incomplete, the review may be deleted or expired, or it may be limited to "
    "people who sign in. Ask whoever sent it."
)
CHANGES_NOTHING = (
    "This link changes no review: it may be one to view only, the review may be deleted or expired, or it may be "
    "limited to people who sign in. Ask for the link to edit."
)


@dataclass(frozen=True)
class Door:
    """Who comes when. oldest: reviews last changed before are expired (seconds since 1970)."""

    who: Person | None
    oldest: float

    @property
    def owner(self) -> str | None:
        """As the rows name who owns them."""
        return self.who and self.who.email and storable(self.who.email.strip().casefold())

    def lets_in(self, row: Row) -> bool:
        return row.changed_at >= self.oldest and may_open(limits_of(row), self.who, row.owner)


def by_link(connection: Connection, link: object, door: Door, *, to_edit: bool = False) -> Row:
    """The row of a review with `may_edit`; UnknownLink, the same whatever the reason."""
    known = select(REVIEWS, LINKS.c.may_edit).join(LINKS).where(LINKS.c.hash == link_hash(link))
    row = connection.execute(known).first()
    if row is None or not door.lets_in(row) or (to_edit and not row.may_edit):
        raise UnknownLink(CHANGES_NOTHING if to_edit else OPENS_NOTHING)
    return row


def by_owner(connection: Connection, review_id: object, door: Door) -> Row:
    """The row of a review of theirs; UnknownLink for anybody else."""
    query = select(REVIEWS).where(REVIEWS.c.id == storable(str(review_id)), REVIEWS.c.owner == door.owner)
    row = connection.execute(query).first() if door.owner else None
    if row is None or not door.lets_in(row):
        raise UnknownLink(OPENS_NOTHING)
    return row


def snapshot_in(connection: Connection, review: Row, snapshot_id: object) -> tuple[Row, Snapshot]:
    """A snapshot of this review, without its arrays; UnknownLink where there is none."""
    row = snapshot_rows.find(connection, review.id, snapshot_id)
    if row is None:
        raise UnknownLink(OPENS_NOTHING)
    return row, snapshot_rows.snapshot_of(row, threshold_sets(connection, review.id), digests_of(connection, row))


def limits_of(row: Row) -> str | tuple[str, ...] | None:
    limits = json.loads(row.limited_to) if row.limited_to else None
    return tuple(limits) if isinstance(limits, list) else limits


def review_of(connection: Connection, row: Row, may_edit: bool) -> Review:
    """All but the arrays."""
    digests = digests_of(connection, row)
    return Review(
        **words_of(row.document, threshold_sets(connection, row.id)),
        limited_to=limits_of(row),
        id=row.id,
        version=row.version,
        may_edit=may_edit,
        owner=row.owner,
        created=moment(row.created_at),
        changed=moment(row.changed_at),
        data_digest=digests[row.data],
        held_out_digest=digests.get(row.held_out),
        history=history_of(connection, row.id),
        snapshots=snapshot_rows.listed(connection, row.id),
    )


def digests_of(connection: Connection, row: Row) -> dict[str, str]:
    """Id -> digest, as the pages name it, of the data and the held-out part of a review, a snapshot or a draft."""
    return dict(connection.execute(select(DATASETS.c.id, DATASETS.c.digest).where(_is_used_by(row))).all())


def manifests_of(connection: Connection, row: Row) -> tuple[str | None, str | None]:
    """The manifests of the same two."""
    known = dict(connection.execute(select(DATASETS.c.id, DATASETS.c.manifest).where(_is_used_by(row))).all())
    return known.get(row.data), known.get(row.held_out)


def insert_review(
    connection: Connection, review: Review, datasets: dict[str, str | None], now: float, like: Row | None = None
) -> None:
    """A new one, still without words and history: `write` brings both.

    datasets: "data" and "held_out" -> id. like: the review with the same data, where that is not at hand.
    """
    times = dict.fromkeys(("created_at", "changed_at", "versioned_at"), now)
    texts = {"summary": like.summary if like else "{}", "found_by": like.found_by if like else ""}
    texts |= {"document": "", "versioned_by": ""}
    values = times | texts | datasets | {"id": review.id, "owner": review.owner, "version": 0, "size": 0}
    connection.execute(insert(REVIEWS).values(values))


def insert_links(connection: Connection, review_id: str, links: Links) -> None:
    rows = [{"hash": link_hash(links.view), "may_edit": False}, {"hash": link_hash(links.edit), "may_edit": True}]
    connection.execute(insert(LINKS), [row | {"review": review_id} for row in rows])


def delete_links(connection: Connection, review_id: str) -> None:
    connection.execute(delete(LINKS).where(LINKS.c.review == review_id))


def write(
    connection: Connection,
    row: Row,
    change: Change,
    *,
    who: str,
    now: float,
    arrays: KeptArrays,
    datasets: dict[str, KeptData] | None = None,
) -> None:
    """A changed review with a line of its history. datasets: "data" and "held_out" where they are replaced."""
    review, before = change.review, row.document
    document, sets = document_of(review)
    snapshot = change.snapshot and snapshot_rows.document_of(change.snapshot, sets)
    details = json.dumps(change.details)
    added = len(document) - len(before) + len(snapshot or "") + len(details)
    added += _add_sets(connection, row.id, sets)
    arrays.check_room(connection, added)
    used = {column: kept.id for column, kept in (datasets or {}).items()}
    values = used | {"changed_at": now, "version": review.version, "document": document, "size": row.size + added}
    values |= {"limited_to": None if review.limited_to is None else json.dumps(review.limited_to)}
    values |= _names(row, review)
    if review.version != row.version:
        values |= {"versioned_at": now, "versioned_by": storable(who)}
    connection.execute(update(REVIEWS).where(REVIEWS.c.id == row.id).values(values))
    if snapshot:
        snapshot_rows.add(connection, row, change.snapshot.id, snapshot, now)
    _append(connection, row.id, change.kind, who, details, now)


def _names(row, review):
    """What lists and searches go by; the names of the data are known from before where it is not at hand."""
    summary = json.loads(row.summary) | {"title": review.title, "state": review.decision.state}
    names = row.found_by.partition("\n")[2]
    if review.data is not None:
        summary, names = summary_of(review), found_by(review).partition("\n")[2]
    return {"summary": json.dumps(summary), "found_by": f"{searchable(review.title)}\n{names}"}


def _is_used_by(row):
    return DATASETS.c.id.in_([id for id in (row.data, row.held_out) if id is not None])


def threshold_sets(connection: Connection, review_id: str) -> dict[str, str]:
    """Digest -> text of every set that a review ever had."""
    known = select(THRESHOLD_SETS.c.digest, THRESHOLD_SETS.c.content).where(THRESHOLD_SETS.c.review == review_id)
    return {digest: json.loads(content) for digest, content in connection.execute(known)}


def _add_sets(connection, review_id, sets):
    """Keeps those that are new; returns their characters."""
    is_known = select(THRESHOLD_SETS.c.digest).where(THRESHOLD_SETS.c.review == review_id)
    known = set(connection.scalars(is_known))
    rows = [
        {"review": review_id, "digest": digest, "content": json.dumps(text)}
        for digest, text in sets.items()
        if digest not in known
    ]
    if rows:
        connection.execute(insert(THRESHOLD_SETS), rows)
    return sum(len(row["content"]) for row in rows)


def _append(connection, review_id, kind, who, details, now):
    last = select(func.coalesce(func.max(HISTORY.c.number), 0)).where(HISTORY.c.review == review_id)
    number = connection.execute(last).scalar_one() + 1
    values = {"review": review_id, "number": number, "kind": kind, "at": now, "who": storable(who), "details": details}
    connection.execute(insert(HISTORY).values(values))


def history_of(connection: Connection, review_id: str, after: int = 0) -> tuple[Event, ...]:
    """What happened, in its order; after: the number of the last event that is known already."""
    known = select(HISTORY).where(HISTORY.c.review == review_id, HISTORY.c.number > after)
    rows = connection.execute(known.order_by(HISTORY.c.number))
    return tuple(Event(row.number, row.kind, row.who, moment(row.at), json.loads(row.details)) for row in rows)
