"""Counts of the pairs of classes that are confused beyond chance, without a table of all pairs of classes.

One class missed at a time: the samples in which it is missed are few, and hold all its pairs. Which cells are false
alarms, and which are known, is kept as one bit each. Knows nothing of screens.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core.predictions import UNKNOWN, Predictions
from dashboard.core.ranking import SMALL
from dashboard.core.threads import available_cores, run_each
from dashboard.core.thresholds import ThresholdSet

_BYTE_LIMIT = 255  # rows whose bits are added up in a byte
_CELLS = 1 << 22  # of a block of samples, and of the bits compared together


@dataclass(frozen=True, eq=False)
class _Cells:
    """What a cell is, by sample and, `by_class`, by class; eight classes or samples to a byte.

    known and both by_class are None where every cell is known.
    """

    rows_missing: list[np.ndarray]  # per class the samples in which it is missed
    alarms: np.ndarray  # (n_samples, n_classes / 8)
    known: np.ndarray | None
    alarms_by_class: np.ndarray | None  # (n_classes, n_samples / 8)
    known_by_class: np.ndarray | None
    n_alarms: np.ndarray
    n_known: np.ndarray


def pairs_beyond_chance(p: Predictions, thresholds: ThresholdSet, most: int) -> tuple[np.ndarray, ...]:
    """(missed, said, n_both, n_missed, n_said, n_known) of the `most` pairs with the largest excess.

    Above 0; each number is counted where the labels of both classes are known. Of equal ones those first in the order
    of the classes.
    """
    cells = _cells_of(p, thresholds)
    order = np.argsort([-len(rows) for rows in cells.rows_missing], kind="stable").tolist()
    order = [c for c in order if len(cells.rows_missing[c])]
    n_threads = available_cores() if p.scores.size > SMALL else 1
    step, best = 32 * n_threads, np.empty((6, 0), dtype=np.int64)
    for start in range(0, len(order), step):
        least = excess(*best[2:, -1]) if best.shape[1] == most else np.nextafter(0.0, 1.0)
        parts = run_each(lambda c, least=least: _of_class(cells, p, c, least), order[start : start + step], n_threads)
        best = _first(np.concatenate([best, *parts], axis=1), most)
    return tuple(best)


def _of_class(cells, p, c, least) -> np.ndarray:
    """The pairs of missed class `c` with an excess of `least` or more: (6, n_pairs)."""
    rows = cells.rows_missing[c]
    n_both = _column_sums(cells.alarms, rows, p.n_classes)
    if cells.known is None:
        said = np.flatnonzero(n_both)
        n_missed, n_known = np.full(len(said), len(rows)), np.full(len(said), p.n_samples)
        return _above(
            np.stack([np.full(len(said), c), said, n_both[said], n_missed, cells.n_alarms[said], n_known]), least
        )
    n_missed = _column_sums(cells.known, rows, p.n_classes)
    # each unknown cell of `c` takes away at most one false alarm: a bound of what is expected, from below
    n_said = np.maximum(cells.n_alarms - (p.n_samples - cells.n_known[c]), n_both)
    bound = excess(n_both, n_missed, n_said, np.maximum(np.minimum(cells.n_known, cells.n_known[c]), 1))
    said = np.flatnonzero((n_both > 0) & (bound >= least))
    n_said, n_known = _with_known(cells, c, said)
    return _above(np.stack([np.full(len(said), c), said, n_both[said], n_missed[said], n_said, n_known]), least)


def _with_known(cells, c, said) -> tuple[np.ndarray, np.ndarray]:
    """False alarms and known cells of other classes where class `c` is known."""
    of_c, counts = cells.known_by_class[c], np.empty((2, len(said)), dtype=np.int64)
    step = max(1, _CELLS // max(1, len(of_c)))
    for start in range(0, len(said), step):
        part = slice(start, start + step)
        for place, bits in enumerate((cells.alarms_by_class, cells.known_by_class)):
            counts[place, part] = np.bitwise_count(bits[said[part]] & of_c).sum(axis=1, dtype=np.int64)
    return counts[0], counts[1]


def _column_sums(bits, rows, n_classes) -> np.ndarray:
    """How many of some rows have each bit set: (n_classes,) int64."""
    total = np.zeros(n_classes, dtype=np.int64)
    for start in range(0, len(rows), _BYTE_LIMIT):
        unpacked = np.unpackbits(bits[rows[start : start + _BYTE_LIMIT]], axis=1, count=n_classes)
        total += np.add.reduce(unpacked, axis=0, dtype=np.uint8)  # in bytes: many times faster, and at most 255
    return total


def _cells_of(p, thresholds) -> _Cells:
    complete = bool((p.n_known == p.n_samples).all())
    step = max(8, _CELLS // max(1, p.n_classes) // 8 * 8)  # whole bytes of samples
    found = [_cells_of_block(p, thresholds, slice(i, i + step), complete) for i in range(0, max(1, p.n_samples), step)]
    misses, alarms, known, alarms_by_class, known_by_class = zip(*found, strict=True)
    classes, rows = (np.concatenate(each) for each in zip(*misses, strict=True))
    order = np.argsort(classes, kind="stable")
    ends = np.searchsorted(classes[order], np.arange(1, p.n_classes))
    joined = {"known": None, "alarms_by_class": None, "known_by_class": None}
    if not complete:
        joined = {"known": np.concatenate(known)}
        joined |= {"alarms_by_class": np.concatenate(alarms_by_class, axis=1)}
        joined |= {"known_by_class": np.concatenate(known_by_class, axis=1)}
    alarms = np.concatenate(alarms)
    n_alarms = _column_sums(alarms, np.arange(p.n_samples), p.n_classes)
    return _Cells(np.split(rows[order], ends), alarms, n_alarms=n_alarms, n_known=p.n_known, **joined)


def _cells_of_block(p, thresholds, block, complete):
    labels, predicted = p.labels[block], p.scores[block] >= thresholds.score_thresholds
    alarm = (labels == 0) & predicted
    rows, classes = np.nonzero((labels == 1) & ~predicted)
    misses, alarms = (classes, rows + block.start), np.packbits(alarm, axis=1)
    if complete:
        return misses, alarms, None, None, None
    known = labels != UNKNOWN
    by_class = (np.packbits(np.ascontiguousarray(each.T), axis=1) for each in (alarm, known))
    return misses, alarms, np.packbits(known, axis=1), *by_class


def excess(n_both, n_missed, n_said, n_known) -> np.ndarray:
    """Samples beyond what independence would give: n_both - n_missed * n_said / n_known.

    One rounding only, of a quotient of whole numbers: equal ones are equal, and a larger one is never below a smaller.
    """
    return (n_both * n_known - n_missed * n_said) / n_known


def _above(pairs, least) -> np.ndarray:
    return pairs[:, excess(*pairs[2:]) >= least]


def _first(pairs, most) -> np.ndarray:
    """The `most` pairs with the largest excess, the largest first; equal ones in the order of the classes."""
    order = np.lexsort((pairs[1], pairs[0], -excess(*pairs[2:])))
    return pairs[:, order[:most]]
