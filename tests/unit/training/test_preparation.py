"""Columns become features by the training part alone, and what is done to them is said and can be repeated."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.core.feature_table import FeatureTable
from dashboard.training.plan import PlanError
from dashboard.training.preparation import fit_preparation, preparation_notices, prepared

NAN = np.nan
TRAIN = np.arange(4)
ROWS = {"train": TRAIN, "validation": np.array([4]), "test": np.array([5])}


def table(**columns):
    """Columns of six samples: four to train on, one each to validate and to test on."""
    arrays = {
        name: np.array(values, dtype=object if isinstance(values[0], str) else float)
        for name, values in columns.items()
    }
    return FeatureTable(
        "made",
        np.zeros((6, 1), dtype=np.int8),
        ("class 0",),
        {name: values for name, values in arrays.items() if values.dtype != object},
        {name: values for name, values in arrays.items() if values.dtype == object},
    )


def features_of(made, **options):
    preparation = fit_preparation(made, TRAIN, **options)
    return prepared(preparation, made.numbers, made.nominals, np.arange(6)), preparation


def test_numbers_get_mean_0_and_deviation_1_on_the_training_part():
    features, _ = features_of(table(x=[1, 2, 3, 4, 100, -100]))
    assert features.dtype == np.float32
    assert features[:4, 0].mean() == pytest.approx(0, abs=1e-6)
    assert features[:4, 0].std() == pytest.approx(1)
    assert features[4, 0] == pytest.approx((100 - 2.5) / np.std([1, 2, 3, 4]))


def test_numbers_stay_as_they_are_where_that_is_asked():
    features, _ = features_of(table(x=[1, 2, 3, 4, 100, -100]), standardise=False)
    assert features[:, 0].tolist() == [1, 2, 3, 4, 100, -100]


def test_columns_of_0_and_1_stay_as_they_are():
    features, _ = features_of(table(x=[0, 1, 0, 0, 1, 0]))
    assert features[:, 0].tolist() == [0, 1, 0, 0, 1, 0]


def test_missing_numbers_get_the_training_median_and_a_feature_of_their_own():
    features, preparation = features_of(table(x=[1, NAN, 2, 9, NAN, 0]), standardise=False)
    assert preparation["features"] == ["x", "x is missing"]
    assert features.tolist() == [[1, 0], [2, 1], [2, 0], [9, 0], [2, 1], [0, 0]]


def test_categories_become_a_feature_each_and_unknown_ones_are_0_in_all():
    features, preparation = features_of(table(c=["red", "blue", "red", "blue", "green", "red"]))
    assert preparation["features"] == ["c = blue", "c = red"]
    assert features.tolist() == [[0, 1], [1, 0], [0, 1], [1, 0], [0, 0], [0, 1]]


def test_missing_categories_get_a_feature_of_their_own():
    features, preparation = features_of(table(c=["red", None, "red", "blue", None, "red"]))
    assert preparation["features"] == ["c = blue", "c = red", "c is missing"]
    assert features[1].tolist() == features[4].tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([5, 5, 5, 5, 6, 7], "one value only"),
        ([NAN, NAN, NAN, NAN, 1, 2], "no value in the training part"),
        (["a", "a", "a", "a", "b", "a"], "one value only"),
        (["a", "b", "c", "d", "a", "a"], "nearly a text of its own per row"),
        ([1e-200, 2e-200, 3e-200, 4e-200, 0, 0], "one value only"),  # apart by less than a deviation can say
    ],
)
def test_what_tells_nothing_is_left_out_and_said(values, reason):
    made = table(x=[1, 2, 3, 4, 5, 6], y=values)
    features, preparation = features_of(made)
    assert features.shape == (6, 1)
    assert preparation["left_out"] == {"y": reason}
    assert f"1 column left out, {reason}: 'y'." in preparation_notices(preparation, made, ROWS)


def test_a_constant_with_gaps_keeps_only_what_is_missing():
    features, preparation = features_of(table(x=[5, NAN, 5, 5, NAN, 6]))
    assert preparation["features"] == ["x is missing"]
    assert features[:, 0].tolist() == [0, 1, 0, 0, 1, 0]


def test_a_table_without_a_feature_left_is_refused():
    with pytest.raises(PlanError, match="There must be a feature to learn from, but of 1 columns each is constant"):
        fit_preparation(table(x=[5, 5, 5, 5, 6, 7]), TRAIN)


def test_values_far_outside_stay_finite():
    features, _ = features_of(table(x=[1, 1 + 1e-9, 1, 1, 3e38, -3e38]))
    assert np.isfinite(features).all()
    assert features[4:, 0].tolist() == [1e6, -1e6]


def test_notices_say_what_was_scaled_filled_and_coded():
    made = table(x=[1, 2, 3, 4, 5, 6], y=[1, NAN, 3, 4, 5, 6], c=["a", "b", "a", "b", "z", "a"])
    notices = preparation_notices(fit_preparation(made, TRAIN), made, ROWS)
    assert notices == [
        "2 columns of numbers got mean 0 and deviation 1 on the training part.",
        "Missing values of 1 column were filled (numbers: the training part's median) and are told by a feature of "
        "their own: 'y'.",
        "1 column of categories became 2 features of 0 and 1.",
        "Of the categories in validation and test 1 are not in the training part and are 0 in all their features: "
        "'c = z'.",
    ]


def test_gaps_outside_the_training_part_only_are_said():
    made = table(x=[1, 2, 3, 4, NAN, 6])
    assert any(
        "1 column of numbers lacks values in validation or test only" in n
        for n in preparation_notices(fit_preparation(made, TRAIN), made, ROWS)
    )


def test_a_preparation_goes_through_json_without_a_change():
    made = table(x=[1, 2, NAN, 4, 5, 6], c=["a", "b", "a", "b", "z", "a"])
    features, preparation = features_of(made)
    again = json.loads(json.dumps(preparation, allow_nan=False))
    assert again == preparation
    assert np.array_equal(prepared(again, made.numbers, made.nominals, np.arange(6)), features)


numbers = st.lists(st.one_of(st.just(NAN), st.floats(-1e6, 1e6)), min_size=6, max_size=6)


@settings(max_examples=60, deadline=None)
@given(numbers, numbers, st.lists(st.sampled_from(["a", "b", "c", None]), min_size=6, max_size=6))
def test_nothing_outside_the_training_part_changes_what_is_done_inside(x, other, c):
    """No leak: whatever validation and test hold, the steps and the training features stay the same."""
    usual = table(u=[1, 2, 3, 4, 5, 6], x=x, c=["a"])
    usual.nominals["c"] = np.array(c, dtype=object)
    changed = table(u=[1, 2, 3, 4, 5e5, -6], x=[*x[:4], *other[4:]])
    changed.nominals["c"] = np.array([*c[:4], "new", None], dtype=object)
    before, after = fit_preparation(usual, TRAIN), fit_preparation(changed, TRAIN)
    assert before == after
    assert np.array_equal(
        prepared(before, usual.numbers, usual.nominals, TRAIN),
        prepared(after, changed.numbers, changed.nominals, TRAIN),
    )
