"""Classes whose numbers mean little are named, by stated rules."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, policies
from dashboard.core.class_flags import (
    FEW_POSITIVES,
    FEW_UNITS,
    LARGE_OPTIMISM,
    NO_POSITIVES,
    RULES,
    UNSTABLE_THRESHOLD,
    WIDE_INTERVAL,
    class_flags,
    optimism_by_support,
    positive_units,
)
from dashboard.core.expectation import expected
from dashboard.core.stability import threshold_stability

CLEAR, RARE, ABSENT, CLUSTERED, NOISE = range(5)


@pytest.fixture(scope="module")
def flagged():
    """400 samples in 100 units: an easy class, a rare one, none, one whose positives lie in 6 units, and noise."""
    rng = np.random.default_rng(0)
    units = np.arange(400) // 4
    labels = np.zeros((400, 5), np.int8)
    labels[:, CLEAR] = rng.random(400) < 0.4
    labels[rng.choice(400, 6, replace=False), RARE] = 1
    labels[:, CLUSTERED] = units < 6
    labels[:, NOISE] = rng.random(400) < 0.06
    scores = rng.normal(size=labels.shape) + labels * [4.0, 1.0, 0.0, 4.0, 0.0]
    r = RankedScores.from_predictions(Predictions(scores, labels))
    result = expected(r, policies.make_policy("best_per_class"), units, n_replicates=200)
    return r, units, result, class_flags(r, units, result, threshold_stability(r, units))


def test_class_flags_leave_a_clear_class_alone(flagged):
    assert flagged[3][CLEAR] == ()


def test_class_flags_by_their_rules(flagged):
    flags = flagged[3]
    assert flags[ABSENT] == (NO_POSITIVES,)
    assert FEW_POSITIVES in flags[RARE] and WIDE_INTERVAL in flags[RARE]
    assert FEW_UNITS in flags[CLUSTERED] and FEW_POSITIVES not in flags[CLUSTERED]
    assert UNSTABLE_THRESHOLD in flags[NOISE]
    assert {name for each in flags for name in each} <= set(RULES)


def test_class_flags_without_stability_say_nothing_of_it(flagged):
    r, units, result, _ = flagged
    assert all(UNSTABLE_THRESHOLD not in each for each in class_flags(r, units, result))


def test_class_flags_large_optimism_is_tuned_minus_cross_fitted(flagged):
    optimism = flagged[2].figures["class_f1"].optimism
    assert [LARGE_OPTIMISM in each for each in flagged[3]] == (optimism > 0.1).tolist()
    assert (optimism > 0.1).any()


def test_positive_units_counts_units(flagged):
    r, units, _, _ = flagged
    assert positive_units(r.predictions, units)[[ABSENT, CLUSTERED]].tolist() == [0, 6]


def test_optimism_by_support_takes_every_class_with_positives_once(flagged):
    r, _, result, _ = flagged
    bands = optimism_by_support(result, r.predictions.support)
    assert sum(band.n_classes for band in bands) == 4
    assert bands[0].low == 1 and bands[0].n_classes == 1
    assert bands[0].optimism == pytest.approx(result.figures["class_f1"].optimism[RARE])
