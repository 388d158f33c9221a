"""By group: each row is core's figure of that group's samples, and the rows add up to the total on screen."""

import numpy as np
import pytest

from dashboard.core import Counts, Predictions, RankedScores, metrics
from dashboard.core.intervals import binomial_interval
from dashboard.inputs.columns import MISSING
from dashboard.inputs.dataset import Dataset
from dashboard.ui.panels import by_group, classes_by_group
from dashboard.ui.wording import short
from tests.app.conftest import dataset_of, degenerate_datasets, table_of

N = 300
TAB = {"tab": "By group"}


@pytest.fixture
def dataset():
    rng = np.random.default_rng(5)
    labels = rng.choice(np.array([-1, 0, 1], np.int8), (N, 3), p=[0.1, 0.5, 0.4])
    writer = rng.choice(np.array(["2", "10", MISSING], dtype=object), N)
    writer[:4] = "rare *group*"
    columns = {"writer": writer, "page": rng.choice(["left", "right"], N)}
    scores = rng.normal(size=labels.shape) + labels
    p = Predictions(scores, labels, columns=columns)
    decided = np.where(rng.random(labels.shape) < 0.8, np.abs(labels), rng.integers(-1, 2, labels.shape))
    roles = {"writer": "group", "page": "group"}
    return Dataset("grouped", {"run": p}, {"somebody": decided.astype(np.int8)}, roles)


def rows_of(at, key="by_group"):
    return table_of(at, key).set_index("group")


def taken(dataset, value):
    return dataset.first_run.columns["writer"] == value


@pytest.mark.parametrize("average", ["micro", "macro"])
def test_rows_are_cores_figures_of_each_group(visit, dataset, average):
    at = visit(dataset=dataset, t="0.37", by_figures=by_group.FIGURES[average], **TAB)
    shown = rows_of(at)
    assert list(shown.index) == ["2", "10", "rare *group*", MISSING, "total"]
    for value in shown.index[:-1]:
        p = dataset.first_run.take(taken(dataset, value))
        counts = RankedScores.from_predictions(p).counts(0.37)
        row = shown.loc[value]
        assert (row["samples"], row["support"]) == (p.n_samples, p.support.sum())
        assert row["predicted"] == (counts.tp + counts.fp).sum()
        assert row["F1"] == metrics.f_beta(counts, average=average)[0]
        assert row["recall"] == metrics.recall(counts, average=average)[0]
        assert row["precision"] == metrics.precision(counts, average=average)[0]
        expected = 1 - metrics.specificity(counts, average=average, zero_division=np.nan)[0]
        assert row["false positive rate"] == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("column", ["writer", "page"])
@pytest.mark.parametrize("figures", ["micro", "macro", "class"])
@pytest.mark.parametrize("decisions", [None, "somebody"])
def test_the_groups_add_up_to_the_total_and_the_total_to_the_headline(visit, dataset, column, figures, decisions):
    at = visit(dataset=dataset, t="0.6", own="1:0.3", by_figures=by_group.FIGURES[figures], **TAB)
    at.selectbox(key="by_column").select(column).run()
    if decisions:
        at.selectbox(key="by_decisions").select(decisions).run()
    shown = rows_of(at)
    for name in ("samples", "support", "predicted"):
        assert shown[name].iloc[:-1].sum() == shown.loc["total", name]
    assert shown.loc["total", "samples"] == N
    assert not at.exception
    if figures != "class":
        named = f"reader: {decisions}" if decisions else "current threshold"
        whole = visit(dataset=dataset, t="0.6", own="1:0.3")
        headline = table_of(whole, "headline_table").set_index("decisions").loc[named]
        assert shown.loc["total", "F1"] == headline[f"{figures}-F1"]


def test_a_group_in_view_has_the_figures_of_its_row(visit, dataset):
    row = rows_of(visit(dataset=dataset, t="0.4", by_figures=by_group.FIGURES["macro"], **TAB)).loc["10"]
    at = visit(dataset=dataset, t="0.4", group="writer:10")
    assert table_of(at, "headline_table").set_index("decisions").loc["current threshold", "macro-F1"] == row["F1"]


def test_one_class_has_exact_intervals_and_marks_few_positives(visit, dataset):
    at = visit(dataset=dataset, t="0.4", by_figures=by_group.FIGURES["class"], **TAB)
    at.selectbox(key="by_class").select_index(2).run()
    shown = rows_of(at)
    p = dataset.first_run.take(taken(dataset, "2"))
    counts = RankedScores.from_predictions(p).counts(0.4)
    tp, fn = int(counts.tp[0, 2]), int(counts.fn[0, 2])
    assert shown.loc["2", "recall"] == tp / (tp + fn)
    low, high = binomial_interval(tp, tp + fn)
    assert shown.loc["2", "recall 95 %"] == f"{short(low)} to {short(high)}"
    assert shown.loc["rare *group*", "note"] == "under 10 positives" and shown.loc["2", "note"] == ""
    assert any("1 group has fewer than 10 known positives" in each.value for each in at.caption)


