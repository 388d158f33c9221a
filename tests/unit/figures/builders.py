"""Small data for the figures' tests."""

import numpy as np

from dashboard.core import Predictions, RankedScores
from dashboard.figures.curves import ClassCuts

TIED_SCORES = [0.9, 0.8, 0.8, 0.6, 0.4, 0.2]
TIED_LABELS = [1, 1, 0, 0, 1, 0]


def class_cuts(scores, labels, *, score_kind="probabilities", names=None, dtype=np.float64) -> list[ClassCuts]:
    """The cuts of every class; scores and labels (n_samples,) or (n_samples, n_classes)."""
    scores, labels = (np.asarray(array, dtype=kind) for array, kind in ((scores, dtype), (labels, np.int8)))
    if scores.ndim == 1:
        scores, labels = scores[:, None], labels[:, None]
    r = RankedScores.from_predictions(Predictions(scores, labels, score_kind, names))
    best = r.best_f_beta()
    return [ClassCuts.from_ranked(r, c, best) for c in range(scores.shape[1])]


def random_classes(n_samples=3_000, n_classes=12, seed=0) -> list[ClassCuts]:
    """Logits of classes from rare to common, all of them better than chance."""
    rng = np.random.default_rng(seed)
    labels = (rng.random((n_samples, n_classes)) < np.linspace(0.03, 0.5, n_classes)).astype(np.int8)
    logits = rng.normal(size=(n_samples, n_classes)) * 2 + 2.5 * labels - 2
    return class_cuts(logits, labels, score_kind="logits", dtype=np.float32)


def n_points(figure) -> int:
    return sum(len(trace.x) for trace in figure.data)


def trace_named(figure, name):
    """The trace whose name starts so."""
    return next(trace for trace in figure.data if trace.name.startswith(name))


def notes(figure) -> str:
    """What is written inside the chart."""
    return " ".join(annotation.text.replace("<br>", " ") for annotation in figure.layout.annotations)
