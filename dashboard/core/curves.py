"""Cuts, curves and areas of one class from its sorted positives and sorted negatives.

A cut is a set of decisions that some threshold can make, so tied scores are never split. Knows nothing of classes,
averages or the 0-1 scale.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Cuts:
    """Counts of `score >= scores[i]` at distinct scores in descending order; tp and fp are int64."""

    scores: np.ndarray
    tp: np.ndarray
    fp: np.ndarray


def false_positives_at(positives, negatives) -> np.ndarray:
    """How many negatives score at least as much as each positive; both ascending, int32 where it fits."""
    dtype = np.int32 if len(negatives) < 2**31 else np.int64
    return (len(negatives) - np.searchsorted(negatives, positives)).astype(dtype)


def positive_cuts(positives, false_positives) -> Cuts:
    """The cuts at the distinct scores of the positives: any other cut has the tp of one of them and more fp."""
    firsts = np.flatnonzero(_is_first(positives))[::-1]
    return Cuts(positives[firsts], len(positives) - firsts, false_positives[firsts].astype(np.int64))


def all_cuts(positives, negatives) -> Cuts:
    """The cuts at the distinct scores of positives and negatives together."""
    known = np.sort(np.concatenate([negatives, positives]), kind="stable")  # merges the two runs in one pass
    firsts = np.flatnonzero(_is_first(known))[::-1]
    scores = known[firsts]
    tp = len(positives) - np.searchsorted(positives, scores)
    return Cuts(scores, tp, len(known) - firsts - tp)


def average_precision(cuts: Cuts) -> float:
    """The sum of precision times the step in recall over the cuts; NaN without positives.

    `sklearn.metrics.average_precision_score`, except that scikit-learn calls the undefined case 0.
    """
    if not len(cuts.tp):
        return np.nan
    precision = cuts.tp / (cuts.tp + cuts.fp)
    return float((np.diff(cuts.tp, prepend=0) * precision).sum() / cuts.tp[-1])


def roc_auc(positives, negatives) -> float:
    """The share of (positive, negative) pairs in which the positive scores higher, ties half; NaN without pairs."""
    n_pairs = len(positives) * len(negatives)
    if not n_pairs:
        return np.nan
    below = np.searchsorted(negatives, positives, side="left").sum()
    not_above = np.searchsorted(negatives, positives, side="right").sum()
    return (int(below) + int(not_above)) / (2 * n_pairs)


def precision_recall(cuts: Cuts, n_positives: int) -> tuple[np.ndarray, np.ndarray]:
    """Precision and recall at ascending scores, then the point (1, 0) that belongs to no threshold."""
    precision = np.append((cuts.tp / (cuts.tp + cuts.fp))[::-1], 1.0)
    recall = np.append(_share(cuts.tp, n_positives)[::-1], 0.0)
    return precision, recall


def roc(cuts: Cuts, n_positives: int, n_negatives: int) -> tuple[np.ndarray, np.ndarray]:
    """False and true positive rates at descending scores, after a first point where nothing is predicted."""
    fp, tp = (np.concatenate([[0], count]) for count in (cuts.fp, cuts.tp))
    return _share(fp, n_negatives), _share(tp, n_positives)


def _share(counts, total):
    return counts / total if total else np.full(len(counts), np.nan)


def _is_first(ascending):
    """Whether each value differs from the one before it."""
    first = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    return first
