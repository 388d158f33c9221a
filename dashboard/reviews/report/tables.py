"""Tables of a report: columns with what they hold, and each cell as people read it. Rounds for the eye only.

Knows nothing of HTML, of files, and of where the numbers come from.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

TEXT, COUNT, RATE, SHARE, THRESHOLD, CHANGE = "text", "count", "rate", "share", "threshold", "change"
KINDS = (TEXT, COUNT, RATE, SHARE, THRESHOLD, CHANGE)
_FORMS = {COUNT: ",.0f", RATE: ".3f", SHARE: ".3g", THRESHOLD: ".4g", CHANGE: "+.3f"}
NOTHING, UNDEFINED, NEVER = "–", "undefined", "never"


class Estimate(NamedTuple):
    """A value with its 95 % interval; NaN ends where there is none."""

    value: float
    low: float = math.nan
    high: float = math.nan

    @property
    def has_interval(self) -> bool:
        return not (math.isnan(self.low) or math.isnan(self.high))


@dataclass(frozen=True, eq=False)
class Column:
    """values: one per row, of any sequence or array; None where there is nothing to say. kind: one of KINDS.

    Whole numbers are counts whatever the kind; an `Estimate` may stand wherever a number may.
    """

    title: str
    values: Sequence
    kind: str = TEXT

    def plain_values(self) -> list:
        """Python's own numbers and text, unrounded."""
        return self.values.tolist() if isinstance(self.values, np.ndarray) else list(self.values)

    def texts(self) -> list[str]:
        """Each cell as people read it."""
        return [cell_text(value, self.kind) for value in self.plain_values()]


@dataclass(frozen=True, eq=False)
class Table:
    """name: for files and addresses, lower case words with underscores. notes: sentences under it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        return len(self.columns[0].values) if self.columns else 0

    def rows(self) -> list[tuple[str, ...]]:
        """The cells as people read them, row by row."""
        return list(zip(*(column.texts() for column in self.columns), strict=True))


def cell_text(value, kind: str) -> str:
    """0.731, 1,500, 0.1733, +0.040, 0.731 [0.702, 0.760]; a word where there is no number."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    if isinstance(value, Estimate):
        return _estimate_text(value, kind)
    if isinstance(value, int):
        return f"{value:+,d}" if kind == CHANGE else f"{value:,d}"
    if math.isnan(value):
        return NEVER if kind == THRESHOLD else UNDEFINED
    return format(value, _FORMS.get(kind, _FORMS[RATE]))


def _estimate_text(estimate: Estimate, kind: str) -> str:
    shown = cell_text(estimate.value, kind)
    if not estimate.has_interval:
        return shown
    return f"{shown} [{cell_text(estimate.low, kind)}, {cell_text(estimate.high, kind)}]"
