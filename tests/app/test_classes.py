"""Classes shows core's and scikit-learn's numbers, draws what is chosen, and moves one class's threshold alone."""

import json

import numpy as np
import pytest
from sklearn.metrics import (
    average_precision_score,
    confusion_matrix,
    f1_score,
    precision_recall_curve,
    precision_recall_fscore_support,
    roc_auc_score,
    roc_curve,
)
from streamlit.proto.WidgetStates_pb2 import WidgetState

from dashboard.core import Predictions, RankedScores, metrics
from dashboard.core.intervals import binomial_interval
from dashboard.core.matching import reader_match
from dashboard.core.scale import sigmoid
from dashboard.inputs.dataset import Dataset
from dashboard.ui.wording import short
from tests.app.conftest import charts_of, dataset_of, degenerate_datasets, let_go, marks_of, table_of


def _scores(seed, prevalence, n_samples=200):
    rng = np.random.default_rng(seed)
    labels = (rng.random((n_samples, len(prevalence))) < prevalence).astype(np.int8)
    return np.round(rng.normal(size=labels.shape) + 2 * labels - 1, 2), labels


@pytest.fixture
def dataset():
    scores, labels = _scores(7, [0.5, 0.3, 0.1, 0.02])
    rng = np.random.default_rng(1)
    readers = {"second opinion": np.where(rng.random(labels.shape) < 0.9, labels, 1 - labels).astype(np.int8)}
    return dataset_of(scores, labels, readers=readers)


@pytest.fixture
def many():
    """30 classes from common to rare, in three groups and one without."""
    scores, labels = _scores(3, np.geomspace(0.6, 0.002, 30), n_samples=400)
    groups = {f"class {i}": "abc"[i % 3] for i in range(29)}
    return dataset_of(scores, labels, class_groups=groups)


def _classes(at):
    return table_of(at, "class_table").set_index("class")


def _decisions(at):
    return table_of(at, "class_decisions").set_index("decisions")


def _tick(at, *names):
    """The table with exactly these rows ticked, reported as the browser does: positions in the shown order."""
    table = at.container(key="class_table").dataframe[0]
    rows = [row for row, name in enumerate(table.value["class"]) if name in names]
    states = at._tree.get_widget_states()
    selection = {"selection": {"rows": rows, "columns": [], "cells": []}}
    states.widgets.append(WidgetState(id=table.proto.id, string_value=json.dumps(selection)))
    at._run(states)
    assert not at.exception
    return at


def _drawn(at):
    return at.multiselect(key="drawn_classes").value


def _figure(at, chart):
    return json.dumps(charts_of(at)[chart])


def _text(at):
    shown = [*at.markdown, *at.caption, *at.info]
    return " ".join(element.value.replace("\\", "") for element in shown)


def test_table_holds_scikit_learns_areas(visit, dataset):
    p, shown = dataset.first_run, _classes(visit("classes", dataset))
    for c, name in enumerate(p.class_names):
        assert shown.loc[name, "AP"] == pytest.approx(average_precision_score(p.labels[:, c], p.scores[:, c]))
        assert shown.loc[name, "ROC AUC"] == pytest.approx(roc_auc_score(p.labels[:, c], p.scores[:, c]))
        assert shown.loc[name, "support"] == p.labels[:, c].sum()
        assert shown.loc[name, "prevalence"] == p.labels[:, c].mean()


def test_table_holds_the_best_f1_of_any_threshold(visit, dataset):
    p, shown = dataset.first_run, _classes(visit("classes", dataset))
    for c, name in enumerate(p.class_names):
        precision, recall, _ = precision_recall_curve(p.labels[:, c], p.scores[:, c])
        best = np.nanmax(2 * precision * recall / np.maximum(precision + recall, 1e-300))
        assert shown.loc[name, "best F1"] == pytest.approx(best)
        at_best = 1 / (1 + np.exp(-p.scores[:, c])) >= shown.loc[name, "best at"]
        f1 = precision_recall_fscore_support(p.labels[:, c], at_best, average="binary")[2]
        assert f1 == pytest.approx(best)


