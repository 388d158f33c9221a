"""What a report says, for every kind of rule and for data at the edges."""

import json

import numpy as np
import pytest

from dashboard.core import Counts, Predictions, RankedScores, ThresholdSet, metrics
from dashboard.core.policies import parse_policy
from dashboard.inputs.dataset import Dataset
from dashboard.judged_figures import TUNED_HERE, reached
from dashboard.report_content import Reported, report_content, report_files
from dashboard.reviews.report import report_html
from dashboard.reviews.report.tables import cell_text
from tests.unit.reviews.reports import ReadReport

BEST = "best possible here"


def _dataset(n=200, labels=None, columns=None, kind="logits") -> Dataset:
    rng = np.random.default_rng(5)
    labels = (rng.random((n, 3)) < [0.5, 0.3, 0.1]).astype(np.int8) if labels is None else labels
    scores = rng.normal(size=labels.shape) + 1.5 * labels
    scores = scores if kind == "logits" else 1 / (1 + np.exp(-scores))
    p = Predictions(scores, labels, kind, columns=columns or {})
    return Dataset("data", {"run": p}, column_roles=dict.fromkeys(columns or {}, "group"))


def _reported(dataset, rule) -> Reported:
    return Reported(dataset, "run", rule, {TUNED_HERE: reached(dataset.first_run, rule)}, "a rule")


def _content(dataset, rule):
    return report_content(_reported(dataset, rule), title="t", created="now")


def _column(table, title):
    return next(column for column in table.columns if column.title == title)


@pytest.mark.parametrize("policy", ["best_per_class", "row_rules", "top_k:k=2", "per_group:column=place"])
def test_any_rule_has_a_report_with_its_own_counts(policy):
    dataset = _dataset(columns={"place": np.array(["a", "b"] * 100)})
    p = dataset.first_run
    rule = parse_policy(policy).tune(RankedScores.from_predictions(p))
    content = _content(dataset, rule)
    counts, classes = Counts.from_predicted(p, rule.predict(p)), content.tables[0]
    assert _column(classes, "tp").plain_values() == counts.tp[0].tolist()
    assert ("threshold" in [column.title for column in classes.columns]) == (policy != "top_k:k=2")
    groups = content.tables[1]
    assert _column(groups, "micro-F1").plain_values()[-1] == metrics.f_beta(counts, average="micro")[0]
    read = ReadReport(report_html(content))
    micro = metrics.f_beta(counts, average="micro")[0]
    assert read.tables["headline"][1][1] == f"{micro:.3f}"
    assert ("thresholds.json" in report_files(_reported(dataset, rule), content)) == policy.startswith(("best", "per"))


def test_the_best_possible_is_reached_by_the_policies_that_seek_it():
    dataset = _dataset()
    r = RankedScores.from_predictions(dataset.first_run)
    best = dict(
        zip(
            ("micro", "macro", "weighted"),
            _column(_content(dataset, _half(dataset)).headline, BEST).values,
            strict=False,
        )
    )
    for average, policy in (
        ("micro", "best_micro_f_beta"),
        ("macro", "best_per_class"),
        ("weighted", "best_per_class"),
    ):
        counts = r.counts(parse_policy(policy).tune(r))
        assert best[average] == pytest.approx(metrics.f_beta(counts, average=average)[0], abs=1e-12)


def _half(dataset) -> ThresholdSet:
    return ThresholdSet.from_unit(dataset.first_run, 0.5)


@pytest.mark.parametrize("kind", ["logits", "probabilities"])
@pytest.mark.parametrize("labels", [np.zeros((20, 2)), np.ones((20, 1)), -np.ones((20, 2)), np.eye(1, 3)], ids=str)
def test_data_at_the_edges_have_a_report(labels, kind):
    dataset = _dataset(labels=labels.astype(np.int8), kind=kind)
    content = _content(dataset, _half(dataset))
    report_html(content)
    for chart in content.charts:
        assert json.loads(chart.json)["layout"]["paper_bgcolor"] == "#ffffff" and chart.text


def test_charts_are_of_the_thresholds_of_the_report():
    dataset = _dataset()
    p = dataset.first_run
    common, own = _half(dataset), ThresholdSet.from_unit(p, [0.2, 0.5, 0.7])
    figures = {chart.name: json.loads(chart.json) for chart in _content(dataset, common).charts}
    assert [shape["x0"] for shape in figures["metric"]["layout"]["shapes"]] == [0.5]
    figures = {chart.name: json.loads(chart.json) for chart in _content(dataset, own).charts}
    names = [trace["name"] for trace in figures["metric"]["data"]]
    micro = metrics.f_beta(Counts.from_predicted(p, own.predict(p)), average="micro")[0]
    assert f"micro-F1 of these thresholds {cell_text(float(micro), 'rate')}" in names


def test_two_columns_of_groups_with_names_alike_keep_their_tables_apart():
    place = np.array(["a", "b"] * 100)
    content = _content(dataset := _dataset(columns={"é": place, "ü": place}), _half(dataset))
    names = [table.name for table in content.all_tables]
    assert len(set(names)) == len(names)
