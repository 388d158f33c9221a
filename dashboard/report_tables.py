"""The tables of a report: headline, classes, groups, runs. Every number is core's; nothing is rounded here.

Knows nothing of HTML and of files.
"""

from collections.abc import Mapping
from dataclasses import asdict

import numpy as np

from dashboard.core import Counts, Predictions, RankedScores, ThresholdSet, metrics
from dashboard.core.groups import reader_group_counts
from dashboard.core.headline import fixed_headlines
from dashboard.core.policies import Rule
from dashboard.core.policies.by_group import GroupThresholds
from dashboard.core.policies.frontier import JOINT, PER_CLASS, Frontier
from dashboard.core.policies.row_rules import RowRule
from dashboard.core.resampling import RULES, class_flags
from dashboard.figures.groups import FEW, averaged_table
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.groups import Groups
from dashboard.judged_figures import MEANINGS, Figures
from dashboard.reviews.report.tables import COUNT, RATE, SHARE, TEXT, THRESHOLD, Column, Estimate, Table

FIGURES = {
    "micro-F1": "micro_f1",
    "macro-F1": "macro_f1",
    "weighted-F1": "weighted_f1",
    "samples-F1": "samples_f1",
    "exact match": "exact_match",
    "micro precision": "micro_precision",
    "micro recall": "micro_recall",
    "per cell (1 - Hamming)": "per_cell_accuracy",
    "classes predicted per sample": "predicted_cardinality",
    "samples with none predicted": "n_predicted_empty",
    "classes never predicted": "n_never_predicted",
}
WHOLE = ("n_predicted_empty", "n_never_predicted")
HALF, BEST_HERE = "0.5 everywhere", "best possible here"
MOST_GROUPS = 100


def headline_table(r: RankedScores, figures: Mapping[str, Figures], found: Frontier, readers) -> Table:
    """A row per figure; a column for these thresholds under each name of what they were judged on, then what they are
    compared with."""
    columns = [Column("figure", list(FIGURES))]
    columns += [Column(f"these thresholds, {label}", _estimates(each), RATE) for label, each in figures.items()]
    fixed = fixed_headlines(r, readers, rowwise=True)
    compared = {HALF: fixed["0.5"]} | {name: each for name, each in fixed.items() if name.startswith("reader: ")}
    columns += [Column(name, list(_in_order(asdict(each))), RATE) for name, each in compared.items()]
    columns.append(Column(BEST_HERE, _best_here(r, found), RATE))
    notes = [f"{label}: {MEANINGS[label]}." for label in figures]
    notes.append(f"{HALF}: on these samples.")
    notes.append(
        f"{BEST_HERE}: the highest that one threshold per class reaches on these samples, found exactly; each figure "
        "has thresholds of its own, so they are not reached together."
    )
    return Table("headline", "Headline figures", tuple(columns), tuple(notes))


def _in_order(values: Mapping) -> list:
    """Whole numbers as such, so that they are shown as counts."""
    found = [values.get(field) for field in FIGURES.values()]
    return [
        int(value) if field in WHOLE and value is not None else value
        for field, value in zip(FIGURES.values(), found, strict=True)
    ]


def _estimates(figures: Figures) -> list:
    def with_interval(field, value):
        interval = figures.intervals.get(field)
        if interval is None or value is None or isinstance(value, int):
            return value
        return Estimate(float(value), float(interval.low), float(interval.high))

    return [with_interval(*pair) for pair in zip(FIGURES.values(), _in_order(figures.values), strict=True)]


def _best_here(r, found: Frontier) -> list:
    named = {each.name: each for each in found.named}
    per_class = r.counts(named[PER_CLASS].thresholds)
    best = {
        "micro_f1": named[JOINT].micro,
        "macro_f1": named[PER_CLASS].macro,
        "weighted_f1": float(metrics.f_beta(per_class, average="weighted")[0]),
    }
    return _in_order(best)


def class_table(r: RankedScores, rule: Rule, counts: Counts, *, groups: Mapping[str, str], units, f1=None) -> Table:
    """A row per class in the order of the data, at the thresholds of the rule. groups: class -> its group.

    counts: one row. f1: an Interval of each class's F1, or None.
    """
    p = r.predictions
    flags = [", ".join(each) for each in class_flags(r, units, None)]
    states = _states(rule, p.n_classes)
    columns = [Column("class", list(p.class_names))]
    if groups:
        columns.append(Column("group", [groups.get(name) for name in p.class_names]))
    columns += [
        Column("support", p.support, COUNT),
        Column("prevalence", p.prevalence, SHARE),
        *_threshold_column(rule),
        *_rates(counts, f1),
        Column("AP", r.average_precision(), RATE),
        *_cells(counts),
    ]
    if any(flags):
        columns.append(Column("flags", flags))
    if any(states):
        columns.append(Column("state", states))
    raised = [name for name in RULES if any(name in each for each in flags)]
    notes = [f"{name}: {RULES[name]}." for name in raised]
    if isinstance(rule, GroupThresholds):
        notes.append("threshold: that of samples in no group with thresholds of its own.")
    if isinstance(rule, RowRule):
        notes.append("threshold: before classes are added or taken away by the rule on whole samples.")
    return Table("classes", "Classes", tuple(columns), tuple(notes))