def test_figures_follow_the_threshold(visit, dataset):
    at = visit(dataset=dataset, **TAB)
    before = rows_of(at).loc["2", "predicted"]
    at.slider(key="threshold_slider_unit").set_value(0.9).run()
    counts = RankedScores.from_predictions(dataset.first_run.take(taken(dataset, "2"))).counts(0.9)
    assert rows_of(at).loc["2", "predicted"] == (counts.tp + counts.fp).sum() < before


def test_a_readers_rows_leave_out_what_was_not_decided(visit, dataset):
    at = visit(dataset=dataset, **TAB)
    at.selectbox(key="by_decisions").select("somebody").run()
    rows = taken(dataset, "10")
    counts = Counts.from_reader(dataset.first_run.take(rows), dataset.readers["somebody"][rows])
    row = rows_of(at).loc["10"]
    assert row["F1"] == metrics.f_beta(counts, average="micro")[0]
    assert row["support"] == counts.support.sum()


@pytest.mark.parametrize("rate", ["F1", "recall", "precision", "false positive rate"])
def test_each_class_in_each_group_is_cores(visit, dataset, rate):
    at = visit(dataset=dataset, t="0.4", by_rate=rate, **TAB)
    shown = table_of(at, "by_class_and_group").set_index("class")
    counts = RankedScores.from_predictions(dataset.first_run.take(taken(dataset, "10"))).counts(0.4)
    metric = {"F1": metrics.f_beta, "recall": metrics.recall, "precision": metrics.precision}.get(rate)
    expected = metric(counts)[0] if metric else 1 - metrics.specificity(counts)[0]
    for c in range(3):
        assert shown.loc[f"class {c}", "10"] == pytest.approx(expected[c])
    assert shown["spread"].is_monotonic_decreasing


def test_many_classes_and_groups_are_paged(visit):
    rng = np.random.default_rng(0)
    labels = (rng.random((400, 120)) < 0.5).astype(np.int8)
    columns = {"site": np.array([f"site {i % 130}" for i in range(400)])}
    p = Predictions(rng.normal(size=labels.shape), labels, columns=columns)
    at = visit(dataset=Dataset("many", {"run": p}, column_roles={"site": "group"}), **TAB)
    assert not at.exception
    shown = rows_of(at)
    assert len(shown) == by_group.MOST_GROUPS + 1
    assert f"{130 - by_group.MOST_GROUPS + 1} other groups" in shown.index
    assert shown["support"].iloc[:-1].sum() == labels.sum()
    assert any(each.value.startswith("130 groups: micro-F1 from") for each in at.markdown)
    assert any("99 largest of 130 groups" in each.value for each in at.caption)
    table = table_of(at, "by_class_and_group")
    assert table.shape == (classes_by_group.CLASSES_PER_PAGE, 3 + classes_by_group.MOST_COLUMNS)


def test_the_pass_over_groups_runs_only_when_the_tab_is_open(visit, dataset, monkeypatch):
    def not_now(*_):
        raise AssertionError("counted though nobody looks")

    monkeypatch.setattr("dashboard.ui.class_cache.count_groups", not_now)
    at = visit(dataset=dataset)
    assert not at.exception
    with pytest.raises(AssertionError):
        visit(dataset=dataset, **TAB)


def test_without_a_column_of_groups_the_tab_says_how_to_give_one(visit):
    at = visit(dataset=dataset_of(np.zeros((3, 1)), np.ones((3, 1), np.int8)), **TAB)
    assert any("no column of groups" in each.value for each in at.info)


@pytest.mark.parametrize("name", degenerate_datasets())
@pytest.mark.parametrize("figures", ["micro", "macro", "class"])
def test_no_degenerate_data_raises(visit, name, figures):
    given = degenerate_datasets()[name]
    p = given.first_run
    column = np.array(["only one" if i % 3 else "another" for i in range(p.n_samples)])
    runs = {"run": Predictions(p.scores, p.labels, p.score_kind, columns={"g": column})}
    dataset = Dataset("edge", runs, {"silent": np.full(p.labels.shape, -1, np.int8)}, {"g": "group"})
    at = visit(dataset=dataset, by_figures=by_group.FIGURES[figures], **TAB)
    at.selectbox(key="by_decisions").select("silent").run()
    assert not at.exception


def test_hostile_names_of_groups_are_shown_literally(visit):
    hostile = ["<b>x</b> $a$ [l](u) :red[r]", "total", "class", "spread", "group"]
    rng = np.random.default_rng(0)
    labels = (rng.random((100, 2)) < 0.5).astype(np.int8)
    p = Predictions(rng.normal(size=labels.shape), labels, columns={"support": np.array(hostile * 20, dtype=object)})
    at = visit(dataset=Dataset("hostile", {"run": p}, column_roles={"support": "group"}), **TAB)
    assert set(hostile) <= set(table_of(at, "by_group")["group"])
    assert not any(":red[" in each.value or "](u)" in each.value for each in at.markdown)
