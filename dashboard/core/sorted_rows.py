"""Ascending rows of different lengths in one array, searched one value per row for all rows at once.

Knows nothing of scores or classes.
"""

import numpy as np


class SortedRows:
    """Row r is `values[starts[r] : starts[r] + lengths[r]]`, ascending; indexing gives it as a read-only view.

    values: one-dimensional, without NaN; it becomes read-only. starts, lengths: (n_rows,) int64.
    """

    def __init__(self, values, starts, lengths):
        self.values, self.starts, self.lengths = values, starts, lengths
        values.flags.writeable = False
        ends = (starts + lengths).tolist()
        self._views = [values[start:end] for start, end in zip(starts.tolist(), ends, strict=True)]

    def __len__(self) -> int:
        return len(self._views)

    def __getitem__(self, row: int) -> np.ndarray:
        return self._views[row]

    def n_at_least(self, bounds) -> np.ndarray:
        """How many values of each row are at least as large as its bound: (n_rows,) int64, bounds (n_rows,).

        A binary search in all rows in step: a loop over the rows would cost more than the searching once they are
        many and the bounds few.
        """
        low, high = self.starts.copy(), self.starts + self.lengths
        longest = int(self.lengths.max(initial=0))
        for _ in range(longest.bit_length()):
            middle = (low + high) >> 1
            searching = low < high
            below = searching & (self.values[np.where(searching, middle, 0)] < bounds)
            low = np.where(below, middle + 1, low)
            high = np.where(searching & ~below, middle, high)
        return self.starts + self.lengths - low

    def n_at_least_each(self, bounds) -> np.ndarray:
        """The same for several bounds of each row, a search per row: bounds and result are (n_bounds, n_rows)."""
        below = np.empty((len(self), len(bounds)), dtype=np.int64)  # a row is written in one piece
        for row, (values, wanted) in enumerate(zip(self._views, bounds.T, strict=True)):
            below[row] = values.searchsorted(wanted)
        return np.ascontiguousarray((self.lengths[:, None] - below).T)

    def highest_below(self, bounds) -> np.ndarray:
        """The highest value of each row below the bound, one or (n_rows,), -inf where there is none: (n_rows,)."""
        n_below = self.lengths - self.n_at_least(np.broadcast_to(bounds, len(self)))
        last = np.where(n_below > 0, self.starts + n_below - 1, 0)
        found = self.values[last] if len(self.values) else np.empty(len(self), self.values.dtype)
        return np.where(n_below > 0, found, -np.inf).astype(self.values.dtype)