def test_table_holds_scikit_learns_figures_at_the_thresholds_in_force(visit, dataset):
    p, shown = dataset.first_run, _classes(visit("classes", dataset, t="0.4", own="1:0.8"))
    thresholds = np.array([0.4, 0.8, 0.4, 0.4])
    predicted = p.scores >= np.log(thresholds / (1 - thresholds))
    expected = precision_recall_fscore_support(p.labels, predicted, zero_division=np.nan)
    for column, values in zip(("precision", "recall", "F1"), expected, strict=False):
        np.testing.assert_allclose(shown.loc[list(p.class_names), column], values, rtol=1e-12)
    assert shown["own threshold"].dropna().to_dict() == {"class 1": 0.8}


def test_sentence_names_the_worst_and_the_best_class(visit, dataset):
    p = dataset.first_run
    areas = [average_precision_score(p.labels[:, c], p.scores[:, c]) for c in range(4)]
    low, high = int(np.argmin(areas)), int(np.argmax(areas))
    text = visit("classes", dataset).markdown
    said = next(element.value for element in text if element.value.startswith("4 classes"))
    assert f"from **{areas[low]:.3f}** (class {low}) to **{areas[high]:.3f}** (class {high})".replace("0.", ".") in said


def test_slider_moves_one_class_only(visit, dataset):
    p = dataset.first_run
    at = visit("classes", dataset, focus="2")
    before = _classes(at)
    at.slider(key="own_2_slider_unit").set_value(0.7).run()
    after, now = _classes(at), _decisions(at).loc["own threshold"]
    tn, fp, fn, tp = confusion_matrix(p.labels[:, 2], p.scores[:, 2] >= np.log(0.7 / 0.3)).ravel()
    assert (now["tp"], now["fp"], now["fn"], now["tn"]) == (tp, fp, fn, tn)
    assert after.loc["class 2", "recall"] == tp / (tp + fn) != before.loc["class 2", "recall"]
    others = ["class 0", "class 1", "class 3"]
    assert after.loc[others].equals(before.loc[others])
    assert f"{tp} of {tp + fn} positives found" in _text(at)


def test_number_field_sets_the_unrounded_value(visit, dataset):
    at = visit("classes", dataset, focus="1")
    at.number_input(key="own_1_field_unit").set_value(0.123456).run()
    assert at.slider(key="own_1_slider_unit").value == 0.123456
    assert _classes(at).loc["class 1", "own threshold"] == 0.123456


def test_logit_axis_moves_on_the_scale_of_the_scores(visit, dataset):
    p = dataset.first_run
    at = visit("classes", dataset, focus="1")
    at.segmented_control(key="axis").set_value("logit").run()
    slider = at.slider(key="own_1_slider_logit")
    assert (slider.min, slider.max) == (p.scores[:, 1].min(), p.scores[:, 1].max())
    slider.set_value(0.25).run()
    assert _decisions(at).loc["own threshold", "tp"] == ((p.scores[:, 1] >= 0.25) & (p.labels[:, 1] == 1)).sum()
    assert marks_of(at, "score_histogram")["1"]["x"] == 0.25


@pytest.mark.parametrize("index", range(4))
def test_apply_best_reaches_exactly_the_best_f1(visit, dataset, index):
    at = visit("classes", dataset, focus=str(index))
    at.button(key="apply_class_best").click().run()
    shown = _classes(at).loc[f"class {index}"]
    assert shown["F1"] == shown["best F1"]
    assert (
        _decisions(at).loc["own threshold", "F1"]
        == RankedScores.from_predictions(dataset.first_run).best_f_beta().value[index]
    )


def test_apply_best_works_where_the_zero_one_scale_cannot_say_the_threshold(visit):
    """Logits around 60 are all 1.0 as float64 probabilities."""
    at = visit("classes", dataset_of([[60.0], [61.0], [62.0], [63.0]], [[0], [0], [1], [1]]))
    at.button(key="apply_class_best").click().run()
    assert _classes(at).loc["class 0", "F1"] == 1.0


