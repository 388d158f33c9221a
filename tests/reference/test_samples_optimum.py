"""The best threshold for samples averages against a merged list of all jumps in exact fractions."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import fbeta_score

from dashboard.core import Predictions, interval_search, samples_optimum
from dashboard.core.ranking import RankedScores
from dashboard.core.sample_metrics import sample_metrics_at_scores
from dashboard.core.samples_optimum import best_samples_threshold
from tests.reference import jump_list
from tests.reference.small_problems import small_problem

VALUES = json.loads((Path(__file__).parent / "values.json").read_text())
ZERO_DIVISIONS = (0.0, 1.0, np.nan)


@pytest.fixture(params=["jumps at once", "divided", "divided, jumps in parts"])
def search(request, monkeypatch):
    """Small problems fit into one list; then they are searched as large ones are."""
    if request.param != "jumps at once":
        monkeypatch.setattr(samples_optimum, "INTERVALS_PER_PASS", 1)
        monkeypatch.setattr(samples_optimum, "JUMPS_HELD", 2)
        monkeypatch.setattr(interval_search, "POSITIVES_HELD", 3)
    if request.param == "divided, jumps in parts":
        monkeypatch.setattr(samples_optimum, "MOST_PASSES", 1)


@pytest.mark.usefixtures("search")
@pytest.mark.parametrize("metric", ["f1", "jaccard"])
@pytest.mark.parametrize("seed", range(120))
def test_optimum_equals_that_of_the_jump_list(seed, metric):
    p, zero_division = small_problem(seed), ZERO_DIVISIONS[seed % 3]
    found = best_samples_threshold(RankedScores.from_predictions(p), metric, zero_division=zero_division)
    kept, value = jump_list.optimum(jump_list.sweep(p.scores, p.labels, metric, "samples", zero_division))
    assert found.kept == kept
    np.testing.assert_allclose(found.value, np.nan if value is None else float(value), rtol=0, atol=1e-12)


@pytest.mark.usefixtures("search")
@pytest.mark.parametrize("seed", range(120))
def test_optimum_of_f2_equals_that_of_the_jump_list(seed):
    p, zero_division = small_problem(seed), ZERO_DIVISIONS[seed % 3]
    options = {"beta": 2.0, "zero_division": zero_division}
    found = best_samples_threshold(RankedScores.from_predictions(p), "f_beta", **options)
    kept, value = jump_list.optimum(jump_list.sweep(p.scores, p.labels, "f2", "samples", zero_division))
    assert found.kept == kept
    np.testing.assert_allclose(found.value, np.nan if value is None else float(value), rtol=0, atol=1e-12)


@pytest.mark.parametrize("beta", [0.0, 0.5, 2.0])
def test_samples_f_beta_is_scikit_learns(beta):
    rng = np.random.default_rng(3)
    labels = (rng.random((400, 6)) < 0.2).astype(np.int8)
    p = Predictions(rng.normal(size=labels.shape) + labels, labels)
    for threshold in (-0.5, 0.7, 2.5):
        expected = fbeta_score(labels, p.scores >= threshold, beta=beta, average="samples", zero_division=0)
        found = samples_optimum.samples_f_beta(p, np.array([threshold]), beta)
        assert found[0] == pytest.approx(expected, abs=1e-13)


@pytest.mark.usefixtures("search")
@pytest.mark.parametrize("zero_division", ZERO_DIVISIONS)
@pytest.mark.parametrize("seed", range(4))
def test_optimum_of_a_few_thousand_cells_equals_that_at_every_distinct_score(seed, zero_division):
    rng = np.random.default_rng(seed)
    labels = (rng.random((300, 7)) < rng.beta(0.6, 3, 7)).astype(np.int8)
    labels[rng.random(labels.shape) < 0.1] = -1
    p = Predictions(
        np.round(rng.normal(size=(300, 7)) + labels * rng.uniform(0, 3, 7), int(rng.integers(1, 9))), labels
    )
    thresholds = np.append(np.unique(p.scores[p.labels >= 0]), np.inf)
    everywhere = sample_metrics_at_scores(p, thresholds, zero_division=zero_division).f1
    found = best_samples_threshold(RankedScores.from_predictions(p), zero_division=zero_division)
    (ties,) = np.nonzero(everywhere >= np.nanmax(everywhere) - 1e-12)
    assert found.kept == thresholds[ties[-1]]
    assert found.value == everywhere[ties[-1]]


@pytest.mark.parametrize(
    ("name", "metric", "zero_division"),
    [
        ("global_samples_f1_zd0", "f1", 0.0),
        ("global_samples_f1_zd1", "f1", 1.0),
        ("global_samples_jaccard_zd0", "jaccard", 0.0),
    ],
)
def test_reference_optima(name, metric, zero_division):
    fixture = VALUES["metric_fixture"]
    p = Predictions(np.array(fixture["scores"]), fixture["targets"], "probabilities")
    expected = VALUES["optimal_thresholds_on_metric_fixture"][name]
    found = best_samples_threshold(RankedScores.from_predictions(p), metric, zero_division=zero_division)
    assert found.value == pytest.approx(expected["best"], abs=1e-12)
    assert found.kept == max(expected["thresholds"])


@pytest.mark.usefixtures("search")
def test_means_that_differ_by_rounding_are_a_tie():
    scores = [[4, 0, 0, 3, 4, 4], [4, 4, 0, 3, 4, 1], [4, 4, 3, 3, 0, 2], [4, 1, 4, 0, 4, 4]]
    labels = [[1, 0, 1, 0, 0, 0], [0, 1, 0, 0, 1, 0], [0, 0, 0, 1, 1, 0], [0, 0, 0, 0, 0, 1]]
    p = Predictions(np.array(scores, dtype=np.float64), labels)
    assert best_samples_threshold(RankedScores.from_predictions(p), "jaccard").kept == 4
