"""What is known of trainings by every server that shares the database: a row for each, behind its secret id.

The training itself belongs to the server that runs it, and ends with it; its row says what it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from dashboard.reviews.database import Database
from dashboard.reviews.documents import moment
from dashboard.reviews.links import link_hash
from dashboard.reviews.tables import TRAININGS

KEPT_S = 30 * 86_400.0


@dataclass(frozen=True)
class KeptTraining:
    """state: a word, as it was when it was noted last. plan: the text of its plan.json."""

    state: str
    plan: str
    noted: datetime


class Trainings:
    """clock: seconds since 1970."""

    def __init__(self, database: Database, clock: Callable[[], float]):
        self._database, self._clock = database, clock

    def note(self, id: str, state: str, plan: str) -> None:
        """In place of what was noted of this training before."""
        row = {"id": link_hash(id), "state": state, "plan": plan, "noted_at": self._clock()}
        with self._database.writing() as connection:
            connection.execute(delete(TRAININGS).where(TRAININGS.c.id == row["id"]))
            connection.execute(insert(TRAININGS).values(row))

    def find(self, id: str) -> KeptTraining | None:
        query = select(TRAININGS).where(TRAININGS.c.id == link_hash(id), TRAININGS.c.noted_at >= self._oldest)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return row and KeptTraining(row.state, row.plan, moment(row.noted_at))

    def drop_expired(self, connection: Connection) -> None:
        connection.execute(delete(TRAININGS).where(TRAININGS.c.noted_at < self._oldest))

    @property
    def _oldest(self) -> float:
        return self._clock() - KEPT_S
