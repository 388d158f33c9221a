"""Where visitors were when they left to sign in: theirs alone, told once, for a while, and not for any number."""

import pytest

from dashboard.ui.reviews.signing_in import MOST, SECONDS, Place, Places


@pytest.fixture
def places():
    return Places()


def place(page="reviews", left=0.0):
    return Place(page, {"review": "f" * 32}, left)


def test_it_is_told_once_and_to_its_browser_alone(places):
    places.keep("a", place())
    assert places.take("b", 1.0) is None
    assert places.take("a", 1.0) == place()
    assert places.take("a", 1.0) is None


def test_who_takes_too_long_begins_anew(places):
    for browser, now in (("in time", SECONDS), ("late", SECONDS + 1)):
        places.keep(browser, place())
        assert (places.take(browser, now) is not None) is (browser == "in time")


def test_the_last_place_of_a_browser_counts_and_the_oldest_give_way(places):
    for number in range(MOST):
        places.keep(str(number), place())
    places.keep("0", place("thresholds"))
    places.keep("another", place())
    assert places.take("1", 1.0) is None
    assert places.take("0", 1.0).page == "thresholds"
    assert places.take("2", 1.0) is not None
