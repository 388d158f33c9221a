"""Overview shows core's numbers, follows the threshold, and stands on degenerate data."""

import base64
import json

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, classification_report, coverage_error, f1_score

from dashboard.core import Predictions, RankedScores
from dashboard.core.global_optimum import best_global_thresholds
from dashboard.core.headline import headline
from dashboard.core.sample_metrics import sample_metrics
from dashboard.core.samples_optimum import best_samples_threshold
from dashboard.inputs.dataset import Dataset
from dashboard.ui import cache
from dashboard.ui.controls import AXES, METRICS
from tests.app.conftest import charts_of, dataset_of, degenerate_datasets, let_go, marks_of, table_of


@pytest.fixture
def dataset():
    rng = np.random.default_rng(7)
    labels = (rng.random((200, 4)) < [0.5, 0.3, 0.1, 0.02]).astype(np.int8)
    readers = {"second opinion": np.where(rng.random(labels.shape) < 0.9, labels, 1 - labels).astype(np.int8)}
    return dataset_of(rng.normal(size=labels.shape) + 2 * labels - 1, labels, readers=readers)


def _table(at, key="headline_table"):
    return table_of(at, key).set_index("decisions")


def test_headline_table_holds_cores_numbers(visit, dataset):
    p = dataset.first_run
    shown = _table(visit(dataset=dataset, t="0.37"))
    expected = headline(RankedScores.from_predictions(p).counts(0.37), samples=sample_metrics(p, 0.37))
    row = shown.loc["current threshold"]
    assert (row["micro-F1"], row["macro-F1"], row["weighted-F1"]) == (
        expected.micro_f1,
        expected.macro_f1,
        expected.weighted_f1,
    )
    assert (row["samples-F1"], row["exact match"]) == (expected.samples_f1, expected.exact_match)
    assert row["empty samples"] == expected.n_predicted_empty


def test_headline_table_equals_scikit_learn_for_trivial_decisions_and_readers(visit, dataset):
    p, reader = dataset.first_run, dataset.readers["second opinion"]
    shown = _table(visit(dataset=dataset))
    everything = f1_score(p.labels, np.ones_like(p.labels), average="macro", zero_division=0)
    assert shown.loc["predict everything", "macro-F1"] == pytest.approx(everything, abs=1e-12)
    assert shown.loc["predict nothing", "micro-F1"] == 0
    by_reader = f1_score(p.labels, reader, average="micro")
    assert shown.loc["reader: second opinion", "micro-F1"] == pytest.approx(by_reader, abs=1e-12)


def test_sentence_says_threshold_and_f1(visit, dataset):
    p = dataset.first_run
    predicted = p.scores >= 0
    at = visit(dataset=dataset)
    sentence = next(element.value for element in at.markdown if element.value.startswith("At 0.5"))
    for average in ("micro", "macro"):
        value = f"{f1_score(p.labels, predicted, average=average, zero_division=0):.3f}"[1:]
        assert f"{average}-F1 **{value}**" in sentence


def test_slider_changes_sentence_table_and_report(visit, dataset):
    at = visit(dataset=dataset)
    before = _table(at).loc["current threshold", "micro-F1"]
    at.slider(key="threshold_slider_unit").set_value(0.9).run()
    assert not at.exception
    counts = RankedScores.from_predictions(dataset.first_run).counts(0.9)
    after = _table(at).loc["current threshold", "micro-F1"]
    assert after == headline(counts).micro_f1 != before
    assert any(element.value.startswith("At 0.9:") for element in at.markdown)
    support = table_of(at, "report").set_index("class or average")
    assert support.loc["class 0", "recall"] == counts.tp[0, 0] / (counts.tp + counts.fn)[0, 0]


def test_number_field_and_slider_show_the_same_threshold(visit, dataset):
    at = visit(dataset=dataset)
    at.number_input(key="threshold_field_unit").set_value(0.123456).run()
    assert at.slider(key="threshold_slider_unit").value == 0.123456


def test_report_text_is_scikit_learns(visit, dataset):
    p = dataset.first_run
    at = visit(dataset=dataset)
    assert not at.code
    at.session_state["text_panel"] = True
    at.run()
    expected = classification_report(p.labels, p.scores >= 0, target_names=p.class_names, zero_division=0)
    assert at.code[0].value == expected.rstrip("\n") or at.code[0].value == expected


