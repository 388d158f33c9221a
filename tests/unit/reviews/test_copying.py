"""A copy of a review that somebody may look at: the same data under other links, nothing of it kept twice."""

from dataclasses import replace

import pytest

from dashboard.reviews.report.of_review import event_words
from dashboard.reviews.review import Note, Person, Review
from dashboard.reviews.review_errors import QuotaReached, ReviewError, UnknownLink
from tests.unit.reviews.builders import SQLITE_ONLY, assert_same_data, made_data, made_review

ANN, BEN = Person("Ann", "ann@ward.example"), Person("Ben", "ben@ward.example")
MINE = Review("Mine", thresholds='{"set": "mine"}', notes=(Note("of mine"),), settings={"page": "Classes"})


def no_array_is_touched(monkeypatch, store):
    for name in ("keep", "load"):
        monkeypatch.setattr(store._arrays, name, lambda *_: pytest.fail("an array was read or written"))


def test_a_copy_has_the_data_and_words_of_its_own_and_says_where_it_is_from(store, monkeypatch):
    links = store.save(made_review(), ANN)
    with monkeypatch.context() as forbidding:
        no_array_is_touched(forbidding, store)
        copy = store.copy(links.view, MINE, BEN)
    found, original = store.load(copy.edit), store.load(links.view)
    assert_same_data(found.data, original.data)
    assert_same_data(found.held_out, original.held_out)
    assert [
        getattr(found, name) for name in ("title", "thresholds", "notes", "settings", "proposals", "decisions")
    ] == [
        "Mine",
        MINE.thresholds,
        MINE.notes,
        MINE.settings,
        (),
        (),
    ]
    assert (found.may_edit, found.owner, found.version) == (True, "ben@ward.example", 1)
    (event,) = found.history
    assert (event.who, event_words(event)) == ("Ben", "copied: Mine; from Meeting 0")
    assert original.title == "Meeting 0" and len(original.history) == 1


def test_neither_the_original_nor_its_copy_changes_or_goes_with_the_other(store, clock):
    links = store.save(made_review())
    copy = store.copy(links.view, MINE)
    store.add_note(copy.edit, "only here")
    assert len(store.load(links.view, arrays=False).notes) == 2
    store.delete(links.edit)
    clock.passes(7200)
    store.sweep()
    assert_same_data(store.load(copy.view).data, made_data())
    with pytest.raises(UnknownLink):
        store.copy(links.view, MINE)


def test_a_copy_of_a_frozen_view_has_the_data_of_that_day(store):
    links = store.save(made_review())
    id = store.freeze(links.edit, None, {}, title="before")
    now = store.load(links.edit, arrays=False)
    store.update(links.edit, replace(now, title="Moved on", data=made_data(7, 20), held_out=made_data(8)))
    copy = store.copy(links.view, MINE, snapshot_id=id)
    found = store.load(copy.view)
    assert_same_data(found.data, made_data())
    assert_same_data(found.held_out, made_data(1000))
    assert event_words(found.history[0]).startswith("copied: Mine; from Moved on, as frozen on ")
    (listed,) = store.list_own(None, [copy.edit])
    assert (listed.title, listed.data_name, listed.n_samples) == ("Mine", "weather 0", 40)
    with pytest.raises(UnknownLink):
        store.copy(copy.view, MINE, snapshot_id=id)


def test_a_copy_is_found_by_the_names_in_it(store):
    links = store.save(made_review())
    copy = store.copy(links.edit, MINE)
    assert [each.title for each in store.list_own(None, [copy.edit], "mine snow weather")] == ["Mine"]
    assert not store.list_own(None, [copy.edit], "meeting")


def test_who_limits_a_copy_must_be_able_to_open_it(store):
    links = store.save(made_review())
    with pytest.raises(ReviewError, match="must be able to open it"):
        store.copy(links.view, replace(MINE, limited_to=("ann@ward.example",)), Person("Ben"))


def test_only_whom_a_review_is_for_can_copy_it(store):
    links = store.save(made_review(limited_to=("@ward.example",)), ANN)
    for stranger in (None, Person("Eve", "eve@else.example"), Person("ben@ward.example")):
        with pytest.raises(UnknownLink):
            store.copy(links.view, MINE, stranger)
    copy = store.copy(links.view, replace(MINE, limited_to=("@ward.example",)), BEN)
    with pytest.raises(UnknownLink):
        store.load(copy.view, Person("Eve", "eve@else.example"))
    assert store.load(copy.view, ANN, arrays=False).limited_to == ("@ward.example",)


@SQLITE_ONLY
def test_a_copy_costs_its_words_alone_and_has_to_have_room_for_them(store, open_store):
    links = store.save(made_review())
    before = store.bytes_used()
    store.copy(links.view, MINE)
    assert store.bytes_used() - before < 500 < before / 10
    full = open_store(max_bytes=store.bytes_used())
    with pytest.raises(QuotaReached):
        full.copy(links.view, MINE)
    assert len(full.list_own(None, [links.edit])) == 1
