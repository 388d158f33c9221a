from dataclasses import replace

import pytest

from dashboard.reviews.blobs import FolderBlobs
from dashboard.reviews.kept_arrays import GRACE_S
from dashboard.reviews.review import Person
from dashboard.reviews.review_errors import QuotaReached, ReviewError, UnknownLink
from tests.unit.reviews.builders import SQLITE_ONLY, assert_same, assert_same_data, made_data, made_review

DAY_S = 86_400


def test_arrays_that_nothing_uses_are_collected_and_others_stay(store, clock):
    shared = made_data(9)
    kept, gone = store.save(made_review(1, held_out=shared)), store.save(made_review(2, held_out=shared))
    store.delete(gone.edit)
    clock.passes(GRACE_S + 1)
    before = store.bytes_used()
    assert 0 < store.sweep() < before
    assert_same(store.load(kept.view), made_review(1, held_out=shared, **words_of(store, kept)))
    store.delete(kept.edit)
    store.sweep()
    assert (store.bytes_used(), n_files(store)) == (0, 0)


def n_files(store):
    blobs = store._blobs
    return len(list(blobs.folder.iterdir()) if isinstance(blobs, FolderBlobs) else blobs.files.find(blobs.root))


def words_of(store, links):
    """Ids and times that each review has of its own."""
    found = store.load(links.view, arrays=False)
    return {"proposals": found.proposals, "notes": found.notes}


def test_what_a_snapshot_shows_stays(store, clock):
    edit = store.save(made_review()).edit
    snapshot = store.freeze(edit, None, {})
    store.update(edit, replace(store.load(edit, arrays=False), data=made_data(5)))
    clock.passes(GRACE_S + 1)
    store.sweep()
    assert_same_data(store.load_snapshot(edit, snapshot).data, made_data())


def test_data_that_was_replaced_goes(store, clock):
    edit = store.save(made_review()).edit
    before = store.bytes_used()
    store.update(edit, replace(store.load(edit, arrays=False), data=made_data(5)))
    clock.passes(GRACE_S + 1)
    store.sweep()
    assert store.bytes_used() < before + 1000
    assert_same_data(store.load(edit).data, made_data(5))


@pytest.fixture
def between(store, monkeypatch):
    """Lets something happen when a save's arrays are kept and nothing uses them yet."""

    def between(happens):
        keep = store._kept

        def keep_then(review):
            kept = keep(review)
            happens()
            return kept

        monkeypatch.setattr(store, "_kept", keep_then)

    return between


def test_a_save_under_way_is_safe_from_the_sweep(store, open_store, clock, between):
    def sweep():
        clock.passes(GRACE_S - 60)
        assert open_store().sweep() == 0

    between(sweep)
    assert_same_data(store.load(store.save(made_review()).view).data, made_data())


def test_a_save_that_asks_again_for_old_arrays_is_safe_too(store, open_store, clock, between):
    store.delete(store.save(made_review()).edit)
    clock.passes(2 * GRACE_S)
    store._swept_at = clock()  # by this save itself there is no sweep
    between(lambda: open_store().sweep())
    assert_same_data(store.load(store.save(made_review()).view).data, made_data())


def test_a_save_that_was_slower_than_the_sweep_says_so_and_keeps_nothing(store, open_store, clock, between):
    def sweep():
        clock.passes(GRACE_S + 60)
        assert open_store().sweep() > 0

    between(sweep)
    with pytest.raises(ReviewError, match="must end within an hour"):
        store.save(made_review())
    assert store.bytes_used() == 0


@SQLITE_ONLY
def test_files_that_killed_saves_left_are_deleted(store, tmp_path):
    links = store.save(made_review())
    part = tmp_path / "arrays" / "left.npy.part"
    part.write_bytes(b"half")
    store.sweep()
    assert not part.exists()  # the test's clock is ahead of the disk's by years
    store.load(links.view)


def test_reviews_expire_when_nobody_changes_them(open_store, clock):
    store = open_store(keep_days=30)
    ann = Person("", "ann@example.org")
    left, used = store.save(made_review(1), ann), store.save(made_review(2))
    clock.passes(20 * DAY_S)
    store.add_note(used.edit, "still needed")
    clock.passes(20 * DAY_S)
    with pytest.raises(UnknownLink):
        store.load(left.view)
    assert store.list_own(ann) == ()
    assert [each.title for each in store.list_own(links=[left.view, used.view])] == ["Meeting 2"]
    store.sweep()
    assert open_store(keep_days=None).list_own(links=[left.view]) == ()
    store.load(used.view)


def test_without_a_setting_reviews_are_kept(store, clock):
    links = store.save(made_review())
    clock.passes(100 * 365 * DAY_S)
    store.sweep()
    store.load(links.view)


def test_a_quota_is_answered_with_a_sentence_and_nothing_is_half_kept(open_store, store):
    links = store.save(made_review(1))
    used = store.bytes_used()
    full = open_store(max_bytes=used + 100)
    with pytest.raises(QuotaReached, match=f"may have {used + 100:,} bytes here and have {used:,}"):
        full.save(made_review(2))
    with pytest.raises(QuotaReached):
        full.update(links.edit, replace(full.load(links.edit, arrays=False), data=made_data(5)))
    with pytest.raises(QuotaReached):
        full.add_note(links.edit, "x" * 200)
    with pytest.raises(QuotaReached):
        full.keep_draft("one", made_review(1, settings={"x": "y" * 200}))
    assert full.bytes_used() == used
    full.delete(links.edit)


def test_there_is_room_again_where_something_was_deleted(open_store, clock):
    store = open_store(max_bytes=20_000)
    links = store.save(made_review(1))
    with pytest.raises(QuotaReached):
        store.save(made_review(2))
    store.delete(links.edit)
    clock.passes(GRACE_S + 1)
    store._swept_at = clock()  # so that it is the want of room that sweeps
    store.save(made_review(2))


def test_a_save_sweeps_now_and_then(open_store, clock):
    store = open_store()
    store.delete(store.save(made_review(1)).edit)
    before = store.bytes_used()
    clock.passes(2 * GRACE_S)
    store.save(made_review(2))
    assert store.bytes_used() < 1.5 * before
