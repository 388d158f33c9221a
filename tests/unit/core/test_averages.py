"""Averages over classes: with and without undefined ones they are one and the same sum."""

import numpy as np
import pytest

from dashboard.core.averages import average_over_classes


@pytest.mark.parametrize("average", ["macro", "weighted"])
@pytest.mark.parametrize("of_each_row", [True, False])
def test_a_class_that_is_nowhere_defined_changes_nothing(average, of_each_row):
    rng = np.random.default_rng(0)
    values, support = rng.random((7, 40)), rng.integers(0, 9, (7, 40) if of_each_row else 40)
    values[:, 5], support[..., 5] = 0.0, 0  # as many classes on both ways, so that they are added up alike
    undefined = values.copy()
    undefined[:, 5] = np.nan
    n_defined = 39 / 40 if average == "macro" else 1
    found = average_over_classes(undefined, average, support) * n_defined
    np.testing.assert_allclose(found, average_over_classes(values, average, support), rtol=1e-15)


def test_without_support_the_weighted_mean_is_the_plain_one():
    values = np.array([[0.25, 0.75], [0.5, 1.0]])
    support = np.array([[0, 0], [1, 3]])
    assert average_over_classes(values, "weighted", support).tolist() == [0.5, 0.875]
    assert average_over_classes(values, "weighted", np.zeros(2, int)).tolist() == [0.5, 0.75]


def test_without_classes_the_average_is_undefined():
    assert np.isnan(average_over_classes(np.empty((2, 0)), "macro", np.empty((2, 0)))).all()
    assert np.isnan(average_over_classes(np.empty(0), "weighted", np.empty(0)))
