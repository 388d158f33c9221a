"""How well the scores rank, whatever the threshold: per class averaged, over all cells, and within each sample."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from dashboard.core.ranking import RankedScores
from dashboard.core.row_ranking import (
    coverage_error,
    label_ranking_average_precision,
    one_error,
    precision_at_k,
    ranking_loss,
)

KS = (1, 3, 5)


@dataclass(frozen=True)
class RankingFigure:
    """One figure with its direction; NaN where nothing defines it. `n_left_out`: classes or samples it had to skip."""

    name: str
    value: float
    higher_is_better: bool
    n_left_out: int


def ranking_summary(r: RankedScores, *, progress: Callable[[float], None] | None = None) -> list[RankingFigure]:
    """Average precision and ROC AUC (macro, weighted, micro), then the metrics within samples.

    Micro sorts all cells once more and each metric within samples is a pass over them; `progress` gets the share done.
    """
    metrics = _within_samples(r.predictions.n_classes)
    n_steps = len(metrics) + 1  # the areas over all classes come last, when a bar is already on screen
    report = progress or (lambda share: None)
    within = []
    for number, (name, (metric, higher_is_better)) in enumerate(metrics.items()):
        mean = metric(r.predictions, progress=lambda share, done=number: report((done + share) / n_steps))
        within.append(RankingFigure(name, mean.value, higher_is_better, mean.n_rows_left_out))
    areas = _over_classes(r)
    report(1.0)
    return areas + within


def _over_classes(r) -> list[RankingFigure]:
    p = r.predictions
    without_positives = p.support == 0
    without_either = without_positives | (p.support == p.n_known)
    areas = {"average precision": (r.average_precision, without_positives), "ROC AUC": (r.roc_auc, without_either)}
    figures = []
    for (name, (area, left_out)), micro in zip(areas.items(), r.micro_areas(), strict=True):
        figures += [
            RankingFigure(f"{name}, {average}", float(area(average)), True, int(left_out.sum()))
            for average in ("macro", "weighted")
        ]
        figures.append(RankingFigure(f"{name}, micro", float(micro), True, 0))
    return figures


def _within_samples(n_classes: int) -> dict:
    metrics = {
        "label-ranking average precision": (label_ranking_average_precision, True),
        "coverage error": (coverage_error, False),
        "ranking loss": (ranking_loss, False),
        "one-error": (one_error, False),
    }
    for k in KS:
        if k <= n_classes:
            metrics[f"precision at {k}"] = (partial(precision_at_k, k=k), True)
    return metrics
