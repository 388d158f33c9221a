"""Bounds on what lies on the disk, and that it goes away."""

import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dashboard.ui.file_upload.settings import UploadSettings
from dashboard.ui.file_upload.store import UploadRefused, UploadStore
from tests.unit.ui.file_upload.conftest import files_in


def put(store, size=10, visitor="a", name="x.npy"):
    upload = store.open(name, size, visitor)
    upload.write(b"x" * size)
    return upload.finish()


def refusal(store, size=10, visitor="a") -> UploadRefused:
    with pytest.raises(UploadRefused) as caught:
        store.open("x.npy", size, visitor)
    with pytest.raises(UploadRefused):
        store.admit(size, visitor)
    return caught.value


def test_all_visitors_share_one_bound(store_with):
    store = store_with(max_total_bytes=25)
    first = put(store, visitor="a")
    put(store, visitor="b")
    refused = refusal(store, visitor="c")
    assert refused.status == 507
    assert "room for 5 bytes more" in str(refused)
    store.remove(first.id)
    put(store, visitor="c")


def test_a_file_on_its_way_counts_with_all_its_bytes(store_with):
    store = store_with(max_total_bytes=25)
    upload = store.open("x.npy", 20, "a")
    upload.write(b"x")
    assert refusal(store, 6).status == 507
    upload.discard()
    put(store, 20)


def test_a_visitor_has_so_many_files(store_with):
    store = store_with(max_files_per_visitor=2)
    put(store), put(store)
    assert refusal(store).status == 429
    put(store, visitor="b")


def test_more_than_the_disk_has_is_refused(store, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda folder: type("Usage", (), {"free": 9}))
    assert refusal(store).status == 507


def test_old_files_go_away(store_with, monkeypatch):
    store = store_with(hours_kept=1)
    old = put(store)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3500)
    new = put(store)
    assert store.find(old.id)
    monkeypatch.setattr(time, "time", lambda: now + 3700)
    store.sweep()
    assert store.find(old.id) is None
    assert store.find(new.id) == new
    assert len(files_in(store)) == 1


@pytest.mark.parametrize("id", ["", "../x", "made up", None, 3, ["x"], {"id": "x"}])
def test_find_knows_no_other_ids(store, id):
    put(store)
    assert store.find(id) is None


def test_a_file_on_its_way_is_not_found(store):
    assert store.find(store.open("x.npy", 5, "a").id) is None


def test_remove_deletes_nothing_but_uploads(store, tmp_path):
    other = store.folder.parent / "other.file"
    other.write_text("kept")
    store.remove("../other")
    assert other.exists()


def test_the_folder_is_closed_to_others(store):
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_two_servers_share_a_folder_without_harm(store_with):
    one = store_with()
    file = put(one)
    two = store_with()
    assert one.folder != two.folder
    assert file.path.exists()


def test_what_a_dead_server_left_is_deleted(tmp_path):
    program = (
        "import os, sys; from pathlib import Path\n"
        "from dashboard.ui.file_upload.settings import UploadSettings\n"
        "from dashboard.ui.file_upload.store import UploadStore\n"
        "store = UploadStore(UploadSettings(folder=Path(sys.argv[1])))\n"
        "upload = store.open('x.npy', 5, 'a'); upload.write(b'12'); print(store.folder, flush=True); os._exit(1)"
    )
    root = Path(__file__).parents[4]
    run = subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=root, capture_output=True, text=True)
    left = Path(run.stdout.strip())
    assert any(left.glob("*.part"))
    store = UploadStore(UploadSettings(folder=tmp_path))
    assert not left.exists()
    store.close()


def test_close_leaves_nothing(store):
    put(store)
    store.close()
    assert not store.folder.exists()
