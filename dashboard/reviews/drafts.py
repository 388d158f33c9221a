"""Unsaved work of browser sessions: one draft for each, kept for a day, behind the session's secret id."""

import json
from collections.abc import Callable

from sqlalchemy import Connection, Row, delete, insert, select

from dashboard.reviews.database import Database
from dashboard.reviews.documents import document_of, words_of
from dashboard.reviews.kept_arrays import KeptArrays, KeptData
from dashboard.reviews.links import link_hash
from dashboard.reviews.review import Review
from dashboard.reviews.review_rows import digests_of
from dashboard.reviews.tables import DRAFTS

KEPT_S = 86_400.0
PARTS = ("data", "held_out")


class Drafts:
    """clock: seconds since 1970."""

    def __init__(self, database: Database, arrays: KeptArrays, clock: Callable[[], float]):
        self._database, self._arrays, self._clock = database, arrays, clock

    def keep(self, session_id: str, draft: Review) -> None:
        """In place of the draft before; data of the digest that was kept for it is not read again."""
        kept: dict[str, KeptData] = {}
        while missing := self._put(link_hash(session_id), draft, kept):
            kept |= {name: self._arrays.keep(getattr(draft, name)) for name in missing}

    def found(self, connection: Connection, session_id: str) -> tuple[Row, Review] | None:
        """The row and the draft without its arrays."""
        row = self._row(connection, session_id)
        return row and (row, _draft_of(connection, row))

    def drop(self, session_id: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(DRAFTS).where(DRAFTS.c.session == link_hash(session_id)))

    def drop_expired(self, connection: Connection) -> None:
        connection.execute(delete(DRAFTS).where(DRAFTS.c.changed_at < self.oldest))

    @property
    def oldest(self) -> float:
        return self._clock() - KEPT_S

    def _row(self, connection, session_id):
        query = select(DRAFTS).where(DRAFTS.c.session == link_hash(session_id), DRAFTS.c.changed_at >= self.oldest)
        return connection.execute(query).first()

    def _put(self, session, draft, kept):
        """Writes the row, or returns the names of data whose arrays must be kept first."""
        with self._database.writing() as connection:
            row = connection.execute(select(DRAFTS).where(DRAFTS.c.session == session)).first()
            ids = {name: kept[name].id for name in kept} | _same_as_before(connection, row, draft)
            missing = [name for name in PARTS if getattr(draft, name) is not None and name not in ids]
            if not missing:
                for each in kept.values():
                    self._arrays.use(connection, each)
                told = _told(draft)
                self._arrays.check_room(connection, len(told) - (row.size if row else 0))
                connection.execute(delete(DRAFTS).where(DRAFTS.c.session == session))
                values = {"session": session, "changed_at": self._clock(), "document": told, "size": len(told)}
                connection.execute(insert(DRAFTS).values(dict.fromkeys(PARTS) | ids | values))
            return missing


def _draft_of(connection, row):
    told, digests = json.loads(row.document), digests_of(connection, row)
    limits = told["limited_to"]
    return Review(
        **words_of(told["document"], told["sets"]),
        limited_to=tuple(limits) if isinstance(limits, list) else limits,
        **told["review"],
        data_digest=digests.get(row.data, ""),
        held_out_digest=digests.get(row.held_out),
    )


def _told(draft):
    document, sets = document_of(draft)
    review = {"id": draft.id, "version": draft.version}
    return json.dumps({"document": document, "sets": sets, "limited_to": draft.limited_to, "review": review})


def _same_as_before(connection, row, draft):
    """Name -> id of the data that the draft before has too."""
    if row is None:
        return {}
    digests, wanted = digests_of(connection, row), {name: getattr(draft, name) for name in PARTS}
    ids = {name: getattr(row, name) for name, data in wanted.items() if data is not None}
    return {name: id for name, id in ids.items() if id and digests[id] == wanted[name].digest}
