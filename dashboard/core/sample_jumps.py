"""Where a mean over samples changes as one threshold falls. Knows nothing of which metric is averaged."""

import numpy as np

from dashboard.core.row_counts import RowCounts


def jumps_of_rows(scores, labels, intervals, at_high: RowCounts, values) -> tuple[np.ndarray, np.ndarray]:
    """Scores at which a row's value changes inside the intervals, in no order, and by how much.

    scores, labels: rows with a known cell. intervals: (low, high), disjoint and ascending; jumps lie in [low, high).
    at_high: counts of the rows at each `high`. values: maps RowCounts to (2, n_rows, n_thresholds).
    Returns (n_jumps,) and (2, n_jumps).
    """
    low, high = intervals
    rows, columns = np.nonzero(labels >= 0)
    cells = scores[rows, columns]
    interval = np.searchsorted(high, cells, side="right")
    inside = (interval < len(high)) & (cells >= low[np.minimum(interval, len(high) - 1)])
    rows, columns, cells, interval = rows[inside], columns[inside], cells[inside], interval[inside]
    step_function = rows * len(high) + interval
    order = np.lexsort((-cells, step_function))
    rows, interval, cells, step_function = rows[order], interval[order], cells[order], step_function[order]
    first = np.append(True, step_function[1:] != step_function[:-1])[: len(order)]
    tp = at_high.tp[rows, interval] + _running(labels[rows, columns[order]] == 1, first)
    predicted = at_high.predicted[rows, interval] + _running(np.ones(len(order), dtype=np.int64), first)
    after = _values_of_cells(values, at_high, rows, tp, predicted)
    last_of_ties = np.append((cells[1:] != cells[:-1]) | first[1:], True)[: len(order)]
    after, starts = after[:, last_of_ties], first_of_each(first, last_of_ties)
    base = _values_of_cells(values, at_high, rows, at_high.tp[rows, interval], at_high.predicted[rows, interval])
    before = np.where(starts, base[:, last_of_ties], np.roll(after, 1, axis=1))
    return cells[last_of_ties], after - before


def first_of_each(first, kept):
    """Of the kept positions, which are the first kept ones since a position marked `first`."""
    group = np.cumsum(first)[kept]
    return np.append(True, group[1:] != group[:-1])[: len(group)]


def _running(values, first):
    """Cumulative sums that begin anew wherever `first` is set."""
    total = np.cumsum(values)
    before = np.where(first, total - values, 0)
    return total - np.maximum.accumulate(before)


def _values_of_cells(values, at_high, rows, tp, predicted):
    counts = RowCounts(tp[:, None], predicted[:, None], at_high.support[rows], at_high.n_known[rows])
    return values(counts)[:, :, 0]
