"""Stores to test with: the same tests run on SQLite with a folder, and on PostgreSQL with objects in memory."""

import secrets

import pytest

from dashboard.reviews.store import ReviewStore
from tests.unit.reviews.postgresql import PostgresServer, find_binaries


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        self.now += 0.001
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres():
    """A running server; skips where PostgreSQL is not installed."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed: Debian's package is called postgresql")
    server = PostgresServer(binaries)
    try:
        server.start()
        yield server
    finally:
        server.stop()


DATABASES = (
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql")),
)


@pytest.fixture(params=DATABASES)
def database_url(request, tmp_path) -> str:
    """Of a new, empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'reviews.sqlite'}"
    import psycopg

    server, schema = request.getfixturevalue("postgres"), f"test_{secrets.token_hex(8)}"
    with psycopg.connect(server.url("public"), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return server.url(schema)


@pytest.fixture
def blob_url(database_url, tmp_path) -> str:
    if database_url.startswith("sqlite"):
        return f"file://{tmp_path / 'arrays'}"
    return f"memory://{secrets.token_hex(8)}"


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch):
    """No test here loses power; that the disk is asked is a test of its own."""
    monkeypatch.setattr("os.fsync", lambda handle: None)


@pytest.fixture
def open_store(database_url, blob_url, clock):
    """Opens the test's store, again and with other options if wanted."""
    opened = []

    def open_store(**options) -> ReviewStore:
        opened.append(ReviewStore(database_url, blob_url, **{"clock": clock} | options))
        return opened[-1]

    yield open_store
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store) -> ReviewStore:
    return open_store()
