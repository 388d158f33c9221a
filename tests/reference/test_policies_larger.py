"""Policies on larger problems: against scikit-learn's curves; one threshold against the list of all jumps."""

import numpy as np
import pytest
from sklearn.metrics import (
    f1_score,
    fbeta_score,
    jaccard_score,
    precision_recall_curve,
    precision_score,
    recall_score,
    roc_curve,
)

from dashboard.core import Predictions, RankedScores, policies
from dashboard.core.intervals import lower_limit
from tests.reference import jump_list
from tests.reference.small_problems import small_problem


def large(seed, decimals):
    rng = np.random.default_rng(seed)
    labels = (rng.random((20_000, 4)) < [0.3, 0.05, 0.004, 0.5]).astype(np.int8)
    scores = np.round(rng.normal(size=labels.shape) + labels * [2, 3, 4, 0.3], decimals)
    return Predictions(scores.astype(np.float32), labels)


@pytest.mark.parametrize("decimals", [1, 3, 7])
@pytest.mark.parametrize("floor", [0.05, 0.5, 0.8, 0.95])
def test_floors_on_scikit_learns_curve(floor, decimals):
    p = large(decimals, decimals)
    r = RankedScores.from_predictions(p)
    at_precision, at_recall = policies.precision_floor(r, floor), policies.recall_floor(r, floor)
    for c in range(p.n_classes):
        precision, recall, thresholds = precision_recall_curve(p.labels[:, c], p.scores[:, c])
        precision, recall = precision[:-1], recall[:-1]  # the last point has no threshold
        reach = precision >= floor
        found = at_precision.details["reached"]["recall"][c]
        assert found == (recall[reach].max() if reach.any() else 0.0)
        if reach.any():
            assert at_precision.details["kept"][c] == thresholds[np.flatnonzero(reach & (recall == found))[-1]]
        reach = recall >= floor
        found = at_recall.details["reached"]["precision"][c]
        assert found == precision[reach].max()
        assert at_recall.details["kept"][c] == thresholds[np.flatnonzero(reach & (precision == found))[-1]]


@pytest.mark.parametrize("floor", [0.2, 0.8])
def test_proven_floor_is_the_lowest_cut_whose_limit_reaches_it(floor):
    p = large(5, 2)
    r = RankedScores.from_predictions(p)
    ts = policies.precision_floor(r, floor, "lower limit")
    for c in range(p.n_classes):
        cuts = r.cuts(c)
        proven = lower_limit(cuts.tp, cuts.tp + cuts.fp) >= floor
        if proven.any():
            most = cuts.tp[proven].max()
            assert ts.details["kept"][c] == cuts.scores[proven & (cuts.tp == most)].max()
            assert ts.details["reached"]["lower limit of precision"][c] >= floor


@pytest.mark.parametrize("cost", [0.25, 1.0, 7.0, 300.0])
def test_minimum_cost_on_scikit_learns_roc_curve(cost):
    p = large(7, 2)
    ts = policies.minimum_cost(RankedScores.from_predictions(p), cost)
    for c in range(p.n_classes):
        fpr, tpr, thresholds = roc_curve(p.labels[:, c], p.scores[:, c], drop_intermediate=False)
        n_positives = p.support[c]
        costs = fpr * (p.n_samples - n_positives) + cost * (1 - tpr) * n_positives
        least = np.flatnonzero(costs <= costs.min() + 1e-6)[0]
        assert ts.details["reached"]["cost"][c] == pytest.approx(costs[least], abs=1e-6)
        assert ts.details["kept"][c] == thresholds[least]


def test_values_told_are_scikit_learns():
    p = large(9, 2)
    r, options = RankedScores.from_predictions(p), {"average": "macro", "zero_division": 0}
    for metric, score in (("f1", f1_score), ("jaccard", jaccard_score)):
        ts = policies.best_per_class(r, metric)
        assert ts.details["value"] == pytest.approx(score(p.labels, ts.predict(p), **options), abs=1e-14)
    ts = policies.best_per_class(r, "f_beta", 0.5)
    assert ts.details["value"] == pytest.approx(fbeta_score(p.labels, ts.predict(p), beta=0.5, **options), abs=1e-14)
    ts = policies.both_floors(r, 0.3, 0.3)
    reached, predicted = ts.details["reached"], ts.predict(p)
    options = {"average": None, "zero_division": 0}
    np.testing.assert_array_equal(np.nan_to_num(reached["precision"]), precision_score(p.labels, predicted, **options))
    np.testing.assert_array_equal(reached["recall"], recall_score(p.labels, predicted, **options))


RATIOS = {"f1": "f1", "jaccard": "jaccard", "f_beta": "f2"}


@pytest.mark.parametrize("average", ["micro", "macro", "weighted", "samples"])
@pytest.mark.parametrize("metric", RATIOS)
def test_best_global_of_every_metric_and_average(metric, average):
    for seed in range(40):
        p = small_problem(seed)
        ts = policies.best_global(RankedScores.from_predictions(p), metric, average, beta=2.0)
        kept, value = jump_list.optimum(jump_list.sweep(p.scores, p.labels, RATIOS[metric], average))
        assert (ts.details["kept"] == kept).all()
        np.testing.assert_allclose(ts.details["value"], np.nan if value is None else float(value), rtol=0, atol=1e-12)


@pytest.mark.parametrize("average", ["micro", "macro"])
def test_metrics_of_one_average_take_any(average):
    for seed in range(40):
        p = small_problem(seed)
        r = RankedScores.from_predictions(p)
        kept, value = jump_list.optimum(jump_list.exact_matches(p.scores, p.labels))
        ts = policies.best_global(r, "subset_accuracy", average)
        assert (ts.details["kept"] == kept).all()
        np.testing.assert_allclose(ts.details["value"], np.nan if value is None else float(value), atol=1e-15)
        kept, value = jump_list.optimum(jump_list.cell_errors(p.scores, p.labels), sign=-1)
        ts = policies.best_global(r, "hamming_loss", average, beta=3.0)
        assert (ts.details["kept"] == kept).all()
        np.testing.assert_allclose(ts.details["value"], 0.0 if value is None else float(value), atol=1e-15)
