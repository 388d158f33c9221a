"""Row-wise ranking metrics against scikit-learn, slow versions cell by cell, and the reference numbers."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics as skm

from dashboard.core import Predictions
from dashboard.core.row_ranking import (
    coverage_error,
    label_ranking_average_precision,
    one_error,
    precision_at_k,
    ranking_loss,
)
from tests.reference.problems import as_ranks, random_predictions
from tests.reference.small_problems import small_problem

VALUES = json.loads((Path(__file__).parent / "values.json").read_text())
SCIKIT_LEARN = [
    (label_ranking_average_precision, skm.label_ranking_average_precision_score),
    (coverage_error, skm.coverage_error),
    (ranking_loss, skm.label_ranking_loss),
]


@pytest.fixture(scope="module")
def fixture():
    return Predictions(
        np.array(VALUES["metric_fixture"]["scores"]), VALUES["metric_fixture"]["targets"], "probabilities"
    )


def test_reference_numbers(fixture):
    expected = VALUES["metrics"]["ranking"]
    found = {
        "LRAP_sklearn": label_ranking_average_precision(fixture),
        "coverage_error_sklearn": coverage_error(fixture),
        "ranking_loss_sklearn": ranking_loss(fixture),
        "one_error_all_rows": one_error(fixture),
        "one_error_rows_with_labels": one_error(fixture, count_rows_without_labels=False),
        "P@1": precision_at_k(fixture, 1),
        "P@2": precision_at_k(fixture, 2),
        "P@3": precision_at_k(fixture, 3),
    }
    for name, mean in found.items():
        assert mean.value == pytest.approx(expected[name], abs=1e-12), name


@pytest.mark.parametrize(("ours", "scikit_learn"), SCIKIT_LEARN)
@pytest.mark.parametrize("seed", range(120))
def test_equals_scikit_learn(seed, ours, scikit_learn):
    p = random_predictions(seed, unknown=False)
    p = Predictions(np.hstack([p.scores, p.scores[:, ::-1]]), np.hstack([p.labels, 1 - p.labels]))
    expected = scikit_learn(p.labels, as_ranks(p.scores).reshape(p.scores.shape))
    assert ours(p).value == pytest.approx(expected, abs=1e-12)


def slow_row_metrics(row, k):
    """All metrics of one sample from its known (score, label), by comparing pairs."""
    positives, negatives = ([s for s, y in row if y == label] for label in (1, 0))
    ranks = [sum(t >= s for t, _ in row) for s in positives]
    shares = [sum(t >= s for t in positives) / rank for s, rank in zip(positives, ranks, strict=True)]
    wrong = [s <= t for s in positives for t in negatives]
    top = sorted(row, key=lambda cell: (-cell[0], cell[1]))[:k]
    return {
        label_ranking_average_precision: np.mean(shares) if positives and negatives else 1.0,
        coverage_error: max(ranks, default=0),
        ranking_loss: np.mean(wrong) if wrong else 0.0,
        one_error: 1 - sorted(row, key=lambda cell: (-cell[0], cell[1]))[0][1],
        precision_at_k: sum(y for _, y in top) / len(top),
    }


@pytest.mark.parametrize("seed", range(150))
def test_equals_the_slow_version_with_unknown_cells(seed):
    p = small_problem(seed)
    k = seed % p.n_classes + 1
    rows = [
        [(float(s), int(y)) for s, y in zip(*row, strict=True) if y >= 0]
        for row in zip(p.scores, p.labels, strict=True)
    ]
    slow = [slow_row_metrics(row, k) for row in rows if row]
    for metric in (label_ranking_average_precision, coverage_error, ranking_loss, one_error, precision_at_k):
        found = metric(p, k) if metric is precision_at_k else metric(p)
        expected = np.mean([values[metric] for values in slow]) if slow else np.nan
        np.testing.assert_allclose(found.value, expected, rtol=0, atol=1e-12, err_msg=metric.__name__)
        assert (found.n_rows_used, found.n_rows_left_out) == (len(slow), len(rows) - len(slow))