def test_apply_best_that_keeps_every_score_predicts_always(visit):
    """Even the lowest score, -inf, is a positive that the best F1 needs."""
    at = visit("classes", dataset_of([[-np.inf], [-np.inf], [1.0]], [[1], [1], [1]]))
    at.button(key="apply_class_best").click().run()
    assert _decisions(at).loc["own threshold", "tp"] == 3
    assert at.session_state["chosen"].own[0].value == 0.0


def test_common_threshold_takes_the_own_one_back(visit, dataset):
    at = visit("classes", dataset, focus="0", own="0:0.9", t="0.3")
    assert {"own threshold", "common threshold"} <= set(_decisions(at).index)
    at.button(key="use_common").click().run()
    assert np.isnan(_classes(at).loc["class 0", "own threshold"])
    assert _decisions(at).loc["common threshold", "threshold"] == 0.3
    assert at.button(key="use_common").disabled


def test_more_own_thresholds_than_an_address_holds_become_a_set(visit, many):
    own = ",".join(f"{index}:0.2" for index in range(24))
    at = visit("classes", many, own=own, classes="25,3", focus="25")
    at.slider(key="own_25_slider_unit").set_value(0.9).run()
    assert _decisions(at).loc["applied threshold", "threshold"] == pytest.approx(0.9)
    at.selectbox(key="focus_class").set_value(3).run()
    assert _decisions(at).loc["applied threshold", "threshold"] == pytest.approx(0.2)
    assert "changed by hand" in at.container(key="header_thresholds").caption[0].value


def test_readers_are_rows_beside_the_threshold(visit, dataset):
    p, decided = dataset.first_run, dataset.readers["second opinion"]
    row = _decisions(visit("classes", dataset, focus="1")).loc["reader: second opinion"]
    expected = precision_recall_fscore_support(p.labels[:, 1], decided[:, 1], average="binary")
    assert (row["precision"], row["recall"], row["F1"]) == pytest.approx(expected[:3])


@pytest.mark.parametrize("curve", ["Precision-recall", "ROC"])
def test_operating_points_lie_on_the_curves_of_scikit_learn(visit, dataset, curve):
    p = dataset.first_run
    at = visit("classes", dataset, curve=curve, own="1:0.2")
    points = marks_of(at, "roc_chart" if curve == "ROC" else "pr_chart")
    assert list(points) == ["0", "1", "2", "3"]
    for c, point in enumerate(points.values()):
        cut = np.log(0.2 / 0.8) if c == 1 else 0.0
        precision, recall, thresholds = precision_recall_curve(p.labels[:, c], p.scores[:, c])
        if curve == "ROC":
            fpr, tpr, thresholds = roc_curve(p.labels[:, c], p.scores[:, c], drop_intermediate=False)
            index = np.flatnonzero(thresholds >= cut)[-1]
            expected = fpr[index], tpr[index]
        else:
            index = np.flatnonzero(thresholds >= cut)[0]
            expected = recall[index], precision[index]
        assert (point["x"], point["y"]) == pytest.approx(expected)
        assert point["text"].startswith(p.class_names[c])


def test_a_class_never_predicted_has_no_ring_and_is_said(visit, dataset):
    at = visit("classes", dataset, own="0:1.0", focus="0")
    drawn = [mark for mark in marks_of(at, "pr_chart").values() if mark["y"] is not None]
    assert len(drawn) == 3
    assert np.isnan(_classes(at).loc["class 0", "precision"])
    assert "never predicted" in _text(at) and "1 class has nothing predicted" in _text(at)


@pytest.mark.parametrize(("curve", "chart"), [("Precision-recall", "pr_chart"), ("ROC", "roc_chart")])
def test_no_chart_changes_with_a_threshold(visit, dataset, curve, chart):
    at = visit("classes", dataset, curve=curve)
    before, marks = (_figure(at, chart), _figure(at, "score_histogram")), marks_of(at, chart)
    at.slider(key="own_0_slider_unit").set_value(0.8).run()
    assert (_figure(at, chart), _figure(at, "score_histogram")) == before
    assert marks_of(at, chart) != marks


