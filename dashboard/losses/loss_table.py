"""The table of losses that page and command line show: a row for each loss, and a row for each class.

Plain values, unrounded; what a loss does not have is None.
"""

from collections.abc import Sequence

from dashboard.losses.summary import LossSummary

UNITS = {"cell": "known cell", "row": "sample", "batch": "batch"}
COLUMNS = {
    "loss": "the loss with what differs from its defaults",
    "per": "what it has a value for",
    "n": "how many of those: the sum is so many times the mean",
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


def class_rows(summaries: Sequence[LossSummary], class_names: Sequence[str], n_known) -> list[dict]:
    """A row per class and loss per cell: mean over its known cells, constant predictor, share of the loss's sum."""
    rows = []
    for summary in summaries:
        if summary.class_sums is None:
            continue
        pairs = zip(
            class_names, n_known, summary.class_sums, summary.class_baselines, summary.class_shares, strict=True
        )
        for name, n, total, baseline, share in pairs:
            rows.append(
                {
                    "class": name,
                    "loss": summary.settings.title,
                    "n": int(n),
                    "sum": float(total),
                    "mean": float(total) / int(n) if n else float("nan"),
                    "constant": float(baseline) / int(n) if n else float("nan"),
                    "share": float(share),
                }
            )
    return rows
