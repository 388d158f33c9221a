"""Counts with labels turned round against counting predictions whose labels were changed beforehand."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet
from dashboard.core.corrected_labels import corrected_counts


@pytest.mark.parametrize("seed", range(20))
def test_corrected_counts_equal_those_of_the_corrected_labels(seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(-1, 2, size=(30, 4)).astype(np.int8)
    scores = rng.normal(size=labels.shape).round(1)
    p = Predictions(scores, labels)
    thresholds = ThresholdSet.from_unit(p, rng.random(4))
    wrong = rng.random(labels.shape) < 0.3
    rows, classes = np.nonzero(wrong)
    turned = Predictions(scores, np.where(wrong & (labels >= 0), 1 - labels, labels))
    expected = RankedScores.from_predictions(turned).counts(thresholds)
    found = corrected_counts(RankedScores.from_predictions(p).counts(thresholds), p, thresholds, rows, classes)
    for name in ("tp", "fp", "fn", "tn"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()


def test_no_cell_changes_nothing():
    p = Predictions(np.zeros((3, 2)), np.zeros((3, 2), dtype=np.int8))
    counts = RankedScores.from_predictions(p).counts(0.5)
    found = corrected_counts(counts, p, ThresholdSet.from_unit(p, 0.5), [], [])
    assert found.fp.tolist() == counts.fp.tolist() == [[3, 3]]