def test_at_first_the_classes_with_most_positives_are_drawn(visit, many):
    support = many.first_run.support
    drawn = _drawn(visit("classes", many))
    assert len(drawn) == 6
    assert set(drawn) == set(np.argsort(-support, kind="stable")[:6])


def test_ticked_rows_are_drawn_in_the_order_of_their_colours(visit, many):
    at = visit("classes", many, classes="4,2")
    assert _drawn(_tick(at, "class 4", "class 2", "class 20")) == [4, 2, 20]
    assert _drawn(_tick(at, "class 2", "class 20")) == [2, 20]
    assert "class 20" in _figure(at, "pr_chart") and "class 4" not in _figure(at, "pr_chart")


def test_ticking_under_a_filter_keeps_the_classes_it_hides(visit, many):
    at = visit("classes", many, classes="4,21")
    at.text_input(key="class_search").set_value("class 2").run()
    assert set(_classes(at).index) == {"class 2", *(f"class {i}" for i in range(20, 30))}
    assert _drawn(_tick(at, "class 20")) == [4, 20]


def test_more_than_a_dozen_are_cut_off_and_said(visit, many):
    at = visit("classes", many, classes="7")
    _tick(at, *many.first_run.class_names)
    assert len(_drawn(at)) == 12 and _drawn(at)[0] == 7
    assert "At most 12 classes are drawn together: the first 12 of the 30 chosen are." in _text(at)
    at.multiselect(key="drawn_classes").set_value([3]).run()
    assert _drawn(at) == [3] and "At most 12" not in _text(at)


def test_no_class_drawn_is_said_and_the_table_stays(visit, many):
    at = visit("classes", many)
    at.multiselect(key="drawn_classes").set_value([]).run()
    assert not at.exception and not charts_of(at)
    assert "No class is drawn" in _text(at) and len(_classes(at)) == 30


def test_search_takes_the_text_literally(visit):
    scores, labels = _scores(0, [0.5] * 3)
    named = Dataset("names", {"run": Predictions(scores, labels, "logits", ["C++ (new)", "c plus", "ccc"])})
    at = visit("classes", named)
    at.text_input(key="class_search").set_value("c++ (").run()
    assert list(_classes(at).index) == ["C++ (new)"]


def test_support_bands_occur_and_filter(visit):
    """Supports at the ends of the bands."""
    labels = (np.arange(150)[:, None] < [0, 9, 10, 99, 100]).astype(np.int8)
    at = visit("classes", dataset_of(np.random.default_rng(0).normal(size=labels.shape), labels))
    bands = {"under 10": {0, 9}, "10 to 99": {10, 99}, "100 to 999": {100}}
    assert at.selectbox(key="support_band").options == ["all", *bands]
    for band, expected in bands.items():
        at.selectbox(key="support_band").set_value(band).run()
        assert set(_classes(at)["support"]) == expected


def test_class_groups_filter(visit, many):
    at = visit("classes", many)
    at.selectbox(key="class_group").select("no group").run()
    assert list(_classes(at).index) == ["class 29"]
    at.selectbox(key="class_group").select("b").run()
    assert set(_classes(at)["group"]) == {"b"} and len(_classes(at)) == 10


def test_no_filter_is_offered_that_filters_nothing(visit):
    scores, labels = _scores(0, [0.5] * 3)
    at = visit("classes", dataset_of(scores, labels))
    assert {box.key for box in at.selectbox} == {"focus_class"}
    assert "known" not in _classes(at) and "group" not in _classes(at)


def test_known_share_is_shown_where_some_is_unknown(visit):
    shown = _classes(visit("classes", degenerate_datasets()["partly unknown"]))
    assert shown.loc["class 1", "known"] == 0.25


