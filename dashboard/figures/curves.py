"""The tidy tables behind the precision-recall and the ROC chart: the vertices to draw, and a summary per class.

Draws nothing. Counts, areas and best thresholds come from `dashboard.core`; here they are only put into rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.core.best_cuts import BestCuts
from dashboard.core.curves import Cuts
from dashboard.core.ranking import RankedScores
from dashboard.core.scale import sigmoid
from dashboard.figures.thinning import Thinned, thin

MAX_POINTS = 4_000
MAX_POINTS_PER_CLASS = 1_000
PRECISION_RECALL_COLUMNS = ("class", "threshold", "score", "recall", "precision", "tp", "fp", "fn")
ROC_COLUMNS = ("class", "threshold", "score", "false positive rate", "recall", "tp", "fp", "fn", "tn")
SUMMARY_COLUMNS = (
    "class", "score kind", "support", "prevalence", "average precision", "ROC AUC", "best F1", "threshold of best F1",
    "score of best F1", "recall of best F1", "precision of best F1", "false positive rate of best F1", "error",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ClassCuts:
    """One class cut at each of its distinct scores, `score >= cut`.

    scores: (n_cuts,) strictly descending, in their own kind and dtype; tp, fp: (n_cuts,) int64.
    best: the best F1 and its threshold on the scale of the scores. The three figures are NaN where undefined.
    """

    name: str
    score_kind: str
    cuts: Cuts
    positives: int
    negatives: int
    average_precision: float
    roc_auc: float
    best: tuple[float, float]

    @classmethod
    def from_ranked(cls, r: RankedScores, c: int, best: BestCuts) -> "ClassCuts":
        """Class `c` of ranked scores; `best` is `r.best_f_beta()`, passed because it is of all classes at once."""
        return cls(
            name=r.predictions.class_names[c],
            score_kind=r.predictions.score_kind,
            cuts=r.cuts(c),
            positives=len(r.positives(c)),
            negatives=len(r.negatives(c)),
            average_precision=float(r.average_precision()[c]),
            roc_auc=float(r.roc_auc()[c]),
            best=(float(best.value[c]), best.score_thresholds[c]),
        )

    @property
    def best_cut(self) -> int | None:
        """The index of the cut that the threshold of the best F1 makes, or None where that is undefined."""
        value, threshold = self.best
        return None if np.isnan(value) else int((self.cuts.scores >= threshold).sum()) - 1


@dataclass(frozen=True, eq=False)
class CurveTables:
    """rows: one per drawn vertex; summary: one per class; undefined: sentences about curves that do not exist."""

    rows: pd.DataFrame
    summary: pd.DataFrame
    undefined: tuple[str, ...]

    @property
    def error(self) -> float:
        """No point of a full curve is farther from the drawn one than this, on either axis; 0: nothing is left out."""
        return float(self.summary["error"].max()) if len(self.summary) else 0.0


def precision_recall_tables(classes: Sequence[ClassCuts], *, points: int | None = MAX_POINTS) -> CurveTables:
    """Precision and recall at the cuts of each class, in order of rising recall.

    points: how many vertices all classes may have together; None for all there are. A class without positives has no
    rows. The precision of a row holds for the recalls between the row before (0 for the first) and its own.
    """
    drawn = [c for c in classes if c.positives]
    parts = [_precision_recall_rows(c, _share(points, len(drawn))) for c in drawn]
    undefined = _missing("positives", "recall", [c for c in classes if not c.positives])
    return _tables(classes, drawn, parts, undefined, PRECISION_RECALL_COLUMNS)


def roc_tables(classes: Sequence[ClassCuts], *, points: int | None = MAX_POINTS) -> CurveTables:
    """False positive rate and recall at the cuts of each class, from the cut above every score (infinite) on.

    points: as in `precision_recall_tables`. A class without positives or without negatives has no rows. Rows are
    joined by straight lines: samples with equal scores make a slope.
    """
    drawn = [c for c in classes if c.positives and c.negatives]
    parts = [_roc_rows(c, _share(points, len(drawn))) for c in drawn]
    undefined = _missing("positives", "recall", [c for c in classes if not c.positives])
    undefined += _missing(
        "negatives", "the false positive rate", [c for c in classes if c.positives and not c.negatives]
    )
    return _tables(classes, drawn, parts, undefined, ROC_COLUMNS)


def _share(points, n_classes) -> int | None:
    return None if points is None else min(MAX_POINTS_PER_CLASS, points // max(n_classes, 1))


def _precision_recall_rows(c, limit) -> tuple[pd.DataFrame, float]:
    recall, precision = c.cuts.tp / c.positives, c.cuts.tp / (c.cuts.tp + c.cuts.fp)
    thinned = _thin(recall, precision, limit, c.best_cut)
    columns = {
        "recall": recall,
        "precision": precision,
        "tp": c.cuts.tp,
        "fp": c.cuts.fp,
        "fn": c.positives - c.cuts.tp,
    }
    return _rows(c.name, c.cuts.scores, c.score_kind, columns, thinned.kept), thinned.error


def _roc_rows(c, limit) -> tuple[pd.DataFrame, float]:
    tp, fp = np.concatenate([[0], c.cuts.tp]), np.concatenate([[0], c.cuts.fp])
    recall, false_positive_rate = tp / c.positives, fp / c.negatives
    thinned = _thin(false_positive_rate, recall, limit, None if c.best_cut is None else c.best_cut + 1)
    columns = {"false positive rate": false_positive_rate, "recall": recall}
    columns |= {"tp": tp, "fp": fp, "fn": c.positives - tp, "tn": c.negatives - fp}
    scores = np.concatenate([[np.inf], c.cuts.scores])
    rows = _rows(c.name, scores, c.score_kind, columns, thinned.kept)
    rows.loc[0, "threshold"] = np.inf  # above 1, as for probabilities: not even a score of +inf is kept
    return rows, thinned.error


def _thin(x, y, limit, best) -> Thinned:
    if limit is None:
        return Thinned(np.arange(len(x)), 0.0)
    return thin(x, y, limit, keep=() if best is None else (best,))


def _rows(name, scores, score_kind, columns, kept) -> pd.DataFrame:
    scores = scores[kept].astype(np.float64)
    thresholds = sigmoid(scores) if score_kind == "logits" else scores
    return pd.DataFrame(
        {"class": name, "threshold": thresholds, "score": scores} | {key: value[kept] for key, value in columns.items()}
    )


def _tables(classes, drawn, parts, undefined, columns) -> CurveTables:
    errors = {c.name: error for c, (_, error) in zip(drawn, parts, strict=True)}
    frames = [rows for rows, _ in parts]
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(columns))
    summary = pd.DataFrame([_summary(c, errors.get(c.name, 0.0)) for c in classes], columns=list(SUMMARY_COLUMNS))
    return CurveTables(rows[list(columns)], summary, undefined if classes else ("No class is chosen.",))


def _summary(c: ClassCuts, error: float) -> dict:
    known = c.positives + c.negatives
    row = {
        "class": c.name,
        "score kind": c.score_kind,
        "support": c.positives,
        "prevalence": c.positives / known if known else np.nan,
        "average precision": c.average_precision,
        "ROC AUC": c.roc_auc,
        "error": error,
    }
    return row | ({} if c.best_cut is None else _best(c))


def _best(c: ClassCuts) -> dict:
    value, threshold = c.best
    tp, fp = int(c.cuts.tp[c.best_cut]), int(c.cuts.fp[c.best_cut])
    return {
        "best F1": value,
        "threshold of best F1": float(sigmoid(threshold)) if c.score_kind == "logits" else float(threshold),
        "score of best F1": float(threshold),
        "recall of best F1": tp / c.positives,
        "precision of best F1": tp / (tp + fp),
        "false positive rate of best F1": fp / c.negatives if c.negatives else np.nan,
    }


def _missing(what, undefined, classes) -> tuple[str, ...]:
    if not classes:
        return ()
    names = ", ".join(c.name for c in classes[:4]) + (f" and {len(classes) - 4:,} more" if len(classes) > 4 else "")
    return (f"No {what}, so {undefined} is undefined: {names}.",)
