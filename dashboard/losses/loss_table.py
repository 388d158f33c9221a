"""The table of losses that page and command line show: a row for each loss, and a row for each class.

Plain values, unrounded; what a loss does not have is None.
"""

from collections.abc import Sequence

from dashboard.losses.summary import LossSummary, in_parts

UNITS = {"cell": "cell", "row": "sample", "batch": "batch"}
COLUMNS = {
    "loss": "the loss with what differs from its defaults",
    "per": "what has a value; unless it is a cell, none is defined for classes, positives or easy cells",
    "n": "how many of those the loss counts: the sum is so many times the mean",
    "sum": "over all of them",
    "mean": "of one",
    "official": "the reduction that the official code has unless told otherwise",
    "constant": "the mean of the best constant predictor",
    "saved": "the part of the constant predictor's loss that the scores save",
    "positives": "share of the sum in positive cells",
    "hard": "share in hard cells",
    "easy": "share in easy cells",
}


def loss_rows(summaries: Sequence[LossSummary]) -> list[dict]:
    """A row per loss with the keys of COLUMNS."""
    return [_row(each) for each in summaries]


def _row(summary: LossSummary) -> dict:
    variant = summary.settings.variant
    return {
        "loss": summary.settings.title,
        "per": UNITS[variant.unit],
        "n": summary.n,
        "sum": summary.total,
        "mean": summary.mean,
        "official": variant.reduction,
        "constant": summary.baseline_mean,
        "saved": summary.saved,
        "positives": summary.share(positive=True),
        "hard": summary.share(ease=0),
        "easy": summary.share(ease=2),
    }


_PARTS = {
    "positives": {"positive": True},
    "negatives": {"positive": False},
    "hard cells": {"ease": 0},
    "cells between": {"ease": 1},
    "easy cells": {"ease": 2},
}


def part_rows(summaries: Sequence[LossSummary]) -> list[dict]:
    """A row per loss that has a value per cell and kind of cell, each beside what constants pay for these cells."""
    rows = []
    for summary in filter(lambda each: each.by_cell is not None, summaries):
        found = summary.by_cell
        counts, sums, baselines = (each.sum(0) for each in (found.counts, found.sums, found.baselines))
        for name, part in _PARTS.items():
            figures = (in_parts(each, **part) for each in (counts, sums, baselines))
            rows.append({"loss": summary.settings.title, "cells": name} | _figures(*figures, summary.total))
    return rows


def class_rows(summaries: Sequence[LossSummary], class_names: Sequence[str]) -> list[dict]:
    """A row per loss that has a value per cell and class."""
    rows = []
    for summary in filter(lambda each: each.by_cell is not None, summaries):
        found = summary.by_cell
        figures = (each.sum(1).tolist() for each in (found.counts, found.sums, found.baselines))
        for name, *each in zip(class_names, *figures, strict=True):
            rows.append({"loss": summary.settings.title, "class": name} | _figures(*each, summary.total))
    return rows


def _figures(n: float, total: float, baseline: float, whole: float) -> dict:
    nan = float("nan")
    mean, constant = (total / n, baseline / n) if n else (nan, nan)
    return {"n": int(n), "sum": total, "mean": mean, "constant": constant, "share": total / whole if whole else nan}