@pytest.mark.parametrize("curve", ["pr", "roc"])
def test_the_numbers_behind_a_thinned_chart_are_all_vertices(visit, curve):
    rng = np.random.default_rng(0)
    labels = (rng.random((3000, 1)) < 0.5).astype(np.int8)
    p = Predictions(rng.normal(size=(3000, 1)) + labels, labels, "logits")
    at = visit("classes", Dataset("long", {"run": p}), curve={"pr": "Precision-recall", "roc": "ROC"}[curve])
    assert "Thinned for drawing: no point of a full curve is farther than 0.00" in _text(at)
    at.session_state[f"{curve}_numbers"] = True
    mine = table_of(at.run(), f"{curve}_table")
    if curve == "pr":
        precision, recall, _ = precision_recall_curve(p.labels[:, 0], p.scores[:, 0])
        expected = {"precision": precision[-2::-1], "recall": recall[-2::-1]}
    else:
        fpr, tpr, _ = roc_curve(p.labels[:, 0], p.scores[:, 0], drop_intermediate=False)
        expected = {"false positive rate": fpr, "recall": tpr}
    for column, values in expected.items():
        np.testing.assert_allclose(mine[column], values, rtol=1e-12)


def test_a_chart_that_leaves_nothing_out_says_so(visit, dataset):
    assert "All vertices are drawn." in _text(visit("classes", dataset))


def test_histogram_table_counts_every_score(visit, dataset):
    at = visit("classes", dataset, focus="2")
    at.session_state["histogram_numbers"] = True
    rows = table_of(at.run(), "histogram_table")
    assert rows["positives"].sum() == dataset.first_run.support[2]
    assert rows["negatives"].sum() == 200 - dataset.first_run.support[2]


def test_address_of_other_classes_is_mended(visit, dataset):
    at = visit("classes", dataset, classes="99,1,-3,x,1,0", focus="77")
    assert _drawn(at) == [1, 0] and at.selectbox(key="focus_class").value == 1


def test_address_says_what_is_drawn_and_in_focus(visit, many):
    at = visit("classes", many)
    _tick(at, "class 1", "class 3")
    at.selectbox(key="focus_class").set_value(3).run()
    at.slider(key="own_3_slider_unit").set_value(0.25).run()
    assert at.query_params["classes"] in (["1,3"], "1,3") and at.query_params["focus"] in (["3"], "3")
    assert at.query_params["own"] in (["3:0.25"], "3:0.25")


@pytest.mark.parametrize("name", degenerate_datasets())
@pytest.mark.parametrize("curve", ["Precision-recall", "ROC"])
def test_no_degenerate_data_raises(visit, name, curve):
    dataset = degenerate_datasets()[name]
    at = visit("classes", dataset, curve=curve)
    for axis in ("probability", "logit"):
        at.segmented_control(key="axis").set_value(axis).run()
        in_logits = axis == "logit" and dataset.first_run.score_kind == "logits"
        assert at.slider[0].key == f"own_{_drawn(at)[0]}_slider_{'logit' if in_logits else 'unit'}"
        at.slider[0].set_value(at.slider[0].max).run()
        assert not at.exception
    if not at.button(key="apply_class_best").disabled:
        at.button(key="apply_class_best").click().run()
        shown = _classes(at).loc["class 0"]
        assert not at.exception and shown["F1"] == shown["best F1"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("all unknown", "3 classes have no known label: every figure is undefined"),
        ("no positives", "3 classes have no known positive: recall, AP, ROC AUC and best F1 are undefined"),
        ("no negatives", "3 classes have no known negative: ROC AUC is undefined"),
        ("one cell", "1 class has no known negative: ROC AUC is undefined"),
    ],
)
def test_what_is_undefined_is_said_with_the_reason(visit, name, reason):
    at = visit("classes", degenerate_datasets()[name])
    assert reason in _text(at)
    column = "ROC AUC" if "ROC" in reason and "AP" not in reason else "AP"
    assert name == "all unknown" or np.isnan(_classes(at)[column]).all()


def test_class_names_act_nowhere_as_markdown(visit):
    scores, labels = _scores(0, [0.5, 0.0])
    hostile = ["[x](http://evil.example/i)", "![t](http://evil.example/p.png)"]
    at = visit("classes", Dataset("names", {"run": Predictions(scores, labels, "logits", hostile)}), own="0:0.2")
    at.button(key="use_common").run()
    shown = [*at.markdown, *at.caption, *at.subheader]
    assert sum("evil" in element.value for element in shown) >= 4
    assert not any("](http" in element.value for element in shown)


