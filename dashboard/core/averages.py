"""Averages over classes, written once for every metric. Knows nothing of what is averaged."""

import numpy as np

AVERAGES = (None, "micro", "macro", "weighted")


def check_average(average) -> None:
    """Raises ValueError unless `average` is one of None, "micro", "macro", "weighted"."""
    if average == "samples":
        raise ValueError('average must not be "samples" here: averages over samples are in metrics.sample_metrics')
    if average not in AVERAGES:
        raise ValueError(f"average must be one of {AVERAGES}, got {average!r}")


def average_over_classes(values, average, support) -> np.ndarray:
    """The macro or weighted mean over the last axis, NaN classes skipped; NaN where every class is.

    "weighted" weights by `support`; where the defined classes have no support at all it is the plain mean, as in
    scikit-learn.
    """
    values = np.asarray(values, dtype=np.float64)
    undefined = np.isnan(values)
    if not undefined.any():
        return _average(values, support if average == "weighted" else None)
    defined = ~undefined
    weights = (defined * support if average == "weighted" else defined).astype(np.float64)
    total = weights.sum(axis=-1, keepdims=True)
    weights = np.where(total == 0, defined, weights)
    total = weights.sum(axis=-1)
    summed = (np.where(defined, values, 0.0) * weights).sum(axis=-1)
    return np.divide(summed, total, out=np.full(total.shape, np.nan), where=total > 0)


def _average(values, support) -> np.ndarray:
    """The same to the last bit without NaN, in half the time; support None: the plain mean."""
    n_classes = np.full(values.shape[:-1], float(values.shape[-1]))
    if support is None:
        summed, total = values.sum(axis=-1), n_classes
    else:
        weights = np.asarray(support, dtype=np.float64)
        total = weights.sum(axis=-1, keepdims=True)
        weights = np.where(total == 0, 1.0, weights) if (total == 0).any() else weights
        summed, total = (values * weights).sum(axis=-1), np.broadcast_to(weights.sum(axis=-1), n_classes.shape)
    return np.divide(summed, total, out=np.full(total.shape, np.nan), where=total > 0)
