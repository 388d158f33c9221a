import errno
import os
import secrets
import stat
from pathlib import Path

import numpy as np
import pytest

from dashboard.reviews import blobs
from dashboard.reviews.array_files import ArrayFile
from dashboard.reviews.blobs import MAPPED_FROM, FolderBlobs, ObjectBlobs, open_blobs
from dashboard.reviews.review_errors import DamagedReview, ReviewError, StoreUnavailable
from dashboard.reviews.store import ReviewStore
from tests.unit.reviews.builders import made_review

SMALL = ArrayFile.of(np.arange(10.0))
LARGE = ArrayFile.of(np.arange(MAPPED_FROM / 8))


@pytest.fixture(params=["file", "memory"])
def kept(request, tmp_path):
    folder = tmp_path / "arrays" if request.param == "file" else secrets.token_hex(8)
    return open_blobs(f"{request.param}://{folder}")


def test_the_url_decides_where_files_lie(tmp_path):
    assert isinstance(open_blobs(f"file://{tmp_path}"), FolderBlobs)
    assert isinstance(open_blobs(str(tmp_path)), FolderBlobs)
    assert isinstance(open_blobs(tmp_path), FolderBlobs)
    assert isinstance(open_blobs("memory://x"), ObjectBlobs)


@pytest.mark.parametrize("file", [SMALL, LARGE], ids=["small", "large"])
def test_a_file_is_written_found_read_and_removed(kept, file):
    assert not kept.has(file.ref)
    kept.write(file)
    kept.settle()
    assert kept.has(file.ref)
    np.testing.assert_array_equal(kept.read(file.ref), file.array)
    kept.write(file)  # by somebody else at the same time
    kept.remove(file.ref.digest)
    kept.remove(file.ref.digest)
    assert not kept.has(file.ref)
    with pytest.raises(DamagedReview):
        kept.read(file.ref)


def test_a_large_array_is_mapped_and_a_small_one_is_not(tmp_path):
    kept = open_blobs(tmp_path)
    for file in (SMALL, LARGE):
        kept.write(file)
    assert isinstance(_owner(kept.read(LARGE.ref)), np.memmap)
    assert not isinstance(_owner(kept.read(SMALL.ref)), np.memmap)


def _owner(array):
    while array.base is not None and isinstance(array.base, np.ndarray):
        array = array.base
    return array


def test_what_has_a_name_is_on_the_disk_before_it_is_acknowledged(tmp_path, monkeypatch):
    """Bytes, then the name, then the folder, then the database: a loss of power at any moment leaves no half review."""
    happened = []

    def sync(handle):
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "bytes"
        happened.append(kind)

    def replace(self, target, replace=Path.replace):
        happened.append("name")
        return replace(self, target)

    store = ReviewStore(f"sqlite:///{tmp_path / 'reviews.sqlite'}", tmp_path / "arrays")
    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    use = store._arrays.use
    monkeypatch.setattr(store._arrays, "use", lambda *given: (happened.append("used"), use(*given)))
    store.save(made_review(held_out=None))
    store.close()
    n_files = len(list((tmp_path / "arrays").iterdir()))
    assert n_files > 3
    assert happened == ["bytes", "name"] * n_files + ["folder", "used"]


def test_a_file_that_is_there_is_not_written_again_but_its_name_is_settled(tmp_path, monkeypatch):
    """Whoever wrote it may not have come to settle it."""
    store = ReviewStore(f"sqlite:///{tmp_path / 'reviews.sqlite'}", tmp_path / "arrays")
    store.save(made_review())
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(stat.S_ISDIR(os.fstat(handle).st_mode)))
    store.save(made_review())
    store.close()
    assert synced == [True, True]  # for the data and for the held-out part


def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch):
    kept = open_blobs(tmp_path / "arrays")

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        kept.write(SMALL)
    assert list((tmp_path / "arrays").iterdir()) == []


def test_an_array_that_changes_while_it_is_saved_is_not_kept_under_a_wrong_name(kept):
    array = np.arange(10.0)
    file = ArrayFile.of(array)
    assert file.ref.size
    array[0] = 7
    with pytest.raises(ReviewError, match="must not change while it is saved"):
        kept.write(file)
    if isinstance(kept, FolderBlobs):
        assert not kept.has(file.ref)


def test_half_an_object_is_not_taken_for_a_file(kept):
    kept.write(LARGE)
    if isinstance(kept, FolderBlobs):
        path = kept.folder / f"{LARGE.ref.digest}.npy"
        path.write_bytes(path.read_bytes()[:-100])
    else:
        path = f"{kept.root}/{LARGE.ref.digest}.npy"
        kept.files.pipe_file(path, kept.files.cat_file(path)[:-100])
    assert not kept.has(LARGE.ref)
    with pytest.raises(DamagedReview):
        kept.read(LARGE.ref)
    kept.write(LARGE)
    np.testing.assert_array_equal(kept.read(LARGE.ref), LARGE.array)


def test_an_object_store_that_takes_less_than_it_says_is_found_out(monkeypatch):
    kept = open_blobs(f"memory://{secrets.token_hex(8)}")
    monkeypatch.setattr(blobs, "write_pieces", lambda file, write: write(b"half"))
    with pytest.raises(StoreUnavailable, match="has not got all of it"):
        kept.write(SMALL)
