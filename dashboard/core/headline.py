"""The figures a meeting asks for first, of one set of decisions. Knows nothing of scores, pages or rounding."""

from dataclasses import dataclass, replace

import numpy as np

from dashboard.core import metrics
from dashboard.core.counts import Counts
from dashboard.core.exact_match import ExactMatch
from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.sample_metrics import SampleMetrics, sample_metrics, sample_metrics_from_predicted
from dashboard.core.thresholds import ThresholdSet


@dataclass(frozen=True)
class Headline:
    """Figures of one row of counts; those that need whole rows are None where the rows were not passed over.

    In [0, 1], but for the counts n_never_predicted (classes) and n_predicted_empty (samples), and for
    predicted_cardinality (classes per sample).
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


def headline(c: Counts, *, samples=None) -> Headline:
    """The headline of one row of counts (n_thresholds = 1) and, optionally, its SampleMetrics. 0/0 counts as 0."""

    def value(metric, average):
        return float(metric(c, average=average)[0])

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


@dataclass(frozen=True, eq=False)
class Judged:
    """One set of decisions held against the labels: its counts, one row, and, if rows were passed over, its samples."""

    counts: Counts
    samples: SampleMetrics | None

    @classmethod
    def at(cls, r: RankedScores, thresholds, *, rowwise: bool) -> "Judged":
        """At a threshold on the 0-1 scale or a ThresholdSet; rowwise: pass over whole rows too."""
        return cls(r.counts(thresholds), sample_metrics(r.predictions, thresholds) if rowwise else None)

    @classmethod
    def of_reader(cls, p: Predictions, decided, *, rowwise: bool) -> "Judged":
        """Of a reader's 1, 0 and -1 (not decided); what was not decided is left out."""
        judged = p.without_cells(decided < 0)
        samples = sample_metrics_from_predicted(judged, decided == 1) if rowwise else None
        return cls(Counts.from_reader(p, decided), samples)


def headline_of(judged: Judged, thresholds, exact_match: ExactMatch | None = None) -> Headline:
    """The headline of what was judged at these thresholds.

    Without a pass over whole rows, `exact_match` still gives the exact match of a ThresholdSet that is the same for
    all classes.
    """
    figures = headline(judged.counts, samples=judged.samples)
    values = np.unique(getattr(thresholds, "score_thresholds", []))
    if figures.exact_match is None and exact_match is not None and len(values) == 1:
        return replace(figures, exact_match=float(exact_match.accuracy(values)[0]))
    return figures


def headline_at(r: RankedScores, thresholds, *, rowwise: bool, exact_match: ExactMatch | None = None) -> Headline:
    """The headline at a threshold on the 0-1 scale or a ThresholdSet; see `headline_of`."""
    return headline_of(Judged.at(r, thresholds, rowwise=rowwise), thresholds, exact_match)


def fixed_headlines(
    r: RankedScores, readers: dict[str, np.ndarray], *, rowwise: bool, exact_match: ExactMatch | None = None
) -> dict[str, Headline]:
    """Of decisions that nobody moves: at 0.5, nothing, everything, and each reader's (see `Judged.of_reader`)."""
    half = ThresholdSet.from_unit(r.predictions, 0.5)
    figures = {
        "0.5": headline_at(r, half, rowwise=rowwise, exact_match=exact_match),
        "predict nothing": _trivial(r, False, rowwise),
        "predict everything": _trivial(r, True, rowwise),
    }
    for name, decided in readers.items():
        judged = Judged.of_reader(r.predictions, decided, rowwise=rowwise)
        figures[f"reader: {name}"] = headline(judged.counts, samples=judged.samples)
    return figures


def _trivial(r, decision, rowwise) -> Headline:
    p = r.predictions
    nothing = np.zeros((1, p.n_classes), dtype=np.int64)
    positives, negatives = p.support[None, :], (p.n_known - p.support)[None, :]
    counts = (positives, negatives, nothing, nothing) if decision else (nothing, nothing, positives, negatives)
    everywhere = np.broadcast_to(np.bool_(decision), p.labels.shape)
    return headline(Counts(*counts), samples=sample_metrics_from_predicted(p, everywhere) if rowwise else None)


def _of_rows(samples) -> dict:
    return {
        "samples_f1": float(samples.f1[0]),
        "exact_match": float(samples.subset_accuracy[0]),
        "predicted_cardinality": float(samples.predicted_cardinality[0]),
        "n_predicted_empty": int(samples.n_predicted_empty[0]),
    }
