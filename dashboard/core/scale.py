"""The two scales of a threshold: the scores' own (compared) and 0-1 (shown, typed).

Knows nothing of classes or labels. A threshold on the 0-1 scale is a float64; on the scores' scale it has the dtype
of the scores, so that `score >= threshold` needs no conversion and means the same everywhere.
"""

import numpy as np

SCORE_KINDS = ("logits", "probabilities")


def sigmoid(logits):
    """Probabilities as float64, without overflow for any logit; -inf gives 0 and +inf gives 1."""
    logits = np.asarray(logits, dtype=np.float64)
    small = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1.0 / (1.0 + small), small / (1.0 + small))


def logit(probabilities):
    """The float64 inverse of `sigmoid`; 0 gives -inf, 1 gives +inf."""
    probabilities = np.asarray(probabilities, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.log(probabilities) - np.log1p(-probabilities)


def to_score_threshold(thresholds, score_kind: str, dtype) -> np.ndarray:
    """Thresholds on the 0-1 scale as the smallest values of `dtype` that are at least as large on the scores' scale.

    NaN (never predicted) becomes +inf. A logit threshold of 0 is -inf (always), of 1 is +inf.
    Raises ValueError for a threshold outside [0, 1].
    """
    thresholds = np.asarray(thresholds, dtype=np.float64)
    outside = (thresholds < 0) | (thresholds > 1)
    if outside.any():
        raise ValueError(f"a threshold must lie in [0, 1], got {thresholds[outside].flat[0]}")
    exact = logit(thresholds) if score_kind == "logits" else thresholds
    return round_up(np.where(np.isnan(thresholds), np.inf, exact), dtype)


def round_up(score_thresholds, dtype) -> np.ndarray:
    """The smallest values of `dtype` that are at least as large: `score >= threshold` decides the same with them.

    Raises ValueError for NaN.
    """
    exact = np.asarray(score_thresholds, dtype=np.float64)
    if np.isnan(exact).any():
        raise ValueError("a score threshold must not be NaN; never predicted is +inf")
    with np.errstate(over="ignore"):
        rounded = exact.astype(dtype)
        return np.where(rounded < exact, np.nextafter(rounded, np.asarray(np.inf, dtype)), rounded)


def round_above(score_thresholds, dtype) -> np.ndarray:
    """The smallest values of `dtype` that are larger: `score > threshold` decides as `score >=` them does."""
    rounded = round_up(score_thresholds, dtype)
    is_exact = rounded == np.asarray(score_thresholds, dtype=np.float64)
    return np.where(is_exact, np.nextafter(rounded, np.asarray(np.inf, dtype)), rounded)


def converted(score_thresholds, kind: str, to_kind: str, dtype) -> np.ndarray:
    """Score thresholds of one kind of scores for another kind and `dtype`; never and always stay so."""
    exact = np.asarray(score_thresholds, dtype=np.float64)
    if kind == to_kind:
        return round_up(exact, dtype)
    if to_kind == "probabilities":
        return round_up(np.where(np.isinf(exact), exact, sigmoid(exact)), dtype)
    beyond = np.where(exact > 1, np.inf, -np.inf)
    inside = (exact >= 0) & (exact <= 1)
    return round_up(np.where(inside, logit(np.where(inside, exact, 0.5)), beyond), dtype)


def to_unit_threshold(score_thresholds, score_kind: str) -> np.ndarray:
    """Score thresholds as float64 on the 0-1 scale, for display; +inf (never predicted) is NaN."""
    score_thresholds = np.asarray(score_thresholds)
    unit = sigmoid(score_thresholds) if score_kind == "logits" else score_thresholds.astype(np.float64)
    return np.where(np.isposinf(score_thresholds), np.nan, unit)


def threshold_between(dropped, kept):
    """A threshold that keeps `kept` and drops `dropped` (the next lower score), in their dtype.

    The midpoint if it is finite and strictly between the two, else `kept` itself: the midpoint of adjacent floats
    rounds onto one of them, and onto the lower one it would admit a whole tie group more.
    """
    dropped, kept = np.asarray(dropped), np.asarray(kept)
    with np.errstate(invalid="ignore", over="ignore"):
        middle = dropped / 2 + kept / 2
    usable = np.isfinite(middle) & (dropped < middle) & (middle < kept)
    return np.where(usable, middle, kept).astype(kept.dtype)


def unit_threshold_between(dropped, kept, score_kind: str) -> float | None:
    """A float64 t on the 0-1 scale whose score threshold keeps `kept` and drops `dropped`, or None if there is none.

    Large logits are so crowded near 1 that no float64 separates them; then only a score threshold can.
    """
    dtype = np.asarray(kept).dtype
    start = float(np.nan_to_num(to_unit_threshold(threshold_between(dropped, kept), score_kind), nan=1.0))
    for t in (start, np.nextafter(start, 0.0), float(to_unit_threshold(kept, score_kind)), np.nextafter(start, 1.0)):
        if np.isfinite(t) and dropped < to_score_threshold(t, score_kind, dtype) <= kept:
            return float(t)
    return None
