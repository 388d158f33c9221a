"""Figures at another prevalence, against data in which cells are repeated until they have it."""

import numpy as np
import pytest

from dashboard.core import Counts, Predictions, RankedScores, metrics
from dashboard.core.prevalence_shift import best_f1_at_prevalence, per_thousand, reweighted


@pytest.fixture
def counts():
    return Counts(*(np.array([[value, 0]]) for value in (6, 9, 2, 31)))


def test_per_thousand_at_the_own_prevalence_is_what_was_counted(counts):
    found = per_thousand(counts, 8 / 48)
    assert found.false_alarms[0, 0] == pytest.approx(1000 * 9 / 48)
    assert found.misses[0, 0] == pytest.approx(1000 * 2 / 48)


def test_per_thousand_by_hand(counts):
    found = per_thousand(counts, 0.1)
    assert found.misses[0, 0] == pytest.approx(100 * 2 / 8)
    assert found.false_alarms[0, 0] == pytest.approx(900 * 9 / 40)
    assert np.isnan(found.misses[0, 1]) and np.isnan(found.false_alarms[0, 1])


def test_nothing_to_miss_at_prevalence_0(counts):
    found = per_thousand(counts, 0.0)
    assert found.misses.tolist() == [[0, 0]]
    assert per_thousand(counts, 1.0).false_alarms.tolist() == [[0, 0]]


def test_a_prevalence_per_class_and_its_check(counts):
    assert per_thousand(counts, [0.5, 0.1]).misses[0, 0] == pytest.approx(500 * 2 / 8)
    with pytest.raises(ValueError, match="prevalence"):
        per_thousand(counts, 1.5)


def test_reweighted_keeps_rates_and_total(counts):
    found = reweighted(counts, 0.25)
    assert found.support[0, 0] == pytest.approx(12)
    assert (found.fp + found.tn)[0, 0] == pytest.approx(36)
    assert metrics.recall(found)[0, 0] == pytest.approx(6 / 8)
    assert metrics.precision(found)[0, 0] == pytest.approx(9 / (9 + 36 * 9 / 40))
    assert metrics.f_beta(found)[0, 1] == 0


def _problem(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 40))
    scores = rng.integers(0, 6, n).astype(np.float64)
    return Predictions(scores[:, None], rng.integers(-1, 2, (n, 1)))


@pytest.mark.parametrize("seed", range(60))
def test_optimum_is_that_of_repeated_cells(seed):
    """Positives a times and negatives b times: the optimum of such data is the one at their prevalence."""
    p, rng = _problem(seed), np.random.default_rng(seed)
    a, b = (int(value) for value in rng.integers(1, 6, 2))
    labels = p.labels[:, 0]
    times = np.where(labels == 1, a, b) * (labels >= 0)
    repeated = Predictions(np.repeat(p.scores, times, axis=0), np.repeat(p.labels, times, axis=0))
    if not repeated.n_samples or not 0 < repeated.prevalence[0] < 1:
        return
    expected = RankedScores.from_predictions(repeated).best_f_beta()
    found = best_f1_at_prevalence(RankedScores.from_predictions(p), repeated.prevalence)
    assert found.value[0] == pytest.approx(expected.value[0], abs=1e-14)
    assert found.kept[0] == expected.kept[0]


def test_own_prevalence_gives_the_same_ties():
    """Cuts at 3 and at 0 are equal, 2/3: the highest is taken, as `best_f_beta` does."""
    p = Predictions([[3.0], [2], [1], [0]], [[1], [0], [0], [1]])
    r = RankedScores.from_predictions(p)
    assert best_f1_at_prevalence(r, p.prevalence).kept[0] == r.best_f_beta().kept[0] == 3


def test_rarer_positives_never_lower_the_threshold():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, (500, 1))
    r = RankedScores.from_predictions(Predictions(labels + rng.normal(size=(500, 1)), labels))
    kept = [best_f1_at_prevalence(r, share).kept[0] for share in (0.9, 0.5, 0.2, 0.05, 0.01)]
    assert kept == sorted(kept) and kept[0] < kept[-1]


@pytest.mark.parametrize(("labels", "share"), [([0, 0], 0.5), ([1, 1], 0.5), ([1, 0], 0.0), ([-1, -1], 0.3)])
def test_undefined(labels, share):
    r = RankedScores.from_predictions(Predictions([[1.0], [2.0]], np.array(labels)[:, None]))
    found = best_f1_at_prevalence(r, share)
    assert np.isnan(found.value[0]) and found.score_thresholds[0] == np.inf
