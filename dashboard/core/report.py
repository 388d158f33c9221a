"""The classification report: precision, recall, F1 and support per class and averaged, as rows and as text.

Equal to scikit-learn's `classification_report` where every cell is known. Knows nothing of scores or screens.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dashboard.core import metrics
from dashboard.core.counts import Counts

AVERAGES = ("micro", "macro", "weighted")
METRICS = (metrics.precision, metrics.recall, metrics.f_beta)


@dataclass(frozen=True)
class ReportRow:
    """One line: the metrics in [0, 1] (None where the line has none) and the known positives behind them."""

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    support: int


@dataclass(frozen=True, eq=False)
class ReportColumns:
    """The lines of the classes as columns, (n_classes,) each: thousands of classes cost no more than their arrays."""

    names: tuple[str, ...]
    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    support: np.ndarray

    def rows(self) -> tuple[ReportRow, ...]:
        numbers = (column.tolist() for column in (self.precision, self.recall, self.f1, self.support))
        return tuple(ReportRow(str(name), *row) for name, *row in zip(self.names, *numbers, strict=True))


@dataclass(frozen=True, eq=False)
class ClassificationReport:
    """The classes, then `averages`, in scikit-learn's order."""

    columns: ReportColumns
    averages: tuple[ReportRow, ...]

    @cached_property
    def classes(self) -> tuple[ReportRow, ...]:
        return self.columns.rows()

    @property
    def rows(self) -> tuple[ReportRow, ...]:
        return self.classes + self.averages

    def to_text(self, digits: int = 2) -> str:
        """The text scikit-learn prints."""
        width = max([len(row.name) for row in self.classes] + [len("weighted avg"), digits])
        head = f"{'':>{width}s} " + "".join(f" {title:>9}" for title in ("precision", "recall", "f1-score", "support"))
        lines = [_line(row, width, digits) for row in self.classes]
        return "\n".join([head, "", *lines, "", *(_line(row, width, digits) for row in self.averages)]) + "\n"


def classification_report(c: Counts, class_names, *, samples=None, zero_division: float = 0.0) -> ClassificationReport:
    """The report of one row of counts (n_thresholds = 1).

    samples: the SampleMetrics at the same thresholds; None leaves the line "samples avg" out.
    """
    averages = [_averaged(c, average, zero_division) for average in AVERAGES]
    if samples is not None:
        values = (float(samples.precision[0]), float(samples.recall[0]), float(samples.f1[0]))
        averages.append(ReportRow("samples avg", *values, averages[0].support))
    return ClassificationReport(_per_class(c, class_names, zero_division), tuple(averages))


def flattened_report(c: Counts, *, zero_division: float = 0.0) -> ClassificationReport:
    """The report over all known cells of all classes as one binary problem: each cell counts once.

    Equals scikit-learn's report of the flattened labels and decisions with labels=[0, 1].
    """
    pooled = c.pooled()
    as_negative = Counts(pooled.tn, pooled.fn, pooled.fp, pooled.tp)
    both = Counts(*(np.hstack(pair) for pair in zip(_arrays(as_negative), _arrays(pooled), strict=True)))
    classes = _per_class(both, ("negative cells", "positive cells"), zero_division)
    total = int(classes.support.sum())
    right = int(pooled.tp[0, 0] + pooled.tn[0, 0])
    accuracy = ReportRow("accuracy", None, None, right / total if total else float("nan"), total)
    averages = [_averaged(both, average, zero_division) for average in ("macro", "weighted")]
    return ClassificationReport(classes, (accuracy, *averages))


def _per_class(c: Counts, names, zero_division) -> ReportColumns:
    return ReportColumns(names, *(metric(c, zero_division=zero_division)[0] for metric in METRICS), c.support[0])


def _averaged(c: Counts, average: str, zero_division) -> ReportRow:
    values = [float(metric(c, average=average, zero_division=zero_division)[0]) for metric in METRICS]
    return ReportRow(f"{average} avg", *values, int(c.support[0].sum()))


def _arrays(c: Counts):
    return c.tp, c.fp, c.fn, c.tn


def _line(row: ReportRow, width: int, digits: int) -> str:
    values = (row.precision, row.recall, row.f1)
    cells = "".join(f" {'' if value is None else format(value, f'.{digits}f'):>9}" for value in values)
    return f"{row.name:>{width}s} {cells} {row.support:>9}"
