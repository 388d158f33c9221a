"""The charts of a report, drawn by `dashboard.figures` for a document: where the thresholds lie is part of them.

Knows nothing of HTML.
"""

from collections.abc import Mapping

import numpy as np

from dashboard.core import Counts, RankedScores, ThresholdSet, metrics
from dashboard.core.global_optimum import GlobalOptimum
from dashboard.core.policies import Rule
from dashboard.core.policies.frontier import Frontier
from dashboard.core.reliability import reliability
from dashboard.core.sweep import AVERAGES, threshold_sweep
from dashboard.figures.alt_text import metric_alt, precision_recall_alt
from dashboard.figures.curves import ClassCuts, precision_recall_tables
from dashboard.figures.export import document_json
from dashboard.figures.frontier_chart import frontier_alt, frontier_figure, frontier_table
from dashboard.figures.metric import line_name, metric_figure, metric_table, optima_table
from dashboard.figures.operating_points import add_class_rings, add_level, add_place, add_ring
from dashboard.figures.precision_recall import precision_recall_figure
from dashboard.figures.reliability import reliability_alt, reliability_figure, reliability_frame
from dashboard.reviews.report import Chart

MOST_CURVES = 12
THESE = "these thresholds"


Optima = Mapping[tuple[str, str], GlobalOptimum]
TARGETS = tuple(("f1", average) for average in AVERAGES)


def charts(r: RankedScores, rule: Rule, counts: Counts, found: Frontier, optima: Optima) -> tuple[Chart, ...]:
    """counts: of the rule's decisions, one row. found: the frontier; optima: the best threshold for each of TARGETS; on
    the same samples.
    """
    return (
        _metric_chart(r, rule, counts, optima),
        _precision_recall_chart(r, counts),
        _frontier_chart(counts, found),
        _reliability_chart(r),
    )


def _metric_chart(r, rule, counts, optima) -> Chart:
    p = r.predictions
    swept = threshold_sweep(r)
    values = {target: swept.values[target] for target in TARGETS}
    table = metric_table(values, swept.thresholds, swept.score_thresholds, p.score_kind)
    marks = optima_table(optima, p.score_kind)
    figure = metric_figure(table, marks, pooled=r.counts_at_scores(swept.score_thresholds).pooled())
    caption = "One threshold for all classes; diamonds: the best ones. "
    if (place := _common_place(rule)) is not None:
        add_place(figure, place, name=f"these thresholds, {place:.4g}")
        caption += "The dashed line: the thresholds of this report."
    else:
        for index, average in enumerate(AVERAGES):
            value = float(metrics.f_beta(counts, average=average)[0])
            add_level(figure, value, name=f"{line_name('f1', average)} of {THESE}", index=index)
        caption += "Dotted: what the thresholds of this report reach, one per class."
    return Chart("metric", "F1 against one threshold", document_json(figure), metric_alt(table, marks), caption)


def _common_place(rule) -> float | None:
    """The threshold of all classes on the 0-1 scale, where they have one."""
    if not isinstance(rule, ThresholdSet) or len(np.unique(rule.score_thresholds)) != 1:
        return None
    return float(rule.thresholds[0]) if np.isfinite(rule.score_thresholds[0]) else None


def _precision_recall_chart(r, counts) -> Chart:
    p = r.predictions
    classes = np.sort(np.argsort(-p.support, kind="stable")[:MOST_CURVES])
    best = r.best_f_beta()
    tables = precision_recall_tables([ClassCuts.from_ranked(r, int(c), best) for c in classes])
    figure = precision_recall_figure(tables)
    add_class_rings(figure, counts, classes, p.class_names, name=THESE)
    caption = "Rings: the thresholds of this report; diamonds: the best F1."
    if len(classes) < p.n_classes:
        caption += f" The {len(classes)} classes with the most positives of {p.n_classes:,}."
    if tables.error:
        caption += (
            f" Thinned for drawing: no point of a full curve is farther than {tables.error:.2g} from the drawn one."
        )
    text = precision_recall_alt(tables)
    return Chart("precision_recall", "Precision against recall", document_json(figure), text, caption)


def _frontier_chart(counts, found: Frontier) -> Chart:
    table = frontier_table(found.micro, found.macro, [(each.name, each.micro, each.macro) for each in found.named])
    figure = frontier_figure(table)
    micro, macro = (float(metrics.f_beta(counts, average=average)[0]) for average in ("micro", "macro"))
    add_ring(figure, micro, macro, name=THESE)
    caption = "Every point of the line is best on these samples for some weighting of both averages, tuned here. "
    caption += "The ring: the thresholds of this report. Left of the dotted line micro-F1 is lower than that of 0.5."
    if not found.is_exact:
        caption += f" Others may lie at most {found.gap:.2g} of macro-F1 above the line."
    return Chart("frontier", "Micro-F1 and macro-F1", document_json(figure), frontier_alt(table), caption)


def _reliability_chart(r) -> Chart:
    frame = reliability_frame({"all classes": reliability(r)})
    figure = reliability_figure(frame, x_title="mean score (0-1)")
    caption = (
        "All known cells in ten bins of equal size; bars: exact 95 % intervals, cells taken as independent. On the "
        "dotted line a score comes true as often as it says."
    )
    return Chart("reliability", "Do scores come true?", document_json(figure), reliability_alt(frame), caption)
