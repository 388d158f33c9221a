"""The steps that brought the database to the form that `tables` describes; each runs once, in order.

A step that was released never changes: a new form is a new step. SQLite and PostgreSQL both understand each statement.
"""

from sqlalchemy import Connection, inspect, text

from dashboard.reviews.review_errors import StoreUnavailable

Step = tuple[str, ...]

_FIRST: Step = (
    """CREATE TABLE arrays (
        digest TEXT NOT NULL PRIMARY KEY,
        size BIGINT NOT NULL,
        wanted_at DOUBLE PRECISION NOT NULL
    )""",
    """CREATE TABLE datasets (
        id TEXT NOT NULL PRIMARY KEY,
        digest TEXT NOT NULL,
        manifest TEXT NOT NULL,
        size BIGINT NOT NULL
    )""",
    """CREATE TABLE dataset_arrays (
        dataset TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
        digest TEXT NOT NULL REFERENCES arrays (digest),
        PRIMARY KEY (dataset, digest)
    )""",
    "CREATE INDEX dataset_arrays_by_digest ON dataset_arrays (digest)",
    """CREATE TABLE reviews (
        id TEXT NOT NULL PRIMARY KEY,
        version BIGINT NOT NULL,
        owner TEXT,
        limited_to TEXT,
        created_at DOUBLE PRECISION NOT NULL,
        changed_at DOUBLE PRECISION NOT NULL,
        versioned_at DOUBLE PRECISION NOT NULL,
        versioned_by TEXT NOT NULL,
        summary TEXT NOT NULL,
        found_by TEXT NOT NULL,
        document TEXT NOT NULL,
        size BIGINT NOT NULL,
        data TEXT NOT NULL REFERENCES datasets (id),
        held_out TEXT REFERENCES datasets (id)
    )""",
    "CREATE INDEX reviews_by_owner ON reviews (owner)",
    "CREATE INDEX reviews_by_data ON reviews (data)",
    "CREATE INDEX reviews_by_held_out ON reviews (held_out)",
    """CREATE TABLE links (
        hash TEXT NOT NULL PRIMARY KEY,
        review TEXT NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
        may_edit BOOLEAN NOT NULL
    )""",
    "CREATE INDEX links_by_review ON links (review)",
    """CREATE TABLE threshold_sets (
        review TEXT NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
        digest TEXT NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (review, digest)
    )""",
    """CREATE TABLE history (
        review TEXT NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
        number BIGINT NOT NULL,
        kind TEXT NOT NULL,
        at DOUBLE PRECISION NOT NULL,
        who TEXT NOT NULL,
        details TEXT NOT NULL,
        PRIMARY KEY (review, number)
    )""",
    """CREATE TABLE snapshots (
        review TEXT NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        at DOUBLE PRECISION NOT NULL,
        document TEXT NOT NULL,
        data TEXT NOT NULL REFERENCES datasets (id),
        held_out TEXT REFERENCES datasets (id),
        PRIMARY KEY (review, id)
    )""",
    "CREATE INDEX snapshots_by_data ON snapshots (data)",
    "CREATE INDEX snapshots_by_held_out ON snapshots (held_out)",
    """CREATE TABLE drafts (
        session TEXT NOT NULL PRIMARY KEY,
        changed_at DOUBLE PRECISION NOT NULL,
        document TEXT NOT NULL,
        size BIGINT NOT NULL,
        data TEXT REFERENCES datasets (id),
        held_out TEXT REFERENCES datasets (id)
    )""",
    "CREATE INDEX drafts_by_data ON drafts (data)",
    "CREATE INDEX drafts_by_held_out ON drafts (held_out)",
)

_TRAININGS: Step = (
    """CREATE TABLE trainings (
        id TEXT NOT NULL PRIMARY KEY,
        state TEXT NOT NULL,
        plan TEXT NOT NULL,
        noted_at DOUBLE PRECISION NOT NULL
    )""",
)

MIGRATIONS: tuple[Step, ...] = (_FIRST, _TRAININGS)


def migrate(connection: Connection) -> None:
    """Takes the steps that the database has not seen; the caller's transaction keeps others out and commits.

    StoreUnavailable where the database has seen steps that this version of the app does not know.
    """
    if not inspect(connection).has_table("schema_version"):
        connection.execute(text("CREATE TABLE schema_version (version BIGINT NOT NULL)"))
        connection.execute(text("INSERT INTO schema_version VALUES (0)"))
    version = connection.execute(text("SELECT version FROM schema_version")).scalar_one()
    newest = len(MIGRATIONS)
    if version > newest:
        raise StoreUnavailable(
            f"The reviews' database must be of version {newest} or older, but is of version {version}: it was used "
            "by a newer version of the app; update this one."
        )
    for statement in (each for step in MIGRATIONS[version:] for each in step):
        connection.execute(text(statement))
    if version < newest:
        connection.execute(text("UPDATE schema_version SET version = :version"), {"version": newest})
