"""The text alternatives say the finding, and what is undefined."""

import numpy as np

from dashboard.figures.alt_text import metric_alt, precision_recall_alt, roc_alt, score_histogram_alt
from dashboard.figures.curves import precision_recall_tables, roc_tables
from dashboard.figures.histogram import score_histogram
from dashboard.figures.metric import metric_table, optima_table
from tests.unit.figures.builders import TIED_LABELS, TIED_SCORES, class_cuts, random_classes
from tests.unit.figures.test_class_charts import readers_of
from tests.unit.figures.test_metric import LOGITS, MICRO, THRESHOLDS, VALUES, Optimum


def tied():
    return class_cuts(TIED_SCORES, TIED_LABELS, names=["a"])


def test_metric_alt_says_where_each_line_is_best():
    table = metric_table(VALUES, THRESHOLDS, LOGITS, "logits")
    text = metric_alt(table, optima_table({MICRO: Optimum(0.71, 0.34, -0.66)}, "logits"))
    assert text == "Micro-F1, macro-F1 against one threshold for all classes. Micro-F1 is best, 0.710, at 0.34."


def test_metric_alt_says_what_is_undefined():
    table = metric_table({MICRO: np.full(4, np.nan)}, THRESHOLDS, LOGITS, "logits")
    assert metric_alt(table).endswith("micro-F1 is undefined at every threshold.")


def test_metric_alt_of_nothing():
    assert metric_alt(metric_table({}, [], [], "logits")) == "An empty chart. No metric is chosen."


def test_precision_recall_alt_of_one_class_gives_its_best_f1():
    assert precision_recall_alt(precision_recall_tables(tied())) == (
        "Precision against recall of 1 class; average precision: a 0.756. "
        "Its best F1 is 0.750, at recall 1.000 and precision 0.600, threshold 0.3."
    )


def test_roc_alt_of_many_classes_gives_the_extremes():
    tables = roc_tables(random_classes(n_samples=500, n_classes=5))
    ranked = tables.summary.sort_values("ROC AUC")
    text = roc_alt(tables)
    assert f"highest {ranked['class'].iat[-1]} {ranked['ROC AUC'].iat[-1]:.3f}" in text
    assert f"lowest {ranked['class'].iat[0]} {ranked['ROC AUC'].iat[0]:.3f}" in text


def test_curve_alts_name_the_readers_of_drawn_classes():
    assert "readers: Dr. X, Dr. Y." in roc_alt(roc_tables(tied()), readers_of(["a"]))
    assert "Dr." not in roc_alt(roc_tables(tied()), readers_of(["b"]))


def test_curve_alts_say_why_nothing_is_drawn():
    empty = class_cuts([0.1], [0], names=["rare"])
    for text in (precision_recall_alt(precision_recall_tables(empty)), roc_alt(roc_tables(empty))):
        assert text == "An empty chart. No positives, so recall is undefined: rare."


def test_score_histogram_alt_gives_counts_and_medians():
    text = score_histogram_alt(score_histogram(np.array([0.2, 0.9]), np.array([]), "probabilities", class_name="a"))
    assert "of the scores of a on the 0-1 scale" in text
    assert "Half of the 2 positives score at least 0.9." in text
    assert text.endswith("No negatives of this class.")
