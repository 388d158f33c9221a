from dataclasses import replace

import pytest

from dashboard.reviews.review import ACCEPTED, OPEN, Person
from tests.unit.reviews.builders import made_review

ANN, BEN = Person("", "ann@example.org"), Person("", "ben@example.org")


def titles(found):
    return [each.title for each in found]


def test_one_sees_what_one_owns_and_what_the_browser_has_links_of(store):
    store.save(made_review(1), ANN)
    links = store.save(made_review(2), BEN)
    store.save(made_review(3))
    assert titles(store.list_own(Person("", "ANN@example.org"))) == ["Meeting 1"]
    assert titles(store.list_own(ANN, [links.view, "unknown"])) == ["Meeting 2", "Meeting 1"]
    assert store.list_own() == store.list_own(Person("ann@example.org")) == ()


def test_whatever_the_browser_says_it_knows_is_looked_up(store):
    view = store.save(made_review()).view
    assert titles(store.list_own(links=[view, None, "", "\ud800", *map(str, range(100_000))])) == ["Meeting 0"]


def test_a_review_known_twice_is_listed_once_with_the_link_to_edit(store):
    links = store.save(made_review(), ANN)
    for known in ([links.view, links.edit], [links.edit, links.view]):
        (found,) = store.list_own(ANN, known)
        assert (found.link, found.may_edit) == (links.edit, True)
    (found,) = store.list_own(ANN)
    assert (found.link, found.may_edit) == (None, False)


def test_a_list_says_what_a_review_is(store):
    edit = store.save(made_review()).edit
    (found,) = store.list_own(links=[edit])
    assert (found.data_name, found.run_names) == ("weather 0", ("run logits", "run probabilities"))
    assert (found.n_samples, found.n_classes, found.state) == (40, 3, OPEN)
    store.accept(edit, store.propose(edit, "{}"), 1)
    store.update(edit, replace(store.load(edit, arrays=False), title="Renamed"))
    (found,) = store.list_own(links=[edit])
    assert (found.title, found.state, found.n_samples) == ("Renamed", ACCEPTED, 40)
    assert found.changed > found.created


@pytest.mark.parametrize(
    ("search", "finds"),
    [("meeting 1", [1]), ("WEATHER", [2, 1]), ("snow probabilities", [2, 1]), ("snow hail", []), ("%", []), ("_", [])],
)
def test_a_search_looks_at_title_classes_runs_and_data(store, search, finds):
    known = [store.save(made_review(seed)).view for seed in (1, 2)]
    assert titles(store.list_own(links=known, search=search)) == [f"Meeting {seed}" for seed in finds]


def test_a_search_goes_by_the_title_and_the_data_there_are_now(store):
    edit = store.save(made_review(1)).edit
    store.update(edit, replace(store.load(edit, arrays=False), title="Straße"))
    assert titles(store.list_own(links=[edit], search="STRASSE rain")) == ["Straße"]
    assert store.list_own(links=[edit], search="meeting") == ()
    store.update(edit, replace(store.load(edit, arrays=False), data=made_review(7).data))
    assert titles(store.list_own(links=[edit], search="weather 7")) == ["Straße"]


def test_what_may_not_be_opened_is_not_listed(store):
    links = store.save(made_review(limited_to=("ann@example.org",)), ANN)
    assert store.list_own(BEN, [links.view, links.edit]) == ()
    assert len(store.list_own(ANN, [links.view])) == 1
