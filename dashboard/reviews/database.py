"""The database behind a URL: SQLite or PostgreSQL, one writer at a time, brought up to date when it is opened.

Knows nothing of reviews. A URL may carry a password: no message here repeats one.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError

from dashboard.reviews.blobs import make_private
from dashboard.reviews.migrations import migrate
from dashboard.reviews.review_errors import StoreUnavailable

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
WAIT_S = 30  # for another writer, and for the network
_WRITERS = 0x6D6C7468  # what writers of this app wait for in PostgreSQL, whatever else uses that database


class Database:
    """Transactions on one database; may be used from any thread."""

    def __init__(self, url: str | URL):
        self.engine = _engine(_checked(url))
        self._is_sqlite = self.engine.dialect.name == "sqlite"
        one_state = {} if self._is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._readers = self.engine.execution_options(**one_state)
        self._writers = self.engine.execution_options(is_writer=True)
        with self.writing() as connection:
            migrate(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the database, whatever others write meanwhile."""
        with _told(), self._readers.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Nobody else writes until this ends; kept for good when it returns, undone when it raises."""
        with _told(), self._writers.begin() as connection:
            if not self._is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:writers)"), {"writers": _WRITERS})
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def _checked(url: str | URL) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.get_backend_name() not in DRIVERS or parsed.database in (None, "", ":memory:"):
        kind = parsed.drivername if parsed else "what cannot be read as a URL"
        raise StoreUnavailable(
            "The reviews' database must be a URL such as postgresql://user:password@host/name or sqlite:////a/file, "
            f"with special characters of the password as %-codes, got {kind}: set DASHBOARD_DATABASE_URL."
        )
    return parsed.set(drivername=DRIVERS[parsed.get_backend_name()])


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        make_private(Path(url.database or "").absolute().parent)
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": WAIT_S})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_in_sqlite)
        return engine
    try:
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": WAIT_S})
    except ModuleNotFoundError:
        raise StoreUnavailable('PostgreSQL needs the package psycopg: pip install ".[hosting]"') from None


def _set_up_sqlite(connection, _):
    connection.isolation_level = None  # transactions begin where this module says so
    _keep_a_log_ahead(connection)
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _keep_a_log_ahead(connection) -> None:
    """Of several who do this first to a new file at once, SQLite lets one wait for none: the others try again."""
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _begin_in_sqlite(connection):
    is_writer = connection.get_execution_options().get("is_writer")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


@contextmanager
def _told():
    try:
        yield
    except DBAPIError as error:
        if not (isinstance(error, OperationalError) or type(error) is DatabaseError or error.connection_invalidated):
            raise
        reason = str(error.orig).strip().partition("\n")[0]
        raise StoreUnavailable(
            f"The reviews' database must answer, but says: {reason}. Nothing was changed; try again, or tell who hosts "
            "this app."
        ) from error
