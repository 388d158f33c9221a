"""Exact counts of given decisions in each group of samples: one pass over the cells, no copy of them.

Knows nothing of what the groups are called or why samples are grouped.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.predictions import Predictions
from dashboard.core.threads import available_cores, run_each
from dashboard.core.thresholds import ThresholdSet

CELLS_PER_BLOCK = 1 << 19  # the flags of a block stay near the processor's cache
CLASSES_PER_BLOCK = 512  # so that a block has rows enough to hold several of each group
MOST_IN_A_BYTE = 255
SMALL = 1_000_000  # cells; below that threads cost more than they save
TP, PREDICTED, POSITIVE, KNOWN = range(4)


def group_counts(p: Predictions, thresholds: ThresholdSet, groups, n_groups: int) -> Counts:
    """Counts at a ThresholdSet, each (n_groups, n_classes): a row per group, so metrics apply as to thresholds.

    groups: (n_samples,) the group of each sample, from 0 to n_groups - 1. The rows add up to the counts of all samples.
    """
    thresholds.check_applies_to(p)

    def flag(rows, classes, flags):
        labels = p.labels[rows, classes]
        np.equal(labels, 1, out=flags[:, POSITIVE])
        np.greater_equal(labels, 0, out=flags[:, KNOWN])
        np.greater_equal(p.scores[rows, classes], thresholds.score_thresholds[classes], out=flags[:, PREDICTED])

    return _counted(p, flag, groups, n_groups)


def reader_group_counts(p: Predictions, decided, groups, n_groups: int) -> Counts:
    """The same of a reader's decisions, int8 (n_samples, n_classes); what was not decided (-1) is left out."""
    decided = np.asarray(decided)

    def flag(rows, classes, flags):
        labels, by_reader = p.labels[rows, classes], decided[rows, classes]
        judged = by_reader >= 0
        np.logical_and(labels == 1, judged, out=flags[:, POSITIVE])
        np.logical_and(labels >= 0, judged, out=flags[:, KNOWN])
        np.equal(by_reader, 1, out=flags[:, PREDICTED])

    return _counted(p, flag, groups, n_groups)


def _counted(p, flag: Callable, groups, n_groups) -> Counts:
    groups = _checked(groups, p.n_samples, n_groups)
    n_threads = available_cores() if p.labels.size > SMALL else 1
    n_blocks = max(1, -(-p.n_classes // CLASSES_PER_BLOCK))
    blocks = _parts(p.n_classes, n_blocks)
    rows = _parts(p.n_samples, -(-4 * n_threads // n_blocks))
    pieces = [(part, classes) for classes in blocks for part in rows]
    found = run_each(lambda piece: _count_piece(*piece, flag, groups, n_groups), pieces, n_threads)
    sums = [sum(found[start : start + len(rows)]) for start in range(0, len(found), len(rows))]
    tp, predicted, positive, known = np.moveaxis(np.concatenate(sums, axis=2), 1, 0)
    fp = predicted - tp
    return Counts(tp, fp, positive - tp, known - positive - fp)


def _parts(n, n_parts) -> list[slice]:
    return [slice(start, stop) for start, stop in pairwise(n * part // n_parts for part in range(n_parts + 1))]


def _checked(groups, n_samples, n_groups):
    groups = np.asarray(groups)
    if groups.shape != (n_samples,) or groups.dtype.kind not in "iu":
        raise ValueError(f"groups must be whole numbers of shape ({n_samples},), got {groups.dtype} {groups.shape}")
    if n_samples and not 0 <= groups.min() <= groups.max() < n_groups:
        raise ValueError(f"groups must lie from 0 to {n_groups - 1}, got {groups.min()} to {groups.max()}")
    return groups


def _count_piece(rows, classes, flag, groups, n_groups) -> np.ndarray:
    """(n_groups, 4, n_classes) int64: TP, PREDICTED, POSITIVE and KNOWN cells of some samples and classes."""
    n_classes = classes.stop - classes.start
    width = -(-n_classes // 8) * 8  # whole words of eight flags
    step = max(1, CELLS_PER_BLOCK // max(1, width))
    total = np.zeros((n_groups, 4, width), dtype=np.int64)
    flags = np.zeros((step, 4, width), dtype=bool)
    for start in range(rows.start, rows.stop, step):
        block = slice(start, min(start + step, rows.stop))
        used = flags[: block.stop - block.start]
        flag(block, classes, used[:, :, :n_classes])
        used[:, PREDICTED] &= used[:, KNOWN]
        np.logical_and(used[:, PREDICTED], used[:, POSITIVE], out=used[:, TP])
        _add_block(total, used, groups[block])
    return total[:, :, :n_classes]


def _add_block(total, flags, groups) -> None:
    """Add the flags of each group's rows: eight flags at once as the bytes of a word, at most 255 rows at a time."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    sizes = np.diff(first, append=len(order))
    n_pieces = -(-sizes // MOST_IN_A_BYTE)
    first_piece = np.cumsum(n_pieces) - n_pieces
    within_group = np.arange(n_pieces.sum()) - np.repeat(first_piece, n_pieces)
    words = flags.reshape(len(flags), -1).view(np.uint64)[order]
    pieces = np.add.reduceat(words, np.repeat(first, n_pieces) + MOST_IN_A_BYTE * within_group, axis=0)
    sums = np.add.reduceat(pieces.view(np.uint8), first_piece, axis=0, dtype=np.int64)
    total[ordered[first]] += sums.reshape(-1, *total.shape[1:])