def test_ten_thousand_classes_draw_six_and_send_a_page(visit):
    scores, labels = _scores(0, np.full(10_000, 0.2), n_samples=30)
    at = visit("classes", dataset_of(scores.astype(np.float32), labels))
    assert len(_drawn(at)) == 6 and len(_classes(at)) == 100
    assert at.pagination[0].num_pages == 100
    assert "10,000 classes, most positives first." in _text(at) and "Rows 1 to 100 of 10,000." in _text(at)


def test_class_table_has_a_column_per_reader(visit):
    rng = np.random.default_rng(11)
    labels = (rng.random((60, 3)) < 0.4).astype(np.int8)
    decided = np.where(rng.random(labels.shape) < 0.8, labels, 1 - labels).astype(np.int8)
    at = visit("classes", dataset_of(rng.normal(size=labels.shape), labels, readers={"first": decided}))
    shown = table_of(at, "class_table").set_index("class")["F1 of first"]
    expected = f1_score(labels, decided, average=None)
    np.testing.assert_allclose([shown[f"class {i}"] for i in range(3)], expected, atol=1e-12)


@pytest.mark.parametrize(("curve", "chart"), [("Precision-recall", "pr_chart"), ("ROC", "roc_chart")])
def test_a_vertex_let_go_is_the_threshold_of_its_class_alone(visit, dataset, curve, chart):
    """The vertices of the chart are cuts of scikit-learn's curve; the class then decides as that cut does."""
    p = dataset.first_run
    at = visit("classes", dataset, curve=curve)
    before = _classes(at)
    let_go(at, chart, id="2", vertex=7)
    kept = RankedScores.from_predictions(p).cuts(2).scores[7 - (curve == "ROC")]
    predicted = p.scores[:, 2] >= kept
    after = _classes(at)
    assert after.loc["class 2", "recall"] == predicted[p.labels[:, 2] == 1].mean()
    assert after.loc["class 2", "precision"] == p.labels[predicted, 2].mean()
    others = ["class 0", "class 1", "class 3"]
    assert after.loc[others].equals(before.loc[others])


def test_the_first_vertex_of_a_roc_curve_predicts_nothing(visit, dataset):
    at = let_go(visit("classes", dataset, curve="ROC", focus="1"), "roc_chart", id="1", vertex=0)
    row = _decisions(at).loc["own threshold"]
    assert (row["tp"], row["fp"]) == (0, 0)
    assert marks_of(at, "score_histogram")["1"]["x"] in (1.0, "Infinity")


@pytest.mark.parametrize("release", [{"id": "2", "vertex": 10**6}, {"id": "9", "vertex": 1}, {"id": "x", "vertex": 1}])
def test_a_vertex_that_is_none_moves_nothing(visit, dataset, release):
    at = let_go(visit("classes", dataset), "pr_chart", **release)
    assert _classes(at)["own threshold"].isna().all()


def test_a_line_let_go_over_the_scores_moves_the_class_in_focus(visit, dataset):
    at = let_go(visit("classes", dataset, focus="2"), "score_histogram", id="2", value=0.31)
    assert _classes(at)["own threshold"].dropna().to_dict() == {"class 2": 0.31}
    assert at.slider(key="own_2_slider_unit").value == 0.31


def test_small_multiples_draw_each_class_with_a_line_of_its_own(visit, dataset):
    at = visit("classes", dataset, curve="Small multiples")
    content = charts_of(at)["small_multiples"]
    assert [handle["id"] for handle in content["handles"]] == ["0", "1", "2", "3"]
    assert content["figure"]["layout"]["meta"]["grid"]["titles"] == list(dataset.first_run.class_names)
    let_go(at, "small_multiples", id="3", value=0.2)
    assert _classes(at)["own threshold"].dropna().to_dict() == {"class 3": 0.2}
    assert [mark["x"] for mark in marks_of(at, "small_multiples").values()] == [0.5, 0.5, 0.5, 0.2]


