import warnings

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, interval_search
from dashboard.core.global_optimum import best_global_threshold, best_global_thresholds
from dashboard.core.grids import Grid, logit_grid, unit_grid
from dashboard.core.interval_search import Incumbent, divided
from dashboard.core.samples_optimum import best_samples_threshold
from dashboard.core.sweep import AVERAGES, METRICS, threshold_sweep

TARGETS = [
    *((metric, average) for metric in METRICS for average in AVERAGES),
    ("hamming_loss", "micro"),
    ("subset_accuracy", "samples"),
]


def ranked(scores, labels, kind="logits", dtype=np.float64):
    return RankedScores.from_predictions(Predictions(np.array(scores, dtype=dtype), labels, kind))


def separable(dtype=np.float64):
    return ranked([[3, -1], [2, -2], [-3, 1]], [[1, 0], [1, 0], [0, 1]], dtype=dtype)


def test_unit_grid_keeps_the_typed_thresholds():
    grid = unit_grid(separable().predictions, 5)
    assert grid.thresholds.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert grid.score_thresholds[[0, 2, 4]].tolist() == [-np.inf, 0, np.inf]


def test_sweep_shows_what_counts_at_the_same_typed_threshold_give():
    r = separable(np.float32)
    sweep = threshold_sweep(r, unit_grid(r.predictions, 11))
    for index, threshold in enumerate(sweep.thresholds):
        counts = r.counts(threshold)
        assert sweep.values["recall", "micro"][index] == counts.tp.sum() / counts.support.sum()


def test_logit_grid_is_even_over_the_finite_scores():
    r = ranked([[-np.inf, 1.0, 2.0, 5.0, np.inf]], [[0, 1, 0, 1, 1]])
    assert logit_grid(r, 5).score_thresholds.tolist() == [1, 2, 3, 4, 5]


