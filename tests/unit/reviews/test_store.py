from dataclasses import replace

import numpy as np
import pytest

from dashboard.reviews.review import Person
from dashboard.reviews.review_errors import Conflict, DamagedReview, ReviewError, UnknownLink
from tests.unit.reviews.builders import SQLITE_ONLY, assert_same, assert_same_data, made_data, made_review

ANN, BEN = Person("Ann"), Person("Ben", "ben@example.org")


def test_what_was_saved_comes_back(store, open_store):
    wanted = made_review()
    links = store.save(wanted, ANN)
    for each in (store, open_store()):
        assert_same(each.load(links.view), wanted)


def test_a_review_without_held_out_samples_and_without_words(store):
    wanted = made_review(held_out=None, thresholds=None, proposals=(), notes=(), settings={})
    found = store.load(store.save(wanted).view)
    assert_same(found, wanted)
    assert found.held_out_digest is None


def test_the_store_says_what_it_knows_of_a_review(store):
    links = store.save(made_review(), BEN)
    found = store.load(links.edit)
    assert (found.version, found.owner, found.may_edit) == (1, "ben@example.org", True)
    assert (found.data_digest, found.held_out_digest) == (made_data().digest, made_data(1000).digest)
    assert [(each.number, each.kind, each.who) for each in found.history] == [(1, "saved", "Ben")]
    assert not store.load(links.view).may_edit


def test_words_come_without_arrays(store):
    found = store.load(store.save(made_review()).view, arrays=False)
    assert (found.title, found.data, found.held_out) == ("Meeting 0", None, None)
    assert found.data_digest == made_data().digest


def test_equal_arrays_are_kept_once(store):
    empty, smallest = store.bytes_used(), made_data().first_run.scores.nbytes
    store.save(made_review(notes=(), proposals=(), settings={}))
    before = store.bytes_used()
    store.save(made_review(notes=(), proposals=(), settings={}, title="Another meeting"))
    assert store.bytes_used() - before < smallest < before - empty


def test_runs_that_share_an_array_share_it_again(store):
    found = store.load(store.save(made_review()).view)
    first, second = found.data.runs.values()
    assert np.shares_memory(first.labels, second.labels)


def test_update_keeps_what_was_changed(store):
    links = store.save(made_review(), ANN)
    wanted = replace(store.load(links.edit), title="Renamed", thresholds='{"set": 2}', settings={"page": "overview"})
    assert store.update(links.edit, wanted, BEN) == 2
    found = store.load(links.view)
    assert_same(found, wanted)
    assert (found.history[-1].kind, found.history[-1].who) == ("updated", "Ben")
    assert found.history[-1].details["changed"] == ["title", "settings", "thresholds"]


def test_update_can_bring_other_data(store):
    links = store.save(made_review())
    loaded = store.load(links.edit, arrays=False)
    store.update(links.edit, replace(loaded, data=made_data(7)))
    found = store.load(links.view)
    assert_same_data(found.data, made_data(7))
    assert_same_data(found.held_out, made_data(1000))
    assert found.history[-1].details["changed"] == ["data"]


def test_update_without_a_change_is_no_version(store):
    links = store.save(made_review())
    assert store.update(links.edit, store.load(links.edit)) == 1
    assert len(store.load(links.edit, arrays=False).history) == 1


def test_the_second_of_two_savers_is_told_and_nothing_is_lost(store):
    links = store.save(made_review())
    first, second = store.load(links.edit), store.load(links.edit)
    store.update(links.edit, replace(first, title="By Ann", thresholds='{"of": "Ann"}'), ANN)
    with pytest.raises(Conflict, match=r"but Ann saved another version at .* UTC on") as told:
        store.update(links.edit, replace(second, title="By Ben", thresholds='{"of": "Ben"}'), BEN)
    assert (told.value.who, told.value.version) == ("Ann", 2)
    assert_same(store.load(links.view), replace(first, title="By Ann", thresholds='{"of": "Ann"}'))
    copy = store.save(replace(second, title="By Ben"), BEN)
    assert_same(store.load(copy.view), replace(second, title="By Ben"))


def test_a_conflict_is_found_before_new_arrays_are_kept(store):
    links = store.save(made_review())
    loaded = store.load(links.edit, arrays=False)
    store.update(links.edit, replace(loaded, title="Other"))
    before = store.bytes_used()
    with pytest.raises(Conflict):
        store.update(links.edit, replace(loaded, data=made_data(8)))
    assert store.bytes_used() == before


def test_the_history_names_thresholds_that_are_in_force_no_more(store):
    links = store.save(made_review())
    for text in ('{"set": "second"}', '{"set": "third"}'):
        store.update(links.edit, replace(store.load(links.edit, arrays=False), thresholds=text))
    name = store.load(links.view, arrays=False).history[1].details["thresholds"]
    assert store.load_thresholds(links.view, name) == '{"set": "second"}'
    with pytest.raises(UnknownLink):
        store.load_thresholds(links.view, "another")


def test_a_copy_starts_a_history_of_its_own(store):
    links = store.save(made_review())
    store.add_note(links.edit, "more")
    copy = store.save(replace(store.load(links.view), title="Copy"))
    found = store.load(copy.edit)
    assert [each.kind for each in found.history] == ["copied"]
    assert len(found.notes) == 3
    store.add_note(copy.edit, "only here")
    assert len(store.load(links.view).notes) == 3


def test_delete_leaves_nothing_to_open(store):
    links = store.save(made_review())
    snapshot = store.freeze(links.edit, None, {})
    store.delete(links.edit)
    for link in (links.view, links.edit):
        with pytest.raises(UnknownLink):
            store.load(link)
        with pytest.raises(UnknownLink):
            store.load_snapshot(link, snapshot)


def test_a_review_needs_a_title_and_data(store):
    with pytest.raises(ReviewError, match="must have a title"):
        store.save(made_review(title=" \n "))
    with pytest.raises(ReviewError, match="must have data"):
        store.save(made_review(data=None))
    assert store.bytes_used() == 0


def test_a_title_is_one_line(store):
    links = store.save(made_review(title=" Two\n lines\t"))
    assert store.load(links.view, arrays=False).title == "Two lines"


@SQLITE_ONLY
def test_a_byte_changed_on_the_disk_is_found(store, tmp_path):
    links = store.save(made_review())
    largest = max((tmp_path / "arrays").rglob("*.npy"), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[-1] ^= 1
    largest.write_bytes(content)
    with pytest.raises(DamagedReview, match="was changed on its disk"):
        store.load(links.view)
    largest.unlink()
    with pytest.raises(DamagedReview, match="missing"):
        store.load(links.view)
    store.load(links.view, arrays=False)
