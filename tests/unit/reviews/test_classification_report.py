"""The classification report as text and table, at thresholds per class."""

import csv
import io

import numpy as np
import sklearn.metrics

from dashboard.core import Counts, Predictions, ThresholdSet
from dashboard.core.report import classification_report
from dashboard.core.sample_metrics import sample_metrics
from dashboard.reviews.classification_report import classification_report_table, classification_report_text
from dashboard.reviews.table_files import table_csv


def _problem():
    rng = np.random.default_rng(3)
    labels = (rng.random((400, 4)) < [0.5, 0.2, 0.05, 0.01]).astype(np.int8)
    p = Predictions(rng.normal(size=(400, 4)) + 1.5 * labels, labels, "logits", ["a", "b", "long name", "d"])
    return p, ThresholdSet.from_unit(p, [0.3, 0.6, 0.8, 0.95])


def _report(p, ts):
    counts = Counts.from_predicted(p, ts.predict(p))
    return classification_report(counts, p.class_names, samples=sample_metrics(p, ts))


def test_the_text_is_scikit_learns_to_the_letter():
    p, ts = _problem()
    theirs = sklearn.metrics.classification_report(
        p.labels, ts.predict(p), target_names=list(p.class_names), zero_division=0
    )
    assert classification_report_text(_report(p, ts)) == theirs


def test_the_table_holds_scikit_learns_numbers_unrounded():
    p, ts = _problem()
    theirs = sklearn.metrics.classification_report(
        p.labels, ts.predict(p), target_names=list(p.class_names), zero_division=0, output_dict=True
    )
    rows = list(csv.DictReader(io.StringIO(table_csv(classification_report_table(_report(p, ts))))))
    assert [row["class or average"] for row in rows] == list(theirs)
    for row in rows:
        for name in ("precision", "recall", "f1-score", "support"):
            assert abs(float(row[name]) - theirs[row["class or average"]][name]) < 1e-12
