"""The figures a meeting asks for first, of one set of decisions. Knows nothing of scores, pages or rounding."""

from dataclasses import dataclass

import numpy as np

from dashboard.core import metrics
from dashboard.core.counts import Counts


@dataclass(frozen=True)
class Headline:
    """Figures of one row of counts; those that need whole rows are None where the rows were not passed over.

    All in [0, 1] except n_never_predicted (classes), n_predicted_empty (samples) and cardinalities (classes per sample).
    """

    micro_f1: float
    macro_f1: float
    weighted_f1: float
    micro_precision: float
    micro_recall: float
    per_cell_accuracy: float
    n_never_predicted: int
    samples_f1: float | None = None
    exact_match: float | None = None
    predicted_cardinality: float | None = None
    n_predicted_empty: int | None = None


def headline(c: Counts, *, samples=None, zero_division: float = 0.0) -> Headline:
    """The headline of one row of counts (n_thresholds = 1) and, optionally, its SampleMetrics."""

    def value(metric, average):
        return float(metric(c, average=average, zero_division=zero_division)[0])

    return Headline(
        micro_f1=value(metrics.f_beta, "micro"),
        macro_f1=value(metrics.f_beta, "macro"),
        weighted_f1=value(metrics.f_beta, "weighted"),
        micro_precision=value(metrics.precision, "micro"),
        micro_recall=value(metrics.recall, "micro"),
        per_cell_accuracy=1.0 - float(metrics.hamming_loss(c, average="micro")[0]),
        n_never_predicted=int(np.sum((c.tp + c.fp)[0] == 0)),
        **({} if samples is None else _of_rows(samples)),
    )


def _of_rows(samples) -> dict:
    return {
        "samples_f1": float(samples.f1[0]),
        "exact_match": float(samples.subset_accuracy[0]),
        "predicted_cardinality": float(samples.predicted_cardinality[0]),
        "n_predicted_empty": int(samples.n_predicted_empty[0]),
    }
