from dataclasses import replace

from dashboard.reviews.array_files import ArrayFile
from dashboard.reviews.drafts import KEPT_S
from tests.unit.reviews.builders import assert_same, assert_same_data, made_data, made_review


def test_a_draft_comes_back_to_its_session_only(store, open_store):
    first, second = made_review(1), made_review(2, held_out=None, limited_to=("a@b.c",))
    store.keep_draft("one", first)
    store.keep_draft("two", second)
    other = open_store()
    assert_same(other.draft("one"), first)
    assert_same(other.draft("two"), second)
    for session in ("three", "", "\0"):
        assert other.draft(session) is None


def test_a_draft_takes_the_place_of_the_one_before(store):
    store.keep_draft("one", made_review(1))
    store.keep_draft("one", made_review(2, data=made_data(5), held_out=None))
    found = store.draft("one")
    assert (found.title, found.held_out) == ("Meeting 2", None)
    assert_same_data(found.data, made_data(5))


def test_data_that_is_kept_already_is_not_read_again(store, monkeypatch):
    draft = made_review()
    store.keep_draft("one", draft)
    monkeypatch.setattr(ArrayFile, "of", lambda array: 1 / 0)
    store.keep_draft("one", replace(draft, title="More words"))
    monkeypatch.undo()
    found = store.draft("one")
    assert found.title == "More words"
    assert_same_data(found.data, draft.data)


def test_a_draft_of_a_saved_review_knows_which_version_it_began_with(store):
    links = store.save(made_review())
    loaded = store.load(links.edit)
    store.keep_draft("one", replace(loaded, title="Changed"))
    found = store.draft("one", arrays=False)
    assert (found.id, found.version, found.data) == (loaded.id, 1, None)
    assert store.update(links.edit, found) == 2
    assert store.load(links.view, arrays=False).title == "Changed"


def test_a_draft_may_have_no_data_yet(store):
    store.keep_draft("one", made_review(data=None, held_out=None))
    assert store.draft("one").data is None


def test_a_draft_is_forgotten_when_told_and_after_a_day(store, clock):
    for session in ("one", "two"):
        store.keep_draft(session, made_review())
    store.drop_draft("one")
    assert store.draft("one") is None
    clock.passes(KEPT_S - 60)
    assert store.draft("two") is not None
    clock.passes(120)
    assert store.draft("two") is None
    store.sweep()
    assert store.bytes_used() == 0