def test_small_multiples_take_up_to_24_classes_and_curves_a_dozen_of_them(visit, many):
    at = visit("classes", many, curve="Small multiples")
    assert len(_drawn(at)) == 12 and "12 of 30 classes" in _text(at)
    at.multiselect(key="drawn_classes").set_value(list(range(24))).run()
    assert len(charts_of(at)["small_multiples"]["handles"]) == 24
    at.segmented_control(key="curve").set_value("pr").run()
    assert _drawn(at) == list(range(12))
    assert "At most 12 classes are drawn together: the first 12 of the 24 chosen are." in _text(at)


def test_a_released_ring_beyond_what_an_address_holds_makes_a_set(visit, many):
    own = ",".join(f"{index}:0.2" for index in range(24))
    at = visit("classes", many, own=own, classes="25,3")
    let_go(at, "pr_chart", id="25", vertex=1)
    assert "changed by hand" in at.container(key="header_thresholds").caption[0].value
    assert at.query_params["set"] and np.isnan(_classes(at).loc["class 25", "own threshold"])


def test_the_model_stands_beside_each_reader(visit, dataset):
    match = reader_match(dataset.first_run, dataset.readers["second opinion"][:, 1], 1)
    at = visit("classes", dataset, focus="1")
    shown = _decisions(at)
    for what, cut in (("recall", match.at_recall), ("precision", match.at_precision)):
        row = shown.loc[f"model at the {what} of second opinion"]
        assert [row[name] for name in ("tp", "fp", "fn", "tn")] == [
            getattr(cut.counts, name)[0, 0] for name in ("tp", "fp", "fn", "tn")
        ]
        assert row["threshold"] == pytest.approx(float(sigmoid(cut.score_threshold)))
        low, high = binomial_interval(cut.counts.tp, cut.counts.support)
        assert row["recall 95 %"] == f"{short(low[0, 0])} to {short(high[0, 0])}"
    ours = short(metrics.precision(match.at_recall.counts)[0, 0])
    theirs = short(metrics.precision(match.counts)[0, 0])
    assert any(f"precision is **{ours}** against the reader's {theirs}" in each.value for each in at.markdown)


def test_apply_gives_the_class_the_threshold_at_a_readers_recall(visit, dataset):
    match = reader_match(dataset.first_run, dataset.readers["second opinion"][:, 1], 1)
    at = visit("classes", dataset, focus="1")
    at.button(key="apply_reader_threshold").click().run()
    row = _decisions(at).loc["own threshold"]
    assert [row[name] for name in ("tp", "fp")] == [match.at_recall.counts.tp[0, 0], match.at_recall.counts.fp[0, 0]]
    at.selectbox(key="reader_threshold_1").select_index(1).run()
    at.button(key="apply_reader_threshold").click().run()
    assert _decisions(at).loc["own threshold", "tp"] == match.at_precision.counts.tp[0, 0]


def test_what_a_reader_left_open_or_never_predicted_is_said(visit):
    rng = np.random.default_rng(3)
    labels = (rng.random((60, 2)) < 0.5).astype(np.int8)
    open_cells, silent = labels.copy(), np.zeros_like(labels)
    open_cells[:10] = -1
    dataset = dataset_of(rng.normal(size=labels.shape), labels, readers={"half": open_cells, "silent": silent})
    captions = "\n".join(each.value for each in visit("classes", dataset, focus="0").caption)
    assert "half decided 50 of the 60 known samples" in captions
    assert "silent predicted no sample" in captions


def test_a_readers_precision_out_of_reach_is_said(visit):
    labels = np.array([[0], [1], [0], [1]], dtype=np.int8)
    scores = np.array([[3.0], [2.0], [1.0], [0.0]])
    at = visit("classes", dataset_of(scores, labels, readers={"expert": labels}), focus="0")
    assert any("No threshold reaches the precision of expert" in each.value for each in at.caption)
    assert "model at the precision of expert" not in _decisions(at).index
