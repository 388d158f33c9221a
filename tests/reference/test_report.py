"""The classification report equals scikit-learn's own, number for number and letter for letter."""

import warnings

import numpy as np
import pytest
from sklearn.metrics import classification_report as sklearn_report

from dashboard.core import Counts, Predictions
from dashboard.core.report import classification_report, flattened_report
from dashboard.core.sample_metrics import sample_metrics


def _problem(seed):
    rng = np.random.default_rng(seed)
    n, n_classes = int(rng.integers(1, 30)), int(rng.integers(2, 6))
    scores = rng.integers(0, 5, (n, n_classes)) / 4
    labels = (rng.random((n, n_classes)) < rng.random(n_classes)).astype(np.int8)
    names = [f"class {'x' * int(rng.integers(0, 12))}{i}" for i in range(n_classes)]
    return Predictions(scores, labels, "probabilities", names)


@pytest.mark.parametrize("seed", range(60))
def test_classification_report_text(seed):
    p = _problem(seed)
    predicted = p.scores >= 0.5
    report = classification_report(
        Counts.from_predicted(p, predicted), p.class_names, samples=sample_metrics(p, 0.5), zero_division=0.0
    )
    for digits in (2, 5):
        expected = sklearn_report(p.labels, predicted, target_names=p.class_names, zero_division=0.0, digits=digits)
        assert report.to_text(digits) == expected


@pytest.mark.parametrize("seed", range(60))
def test_flattened_report_numbers_and_text(seed):
    p = _problem(seed)
    predicted = p.scores >= 0.5
    report = flattened_report(Counts.from_predicted(p, predicted))
    options = {"labels": [0, 1], "target_names": ["negative cells", "positive cells"], "zero_division": 0.0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = sklearn_report(p.labels.ravel(), predicted.ravel(), **options)
    assert report.to_text() == expected
