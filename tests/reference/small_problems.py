"""Small random predictions with everything that is awkward: ties, unknowns, empty classes, infinite scores."""

import numpy as np

from dashboard.core import Predictions


def small_problem(seed: int) -> Predictions:
    """A different mixture for each seed."""
    rng = np.random.default_rng(seed)
    n, n_classes = int(rng.integers(1, 10)), int(rng.integers(1, 6))
    labels = (rng.random((n, n_classes)) < rng.uniform(0.05, 0.9, n_classes)).astype(np.int8)
    scores = rng.normal(size=(n, n_classes)) + labels * rng.choice([0.0, 1.0, 4.0])
    if seed % 3:
        scores = np.round(scores * rng.integers(1, 4)) / 2
    kind = ("logits", "probabilities")[seed // 2 % 2]
    if kind == "probabilities":
        scores = 1 / (1 + np.exp(-scores))
    scores = scores.astype((np.float32, np.float64)[seed % 2])
    if seed % 5 == 1 and kind == "logits":
        scores[rng.random(scores.shape) < 0.2] = rng.choice([-np.inf, np.inf, 1e30])
    if seed % 4 == 1:
        labels[rng.random(labels.shape) < 0.3] = -1
    if seed % 7 == 2:
        labels[:, rng.integers(n_classes)] = rng.choice([-1, 0, 1])
    if seed % 11 == 3:
        labels[rng.integers(n)] = -1
    return Predictions(scores, labels, kind)