def held_out_table(p: Predictions, counts: Counts, f1) -> Table:
    """The same decisions on samples that nothing was tuned on."""
    columns = (Column("class", list(p.class_names)), Column("support", p.support, COUNT))
    return Table("classes_held_out", "Classes, held out", (*columns, *_rates(counts, f1), *_cells(counts)))


def _threshold_column(rule: Rule) -> list[Column]:
    """On the 0-1 scale, "always" where that is what a class is predicted; none for a rule without thresholds."""
    shown = getattr(rule, "pooled", getattr(rule, "base", rule))
    if not isinstance(shown, ThresholdSet):
        return []
    pairs = zip(shown.thresholds.tolist(), shown.score_thresholds.tolist(), strict=True)
    return [Column("threshold", ["always" if score == -np.inf else unit for unit, score in pairs], THRESHOLD)]


def _states(rule, n_classes) -> list[str]:
    states = rule.details.get("states") or ("",) * n_classes
    return ["" if state in (None, "optimum") else str(state) for state in states]


def _rates(counts: Counts, f1) -> list[Column]:
    rates = {"precision": metrics.precision, "recall": metrics.recall, "F1": metrics.f_beta}
    columns = {name: metric(counts, zero_division=np.nan)[0].tolist() for name, metric in rates.items()}
    if f1 is not None:
        columns["F1"] = [Estimate(*map(float, each)) for each in zip(columns["F1"], f1.low, f1.high, strict=True)]
    return [Column(name, values, RATE) for name, values in columns.items()]


def _cells(counts: Counts) -> list[Column]:
    return [Column(name, getattr(counts, name)[0], COUNT) for name in ("tp", "fp", "fn", "tn")]


def group_tables(dataset: Dataset, p: Predictions, predicted: np.ndarray) -> list[Table]:
    """A table for each column of groups: micro and macro figures of the decisions in each group."""
    columns = enumerate(dataset.group_columns, start=1)
    return [_group_table(column, f"groups_{number}_{_plain(column)}", p, predicted) for number, column in columns]


def _group_table(column, name, p, predicted) -> Table:
    groups = Groups.of(p.columns[column]).largest(MOST_GROUPS)
    counts = reader_group_counts(p, predicted.astype(np.int8), groups.codes, len(groups.names))
    micro = averaged_table(counts, list(groups.names), groups.sizes, "micro")
    macro = averaged_table(counts, list(groups.names), groups.sizes, "macro").rows["F1"]
    rows = micro.rows
    columns = [Column(column, rows["group"].tolist())]
    columns += [Column(title, rows[title].to_numpy(), COUNT) for title in ("samples", "support")]
    columns.append(Column("prevalence", rows["prevalence"].to_numpy(), SHARE))
    columns.append(Column("predicted", rows["predicted"].to_numpy(), COUNT))
    titles = {"precision": "micro precision", "recall": "micro recall", "F1": "micro-F1"}
    columns += [Column(title, rows[rate].to_numpy(), RATE) for rate, title in titles.items()]
    columns.append(Column("macro-F1", macro.to_numpy(), RATE))
    if micro.few.any():
        columns.append(Column("flags", [f"under {FEW} positives" if few else "" for few in micro.few]))
    notes = ("No intervals over all classes: the cells of one sample depend on each other. 0/0 counts as 0.",)
    return Table(name, f"Groups of {column}", tuple(columns), notes)


def run_table(runs: Mapping[str, RankedScores]) -> Table:
    """What each run ranks and could reach on these samples, whatever the thresholds in the report."""
    rows = []
    for name, r in runs.items():
        half = r.counts(0.5)
        areas = r.micro_areas()
        best = r.counts_at_scores(r.best_f_beta().score_thresholds[None, :])
        rows.append(
            {
                "run": name,
                "macro AP": float(r.average_precision("macro")),
                "micro AP": float(areas[0]),
                "macro ROC AUC": float(r.roc_auc("macro")),
                "micro-F1 at 0.5": float(metrics.f_beta(half, average="micro")[0]),
                "macro-F1 at 0.5": float(metrics.f_beta(half, average="macro")[0]),
                "best macro-F1": float(metrics.f_beta(best, average="macro")[0]),
            }
        )
    columns = [Column(title, [row[title] for row in rows], TEXT if title == "run" else RATE) for title in rows[0]]
    notes = ("best macro-F1: each run with thresholds of its own, tuned on these samples.",)
    return Table("runs", "Runs", tuple(columns), notes)


def _plain(name: str) -> str:
    """For a name of a file or of a part of a page."""
    return "".join(each if each.isascii() and each.isalnum() else "_" for each in name.lower())[:40]
