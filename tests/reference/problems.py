"""Small random multi-label problems with everything that breaks ranking code: ties, unknown cells, absent classes."""

import numpy as np

from dashboard.core import Predictions

ABSENT, ALL_POSITIVE, ALL_UNKNOWN = range(3)


def random_predictions(seed: int, *, infinite: bool = True, unknown: bool = True) -> Predictions:
    """Up to 40 samples and 4 classes, float32 or float64, in C or F order; every kind of trouble in some seeds."""
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(1, 41)), int(rng.integers(1, 5)))
    labels = (rng.random(shape) < rng.uniform(0.05, 0.6, shape[1])).astype(np.int8)
    scores = rng.standard_normal(shape) + labels
    if rng.random() < 0.6:
        scores = np.round(scores * rng.choice([0.5, 1, 3]))
    if infinite and rng.random() < 0.3:
        scores[rng.random(shape) < 0.1] = np.inf
        scores[rng.random(shape) < 0.1] = -np.inf
    if unknown and rng.random() < 0.5:
        labels[rng.random(shape) < 0.2] = -1
    if rng.random() < 0.3:
        trouble = int(rng.integers(3 if unknown else 2))
        labels[:, rng.integers(shape[1])] = {ABSENT: 0, ALL_POSITIVE: 1, ALL_UNKNOWN: -1}[trouble]
    scores = scores.astype(rng.choice([np.float32, np.float64]))
    order = str(rng.choice(["C", "F"]))
    return Predictions(np.asarray(scores, order=order), np.asarray(labels, order=order))


def known_cells(p: Predictions, c: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels and scores of the known cells of class `c`."""
    known = p.labels[:, c] >= 0
    return p.labels[known, c].astype(int), p.scores[known, c]


def pooled_cells(p: Predictions) -> tuple[np.ndarray, np.ndarray]:
    """Labels and scores of all known cells."""
    known = p.labels >= 0
    return p.labels[known].astype(int), p.scores[known]


def as_ranks(scores) -> np.ndarray:
    """Integers in the same order and with the same ties: scikit-learn refuses infinite scores."""
    return np.unique(scores, return_inverse=True)[1].astype(np.float64)
