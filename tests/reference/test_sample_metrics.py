"""Metrics of whole samples against scikit-learn, the jump list of exact fractions, and the reference numbers."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics as skm

from dashboard.core import Predictions, ThresholdSet
from dashboard.core.sample_metrics import (
    AVERAGED,
    sample_metrics,
    sample_metrics_at_scores,
    sample_metrics_from_predicted,
)
from tests.reference import jump_list
from tests.reference.problems import random_predictions
from tests.reference.small_problems import small_problem

VALUES = json.loads((Path(__file__).parent / "values.json").read_text())
ZERO_DIVISIONS = {"0": 0.0, "1": 1.0, "nan": np.nan}
SCORES = {
    "precision": skm.precision_score,
    "recall": skm.recall_score,
    "f1": skm.f1_score,
    "jaccard": skm.jaccard_score,
}


@pytest.fixture(scope="module")
def fixture():
    return Predictions(
        np.array(VALUES["metric_fixture"]["scores"]), VALUES["metric_fixture"]["targets"], "probabilities"
    )


@pytest.mark.parametrize("zero_division", ZERO_DIVISIONS)
def test_reference_numbers_at_one_half(fixture, zero_division):
    expected = VALUES["metrics"]["threshold_0.5_score>=t_sklearn"][f"zero_division={zero_division}"]
    found = sample_metrics(fixture, 0.5, zero_division=ZERO_DIVISIONS[zero_division])
    for metric in ("precision", "recall", "f1"):
        assert getattr(found, metric)[0] == pytest.approx(expected[f"{metric}_samples"], abs=1e-12)


def test_reference_numbers_of_jaccard_and_exact_match(fixture):
    expected = VALUES["metrics"]["threshold_0.5_score>=t_sklearn"]
    found = sample_metrics(fixture, 0.5)
    assert found.jaccard[0] == pytest.approx(expected["jaccard_samples"], abs=1e-12)
    assert found.subset_accuracy[0] == expected["subset_accuracy"]


@pytest.mark.parametrize("n_thresholds", [2, 8])  # compared one by one, bucketed
@pytest.mark.parametrize("seed", range(60))
def test_equals_scikit_learn_at_global_thresholds(seed, n_thresholds):
    p = random_predictions(seed, unknown=False)
    if p.n_classes == 1:  # one column is binary to scikit-learn
        p = Predictions(np.repeat(p.scores, 2, axis=1), np.repeat(p.labels, 2, axis=1))
    drawn = np.random.default_rng(seed).choice(np.append(p.scores.ravel(), [-np.inf, np.inf, 0.25]), n_thresholds)
    zero_division = list(ZERO_DIVISIONS.values())[seed % 3]
    found = sample_metrics_at_scores(p, drawn, zero_division=zero_division)
    for index, threshold in enumerate(drawn):
        check_against_scikit_learn(found, index, p.labels, p.scores >= threshold, zero_division)


def check_against_scikit_learn(found, index, labels, predicted, zero_division):
    for metric, score in SCORES.items():
        if metric == "jaccard" and np.isnan(zero_division):
            continue  # scikit-learn takes 0 and 1 only; the jump list has nan
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a mean over no defined sample
            expected = score(labels, predicted, average="samples", zero_division=zero_division)
        np.testing.assert_allclose(getattr(found, metric)[index], expected, rtol=0, atol=1e-12, err_msg=metric)
    assert found.subset_accuracy[index] == pytest.approx(skm.accuracy_score(labels, predicted), abs=1e-12)
    assert found.predicted_cardinality[index] == pytest.approx(predicted.sum(axis=1).mean(), abs=1e-12)
    assert found.true_cardinality[index] == pytest.approx(labels.sum(axis=1).mean(), abs=1e-12)
    assert found.n_predicted_empty[index] == (~predicted.any(axis=1)).sum()


@pytest.mark.parametrize("seed", range(40))
def test_equals_scikit_learn_at_a_threshold_per_class(seed):
    p = random_predictions(seed + 500, unknown=False)
    p = Predictions(np.hstack([p.scores, -p.scores]), np.hstack([p.labels, 1 - p.labels]))
    thresholds = ThresholdSet.from_scores(p, np.random.default_rng(seed).choice(p.scores.ravel(), p.n_classes))
    predicted = thresholds.predict(p)
    check_against_scikit_learn(sample_metrics(p, thresholds), 0, p.labels, predicted, 0.0)
    check_against_scikit_learn(sample_metrics_from_predicted(p, predicted), 0, p.labels, predicted, 0.0)


@pytest.mark.parametrize("seed", range(150))
def test_equals_the_jump_list_at_every_distinct_score_with_unknown_cells(seed):
    p, zero_division = small_problem(seed), list(ZERO_DIVISIONS.values())[seed % 3]
    descending = jump_list.thresholds(p.scores, p.labels)
    found = sample_metrics_at_scores(p, descending, zero_division=zero_division)
    for metric in AVERAGED:
        curve = dict(jump_list.sweep(p.scores, p.labels, metric, "samples", zero_division))
        expected = [np.nan if (value := curve.get(t)) is None else float(value) for t in descending]
        np.testing.assert_allclose(getattr(found, metric), expected, rtol=0, atol=1e-12, err_msg=metric)
    expected = [np.nan if v is None else float(v) for _, v in jump_list.exact_matches(p.scores, p.labels)]
    np.testing.assert_allclose(found.subset_accuracy, expected, rtol=0, atol=1e-15)
    n_unknown = int((p.labels < 0).all(axis=1).sum())
    assert (found.n_rows_left_out, found.n_rows_used) == (n_unknown, p.n_samples - n_unknown)
