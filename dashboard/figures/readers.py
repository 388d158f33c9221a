"""The tidy table of readers: where the decisions of a person lie in every chart. Draws nothing."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from dashboard.core import metrics
from dashboard.core.counts import Counts

READER_COLUMNS = ("reader", "class", "precision", "recall", "false positive rate", "tp", "fp", "fn", "tn")


def reader_table(readers: Mapping[str, Counts], class_names: Sequence[str]) -> pd.DataFrame:
    """One row per reader and class; `readers` maps a name to one row of counts. Undefined rates are NaN."""
    parts = [_rows(name, counts, class_names) for name, counts in readers.items()]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(READER_COLUMNS))


def _rows(name, c, class_names) -> pd.DataFrame:
    rates = {
        "precision": metrics.precision(c, zero_division=np.nan)[0],
        "recall": metrics.recall(c, zero_division=np.nan)[0],
        "false positive rate": 1.0 - metrics.specificity(c, zero_division=np.nan)[0],
    }
    counts = {"tp": c.tp[0], "fp": c.fp[0], "fn": c.fn[0], "tn": c.tn[0]}
    return pd.DataFrame({"reader": name, "class": list(class_names)} | rates | counts)
