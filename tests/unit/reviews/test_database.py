import errno
import hashlib
import logging
import os
import stat
import subprocess
import sys
import traceback
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import MetaData, inspect, text

import dashboard.reviews
from dashboard.reviews import migrations
from dashboard.reviews.database import Database
from dashboard.reviews.links import link_hash
from dashboard.reviews.review_errors import StoreUnavailable
from dashboard.reviews.store import ReviewStore, open_store
from dashboard.reviews.tables import METADATA
from dashboard.settings import Settings, read_settings
from tests.unit.reviews.builders import SQLITE_ONLY, assert_same, made_review


def shape_of(metadata):
    """What two descriptions of the tables must agree in: columns, what may be NULL, keys and what they refer to."""
    return {
        name: (
            [(column.name, column.nullable) for column in table.columns],
            [column.name for column in table.primary_key],
            sorted((key.parent.name, key.target_fullname) for key in table.foreign_keys),
        )
        for name, table in metadata.tables.items()
        if name != "schema_version"
    }


def test_the_steps_make_the_tables_that_queries_know(database_url):
    database, found = Database(database_url), MetaData()
    with database.reading() as connection:
        found.reflect(connection)
    database.close()
    assert shape_of(found) == shape_of(METADATA)


def test_an_older_store_is_brought_up_to_date_with_what_is_in_it(open_store, monkeypatch):
    wanted = made_review()
    links = open_store().save(wanted)
    more = ("ALTER TABLE reviews ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'", "CREATE TABLE more (a TEXT)")
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, more))
    for _ in range(2):  # a second time there is nothing left to do
        store = open_store()
        assert_same(store.load(links.view), wanted)
        with store._database.reading() as connection:
            assert connection.execute(text("SELECT version FROM schema_version")).scalars().all() == [3]
            assert connection.execute(text("SELECT colour FROM reviews")).scalars().all() == ["red"]


def test_a_store_of_the_first_version_gets_the_table_of_trainings(open_store, monkeypatch):
    wanted = made_review()
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:1])
        links = open_store().save(wanted)
    store = open_store()
    assert_same(store.load(links.view), wanted)
    store.note_training("a", "running", "{}")
    assert store.training("a").state == "running"


def test_a_step_that_fails_leaves_the_store_as_it_was(open_store, monkeypatch):
    links = open_store().save(made_review())
    with monkeypatch.context() as patched:
        steps = (*migrations.MIGRATIONS, ("CREATE TABLE more (a TEXT)", "INSERT INTO nowhere VALUES (1)"))
        patched.setattr(migrations, "MIGRATIONS", steps)
        with pytest.raises(Exception, match="nowhere"):
            open_store()
    store = open_store()
    store.load(links.view)
    with store._database.reading() as connection:
        assert not inspect(connection).has_table("more")


def test_a_store_of_a_newer_version_is_left_alone(open_store):
    store = open_store()
    with store._database.writing() as connection:
        connection.execute(text("UPDATE schema_version SET version = 99"))
    with pytest.raises(StoreUnavailable, match=r"must be of version 2 or older, but is of version 99.*update this one"):
        open_store()


def test_a_released_step_never_changes():
    steps = [hashlib.sha256("\n".join(step).encode()).hexdigest()[:16] for step in migrations.MIGRATIONS]
    assert steps == ["724d4c267d88716e", "139c556f23e88eae"]


SECRET = "p4ss:w/rd"


