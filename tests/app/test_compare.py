"""The Compare page says what core found: the sum, each class, readers, groups; and what to do for lack of a second."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet
from dashboard.core.comparison import compare_groups, compare_runs
from dashboard.core.policies import make_policy
from dashboard.core.reader_comparison import compare_with_reader
from dashboard.core.run_summaries import run_summary
from dashboard.core.scale import sigmoid
from dashboard.core.verdicts import verdicts
from dashboard.inputs.dataset import Dataset
from dashboard.ui.panels import compare
from dashboard.ui.panels.compare_words import verdict_words
from tests.app.conftest import charts_of, degenerate_datasets, table_of

N = 400


@pytest.fixture
def dataset():
    rng = np.random.default_rng(3)
    truth = rng.normal(size=(N, 4)) - [0, 0.5, 1, 2.5]
    labels = (rng.random(truth.shape) < sigmoid(2 * truth)).astype(np.int8)
    sites = np.where(rng.random(N) < 0.4, "north", "south").astype(object)
    scores = {"sharp": truth + 0.5 * rng.normal(size=truth.shape), "moved": truth + 1.5}
    names = ["<b>one</b>", "two", "three", "four"]
    runs = {
        name: Predictions(each, labels, "logits", class_names=names, columns={"site": sites})
        for name, each in scores.items()
    }
    reader = np.where(rng.random(labels.shape) < 0.15, 1 - labels, labels).astype(np.int8)
    return Dataset("two runs", runs, readers={"reader": reader}, column_roles={"site": "group"})


def _ranked(dataset):
    return [RankedScores.from_predictions(run) for run in dataset.runs.values()]


def _at_half(*ranked):
    return [ThresholdSet.from_unit(r.predictions, 0.5) for r in ranked]


def _said(at):
    return "\n".join(each.value for each in at.markdown)


def _signed(value, digits=3):
    return f"{value:+.{digits}f}".replace("0.", ".", 1)


def _of_classes(table, found):
    assert table["total"].to_numpy() == pytest.approx(found.classes.total.value, nan_ok=True)
    for title, part in {"threshold": found.classes.threshold, "ranking": found.classes.ranking}.items():
        for name, values in ((title, part.value), (f"{title} low", part.low), (f"{title} high", part.high)):
            assert table[name].to_numpy() == pytest.approx(values, nan_ok=True)


def test_opening_sentence_and_classes_are_cores(visit, dataset):
    at = visit("compare", dataset)
    a, b = _ranked(dataset)
    found = compare_runs(a, b, *_at_half(a, b), np.arange(N))
    macro, table = found.averages["macro"], table_of(at, "compare_classes")
    assert f"**moved** against **sharp**: macro-F1 at 0.5 {macro.b:.3f}".replace("0.5 0.", "0.5 .") in _said(at)
    assert f"(**{_signed(macro.total.value)}**)" in _said(at)
    _of_classes(table, found)
    assert table["AP"].to_numpy() == pytest.approx(found.classes.average_precision.value)
    said = [verdict_words(each, "f1", None) for each in verdicts(found)]
    assert table["verdict"].tolist() == said
    assert all(words in _said(at) for words in said)
    assert set(charts_of(at)) == {"compare_parts_chart", "compare_slope_chart"}


def test_micro_is_split_by_the_thresholds_that_make_micro_best(visit, dataset):
    at = visit("compare", dataset)
    at.expander(key="compare_parts_numbers")
    a, b = _ranked(dataset)
    found = compare_runs(a, b, *_at_half(a, b), np.arange(N), policy=make_policy("best_micro_f_beta"))
    ranking = found.averages["micro"].ranking
    sent = next(iter(charts_of(at).values()))
    assert f"micro: total {found.averages['micro'].total.value:+.3f}" in str(sent)
    assert f"ranking {ranking.value:+.3f} ({ranking.low:+.3f} to {ranking.high:+.3f})" in str(sent)


def test_all_runs_and_readers_are_listed(visit, dataset):
    table = table_of(visit("compare", dataset), "compare_all").set_index("scores")
    a = _ranked(dataset)[0]
    expected = run_summary(a, *_at_half(a), np.arange(N))
    assert list(table.index) == ["sharp", "moved", "reader (reader)"]
    assert table.loc["sharp", "micro-F1 at 0.5"] == expected.micro_f1.value
    assert table.loc["sharp", "best macro-F1, cross-fitted"] == expected.best_macro_f1.value
    assert table.loc["sharp", "macro AP low"] == expected.macro_average_precision.low
    assert np.isnan(table.loc["reader (reader)", "macro AP"])


def test_swapped_the_total_changes_its_sign(visit, dataset):
    at = visit("compare", dataset)
    before = table_of(at, "compare_classes")
    at.button(key="compare_swap").click().run()
    assert "**sharp** against **moved**" in _said(at)
    assert table_of(at, "compare_classes")["total"].to_numpy() == pytest.approx(-before["total"].to_numpy())


def test_a_reader_stands_as_a_whichever_was_chosen(visit, dataset):
    at = visit("compare", dataset)
    at.selectbox(key="compare_b").select("reader (reader)").run()
    assert not at.exception
    a = _ranked(dataset)[0]
    found = compare_with_reader(a, dataset.readers["reader"], *_at_half(a), np.arange(N))
    table = table_of(at, "compare_classes")
    assert "**sharp** against **reader \\(reader\\)**" in _said(at)
    assert table["total"].to_numpy() == pytest.approx(found.classes.total.value)
    assert table["A"].to_numpy() == pytest.approx(found.classes.a)
    assert table["ranking"].isna().all()
    low, high = found.classes.total.low, found.classes.total.high
    told = [("F1 of B" in words) for words in table["verdict"]]
    assert told == ((low > 0) | (high < 0)).tolist()


def test_no_difference_is_said_only_within_a_margin(visit, dataset):
    at = visit("compare", dataset)
    assert "no difference" not in _said(at)
    at.number_input(key="compare_margin").set_value(1.0).run()
    assert set(table_of(at, "compare_classes")["verdict"].str.slice(0, 13)) == {"no difference"}


def test_thresholds_in_force_are_those_of_the_dashboard(visit, dataset):
    at = visit("compare", dataset, t="0.7")
    at.segmented_control(key="compare_at").set_value("in_force").run()
    a, b = _ranked(dataset)
    in_use = [ThresholdSet.from_unit(r.predictions, 0.7) for r in (a, b)]
    _of_classes(table_of(at, "compare_classes"), compare_runs(a, b, *in_use, np.arange(N)))
    assert "at the thresholds in force" in _said(at)


def test_jaccard_is_compared(visit, dataset):
    at = visit("compare", dataset)
    at.segmented_control(key="compare_metric").set_value("jaccard").run()
    a, b = _ranked(dataset)
    _of_classes(table_of(at, "compare_classes"), compare_runs(a, b, *_at_half(a, b), np.arange(N), metric="jaccard"))


def test_groups_are_compared_with_the_thresholds_of_all_samples(visit, dataset):
    at = visit("compare", dataset, compare_groups_fold="true")
    table = table_of(at, "compare_groups").set_index("group")
    a, b = _ranked(dataset)
    found = compare_groups(a, b, *_at_half(a, b), np.arange(N), a.predictions.columns["site"])
    for name in ("north", "south"):
        macro = found[name].averages["macro"]
        assert table.loc[name, "ranking"] == pytest.approx(macro.ranking.value)
        assert table.loc[name, "total low"] == pytest.approx(macro.total.low)
        assert table.loc[name, "positives"] == found[name].support.sum()


def test_a_single_run_says_what_to_load(visit, dataset):
    only = Dataset("one run", {"sharp": dataset.runs["sharp"]})
    at = visit("compare", only)
    assert "only run" in at.info[0].value
    assert table_of(at, "compare_all")["scores"].tolist() == ["sharp"]
    assert at.button(key="compare_load")


def test_the_same_run_twice_is_not_compared(visit, dataset):
    at = visit("compare", dataset)
    at.selectbox(key="compare_b").select("sharp").run()
    assert "two different ones" in at.info[0].value
    assert not charts_of(at)


def test_large_data_waits_for_the_button(visit, dataset, monkeypatch):
    monkeypatch.setattr(compare, "AT_ONCE", 10)
    at = visit("compare", dataset)
    assert not charts_of(at)
    at.button(key="compare_start").click().run()
    assert "compare_slope_chart" in charts_of(at)


def test_choices_are_in_the_address(visit, dataset):
    at = visit("compare", dataset, compare_a="moved", compare_b="sharp", compare_margin="0.25")
    assert "**sharp** against **moved**" in _said(at)
    assert at.number_input(key="compare_margin").value == 0.25


def test_of_many_classes_a_dozen_is_drawn_and_those_searched_for_are_shown(visit):
    rng = np.random.default_rng(4)
    labels = (rng.random((60, 15)) < 0.4).astype(np.int8)
    labels[:, 14] = 0
    names = [f"class {index}" for index in range(14)] + ["never"]
    runs = {name: Predictions(rng.normal(size=labels.shape), labels, "logits", class_names=names) for name in "ab"}
    many = Dataset("many", runs)
    at = visit("compare", many)
    assert any("The 12 of 15 classes that change most are drawn; 1 class" in each.value for each in at.caption)
    assert len(table_of(at, "compare_classes")) == 15
    at.text_input(key="compare_find").input("CLASS 1").run()
    shown = table_of(at, "compare_classes")["class"].tolist()
    assert shown == ["class 1", "class 10", "class 11", "class 12", "class 13"]
    assert "**class 2**" not in _said(at) and "**class 13**" in _said(at)


@pytest.mark.parametrize("name", degenerate_datasets())
def test_degenerate_data_is_compared(visit, name):
    p = degenerate_datasets()[name].first_run
    other = Predictions(p.scores[:, ::-1].copy(), p.labels, p.score_kind)
    readers = {"reader": np.where(p.labels < 0, 0, p.labels).astype(np.int8)}
    at = visit("compare", Dataset(name, {"run": p, "other": other}, readers=readers))
    assert len(table_of(at, "compare_classes")) == p.n_classes
    at.selectbox(key="compare_a").select("reader (reader)").run()
    assert not at.exception
