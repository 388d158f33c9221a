"""Numbers as people read them."""

import pytest

from dashboard.ui.wording import count, listed, place, short, signed


@pytest.mark.parametrize(
    ("value", "text"), [(0.73149, ".731"), (1.0, "1.000"), (0.0, ".000"), (-0.5, "-0.500"), (float("nan"), "undefined")]
)
def test_short(value, text):
    assert short(value) == text


def test_short_of_nothing_is_a_dash():
    assert short(None) == "–"


@pytest.mark.parametrize(("number", "text"), [(0, "0 classes"), (1, "1 class"), (1500, "1,500 classes")])
def test_count(number, text):
    assert count(number, "class", "classes") == text


@pytest.mark.parametrize(("names", "text"), [("ab", "a, b"), ("abc", "a, b, c"), ("abcde", "a, b, c and 2 more")])
def test_listed(names, text):
    assert listed(names) == text


def test_listed_writes_only_the_names_it_says():
    written = []
    text = listed(range(1_000), write=lambda name: written.append(name) or f"<{name}>")
    assert text == "<0>, <1>, <2> and 997 more" and written == [0, 1, 2]


@pytest.mark.parametrize(
    ("threshold", "text"), [(0.5, "0.5"), (0.17326, "0.1733"), (2.31e-5, "2.31e-05"), (float("nan"), "never")]
)
def test_place(threshold, text):
    assert place(threshold) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.04, 2, "+.04"),
        (-0.012, 3, "-.012"),
        (-0.001, 2, ".00"),
        (0.0, 3, ".000"),
        (1.0, 3, "+1.000"),
        (-10.5, 2, "-10.50"),
        (0.999, 2, "+1.00"),
        (float("nan"), 2, "undefined"),
    ],
)
def test_signed(value, digits, text):
    assert signed(value, digits) == text