def test_logit_grid_of_probabilities_is_even_in_their_logits():
    r = ranked([[0.0, 0.1, 0.9, 1.0]], [[0, 1, 0, 1]], "probabilities")
    logits = np.log(logit_grid(r, 7).thresholds) - np.log1p(-logit_grid(r, 7).thresholds)
    np.testing.assert_allclose(np.diff(logits), 2 * np.log(9) / 6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scores", [[[1e30, -1e30]], [[2.5, 2.5]], [[3e38, 3e38]], [[np.inf, -np.inf]], [[-0.0, 0.0]]])
def test_logit_grid_is_finite_and_ascending(scores, dtype):
    grid = logit_grid(ranked(scores, [[1, 0]], dtype=dtype), 9)
    assert np.isfinite(grid.score_thresholds).all()
    assert (np.diff(grid.score_thresholds) > 0).all()
    assert grid.score_thresholds.dtype == dtype


def test_logit_grid_of_the_widest_doubles_does_not_overflow():
    largest = np.finfo(np.float64).max
    grid = logit_grid(ranked([[-largest, largest]], [[1, 0]]), 3)
    assert grid.score_thresholds.tolist() == [-largest, 0, largest]


def test_grid_from_scores_is_ordered_and_shows_never_at_one():
    grid = Grid.from_scores(separable().predictions, [np.inf, 0.0])
    assert grid.score_thresholds.tolist() == [0, np.inf]
    assert grid.thresholds.tolist() == [0.5, 1.0]


def test_best_threshold_is_the_midpoint_of_kept_and_dropped():
    found = best_global_threshold(separable(), "f1", "micro")
    assert (found.value, found.kept, found.dropped, found.score_threshold, found.threshold) == (1, 1, -1, 0, 0.5)


def test_of_equally_good_thresholds_the_highest_wins():
    r = ranked([[4.0], [3.0], [2.0], [1.0]], [[1], [0], [0], [1]])
    assert best_global_threshold(r, "f1", "micro").kept == 4  # 2/3 here as well as with everything predicted
    assert best_global_threshold(r, "precision", "macro").kept == 4


# Macro Jaccard is the same fraction at 4 and at 0, and its float is a unit larger at 0.
TIED_SCORES = [[4, 4, 4, 4], [0, 4, 4, 1], [0, 0, 3, 4], [3, 3, 3, 0], [4, 4, 0, 4], [4, 1, 2, 4]]
TIED_LABELS = [[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]]


def test_averages_that_differ_by_rounding_are_a_tie():
    r = ranked(TIED_SCORES, TIED_LABELS)
    jaccard = threshold_sweep(r, Grid.from_scores(r.predictions, [0, 4])).values["jaccard", "macro"]
    assert 0 < jaccard[0] - jaccard[1] < 1e-15
    assert best_global_threshold(r, "jaccard", "macro").kept == 4


def test_zero_division_one_makes_predicting_nothing_the_best_precision():
    found = best_global_threshold(separable(), "precision", "micro", zero_division=1.0)
    assert (found.value, found.kept, found.score_threshold, found.threshold) == (1, np.inf, np.inf, 1.0)


def test_zero_division_one_puts_the_optimum_on_the_cliff_of_an_empty_class():
    r = ranked([[3, 5], [2, -9], [1, -9], [6, -9]], [[1, 0], [1, 0], [0, 0], [1, 0]])
    assert best_global_threshold(r, "f1", "macro").kept == 2
    found = best_global_threshold(r, "f1", "macro", zero_division=1.0)
    assert (found.kept, found.dropped, found.value) == (6, 5, (0.5 + 1) / 2)


def test_hamming_loss_is_minimised():
    assert best_global_threshold(separable(), "hamming_loss", "micro").value == 0


def test_value_is_the_float_that_a_sweep_shows_at_that_threshold():
    rng = np.random.default_rng(3)
    r = ranked(rng.normal(size=(500, 30)), rng.random((500, 30)) < 0.2)
    optima = best_global_thresholds(r, TARGETS)
    drawn = np.array([found.score_threshold for found in optima.values()])
    sweep = threshold_sweep(r, Grid.from_scores(r.predictions, drawn))
    values = sweep.values | {TARGETS[-2]: sweep.hamming_loss, TARGETS[-1]: sweep.subset_accuracy}
    for target, found in optima.items():
        index = np.searchsorted(sweep.score_thresholds, found.score_threshold)
        assert values[target][index] == found.value, target


def test_no_float64_on_the_unit_scale_separates_huge_logits():
    found = best_global_threshold(ranked([[1e30], [1e29]], [[1], [0]]), "f1", "micro")
    assert found.threshold is None
    assert 1e29 < found.score_threshold <= 1e30


def test_everything_predicted_is_the_threshold_zero():
    found = best_global_threshold(ranked([[-np.inf], [-1e30]], [[1], [1]]), "f1", "micro")
    assert (found.value, found.kept, found.threshold) == (1, -np.inf, 0.0)


def test_minus_zero_and_zero_are_one_score():
    found = best_global_threshold(ranked([[0.0], [-0.0], [-1.0]], [[1], [1], [0]]), "f1", "micro")
    assert (found.value, found.kept, found.dropped) == (1, 0, -1)


DEGENERATE = {
    "no samples": (np.zeros((0, 2)), np.zeros((0, 2))),
    "no classes": (np.zeros((2, 0)), np.zeros((2, 0))),
    "one cell": (np.zeros((1, 1)), np.ones((1, 1))),
    "no positives": (np.zeros((3, 2)), np.zeros((3, 2))),
    "no negatives": (np.zeros((3, 2)), np.ones((3, 2))),
    "nothing known": (np.zeros((3, 2)), np.full((3, 2), -1)),
    "all scores plus infinity": (np.full((3, 2), np.inf), np.eye(3, 2)),
    "all scores minus infinity": (np.full((3, 2), -np.inf), np.eye(3, 2)),
}


@pytest.mark.parametrize("zero_division", [0.0, 1.0, np.nan])
@pytest.mark.parametrize("case", DEGENERATE)
def test_degenerate_predictions_neither_raise_nor_warn(case, zero_division):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        r = ranked(*DEGENERATE[case])
        for grid in (None, logit_grid(r)):
            sweep = threshold_sweep(r, grid, zero_division=zero_division)
            assert all(values.shape == (201,) for values in sweep.values.values())
        optima = best_global_thresholds(r, TARGETS, zero_division=zero_division)
        assert list(optima) == TARGETS
        best_samples_threshold(r, zero_division=zero_division)


@pytest.mark.parametrize("seed", range(20))
def test_positives_at_neighbouring_floats_are_all_tried(seed, monkeypatch):
    monkeypatch.setattr(interval_search, "CELLS_PER_ROUND", 0)
    monkeypatch.setattr(interval_search, "FEWEST_PER_ROUND", 1)
    scores = np.float32(1) + np.arange(64, dtype=np.float32) * np.float32(2**-23)
    labels = np.random.default_rng(seed).random(64) < 0.5
    r = ranked(scores[:, None], labels[:, None], dtype=np.float32)
    expected = max(2 * r.counts_at_scores(scores).tp[:, 0] / (64 - np.arange(64) + labels.sum()))
    assert best_global_threshold(r, "f1", "micro").value == expected


@pytest.mark.parametrize(
    ("metric", "average", "beta"),
    [("accuracy", "micro", 1.0), ("f1", "samples", 1.0), ("hamming_loss", "macro", 1.0), ("f1", "micro", 2.0)],
)
def test_unknown_objectives_are_refused(metric, average, beta):
    with pytest.raises(ValueError, match="got"):
        best_global_threshold(separable(), metric, average, beta=beta)


def test_beta_of_f_beta_moves_the_optimum():
    r = ranked([[4.0], [3.0], [2.0], [1.0]], [[1], [0], [0], [1]])
    assert best_global_threshold(r, "f_beta", "micro", beta=0.5).kept == 4
    assert best_global_threshold(r, "f_beta", "micro", beta=2.0).kept == 1


def test_incumbent_keeps_the_highest_of_merits_within_rounding():
    found = Incumbent(rounding=0.1)
    found.offer(np.array([1.0, 2.0]), np.array([0.50, 0.45]))
    assert found.threshold == 2
    found.offer(np.array([0.5]), np.array([0.56]))  # beats what 2 has by more than the rounding
    assert found.threshold == 0.5


def test_incumbent_lets_an_equal_bound_count_only_above_it():
    found = Incumbent(rounding=0.0)
    found.offer(np.array([1.0]), np.array([0.5]))
    assert found.may_lose_to(np.array([0.5, 0.5, 0.6, 0.4]), np.array([1.0, 2.0, 0.5, 2.0])).tolist() == [0, 1, 1, 0]


def test_divided_intervals_meet_without_overlap():
    low, high = divided(np.array([0.0, 10.0]), np.array([5.0, 20.0]), np.array([3.0, 12.0, 13.0]))
    assert high.tolist() == [3, 5, 12, 13, 20]
    assert low.tolist() == [0, np.nextafter(3, 9), 10, np.nextafter(12, 99), np.nextafter(13, 99)]


def test_best_samples_threshold_reports_progress_and_the_swept_value():
    rng = np.random.default_rng(1)
    r, heard = ranked(rng.normal(size=(3000, 4)), rng.random((3000, 4)) < 0.3), []
    found = best_samples_threshold(r, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert 0 < found.value < 1


def test_best_samples_threshold_refuses_other_metrics():
    with pytest.raises(ValueError, match="f1"):
        best_samples_threshold(separable(), "recall")
