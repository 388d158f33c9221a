"""The samples behind the counts of one class: true and false positives and negatives, nearest to the threshold first.

Knows nothing of screens. Each list lies on one side of the threshold, so nearest first is the order of the scores; ties
keep the order of the samples. A page is selected, never sorted out of the whole. Unknown labels are in no list.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core.predictions import UNKNOWN, Predictions
from dashboard.core.scale import round_up

# outcome -> the label and whether the class is predicted
OUTCOMES = {"fp": (0, True), "fn": (1, False), "tp": (1, True), "tn": (0, False)}


@dataclass(frozen=True, eq=False)
class SampleList:
    """A page of a list: `rows`, int64 indices of samples in the list's order; `total`, the length of the whole list."""

    rows: np.ndarray
    total: int


@dataclass(frozen=True, eq=False)
class ClassFlips:
    """The samples that a class decides otherwise after its threshold moved; those nearest to where it is now first.

    now_predicted: the threshold fell, so positives were gained and false alarms added; else lost and removed.
    n_positives, n_negatives: how many of the whole list carry each label.
    """

    samples: SampleList
    now_predicted: bool
    n_positives: int
    n_negatives: int


def outcome_samples(
    p: Predictions, class_index: int, score_threshold, outcome: str, start: int = 0, n: int | None = None
) -> SampleList:
    """The samples of one of OUTCOMES at a score threshold: `n` of them (None: all) from place `start` on."""
    label, predicted = OUTCOMES[outcome]
    scores, labels = class_columns(p, class_index)
    threshold = round_up(score_threshold, scores.dtype)
    decided = scores >= threshold if predicted else scores < threshold
    members = np.flatnonzero((labels == label) & decided)
    return _page(members, scores, ascending=predicted, start=start, n=n)


def flipped_samples(
    p: Predictions, class_index: int, before, after, start: int = 0, n: int | None = None
) -> ClassFlips:
    """What flips when the score threshold of a class moves from `before` to `after`; pages as in `outcome_samples`."""
    scores, labels = class_columns(p, class_index)
    before, after = round_up(before, scores.dtype), round_up(after, scores.dtype)
    low, high = min(before, after), max(before, after)
    members = np.flatnonzero((labels != UNKNOWN) & (scores >= low) & (scores < high))
    now_predicted = bool(after < before)
    n_positives = int((labels[members] == 1).sum())
    samples = _page(members, scores, ascending=now_predicted, start=start, n=n)
    return ClassFlips(samples, now_predicted, n_positives, len(members) - n_positives)


def class_columns(p: Predictions, class_index: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores and labels of a class, contiguous: a column of an array with a row per sample is read once, not thrice."""
    return np.ascontiguousarray(p.scores[:, class_index]), np.ascontiguousarray(p.labels[:, class_index])


def page_of_smallest(keys: np.ndarray, start: int, n: int | None) -> np.ndarray:
    """Places `start` to `start + n` of the stable order of `keys` (no NaN), as indices, without sorting them all."""
    stop = len(keys) if n is None else min(start + n, len(keys))
    if start >= stop:
        return np.empty(0, dtype=np.int64)
    if stop - start == len(keys):
        return np.argsort(keys, kind="stable")
    low, high = np.partition(keys, [start, stop - 1])[[start, stop - 1]]
    near = np.flatnonzero((keys >= low) & (keys <= high))
    first = int((keys < low).sum())
    return near[np.argsort(keys[near], kind="stable")[start - first : stop - first]]


def _page(members, scores, *, ascending, start, n) -> SampleList:
    keys = scores[members] if ascending else -scores[members]
    return SampleList(members[page_of_smallest(keys, start, n)], len(members))
