"""The samples of each group of a column. Knows nothing of how such a column was read or is shown."""

import numpy as np

from dashboard.core.predictions import Predictions


def group_rows(p: Predictions, column: str) -> dict[str, np.ndarray]:
    """For each value of the column, as text, its samples in ascending order; raises ValueError without such a column.

    "" is no column: no group.
    """
    if not column:
        return {}
    if column not in p.columns:
        raise ValueError(f"the predictions must have the column {column!r}, got {', '.join(p.columns) or 'none'}")
    names, codes = np.unique(p.columns[column].astype(str), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(names)))
    return dict(zip(names.tolist(), np.split(order, ends)[: len(names)], strict=True))  # nothing lies after the last
