"""A sentence or two per chart for those who do not see it: what it shows, its main finding, what is undefined.

Plain text: names of classes stand as they are and are not escaped.
"""

import pandas as pd

from dashboard.figures.curves import CurveTables
from dashboard.figures.histogram import LABELS, ScoreHistogram
from dashboard.figures.metric import best_place, line_name, undefined_lines


def metric_alt(table: pd.DataFrame, optima: pd.DataFrame | None = None) -> str:
    """Of `metric_figure`: where each line is best."""
    keys = list(dict.fromkeys(zip(table["metric"], table["average"], strict=True)))
    if not keys:
        return _joined("An empty chart.", *undefined_lines(table))
    rows = [] if optima is None else optima.dropna(subset=["value"]).to_dict("records")
    best = [
        f"{line_name(row['metric'], row['average'])} is best, {row['value']:.3f}, {best_place(row)}"
        for row in rows
        if (row["metric"], row["average"]) in keys
    ]
    drawn = f"{', '.join(line_name(*key) for key in keys)} against one threshold for all classes."
    return _joined(_capital(drawn), _capital("; ".join(best) + ".") if best else "", *undefined_lines(table))


def precision_recall_alt(tables: CurveTables, readers: pd.DataFrame | None = None) -> str:
    """Of `precision_recall_figure`: the highest and the lowest average precision, and the best F1."""
    return _curves_alt("Precision against recall", tables, "average precision", readers)


def roc_alt(tables: CurveTables, readers: pd.DataFrame | None = None) -> str:
    """Of `roc_figure`: the highest and the lowest area, and the best F1."""
    return _curves_alt("Recall against the false positive rate", tables, "ROC AUC", readers)


def score_histogram_alt(histogram: ScoreHistogram) -> str:
    """Of `score_histogram_figure`: how many scores there are and where their middles lie."""
    name = f"of {histogram.class_name} " if histogram.class_name else ""
    scale = "on the 0-1 scale" if histogram.axis == "probability" else "as logits"
    halves = [
        f"Half of the {histogram.totals[label]:,} {label} score at least {histogram.medians[label]:.3g}."
        for label in LABELS
        if histogram.totals[label]
    ]
    opening = f"Histogram of the scores {name}{scale}, positives upwards and negatives downwards."
    return _joined(opening, *halves, *histogram.notes)


def _curves_alt(opening, tables, area, readers) -> str:
    drawn = set(tables.rows["class"])
    summary = tables.summary[tables.summary["class"].isin(drawn)]
    if summary.empty:
        return _joined("An empty chart.", *tables.undefined)
    ranked = summary.dropna(subset=[area]).sort_values(area, ascending=False)
    figures = [f"{row['class']} {row[area]:.3f}" for _, row in ranked.iterrows()]
    shown = figures if len(figures) <= 3 else [f"highest {figures[0]}", f"lowest {figures[-1]}"]
    sentence = f"{opening} of {len(summary)} {'class' if len(summary) == 1 else 'classes'}; {area}: {', '.join(shown)}."
    return _joined(sentence, _best_f1(summary), _reader_sentence(readers, drawn), *tables.undefined)


def _best_f1(summary) -> str:
    if len(summary) != 1:
        return ""
    row = summary.iloc[0]
    place = f"recall {row['recall of best F1']:.3f} and precision {row['precision of best F1']:.3f}"
    return f"Its best F1 is {row['best F1']:.3f}, at {place}, threshold {row['threshold of best F1']:.4g}."


def _reader_sentence(readers, drawn) -> str:
    names = [] if readers is None else list(dict.fromkeys(readers.loc[readers["class"].isin(drawn), "reader"]))
    shown = "a reader" if len(names) == 1 else "readers"
    return f"Points show {shown}: {', '.join(names)}. Crosses are 95 % intervals." if names else ""


def _capital(text) -> str:
    return text[:1].upper() + text[1:]


def _joined(*sentences) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
