"""Confused pairs against counting them one by one."""

import numpy as np
import pytest

from dashboard.core import Predictions, ThresholdSet, class_confusion, confused_counts
from dashboard.core.class_confusion import confused_pairs, cooccurrence, pair_samples


def _problem(seed, n_samples=60, n_classes=5, unknown=0.0):
    rng = np.random.default_rng(seed)
    labels = (rng.random((n_samples, n_classes)) < 0.4).astype(np.int8)
    labels[rng.random(labels.shape) < unknown] = -1
    p = Predictions(rng.normal(size=labels.shape).round(1), labels)
    return p, ThresholdSet.from_unit(p, rng.random(n_classes))


def _slow(p, thresholds):
    """(missed, said) -> (n_both, n_missed, said_rate), by a loop."""
    predicted, found = thresholds.predict(p), {}
    for a in range(p.n_classes):
        for b in range(p.n_classes):
            both, missed, said, known = 0, 0, 0, 0
            for i in range(p.n_samples):
                if p.labels[i, a] < 0 or p.labels[i, b] < 0:
                    continue
                miss = p.labels[i, a] == 1 and not predicted[i, a]
                alarm = p.labels[i, b] == 0 and predicted[i, b]
                known, missed, said, both = known + 1, missed + miss, said + alarm, both + (miss and alarm)
            if both and both > missed * said / known:
                found[a, b] = both, missed, said / known
    return found


@pytest.mark.parametrize("unknown", [0.0, 0.3])
@pytest.mark.parametrize("seed", range(10))
def test_confused_pairs_equal_a_loop(seed, unknown, monkeypatch):
    for module in (class_confusion, confused_counts):
        monkeypatch.setattr(module, "_CELLS", 64)
    monkeypatch.setattr(confused_counts, "_BYTE_LIMIT", 7)
    p, thresholds = _problem(seed, unknown=unknown)
    pairs = confused_pairs(p, thresholds)
    found = zip(pairs.n_both.tolist(), pairs.n_missed.tolist(), pairs.said_rate.tolist(), strict=True)
    assert dict(zip(zip(pairs.missed.tolist(), pairs.said.tolist(), strict=True), found, strict=True)) == _slow(
        p, thresholds
    )
    assert (np.diff(pairs.n_both - pairs.expected) <= 1e-12).all()


@pytest.mark.parametrize("unknown", [0.0, 0.05, 0.6])
@pytest.mark.parametrize("seed", range(10))
def test_the_first_pairs_are_those_of_all_pairs(seed, unknown):
    p, thresholds = _problem(seed, n_samples=50, n_classes=150, unknown=unknown)
    every = confused_pairs(p, thresholds, most=10**6)
    some = confused_pairs(p, thresholds, most=20)
    assert len(some.missed) == 20
    for name in ("missed", "said", "n_both", "n_missed", "said_rate"):
        assert getattr(some, name).tolist() == getattr(every, name)[:20].tolist()


def test_pair_samples_are_those_counted():
    p, thresholds = _problem(3, unknown=0.2)
    pairs = confused_pairs(p, thresholds)
    for missed, said, n in zip(pairs.missed, pairs.said, pairs.n_both, strict=True):
        rows = pair_samples(p, thresholds, missed, said)
        assert len(rows) == n
        assert (np.diff(p.scores[rows, said]) <= 0).all()


def test_cooccurrence_equals_a_loop():
    p, thresholds = _problem(4, unknown=0.2)
    classes, predicted = [3, 0, 4], thresholds.predict(p)
    expected = [
        [int(((p.labels[:, a] == 1) & predicted[:, b] & (p.labels[:, b] >= 0)).sum()) for b in classes] for a in classes
    ]
    of = [[int(((p.labels[:, a] == 1) & (p.labels[:, b] >= 0)).sum()) for b in classes] for a in classes]
    assert [found.tolist() for found in cooccurrence(p, thresholds, classes)] == [expected, of]


def test_a_single_sample_does_not_top_the_list():
    labels = np.zeros((100, 3), dtype=np.int8)
    scores = np.full((100, 3), -1.0)
    labels[:20, 0], scores[:20, 1] = 1, 1.0  # class 0 is missed and class 1 said, twenty times
    labels[50, 1], scores[50, 2] = 1, 1.0  # once, with a lift of 100
    pairs = confused_pairs(Predictions(scores, labels), ThresholdSet.from_unit(Predictions(scores, labels), 0.5))
    assert (pairs.missed[0], pairs.said[0], pairs.n_both[0]) == (0, 1, 20)
    assert pairs.lift[0] < pairs.lift[1] == 100


@pytest.mark.parametrize("labels", [np.zeros((0, 3)), np.full((4, 3), -1), np.ones((4, 3)), np.zeros((4, 3))])
def test_no_pairs_where_nothing_can_be_confused(labels):
    p = Predictions(np.zeros(labels.shape), labels.astype(np.int8))
    assert len(confused_pairs(p, ThresholdSet.from_unit(p, 0.5)).missed) == 0
