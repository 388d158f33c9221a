"""The health endpoint says whether the server can write, and nothing else."""

import asyncio
import io
import json

import pytest
from starlette.applications import Starlette

from dashboard.ui import health
from dashboard.ui.health import health_routes, writes_to
from dashboard.ui.reviews.kept import check_database, review_store


def ask(routes, path="/health") -> tuple[int, dict]:
    sent = []
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"review=secret", "headers": []}

    async def send(message):
        sent.append(message)

    asyncio.run(Starlette(routes=routes)(scope, None, send))
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], json.loads(body) if sent[0]["status"] in (200, 503) else {}


def test_it_is_ok_while_all_can_be_written(tmp_path):
    status, said = ask(health_routes({"uploads": writes_to(tmp_path / "new")}))
    assert (status, said["status"]) == (200, "ok")
    assert list((tmp_path / "new").iterdir()) == []


def test_it_names_what_cannot_be_written_and_no_path(tmp_path):
    (tmp_path / "file").write_text("")
    status, said = ask(health_routes({"uploads": writes_to(tmp_path), "store": writes_to(tmp_path / "file")}))
    assert (status, said["status"], said["not_writable"]) == (503, "failing", ["store"])
    assert str(tmp_path) not in json.dumps(said)


def test_a_full_disk_is_noticed(tmp_path, monkeypatch):
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", lambda dir: Full())
    assert ask(health_routes({"store": writes_to(tmp_path)}))[0] == 503


def test_an_answer_is_kept_for_a_while(monkeypatch):
    asked = []
    routes = health_routes({"store": lambda: asked.append(1)})
    ask(routes)
    ask(routes)
    assert len(asked) == 1
    monkeypatch.setattr(health, "KEPT_SECONDS", 0)
    ask(routes)
    assert len(asked) == 2


@pytest.mark.parametrize(("base", "path"), [("", "/health"), ("/some/base/", "/some/base/health")])
def test_it_lies_below_the_base_path(monkeypatch, base, path):
    monkeypatch.setattr("streamlit.get_option", lambda name: base)
    routes = health_routes({})
    assert ask(routes, path)[0] == 200
    assert ask(routes, "/other/health")[0] == 404


@pytest.fixture
def database(monkeypatch, tmp_path):
    """database(url) -> routes of a server whose reviews' database is there, and whose folder is not made yet."""

    def routes(url=""):
        monkeypatch.setenv("DASHBOARD_DATABASE_URL", url)
        monkeypatch.setenv("DASHBOARD_REVIEW_FOLDER", str(tmp_path / "reviews"))
        review_store.cache_clear()
        return health_routes({}, {"reviews": check_database})

    yield routes
    review_store.cache_clear()


def test_a_database_that_does_not_answer_is_told_of_without_its_address(database, tmp_path, caplog):
    (tmp_path / "broken.sqlite").write_bytes(b"no database " * 500)
    for url in ("postgresql://zoe77:pa55word@127.0.0.1:9/decisions", f"sqlite:///{tmp_path}/broken.sqlite"):
        status, said = ask(database(url))
        assert (status, said["status"], said["not_answering"]) == (503, "failing", ["reviews"])
        assert "not_answering" in caplog.text
        for told in (json.dumps(said), caplog.text, str([record.__dict__ for record in caplog.records])):
            assert not any(secret in told for secret in ("pa55word", "zoe77", "decisions", "127.0.0.1", "broken"))


def test_a_database_that_breaks_later_is_noticed(database, tmp_path, monkeypatch):
    monkeypatch.setattr(health, "KEPT_SECONDS", 0)
    routes = database()
    review_store()
    assert ask(routes)[0] == 200
    for part in ("", "-wal", "-shm"):
        (tmp_path / "reviews" / f"reviews.sqlite{part}").unlink(missing_ok=True)
    (tmp_path / "reviews" / "reviews.sqlite").write_bytes(b"no database " * 500)
    review_store()._database.close()
    assert ask(routes)[0] == 503


def test_a_store_that_nobody_needed_yet_is_not_made(database, tmp_path):
    assert ask(database())[0] == 200
    assert not (tmp_path / "reviews").exists()
