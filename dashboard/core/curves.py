"""Cuts, curves and areas of one class from its sorted known scores and sorted positives.

A cut is a set of decisions that some threshold can make, so tied scores are never split. Knows nothing of classes,
averages or the 0-1 scale.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

BLOCK = 4096


@dataclass(frozen=True, eq=False)
class Cuts:
    """Counts of `score >= scores[i]` at distinct scores in descending order; tp and fp are int64."""

    scores: np.ndarray
    tp: np.ndarray
    fp: np.ndarray


def predicted_at(positives, known) -> np.ndarray:
    """How many known scores are at least as high as each positive; both arrays ascending; int32 where it fits.

    Searches block by block: for many positives a window that fits a small cache takes about a fifth less time.
    """
    edges = [*np.searchsorted(known, positives[::BLOCK]).tolist(), len(known)]
    counts = np.empty(len(positives), np.int32 if len(known) < 2**31 else np.int64)
    for i, (low, high) in enumerate(pairwise(edges)):
        block = slice(i * BLOCK, (i + 1) * BLOCK)
        counts[block] = len(known) - low - np.searchsorted(known[low:high], positives[block])
    return counts


def positive_cuts(positives, predicted) -> Cuts:
    """The cuts at the distinct scores of the positives: any other cut has the tp of one of them and more fp."""
    firsts = np.flatnonzero(_is_first(positives))[::-1]
    tp = len(positives) - firsts
    return Cuts(positives[firsts], tp, predicted[firsts] - tp)


def all_cuts(positives, known) -> Cuts:
    """The cuts at the distinct known scores."""
    firsts = np.flatnonzero(_is_first(known))[::-1]
    scores = known[firsts]
    tp = len(positives) - np.searchsorted(positives, scores)
    return Cuts(scores, tp, len(known) - firsts - tp)


def average_precision(positives, predicted) -> float:
    """The sum of precision times the step in recall: the mean over positives of the precision at their score.

    `sklearn.metrics.average_precision_score`, except that scikit-learn calls the case without positives 0, we NaN.
    """
    if not len(positives):
        return np.nan
    return float(((len(positives) - _first_of_tie(positives)) / predicted).mean())


def roc_auc(positives, known) -> float:
    """The share of (positive, negative) pairs in which the positive scores higher, ties half; NaN without pairs."""
    n_pairs = len(positives) * (len(known) - len(positives))
    if not n_pairs:
        return np.nan
    ranks = (int(np.searchsorted(known, positives, side=side).sum()) for side in ("left", "right"))
    among_positives = len(positives) ** 2  # the same two sums over positives alone, whatever their ties
    return (sum(ranks) - among_positives) / (2 * n_pairs)


def precision_recall(cuts: Cuts, n_positives: int) -> tuple[np.ndarray, np.ndarray]:
    """Precision and recall at ascending scores, then the point (1, 0) that belongs to no threshold."""
    precision = np.append((cuts.tp / (cuts.tp + cuts.fp))[::-1], 1.0)
    recall = np.append(_share(cuts.tp, n_positives)[::-1], 0.0)
    return precision, recall


def roc(cuts: Cuts, n_positives: int, n_negatives: int) -> tuple[np.ndarray, np.ndarray]:
    """False and true positive rates at descending scores, after a first point where nothing is predicted."""
    fp, tp = (np.concatenate([[0], count]) for count in (cuts.fp, cuts.tp))
    return _share(fp, n_negatives), _share(tp, n_positives)


def without(known, positives, predicted) -> np.ndarray:
    """The known scores less the positives: those of the negatives, ascending."""
    within_tie = np.arange(len(positives)) - _first_of_tie(positives)
    return np.delete(known, len(known) - predicted + within_tie)


def _share(counts, total):
    return counts / total if total else np.full(len(counts), np.nan)


def _is_first(ascending):
    """Whether each value differs from the one before it."""
    first = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    return first


def _first_of_tie(ascending):
    """For each value the index of the first one equal to it."""
    return np.maximum.accumulate(np.where(_is_first(ascending), np.arange(len(ascending)), 0))