@pytest.mark.parametrize("average", ["micro", "macro", "weighted"])
def test_apply_best_gives_exactly_the_marked_value(visit, dataset, average):
    at = visit(dataset=dataset)
    at.button(key=f"apply_{average}-F1").click().run()
    assert not at.exception
    r = RankedScores.from_predictions(dataset.first_run)
    best = best_global_thresholds(r, [("f1", average)])["f1", average]
    assert _table(at).loc["current threshold", f"{average}-F1"] == best.value
    assert any(f"best {average}-F1" in element.value for element in at.caption)


def test_apply_works_where_the_zero_one_scale_cannot_say_the_threshold(visit):
    """Logits around 60 are all 1.0 as float64 probabilities."""
    scores = np.array([[60.0], [61.0], [62.0], [63.0]])
    at = visit(dataset=dataset_of(scores, [[0], [0], [1], [1]]))
    at.button(key="apply_micro-F1").click().run()
    assert _table(at).loc["current threshold", "micro-F1"] == 1.0


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("axis", AXES)
def test_every_metric_and_axis_draws(visit, dataset, metric, axis):
    at = visit(dataset=dataset, metric=METRICS[metric], axis=AXES[axis])
    spec = charts_of(at)["metric_chart"]["figure"]
    line = {"f1": "micro-F1", "jaccard": "micro-Jaccard", "subset_accuracy": "exact match"}.get(
        metric, f"micro-{metric}"
    )
    assert line in [trace["name"] for trace in spec["data"]]
    assert ("logit" in spec["layout"]["xaxis"]["title"]["text"]) == (axis == "logit")


@pytest.mark.parametrize("name", degenerate_datasets())
def test_apply_best_stands_on_degenerate_data(visit, name):
    at = visit(dataset=degenerate_datasets()[name])
    for key in [button.key for button in at.button if button.key and button.key.startswith("apply_")]:
        if not at.button(key=key).disabled:
            at.button(key=key).click().run()
            assert not at.exception, at.exception


@pytest.mark.parametrize("name", degenerate_datasets())
@pytest.mark.parametrize("axis", ["probability", "logit"])
def test_no_degenerate_data_raises(visit, name, axis):
    at = visit(dataset=degenerate_datasets()[name], axis=axis)
    at.slider[0].set_value(at.slider[0].max).run()
    assert not at.exception


def test_absent_data_is_said_and_nothing_else_shown(visit):
    at = visit(data="0123456789abcdef" * 2)
    assert "0123456789ab" in at.warning[0].value
    assert not at.dataframe and not charts_of(at)


def test_absent_run_is_said(visit, dataset):
    at = visit(dataset=dataset, run="another")
    assert "another" in at.warning[0].value and not at.dataframe


def test_own_thresholds_of_classes_count(visit, dataset):
    shown = _table(visit(dataset=dataset, own="0:0.9,1:0.1"))
    r = RankedScores.from_predictions(dataset.first_run)
    expected = headline(r.counts(np.array([[0.9, 0.1, 0.5, 0.5]])))
    assert shown.loc["current threshold", "micro-F1"] == expected.micro_f1


def test_apply_best_samples_f1_gives_exactly_the_marked_value(visit, dataset):
    at = visit(dataset=dataset)
    at.button(key="apply_samples-F1").click().run()
    best = best_samples_threshold(RankedScores.from_predictions(dataset.first_run), "f1")
    assert _table(at).loc["current threshold", "samples-F1"] == best.value


def test_ranking_panel_shows_scikit_learns_numbers(visit, dataset):
    p = dataset.first_run
    at = visit(dataset=dataset, ranking_panel="true")
    shown = table_of(at, "ranking").set_index("metric")["value"]
    assert shown["average precision, micro"] == pytest.approx(
        average_precision_score(p.labels, p.scores, average="micro")
    )
    assert shown["coverage error"] == pytest.approx(coverage_error(p.labels, p.scores))


def test_a_best_threshold_in_the_address_is_recognised(visit, dataset):
    best = best_global_thresholds(RankedScores.from_predictions(dataset.first_run), [("f1", "macro")])["f1", "macro"]
    at = visit(dataset=dataset, t=repr(best.threshold))
    assert any("best macro-F1 on these samples" in each.value for each in at.caption)
    other = visit(dataset=dataset, t=repr(best.threshold + 0.001))
    assert any("as in the address" in each.value for each in other.caption)


def test_thresholds_chosen_on_another_run_say_so(visit, dataset):
    p = dataset.first_run
    two = Dataset("two", {"first": p, "second": Predictions(p.scores + 1, p.labels, "logits")})
    at = visit(dataset=two)
    at.button(key="apply_micro-F1").click().run()
    assert not any("chosen on the run" in each.value for each in at.caption)
    at.selectbox(key="run_choice").select("second").run()
    assert any("chosen on the run first" in each.value for each in at.caption)


