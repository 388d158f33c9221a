"""Thresholds of classes with few positives: drawn towards the pooled one, or not tuned at all.

Knows nothing of how either was found.
"""

import numpy as np

from dashboard.core.policies.chosen import set_at_thresholds
from dashboard.core.policies.policy import SHRUNKEN, TOO_FEW
from dashboard.core.ranking import RankedScores
from dashboard.core.scale import logit, round_up, sigmoid
from dashboard.core.thresholds import ThresholdSet


def shrunken(ts: ThresholdSet, pooled: ThresholdSet, support, strength: float) -> np.ndarray:
    """Score thresholds between those of `ts` and the pooled ones: the mean on the logit scale, (n_classes,) float64.

    A class's own threshold weighs support / (support + strength): half at `strength` positives, all with strength 0.
    Where either is infinite there is no mean: then the heavier one stands, of equal ones its own.
    """
    weight = own_weight(support, strength)
    own, other = (t.score_thresholds.astype(np.float64) for t in (ts, pooled))
    logits = _logits(own, ts), _logits(other, ts)
    finite = np.isfinite(logits).all(axis=0)
    mean = weight * np.where(finite, logits[0], 0.0) + (1 - weight) * np.where(finite, logits[1], 0.0)
    between = np.where(finite, _back(mean, ts), np.where(weight >= 0.5, own, other))
    return np.where(weight == 1, own, np.where(weight == 0, other, between))


def own_weight(support, strength: float) -> np.ndarray:
    """support / (support + strength), 1 where both are 0."""
    support = np.asarray(support, dtype=np.float64)
    return np.divide(support, support + strength, out=np.ones(len(support)), where=support + strength > 0)


def steadied(r: RankedScores, ts: ThresholdSet, pooled, min_positives: int, shrink: float) -> ThresholdSet:
    """`ts` with classes of few positives shrunken or, below `min_positives`, at the pooled threshold; both told.

    pooled: a function that gives the pooled set; not called where neither is asked for. `value` and `reached` are left
    to the caller: they are those of the thresholds before.
    """
    if not min_positives and not shrink:
        return ts
    own, support, pooled = ts.score_thresholds, r.predictions.support, pooled()
    too_few = support < min_positives
    between = round_up(shrunken(ts, pooled, support, shrink), own.dtype)
    values = np.where(too_few, pooled.score_thresholds, between)
    states = np.where(too_few, TOO_FEW, np.where(values != own, SHRUNKEN, ts.details["states"]))
    weight = np.where(too_few, 0.0, own_weight(support, shrink))
    told = {"own": own, "pooled": pooled.score_thresholds, "weight": weight}
    return set_at_thresholds(r, values, **(ts.details | {"states": tuple(states.tolist()), "shrinkage": told}))


def _logits(scores, ts):
    with np.errstate(invalid="ignore"):
        return logit(scores.clip(0, 1)) if ts.score_kind == "probabilities" else scores


def _back(logits, ts):
    return sigmoid(logits) if ts.score_kind == "probabilities" else logits
