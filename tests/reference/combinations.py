"""Every combination of one threshold per class of a small problem, counted cell by cell: the slow obvious version."""

from functools import cached_property
from itertools import product

import numpy as np

from dashboard.core import Predictions, RankedScores
from tests.reference.small_problems import small_problem

MOST = 20_000


class Combinations:
    """tp, predicted: (n_combinations, n_classes), one row per combination of thresholds; +inf is always among them.

    locked: class index -> the only threshold of that class.
    """

    def __init__(self, p: Predictions, locked=None):
        self.p, self.locked = p, locked or {}
        steps = [self._steps(c) for c in range(p.n_classes)]
        self.tp, self.predicted = np.moveaxis(np.array(list(product(*steps)), dtype=np.int64), -1, 0)
        self.n_positives = int(p.support.sum())

    def _steps(self, c):
        known = self.p.labels[:, c] >= 0
        scores, labels = self.p.scores[known, c], self.p.labels[known, c]
        thresholds = [self.locked[c]] if c in self.locked else {*scores.tolist(), np.inf}
        pairs = {(int(labels[scores >= t].sum()), int((scores >= t).sum())) for t in thresholds}
        return sorted(pairs, key=lambda pair: pair[1])

    @property
    def totals(self):
        """tp and predicted of all classes together, each (n_combinations,)."""
        return self.tp.sum(axis=1), self.predicted.sum(axis=1)

    @cached_property
    def micro_f1(self):
        tp, predicted = self.totals
        return 2 * tp / np.maximum(1, self.n_positives + predicted)

    @cached_property
    def macro_f1(self):
        return (2 * self.tp / np.maximum(1, self.p.support + self.predicted)).mean(axis=1)


def countable_problem(seed: int) -> Predictions:
    """`small_problem`, without its last classes if it has too many combinations of thresholds."""
    p = small_problem(seed)
    while (p.n_samples + 1) ** p.n_classes > MOST:
        p = Predictions(p.scores[:, :-1], p.labels[:, :-1], p.score_kind)
    return p


def traded_problem(seed: int) -> Predictions:
    """Two or three classes of very different size and quality, so that micro-F1 and macro-F1 pull apart."""
    rng = np.random.default_rng(seed)
    n, n_classes = ((100, 2), (26, 3), (60, 2), (20, 3))[seed % 4]
    labels = (rng.random((n, n_classes)) < rng.permutation(np.geomspace(0.08, 0.6, n_classes))).astype(np.int8)
    scores = rng.normal(size=labels.shape) + rng.uniform(0, 2, n_classes) * labels
    if seed % 3 == 1:
        scores = np.round(scores, 1)
    if seed % 5 == 1:
        labels[rng.random(labels.shape) < 0.1] = -1
    return Predictions(scores, labels)


def random_locks(p: Predictions, seed: int) -> dict[int, float]:
    """Some classes, each at a threshold of its own: a score, between scores, always or never."""
    rng = np.random.default_rng(seed)
    choices = [*p.scores[: min(5, p.n_samples)].ravel().tolist(), 0.25, -np.inf, np.inf]
    return {c: float(rng.choice(choices)) for c in range(p.n_classes) if rng.random() < 0.4}


def totals_of(r: RankedScores, thresholds) -> tuple[int, int]:
    """tp and predicted of all classes together at a threshold set."""
    c = r.counts(thresholds)
    return int(c.tp.sum()), int((c.tp + c.fp).sum())
