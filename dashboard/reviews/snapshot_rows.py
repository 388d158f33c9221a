"""Snapshots as rows of their table: written once, never changed. Each function works in its caller's transaction."""

import json
from dataclasses import asdict

from sqlalchemy import Connection, Row, insert, select

from dashboard.reviews.documents import moment, set_digest, storable
from dashboard.reviews.review import Snapshot, SnapshotNote
from dashboard.reviews.tables import SNAPSHOTS


def document_of(snapshot: Snapshot, sets: dict[str, str]) -> str:
    """The words of a snapshot; its thresholds are noted in `sets`."""
    told = {name: value for name, value in asdict(snapshot).items() if name in ("title", "who", "settings")}
    return json.dumps(told | {"thresholds": snapshot.thresholds and set_digest(snapshot.thresholds, sets)})


def add(connection: Connection, review: Row, id: str, document: str, now: float) -> None:
    """A view of the data that the review has now."""
    values = {"id": id, "at": now, "document": document, "data": review.data, "held_out": review.held_out}
    connection.execute(insert(SNAPSHOTS).values(values | {"review": review.id}))


def find(connection: Connection, review_id: str, snapshot_id: object) -> Row | None:
    named = SNAPSHOTS.c.id == storable(str(snapshot_id))
    return connection.execute(select(SNAPSHOTS).where(SNAPSHOTS.c.review == review_id, named)).first()


def snapshot_of(row: Row, sets: dict[str, str], digests: dict[str, str]) -> Snapshot:
    """All but the arrays. sets: digest -> text of the review's threshold sets; digests: of the data, by its id."""
    told = json.loads(row.document)
    thresholds = told.pop("thresholds")
    return Snapshot(
        id=row.id,
        when=moment(row.at),
        thresholds=thresholds and sets[thresholds],
        data_digest=digests[row.data],
        held_out_digest=digests.get(row.held_out),
        **told,
    )


def listed(connection: Connection, review_id: str) -> tuple[SnapshotNote, ...]:
    """The first one first."""
    known = select(SNAPSHOTS).where(SNAPSHOTS.c.review == review_id).order_by(SNAPSHOTS.c.at, SNAPSHOTS.c.id)
    told = [(row, json.loads(row.document)) for row in connection.execute(known)]
    return tuple(SnapshotNote(row.id, each["title"], each["who"], moment(row.at)) for row, each in told)
