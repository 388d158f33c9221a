"""The tidy table of readers: where the decisions of a person lie in every chart. Draws nothing."""

from collections.abc import Mapping, Sequence

import pandas as pd

from dashboard.core.counts import Counts
from dashboard.figures.rates import RATES, SHARES, rates_with_intervals

_COUNTS = ("tp", "fp", "fn", "tn")
_INTERVALS = tuple(f"{rate} {end}" for rate in SHARES for end in ("low", "high"))
READER_COLUMNS = ("reader", "class", *RATES, *_INTERVALS, *_COUNTS)


def reader_table(readers: Mapping[str, Counts], class_names: Sequence[str]) -> pd.DataFrame:
    """One row per reader and class; `readers` maps a name to one row of counts. Undefined rates are NaN.

    "recall low" and "recall high" and their like are the ends of exact binomial 95 % intervals.
    """
    parts = [_rows(name, counts, class_names) for name, counts in readers.items()]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(READER_COLUMNS))


def _rows(name, c, class_names) -> pd.DataFrame:
    counts = {count: getattr(c, count)[0] for count in _COUNTS}
    columns = {"reader": name, "class": list(class_names)} | rates_with_intervals(c) | counts
    return pd.DataFrame(columns)[list(READER_COLUMNS)]
