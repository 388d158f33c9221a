"""What the upload route takes, what it refuses and in which words, and that nothing is left of what it refused."""

import hashlib
import threading

import pytest

from tests.unit.ui.file_upload.conftest import files_in
from tests.unit.ui.file_upload.requests import TOKEN, ask, headers_of

DATA = [bytes(range(256)) * 300, b"x" * 1_500_000, b"end"]
WHOLE = b"".join(DATA)


def test_a_file_arrives_whole_and_hashed(store):
    answer = ask(store, chunks=DATA)
    assert answer.status == 200
    assert answer.json["name"] == "scores.npy"
    assert answer.json["size"] == len(WHOLE)
    assert answer.json["sha256"] == hashlib.sha256(WHOLE).hexdigest()
    assert store.find(answer.json["id"]).path.read_bytes() == WHOLE
    assert files_in(store) == [".file"]


def test_ids_cannot_be_guessed(store):
    ids = {ask(store, chunks=[b"x"]).json["id"] for _ in range(5)}
    assert len(ids) == 5
    assert all(len(bytes.fromhex(id)) == 16 for id in ids)


@pytest.mark.parametrize("prefix", ["", "/some/base"])
def test_the_route_lies_below_any_base_path(store, prefix):
    assert ask(store, path=f"{prefix}/api/uploads", chunks=[b"x"]).status == 200


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"token": None},
        {"cookie": None},
        {"token": "2|00000000|00000000000000000000000000000000|1"},
        {"token": "nonsense"},
        {"host": "evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
    ],
    ids=str,
)
def test_a_request_from_elsewhere_is_refused(store, method, wrong, monkeypatch):
    _allow_only_this_host(monkeypatch)
    answer = ask(store, method, chunks=[b"x"], headers=headers_of(size=1, **wrong), query="size=1")
    assert answer.status == 403
    assert answer.json["error"].endswith(".")
    assert files_in(store) == []


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8501", None])
def test_a_request_from_the_page_itself_is_taken(store, origin, monkeypatch):
    _allow_only_this_host(monkeypatch)
    assert ask(store, chunks=[b"x"], headers=headers_of(size=1, origin=origin)).status == 200


def _allow_only_this_host(monkeypatch):
    from streamlit import config

    asked = config.get_option
    monkeypatch.setattr(
        config, "get_option", lambda name: ["127.0.0.1"] if name == "server.allowedHosts" else asked(name)
    )


def test_a_file_over_the_limit_is_refused_before_it_is_read(store_with):
    store = store_with(max_file_bytes=1000)
    for answer in (ask(store, chunks=[b"x" * 1001]), ask(store, "GET", query="size=1001")):
        assert answer.status == 413
        assert answer.json["error"].startswith("A file must have at most 1 kB, but this one has 1 kB")
    assert ask(store, "GET", query="size=1000").status == 204
    assert files_in(store) == []


def test_more_bytes_than_announced_are_refused(store):
    answer = ask(store, chunks=[b"x" * 2_000_000, b"x"], headers=headers_of(size=2_000_000))
    assert (answer.status, files_in(store)) == (413, [])


def test_fewer_bytes_than_announced_are_refused(store):
    answer = ask(store, chunks=[b"x" * 10], headers=headers_of(size=11))
    assert (answer.status, files_in(store)) == (400, [])


@pytest.mark.parametrize("size", [None, "", "-1", "1e9", "²", "9" * 30])
def test_a_size_has_to_be_announced(store, size):
    assert ask(store, chunks=[b"x"], headers=headers_of(size=size)).status == 411
    assert files_in(store) == []


@pytest.mark.parametrize("chunks", [[], [b"x" * 10], [b"x" * 3_000_000, b"y" * 10]])
def test_a_client_that_leaves_leaves_no_file(store, chunks):
    ask(store, chunks=chunks, headers=headers_of(size=4_000_000), breaks_off=True)
    assert files_in(store) == []
    assert ask(store, chunks=[b"x"]).status == 200


def test_a_client_that_falls_silent_leaves_no_file(store, monkeypatch):
    monkeypatch.setattr("dashboard.ui.file_upload.route.SILENCE_SECONDS", 0)
    answer = ask(store, chunks=[b"x"], headers=headers_of(size=2))
    assert (answer.status, files_in(store)) == (408, [])


def test_a_full_disk_is_a_sentence_and_leaves_no_file(store, monkeypatch):
    def fail(self, data):
        raise OSError(28, "No space left on device")

    class Full:
        write, close = fail, lambda self: None

    open_upload = store.open

    def open_on_full_disk(*arguments):
        upload = open_upload(*arguments)
        upload._handle.close()
        upload._handle = Full()
        return upload

    monkeypatch.setattr(store, "open", open_on_full_disk)
    answer = ask(store, chunks=[b"x"])
    assert (answer.status, files_in(store)) == (507, [])
    assert "No space left on device" in answer.json["error"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("C%3A%5Ctemp%5Cscores.npy", "scores.npy"),
        ("a%00b%0D%0Ac.npy", "ab c.npy"),
        ("%E2%80%AEgnp.npy", "gnp.npy"),
        ("%FF%FE", "\ufffd\ufffd"),
        ("n" * 5000, "n" * 299 + "…"),
        ("..", ".."),
        ("", "upload"),
        ("%3Cscript%3E.npy", "<script>.npy"),
    ],
)
def test_hostile_names_are_only_words(store, header, name):
    answer = ask(store, chunks=[b"x"], headers=headers_of(name=header, size=1))
    assert answer.json["name"] == name
    path = store.find(answer.json["id"]).path
    assert path.name == f"{answer.json['id']}.file"
    assert path.parent == store.folder


def test_the_disk_is_written_from_other_threads(store, monkeypatch):
    writers = set()
    open_upload = store.open

    def watched(*arguments):
        upload = open_upload(*arguments)
        write = upload.write
        upload.write = lambda data: (writers.add(threading.get_ident()), write(data))
        return upload

    monkeypatch.setattr(store, "open", watched)
    assert ask(store, chunks=DATA).status == 200
    assert writers
    assert threading.get_ident() not in writers


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS"])
def test_other_methods_do_nothing(store, method):
    assert ask(store, method).status == 405


def test_the_token_may_be_masked_anew(store):
    assert ask(store, chunks=[b"x"], headers=headers_of(size=1, token=TOKEN, cookie=TOKEN)).status == 200