@SQLITE_ONLY
def test_sqlite_is_asked_to_be_safe_and_quick(store):
    with store._database.reading() as connection:
        said = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
        assert said == ["wal", 2]  # 2: FULL
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://me:{SECRET}@host/db",
        f"postgresql://me:{SECRET}@host:port/db",
        f"postgresql://me:{SECRET}@127.0.0.1:1/db",
        f"postgresql://me@127.0.0.1:1/db?password={SECRET}",
        SECRET,
        "",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://host",
    ],
)
def test_a_password_in_a_url_reaches_no_message_and_no_log(url, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(StoreUnavailable) as told:
        ReviewStore(url, tmp_path / "arrays")
    said = "".join(traceback.format_exception(told.value)) + caplog.text
    assert "p4ss" not in said.partition("SECRET =")[0] and SECRET not in said


def test_a_database_that_does_not_answer_is_a_sentence(tmp_path):
    with pytest.raises(StoreUnavailable, match=r"The reviews' database must answer, but says: .*Connection refused"):
        ReviewStore("postgresql://me:secret@127.0.0.1:1/db", tmp_path / "arrays")
    (tmp_path / "text.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreUnavailable, match="file is not a database"):
        ReviewStore(f"sqlite:///{tmp_path / 'text.sqlite'}", tmp_path / "arrays")


@SQLITE_ONLY
def test_a_store_that_does_not_let_delete_is_a_sentence(store, monkeypatch, clock):
    store.delete(store.save(made_review()).edit)
    clock.passes(7200)
    before = store.bytes_used()
    monkeypatch.setattr(Path, "unlink", lambda path, **_: os.listdir("/nowhere"))
    with pytest.raises(StoreUnavailable, match="must delete files, but says: No such file"):
        store.sweep()
    monkeypatch.undo()
    assert 0 < store.bytes_used() < before  # the words are gone, the arrays still to be collected
    store.sweep()
    assert store.bytes_used() == 0


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="must be one that the app may write to, but the system says: "):
        open_store(Settings(review_folder=tmp_path / "file" / "reviews"))


@SQLITE_ONLY
def test_a_full_disk_is_a_sentence_and_nothing_changes(store, monkeypatch, open_store):
    links = store.save(made_review(1))

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnavailable, match=r"must take files, but says: No space left on device\. Nothing was"):
        store.save(made_review(2))
    monkeypatch.undo()
    with store._database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    with store._database.engine.connect() as connection:  # the pool gives this connection again
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailable, match="full"):
        store.add_note(links.edit, "x" * 20_000)
    assert len(open_store().load(links.view).notes) == 2


def test_statements_are_logged_without_what_they_carry(store, caplog):
    caplog.set_level(logging.DEBUG, logger="sqlalchemy.engine")
    links = store.save(made_review())
    store.add_note(links.edit, "a secret note")
    assert "INSERT INTO history" in caplog.text
    for secret in (links.view, links.edit, link_hash(links.edit), "a secret note"):
        assert secret not in caplog.text


def test_the_store_of_the_settings(tmp_path):
    folder = tmp_path / "a #?% b"
    settings = read_settings(
        {"DASHBOARD_REVIEW_FOLDER": str(folder), "DASHBOARD_REVIEW_DAYS": "1.5", "DASHBOARD_REVIEW_BYTES": "1000000"}
    )
    store = open_store(settings)
    assert_same(store.load(store.save(made_review(notes=(), proposals=())).view), made_review(notes=(), proposals=()))
    store.close()
    assert (folder / "reviews.sqlite").is_file() and (folder / "arrays").is_dir()
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE((folder / "arrays").stat().st_mode) == 0o700
    with pytest.raises(StoreUnavailable, match="needs something that is missing here"):
        open_store(replace(settings, blob_url="nosuch://bucket/secret-key"))


def test_settings_do_not_show_where_the_store_is():
    settings = read_settings(
        {"DASHBOARD_DATABASE_URL": "postgresql://a:secret@b/c", "DASHBOARD_BLOB_URL": "s3://secret"}
    )
    assert "secret" not in repr(settings)
    assert settings.database_url == "postgresql://a:secret@b/c"
    assert (Settings().review_days, Settings().review_bytes) == (None, None)


def test_a_number_that_is_none_is_told():
    with pytest.raises(ValueError, match="DASHBOARD_REVIEW_DAYS must be a number above 0, got 'ever'"):
        read_settings({"DASHBOARD_REVIEW_DAYS": "ever"})


def test_who_only_exports_loads_no_database():
    program = "import dashboard.reviews, sys; print({'sqlalchemy', 'fsspec'} & set(sys.modules))"
    root = Path(__file__).parents[3]
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert run.stdout.strip() == "set()"
    assert dashboard.reviews.ReviewStore is ReviewStore  # which is loaded when it is asked for
    with pytest.raises(AttributeError):
        _ = dashboard.reviews.nothing_of_this_name


def test_where_postgresql_cannot_be_spoken_to_the_package_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreUnavailable, match="needs the package psycopg: pip install"):
        ReviewStore("postgresql://me@127.0.0.1:1/db", tmp_path / "arrays")
