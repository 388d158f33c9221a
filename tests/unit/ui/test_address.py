"""Thresholds as the address bar says them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.ui.address import (
    MAX_CHOSEN_CLASSES,
    MAX_OWN_THRESHOLDS,
    NEVER,
    Group,
    Threshold,
    format_classes,
    format_own,
    parse_class,
    parse_classes,
    parse_group,
    parse_own,
    parse_threshold,
)

units = st.floats(0, 1).map(Threshold)
logits = st.floats(allow_nan=False, allow_infinity=False).map(lambda value: Threshold(value, on_logit_scale=True))


@given(units | logits)
def test_parse_threshold_reads_what_was_written(threshold):
    assert parse_threshold(str(threshold)) == threshold


@pytest.mark.parametrize("text", ["", "half", "-0.1", "1.5", "nan", "logit:", "logit:inf", "logit:nan", "0.5;drop"])
def test_parse_threshold_refuses(text):
    assert parse_threshold(text) is None


@given(st.dictionaries(st.integers(0, 99), units | logits, max_size=MAX_OWN_THRESHOLDS))
def test_parse_own_reads_what_was_written(own):
    assert parse_own(format_own(own), n_classes=100) == own


def test_parse_own_leaves_out_what_says_none():
    assert parse_own("3:0.4,x:0.2,9:0.1,2:7,,1:logit:-2.5", n_classes=5) == {
        3: Threshold(0.4),
        1: Threshold(-2.5, on_logit_scale=True),
    }


def test_never_predicted_survives_the_address():
    assert math.isnan(parse_threshold(str(NEVER)).value)
    assert NEVER.to_score("probabilities", np.float32) == np.inf


@pytest.mark.parametrize(("score", "unit", "text"), [(3.0, 0.9, "0.9"), (60.5, None, "logit:60.5")])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_of_score_prefers_the_zero_one_scale(score, unit, text, dtype):
    assert str(Threshold.of_score(dtype(score), unit)) == text


@pytest.mark.parametrize(("score", "text"), [(np.inf, "never"), (-np.inf, "0.0")])
def test_of_score_at_the_ends(score, text):
    assert str(Threshold.of_score(score, None)) == text


def test_parse_own_survives_an_absurd_index():
    assert parse_own("9" * 5000 + ":0.5", n_classes=5) == {}


def test_to_score_of_a_logit_keeps_it():
    score = Threshold(31.5, on_logit_scale=True).to_score("logits", np.float32)
    assert score == np.float32(31.5) and score.dtype == np.float32


def test_to_score_of_a_unit_threshold_is_at_least_its_logit():
    score = Threshold(0.3).to_score("logits", np.float32)
    assert float(score) >= np.log(0.3 / 0.7) > float(np.nextafter(score, np.float32(-9)))


def test_to_score_of_a_logit_needs_logits():
    with pytest.raises(ValueError, match="needs scores that are logits"):
        Threshold(1.0, on_logit_scale=True).to_score("probabilities", np.float64)


@given(st.none() | st.lists(st.integers(0, 99_999), max_size=MAX_CHOSEN_CLASSES, unique=True).map(tuple))
def test_parse_classes_reads_what_was_written(classes):
    assert parse_classes(format_classes(classes)) == classes


def test_parse_classes_keeps_the_order_and_leaves_out_what_is_none():
    assert parse_classes("7,x,-1,2,7,,1.5,0") == (7, 2, 0)


def test_parse_classes_takes_no_more_than_are_drawn():
    assert parse_classes(",".join(map(str, range(100)))) == tuple(range(MAX_CHOSEN_CLASSES))


@pytest.mark.parametrize("text", ["", "-1", "1.0", "one", "9" * 5000])
def test_parse_class_refuses(text):
    assert parse_class(text) is None


@pytest.mark.parametrize("threshold", [Threshold(0.3), Threshold(-2.5, on_logit_scale=True), Threshold(0.0)])
def test_logit_is_where_the_threshold_lies_on_a_logit_axis(threshold):
    with np.errstate(divide="ignore"):
        assert threshold.logit == pytest.approx(np.log(threshold.unit) - np.log1p(-threshold.unit))


def test_to_score_of_a_logit_is_never_below_it():
    assert float(Threshold(2.3, on_logit_scale=True).to_score("logits", np.float32)) >= 2.3


anything = st.text(st.characters())  # halves of surrogate pairs too


@given(anything, anything)
def test_parse_group_reads_what_was_written(column, value):
    assert parse_group(str(Group(column, value))) == Group(column, value)


@pytest.mark.parametrize(
    ("group", "text"),
    [
        (Group("writer", "3"), "writer:3"),
        (Group("age", "20 to <40"), "age:20 to <40"),
        (Group("a:b", "10:30, é%"), "a%3Ab:10%3A30, é%25"),
        (Group("column", ""), "column:"),
        (Group("", ""), ":"),
    ],
)
def test_group_stays_readable_in_the_address(group, text):
    assert str(group) == text
    assert parse_group(text) == group


def test_parse_group_of_nothing_is_none():
    assert parse_group("") is None


@pytest.mark.parametrize("text", ["writer", "a:%ff", "%", "a:b:c", "%zz:%0"])
def test_parse_group_stands_on_what_nobody_wrote(text):
    assert isinstance(parse_group(text), Group)


def test_group_holds_nothing_that_an_address_cannot():
    assert str(Group("a\0b", "\ud800")).isprintable()