def test_an_untouched_threshold_in_the_address_is_the_default(visit, dataset):
    at = visit(dataset=dataset, t="0.5")
    assert any("the default, not tuned" in each.value for each in at.caption)


def test_the_report_of_a_reader_is_scikit_learns(visit, dataset):
    p, reader = dataset.first_run, dataset.readers["second opinion"]
    at = visit(dataset=dataset)
    at.session_state["text_panel"] = True
    at.selectbox(key="report_decisions").select("second opinion").run()
    expected = classification_report(p.labels, reader, target_names=p.class_names, zero_division=0)
    assert at.code[0].value.rstrip("\n") == expected.rstrip("\n")


def test_a_line_let_go_is_the_threshold_in_force(visit, dataset):
    at = let_go(visit(dataset=dataset), "metric_chart", id="common", value=0.37)
    expected = headline(RankedScores.from_predictions(dataset.first_run).counts(0.37))
    assert _table(at).loc["current threshold", "micro-F1"] == expected.micro_f1
    assert marks_of(at, "metric_chart")["common"]["x"] == 0.37 == at.slider(key="threshold_slider_unit").value
    assert f"{expected.micro_f1:.3f}"[1:] in marks_of(at, "metric_chart")["common"]["text"]


def test_a_line_let_go_on_the_logit_axis_is_that_logit(visit, dataset):
    p = dataset.first_run
    at = let_go(visit(dataset=dataset, axis="logit"), "metric_chart", id="common", value=0.25)
    tp = int(((p.scores >= 0.25) & (p.labels == 1)).sum())
    assert _table(at).loc["current threshold", "micro recall"] == tp / p.labels.sum()
    assert marks_of(at, "metric_chart")["common"]["x"] == 0.25


@pytest.mark.parametrize("value", [-0.1, 1.1, "0.3", None, True])
def test_what_is_no_threshold_moves_nothing(visit, dataset, value):
    at = let_go(visit(dataset=dataset), "metric_chart", id="common", value=value)
    assert marks_of(at, "metric_chart")["common"]["x"] == 0.5


def test_a_line_let_go_over_an_older_chart_moves_nothing(visit, dataset):
    at = let_go(visit(dataset=dataset), "metric_chart", id="common", value=0.3, revision="0" * 16)
    assert marks_of(at, "metric_chart")["common"]["x"] == 0.5


def test_the_chart_is_not_sent_anew_when_the_threshold_moves(visit, dataset):
    at = visit(dataset=dataset)
    before = charts_of(at)
    let_go(at, "metric_chart", id="common", value=0.9)
    assert charts_of(at) == before


def test_figures_read_off_while_dragging_are_those_of_core(visit, dataset):
    """At the drawn thresholds the lines are exact; the counts beside them come from the same path."""
    content = charts_of(visit(dataset=dataset))["metric_chart"]
    readouts = {each["label"]: each for each in content["handles"][0]["readouts"]}
    assert set(readouts) >= {"micro-F1", "macro-F1", "tp", "fp", "fn", "micro precision"}
    x, tp = (np.frombuffer(base64.b64decode(readouts["tp"][axis])) for axis in ("x", "y"))
    expected = RankedScores.from_predictions(dataset.first_run).counts(x).pooled().tp[:, 0]
    assert len(x) == 201 and tp.tolist() == expected.tolist()


def test_an_address_cannot_name_a_group_inside_its_digest(visit, dataset):
    digest = cache.keep(dataset).digest[:32]
    at = visit(data=f"{digest}\0background\0grainy")
    assert not at.exception and len(table_of(at, "report"))


def test_a_threshold_that_does_not_apply_is_the_default_again(visit):
    scores = np.array([[0.2], [0.7], [0.9]])
    at = visit(dataset=dataset_of(scores, [[0], [1], [1]], "probabilities"), t="logit:2.5")
    assert any("the default, not tuned" in each.value for each in at.caption)


def test_the_box_says_when_own_thresholds_are_set_aside(visit, dataset):
    def note(at):
        sent = [json.loads(component.proto.json) for component in at.get("bidi_component") if component.proto.json]
        return next(each["note"] for each in sent if each.get("chart") == "metric_chart")

    assert note(visit(dataset=dataset)) == "exact on release"
    assert "own thresholds are set aside" in note(visit(dataset=dataset, own="1:0.9"))
