"""The group filter: every figure on every page is that of the group's samples, and the address says which."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores
from dashboard.core.global_optimum import best_global_thresholds
from dashboard.core.headline import headline
from dashboard.core.ranking_summary import ranking_summary
from dashboard.core.sample_metrics import sample_metrics
from dashboard.inputs.columns import MISSING
from dashboard.inputs.dataset import Dataset
from dashboard.ui import cache
from dashboard.ui.address import Group
from dashboard.ui.panels.group_filter import MOST_IN_ONE, MOST_LISTED
from tests.app.conftest import table_of

N = 200
WRITERS = ("3", "10", MISSING, "rare: 1,2")


def grouped(columns=None, **options) -> Dataset:
    rng = np.random.default_rng(7)
    labels = (rng.random((N, 4)) < [0.5, 0.3, 0.1, 0.02]).astype(np.int8)
    writer = rng.choice(np.array(WRITERS, dtype=object), N, p=[0.4, 0.3, 0.295, 0.005])
    writer[:1], writer[1:] = WRITERS[3], np.where(writer[1:] == WRITERS[3], "3", writer[1:])
    columns = {"writer": writer} if columns is None else columns
    p = Predictions(rng.normal(size=labels.shape) + 2 * labels - 1, labels, columns=columns)
    readers = {"somebody": np.where(rng.random(labels.shape) < 0.8, labels, 1 - labels).astype(np.int8)}
    return Dataset("grouped", {"run": p}, readers, dict.fromkeys(columns, "group"), **options)


@pytest.fixture
def dataset():
    return grouped()


def taken(dataset, writer) -> Predictions:
    return dataset.first_run.take(dataset.first_run.columns["writer"] == writer)


def said(at) -> str:
    return "\n".join(each.value for each in [*at.caption, *at.markdown, *at.warning])


@pytest.mark.parametrize("writer", WRITERS)
def test_overview_shows_the_figures_of_the_group(visit, dataset, writer):
    p = taken(dataset, writer)
    at = visit(dataset=dataset, group=str(Group("writer", writer)), t="0.37")
    shown = table_of(at, "headline_table").set_index("decisions")
    expected = headline(RankedScores.from_predictions(p).counts(0.37), samples=sample_metrics(p, 0.37))
    assert shown.loc["current threshold", "macro-F1"] == expected.macro_f1
    assert shown.loc["current threshold", "samples-F1"] == expected.samples_f1
    reader = dataset.readers["somebody"][dataset.first_run.columns["writer"] == writer]
    by_reader = ((reader == 1) & (p.labels == 1)).sum() * 2 / ((reader == 1).sum() + (p.labels == 1).sum() or 1)
    assert shown.loc["reader: somebody", "micro-F1"] == pytest.approx(by_reader)
    report = table_of(at, "report").set_index("class or average")
    assert report.loc["class 0", "support"] == p.support[0]
    assert f"{p.n_samples} of {N} samples" in said(at)
    assert f"{int(p.support.sum())} positive" in said(at)


def test_choosing_a_group_changes_the_figures_and_keeps_the_threshold(visit, dataset):
    at = visit(dataset=dataset, t="0.37")
    assert f"{N} samples ·" in said(at)
    at.selectbox(key="group_choice").select_index(1).run()
    assert not at.exception
    p = taken(dataset, "3")
    shown = table_of(at, "headline_table").set_index("decisions")
    expected = headline(RankedScores.from_predictions(p).counts(0.37))
    assert shown.loc["current threshold", "micro-F1"] == expected.micro_f1
    at.selectbox(key="group_choice").select_index(0).run()
    whole = RankedScores.from_predictions(dataset.first_run)
    shown = table_of(at, "headline_table").set_index("decisions")
    assert shown.loc["current threshold", "micro-F1"] == headline(whole.counts(0.37)).micro_f1


def test_best_on_these_samples_is_the_best_of_the_group(visit, dataset):
    p = taken(dataset, "10")
    at = visit(dataset=dataset, group="writer:10")
    assert f"on these {p.n_samples} samples" in said(at)
    at.button(key="apply_macro-F1").click().run()
    best = best_global_thresholds(RankedScores.from_predictions(p), [("f1", "macro")])["f1", "macro"]
    shown = table_of(at, "headline_table").set_index("decisions")
    assert shown.loc["current threshold", "macro-F1"] == best.value


def test_the_ranking_panel_is_of_the_group(visit, dataset):
    at = visit(dataset=dataset, group="writer:10", ranking_panel="true")
    expected = {each.name: each.value for each in ranking_summary(RankedScores.from_predictions(taken(dataset, "10")))}
    shown = table_of(at, "ranking").set_index("metric")["value"]
    assert shown["coverage error"] == expected["coverage error"]


def test_classes_shows_the_figures_of_the_group(visit, dataset):
    p = taken(dataset, "3")
    r = RankedScores.from_predictions(p)
    at = visit("classes", dataset, group="writer:3", focus="1", t="0.4")
    shown = table_of(at, "class_table").set_index("class")
    assert shown.loc["class 1", "support"] == p.support[1]
    assert shown.loc["class 1", "AP"] == r.average_precision()[1]
    decisions = table_of(at, "class_decisions")
    counts = r.counts(0.4)
    assert decisions.loc[0, ["tp", "fp", "fn", "tn"]].tolist() == [
        int(getattr(counts, name)[0, 1]) for name in ("tp", "fp", "fn", "tn")
    ]


def test_the_data_page_says_the_group_and_checks_everything(visit, dataset):
    at = visit("data", dataset, group="writer:3")
    assert f"{taken(dataset, '3').n_samples} of {N} samples" in said(at)
    assert not at.exception


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("writer", "3"),
        ("a:b", "10:30, é%"),
        ("empty", ""),
        ("ünïcode →", "日本 & co"),
        ("w", "20 to <40"),
        ("x", "a\nb"),
    ],
)
def test_the_address_keeps_any_group(visit, column, value):
    values = np.array([value, "another"] * (N // 2), dtype=object)
    dataset = grouped({column: values})
    at = visit(dataset=dataset)
    at.selectbox(key="group_choice").select_index(1 + sorted([value, "another"]).index(value)).run()
    address = dict(at.query_params)
    address = {name: text[0] if isinstance(text, list) else text for name, text in address.items()}
    assert address["group"] == str(Group(column, value))
    again = visit(dataset=dataset, group=address["group"])
    assert f"{N // 2} of {N} samples" in said(again)


@pytest.mark.parametrize(
    ("group", "sentence"),
    [
        ("writer:nobody", "no sample has that value; there are 3, 10, rare"),
        ("hospital:3", "the columns of groups are writer"),
        ("writer", "no sample has that value"),
    ],
)
def test_an_absent_group_is_said_and_nothing_else_shown(visit, dataset, group, sentence):
    at = visit(dataset=dataset, group=group)
    assert sentence in at.warning[0].value.replace("\\", "")
    assert not at.dataframe and not at.get("plotly_chart")
    at.button(key="open_all_samples").click().run()
    assert not at.exception and not at.warning
    assert f"{N} samples ·" in said(at)
    assert "group" not in at.query_params


def test_a_group_is_absent_where_the_data_has_no_column(visit):
    at = visit(dataset=grouped({}), group="writer:3")
    assert "no column of groups" in at.warning[0].value


def test_the_sample_opens_from_an_absent_group_of_the_sample(visit):
    at = visit(group="writer:nobody")
    at.button(key="open_sample").click().run()
    assert not at.warning and at.dataframe


@pytest.mark.parametrize("page", ["overview", "classes", "data"])
@pytest.mark.parametrize("unknown", [False, True])
def test_a_group_of_one_sample_or_without_positives_raises_nowhere(visit, page, unknown):
    rng = np.random.default_rng(1)
    labels = (rng.random((30, 3)) < 0.5).astype(np.int8)
    group = np.array(["one", *["none"] * 9, *["rest"] * 20], dtype=object)
    labels[1:10] = -1 if unknown else 0
    p = Predictions(rng.normal(size=labels.shape), labels, columns={"g": group})
    readers = {"somebody": np.where(labels < 0, 1, labels).astype(np.int8)}
    dataset = Dataset("edges", {"run": p}, readers, {"g": "group"})
    for name in ("one", "none"):
        for tab in ("All samples in view", "By group"):
            at = visit(page, dataset, group=f"g:{name}", focus="0", tab=tab)
            assert not at.exception


def test_a_threshold_chosen_on_another_group_says_so(visit, dataset):
    at = visit(dataset=dataset, group="writer:3")
    at.button(key="apply_macro-F1").click().run()
    assert "best macro-F1 on these samples" in said(at) and "chosen on" not in said(at)
    at.selectbox(key="group_choice").select_index(2).run()
    assert "best macro-F1 · chosen on writer = 3" in said(at)
    at.selectbox(key="group_choice").select_index(0).run()
    assert "best macro-F1 · chosen on writer" in said(at)
    at.selectbox(key="group_choice").select_index(1).run()
    assert "best macro-F1 on these samples" in said(at) and "chosen on" not in said(at)


def test_a_threshold_chosen_on_all_samples_says_so_in_a_group(visit, dataset):
    at = visit(dataset=dataset)
    at.button(key="apply_macro-F1").click().run()
    at.selectbox(key="group_choice").select_index(1).run()
    assert "best macro-F1 · chosen on all samples" in said(at)


def test_own_thresholds_chosen_on_two_groups_say_so(visit, dataset):
    at = visit("classes", dataset, group="writer:3", focus="0")
    at.button(key="apply_class_best").click().run()
    at.selectbox(key="group_choice").select_index(2).run()
    assert "chosen on writer" in said(at) and "some chosen" not in said(at)
    at.selectbox(key="focus_class").select_index(1).run()
    at.button(key="apply_class_best").click().run()
    assert "some chosen on writer = 3" in said(at)


def test_an_address_does_not_say_where_its_thresholds_were_chosen(visit, dataset):
    at = visit(dataset=dataset, t="0.31", group="writer:3")
    at.selectbox(key="group_choice").select_index(2).run()
    assert "as in the address" in said(at) and "chosen on" not in said(at)


def test_many_groups_are_chosen_in_two_steps(visit):
    values = np.array([f"g{i % (MOST_IN_ONE + 5)}" for i in range(N)], dtype=object)
    at = visit(dataset=grouped({"few": np.array(["a", "b"] * (N // 2)), "many": values}))
    at.selectbox(key="group_column").select_index(2).run()
    assert f"{N} samples ·" in said(at)
    at.selectbox(key="group_choice").select("g2").run()
    assert not at.exception
    assert f"2 of {N} samples" in said(at)
    at.selectbox(key="group_column").select_index(1).run()
    at.selectbox(key="group_choice").select("b").run()
    assert f"{N // 2} of {N} samples" in said(at)
    at.selectbox(key="group_column").select_index(0).run()
    assert f"{N} samples ·" in said(at) and not at.exception


def test_a_group_that_is_not_listed_can_be_named(visit):
    n = 2 * MOST_LISTED
    values = np.array([f"g{i}" for i in range(n)], dtype=object)
    p = Predictions(np.zeros((n, 1)), np.ones((n, 1), np.int8), columns={"id": values})
    at = visit(dataset=Dataset("many", {"run": p}, column_roles={"id": "group"}), group=f"id:g{n - 1}")
    assert f"1 of {n:,} samples" in said(at)
    assert len(at.selectbox(key="group_choice").options) == MOST_LISTED + 1


def test_other_data_starts_with_all_samples(visit, dataset):
    at = visit("data", dataset, group="writer:3")
    at.button(key="sample_validation").click().run()
    assert "group" not in at.query_params


def test_a_group_is_recomputed_when_it_was_pushed_out(dataset):
    cache.keep(dataset)
    keys = [cache.key_of(dataset.digest, Group("writer", writer)) for writer in WRITERS]
    for _ in range(2):
        for key, writer in zip(keys, WRITERS, strict=True):
            assert np.array_equal(cache.find(key).first_run.labels, taken(dataset, writer).labels)
    assert cache.find(cache.key_of(dataset.digest, Group("writer", "nobody"))) is None


def test_the_classes_drawn_at_first_are_the_same_in_a_group(visit):
    rng = np.random.default_rng(2)
    labels = (rng.random((N, 9)) < np.linspace(0.1, 0.9, 9)).astype(np.int8)
    labels[: N // 4] = 1 - labels[: N // 4]
    column = np.array(["first", *["rest"] * 3], dtype=object).repeat(N // 4)
    p = Predictions(rng.normal(size=labels.shape), labels, columns={"g": column})
    dataset = Dataset("nine", {"run": p}, column_roles={"g": "group"})
    drawn = [
        visit("classes", dataset, **at).multiselect(key="drawn_classes").value for at in ({}, {"group": "g:first"})
    ]
    assert drawn[0] == drawn[1] and len(drawn[0]) == 6
