"""One threshold for all classes against a merged list of all jumps in exact fractions, and against scikit-learn."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics as skm

from dashboard.core import Predictions, interval_search
from dashboard.core.global_optimum import best_global_threshold, best_global_thresholds
from dashboard.core.grids import Grid, logit_grid, unit_grid
from dashboard.core.objectives import Objective
from dashboard.core.ranking import RankedScores
from dashboard.core.sweep import AVERAGES, METRICS, threshold_sweep
from tests.reference import jump_list
from tests.reference.problems import random_predictions
from tests.reference.small_problems import small_problem

VALUES = json.loads((Path(__file__).parent / "values.json").read_text())
ZERO_DIVISIONS = (0.0, 1.0, np.nan)
SEEDS = range(240)


def zero_division_of(seed):
    return ZERO_DIVISIONS[seed % 3]


def as_floats(curve):
    return np.array([np.nan if value is None else float(value) for _, value in curve])


@pytest.mark.parametrize("seed", SEEDS)
def test_sweep_equals_the_jump_list_at_every_distinct_score(seed):
    p, zero_division = small_problem(seed), zero_division_of(seed)
    descending = jump_list.thresholds(p.scores, p.labels)
    sweep = threshold_sweep(
        RankedScores.from_predictions(p), Grid.from_scores(p, descending), zero_division=zero_division
    )
    for (metric, average), values in sweep.values.items():
        curve = dict(jump_list.sweep(p.scores, p.labels, metric, average, zero_division))
        expected = as_floats([(t, curve[t]) for t in sweep.score_thresholds.tolist()])
        np.testing.assert_allclose(values, expected, rtol=0, atol=1e-12, err_msg=f"{metric} {average}")
    exact_matches, cell_errors = (f(p.scores, p.labels) for f in (jump_list.exact_matches, jump_list.cell_errors))
    np.testing.assert_allclose(sweep.subset_accuracy[::-1], as_floats(exact_matches), rtol=0, atol=1e-15)
    np.testing.assert_allclose(sweep.hamming_loss[::-1], as_floats(cell_errors), rtol=0, atol=1e-15)


def check_optimum(p, r, found, expected):
    kept, value = expected
    assert found.kept == kept
    np.testing.assert_allclose(found.value, np.nan if value is None else float(value), rtol=0, atol=1e-12)
    known = p.scores[p.labels >= 0]
    assert found.dropped == max(known[known < found.kept].tolist(), default=-np.inf)
    decided = known >= found.kept
    np.testing.assert_array_equal(known >= p.scores.dtype.type(found.score_threshold), decided)
    if found.threshold is not None:
        at_kept, at_threshold = r.counts_at_scores(found.kept), r.counts(found.threshold)
        np.testing.assert_array_equal(at_threshold.tp, at_kept.tp)
        np.testing.assert_array_equal(at_threshold.fp, at_kept.fp)


@pytest.fixture(params=["all positives at once", "divided"])
def search(request, monkeypatch):
    """Small problems fit into one round; a second time they are searched as large ones are."""
    if request.param == "divided":
        for name, value in {
            "CELLS_PER_ROUND": 0,
            "FEWEST_PER_ROUND": 1,
            "CELLS_PER_BLOCK": 4,
            "POSITIVES_HELD": 3,
        }.items():
            monkeypatch.setattr(interval_search, name, value)


@pytest.mark.usefixtures("search")
@pytest.mark.parametrize("seed", SEEDS)
def test_optima_equal_those_of_the_jump_list(seed):
    p, zero_division = small_problem(seed), zero_division_of(seed)
    r = RankedScores.from_predictions(p)
    targets = [(metric, average) for metric in METRICS for average in AVERAGES]
    optima = best_global_thresholds(r, targets, zero_division=zero_division)
    for (metric, average), found in optima.items():
        curve = jump_list.sweep(p.scores, p.labels, metric, average, zero_division)
        check_optimum(p, r, found, jump_list.optimum(curve))
    found = best_global_threshold(r, "f_beta", "macro", beta=2.0, zero_division=zero_division)
    curve = jump_list.sweep(p.scores, p.labels, "f2", "macro", zero_division)
    check_optimum(p, r, found, jump_list.optimum(curve))


@pytest.mark.usefixtures("search")
@pytest.mark.parametrize("seed", SEEDS)
def test_best_exact_match_and_hamming_loss_equal_those_of_the_jump_list(seed):
    p = small_problem(seed)
    r = RankedScores.from_predictions(p)
    found = best_global_threshold(r, "subset_accuracy", "samples")
    check_optimum(p, r, found, jump_list.optimum(jump_list.exact_matches(p.scores, p.labels)))
    found = best_global_threshold(r, "hamming_loss", "micro", zero_division=np.nan)
    check_optimum(p, r, found, jump_list.optimum(jump_list.cell_errors(p.scores, p.labels), sign=-1))


def fixture():
    return Predictions(
        np.array(VALUES["metric_fixture"]["scores"]), VALUES["metric_fixture"]["targets"], "probabilities"
    )


@pytest.mark.parametrize(
    ("name", "metric", "average"),
    [
        ("global_micro_f1", "f1", "micro"),
        ("global_macro_f1", "f1", "macro"),
        ("global_weighted_f1", "f1", "weighted"),
        ("global_macro_jaccard", "jaccard", "macro"),
        ("global_hamming_loss", "hamming_loss", "micro"),
        ("global_subset_accuracy", "subset_accuracy", "samples"),
    ],
)
def test_reference_optima(name, metric, average):
    expected = VALUES["optimal_thresholds_on_metric_fixture"][name]
    found = best_global_threshold(RankedScores.from_predictions(fixture()), metric, average)
    assert found.value == pytest.approx(expected["best"], abs=1e-12)
    assert found.kept == max(expected["thresholds"])


def test_reference_numbers_at_one_half():
    expected = VALUES["metrics"]["threshold_0.5_score>=t_sklearn"]
    sweep = threshold_sweep(RankedScores.from_predictions(fixture()))
    (half,) = np.flatnonzero(sweep.thresholds == 0.5)
    for (metric, average), values in sweep.values.items():
        name = f"{metric}_{average}"
        value = expected[name] if metric == "jaccard" else expected["zero_division=0"][name]
        assert values[half] == pytest.approx(value, abs=1e-12), name
    assert sweep.hamming_loss[half] == expected["hamming_loss"]
    assert sweep.subset_accuracy[half] == expected["subset_accuracy"]


SCORES = {
    "precision": skm.precision_score,
    "recall": skm.recall_score,
    "f1": skm.f1_score,
    "jaccard": skm.jaccard_score,
}


@pytest.mark.parametrize("seed", range(40))
def test_sweep_equals_scikit_learn_at_drawn_thresholds(seed):
    p, zero_division = random_predictions(seed, infinite=False, unknown=False), zero_division_of(seed)
    p = Predictions(np.hstack([p.scores, p.scores]), np.hstack([p.labels, p.labels]))  # one column is no multi-label
    r = RankedScores.from_predictions(p)
    sweep = threshold_sweep(r, (unit_grid(p, 5), logit_grid(r, 5))[seed % 2], zero_division=zero_division)
    for index, threshold in enumerate(sweep.score_thresholds):
        predicted = p.scores >= threshold
        for metric, average in sweep.values:
            if metric == "jaccard" and np.isnan(zero_division):
                continue  # scikit-learn takes 0 and 1 only; the jump list has nan
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a mean over no defined class
                expected = SCORES[metric](p.labels, predicted, average=average, zero_division=zero_division)
            found = sweep.values[metric, average][index]
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12, err_msg=f"{metric} {average}")
        assert sweep.hamming_loss[index] == pytest.approx(skm.hamming_loss(p.labels, predicted), abs=1e-12)
        assert sweep.subset_accuracy[index] == pytest.approx(skm.accuracy_score(p.labels, predicted), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bound_is_no_less_than_any_value_in_its_interval_and_tight_without_one(seed):
    p, zero_division = small_problem(seed), zero_division_of(seed)
    r = RankedScores.from_predictions(p)
    thresholds = np.sort(jump_list.thresholds(p.scores, p.labels))
    low, high = np.triu_indices(len(thresholds))
    for metric, average in [*((m, a) for m in METRICS for a in AVERAGES), ("hamming_loss", "micro")]:
        objective = Objective(metric, average, zero_division=zero_division)
        merits = objective.merit(r.counts_at_scores(thresholds))
        bounds = objective.bound(*(r.counts_at_scores(thresholds[ends]) for ends in (low, high)))
        highest = np.array([merits[a : b + 1].max() for a, b in zip(low, high, strict=True)])
        assert (np.maximum(bounds, -1.0) >= np.maximum(highest, -1.0) - 1e-15).all(), (metric, average)
        alone = (low == high) & np.isfinite(highest)
        np.testing.assert_allclose(bounds[alone], highest[alone], rtol=0, atol=1e-15, err_msg=f"{metric} {average}")


@pytest.mark.usefixtures("search")
@pytest.mark.parametrize("zero_division", ZERO_DIVISIONS)
@pytest.mark.parametrize("seed", range(6))
def test_optima_of_a_few_thousand_cells_equal_those_at_every_distinct_score(seed, zero_division):
    rng = np.random.default_rng(seed)
    labels = (rng.random((600, 7)) < rng.beta(0.6, 6, 7)).astype(np.int8)
    labels[:, 0] = 0
    p = Predictions(
        np.round(rng.normal(size=(600, 7)) + labels * rng.uniform(0, 3, 7), int(rng.integers(2, 9))), labels
    )
    r = RankedScores.from_predictions(p)
    everywhere = threshold_sweep(
        r, Grid.from_scores(p, np.append(np.unique(p.scores), np.inf)), zero_division=zero_division
    )
    for target, found in best_global_thresholds(r, list(everywhere.values), zero_division=zero_division).items():
        values = everywhere.values[target]
        (ties,) = np.nonzero(values >= np.nanmax(values) - 1e-14)
        assert found.kept == everywhere.score_thresholds[ties[-1]], target
        assert found.value == values[ties[-1]], target
