"""Reports of epochs as tables: a row per variant, seed and epoch for the curves, and where each variant stands."""

import pandas as pd

from dashboard.losses import parse_loss
from dashboard.training.plan import TrainingPlan
from dashboard.training.reports import TRAINING, EpochReport, last_reports

METRICS = {
    "mean_average_precision": "mAP",
    "macro_f1_tuned": "macro-F1, tuned",
    "micro_f1_tuned": "micro-F1, tuned",
    "macro_f1": "macro-F1 at 0.5",
    "micro_f1": "micro-F1 at 0.5",
    "bce": "BCE",
    "gradient_norm": "gradient norm",
    "saturated": "saturated",
}
OWN_LOSSES = ("loss", "validation_loss")
# Column on screen -> field of a report, in the order in which they are read.
_COLUMNS = {
    "mAP": "mean_average_precision",
    "macro-F1 tuned": "macro_f1_tuned",
    "micro-F1 tuned": "micro_f1_tuned",
    "macro-F1 at 0.5": "macro_f1",
    "micro-F1 at 0.5": "micro_f1",
    "BCE": "bce",
    "own loss": "loss",
    "own loss, validation": "validation_loss",
    "gradient norm": "gradient_norm",
    "saturated": "saturated",
    "kept epoch": "best_epoch",
}


def variant_titles(plan: TrainingPlan) -> dict[str, str]:
    """Name of a variant -> what it is called on screen: the loss's title, or the name where two would be the same."""
    titles = {variant.name: parse_loss(variant.loss).title for variant in plan.variants}
    seen = list(titles.values())
    return {name: title if seen.count(title) == 1 else name for name, title in titles.items()}


def curve_rows(reports: tuple[EpochReport, ...], titles: dict[str, str]) -> list[dict]:
    """For `training_table`: a row per variant, seed and epoch."""
    return [
        {"variant": titles.get(each.name, each.name), "seed": report.seed, "epoch": report.epoch}
        | {name: getattr(each, name) for name in (*METRICS, *OWN_LOSSES)}
        for report in reports
        for each in report.variants
    ]


def standing_table(reports: tuple[EpochReport, ...], titles: dict[str, str], *, is_live: bool) -> pd.DataFrame:
    """A row per variant and seed: its figures after the last epoch that it has a report of.

    is_live: of the training, without which a variant that was still to learn has stopped.
    """
    n_seeds = reports[0].n_seeds if reports else 1
    rows = []
    for report, each in last_reports(reports):
        row = {"variant": titles.get(each.name, each.name)}
        row |= {"seed": report.seed} if n_seeds > 1 else {}
        state = "stopped" if each.state == TRAINING and not is_live else each.state
        row |= {"state": state, "epoch": report.epoch}
        rows.append(row | {column: getattr(each, field) for column, field in _COLUMNS.items()})
    return pd.DataFrame(rows)
