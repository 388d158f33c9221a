"""The Thresholds page: what is typed, locked, applied and undone is in force, and says so."""

import json

import numpy as np
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from dashboard.core import Predictions, RankedScores, ThresholdSet, metrics, policies
from dashboard.core.class_confusion import confused_pairs, pair_samples
from dashboard.core.policies.targets import Target
from dashboard.inputs.dataset import Dataset
from dashboard.ui.worklist_cache import verdict_store
from tests.app.conftest import dataset_of, degenerate_datasets


@pytest.fixture
def dataset():
    rng = np.random.default_rng(3)
    labels = (rng.random((200, 4)) < [0.5, 0.3, 0.1, 0.05]).astype(np.int8)
    return dataset_of(rng.normal(size=(200, 4)) + 1.5 * labels, labels)


@pytest.fixture
def classes(visit, dataset):
    """The tab of the editable table."""
    return visit("thresholds", dataset, t="0.4", thresholds_tab="Classes")


def _editor(at):
    return next(each for each in at.dataframe if "threshold_editor" in each.proto.id)


def _table(at):
    return _editor(at).value.set_index("class")


def _edit(at, row: int, **cells):
    """Type into a row of the table as the browser does."""
    states = at._tree.get_widget_states()
    value = json.dumps({"edited_rows": {str(row): cells}, "added_rows": [], "deleted_rows": []})
    states.widgets.append(WidgetState(id=_editor(at).proto.id, string_value=value))
    at._run(states)
    assert not at.exception, at.exception
    return at


def _header(at):
    return at.container(key="header_thresholds").caption[0].value


@pytest.mark.parametrize("tab", ["Policies", "Classes", "What changes", "Worklist", "Confusion"])
@pytest.mark.parametrize("name", degenerate_datasets())
def test_thresholds_of_legal_but_empty_data(visit, name, tab):
    visit("thresholds", degenerate_datasets()[name], thresholds_tab=tab)


def test_the_table_shows_core_figures(classes, dataset):
    r = RankedScores.from_predictions(dataset.first_run)
    counts = r.counts(policies.fixed(r, 0.4))
    assert _table(classes)["precision"].tolist() == metrics.precision(counts)[0].tolist()
    assert _table(classes)["F1"].tolist() == metrics.f_beta(counts)[0].tolist()


def test_a_typed_threshold_is_in_force_and_undone(classes, dataset):
    before = _table(classes)
    _edit(classes, 2, threshold=0.7)
    after = _table(classes)
    assert after.loc["class 2", "threshold"] == 0.7
    assert after.loc["class 2", "recall"] < before.loc["class 2", "recall"]
    assert "1 class has its own: class 2" in _header(classes)
    classes.button(key="undo").click().run()
    assert _table(classes).equals(before)
    assert classes.button(key="undo").disabled


def test_edits_are_kept_by_the_browser_until_something_else_changes_the_thresholds(classes):
    first = _editor(classes).proto.id
    _edit(classes, 2, threshold=0.7)
    assert _editor(classes).proto.id == first
    classes.button(key="undo").click().run()
    assert _editor(classes).proto.id != first, "the browser would lay 0.7 over the table and send it again"


def test_an_emptied_threshold_means_never(classes):
    _edit(classes, 0, threshold=None)
    assert np.isnan(_table(classes).loc["class 0", "threshold"])
    assert _table(classes).loc["class 0", "recall"] == 0


def test_a_threshold_outside_is_the_nearer_end(classes):
    _edit(classes, 0, threshold=7.0)
    assert classes.session_state["chosen"].own[0].value == 1.0


def test_a_lock_and_a_target_are_kept(classes):
    _edit(classes, 1, **{"lock": True, "recall ≥": 0.9, "miss costs": 3})
    assert _table(classes)["lock"].tolist() == [False, True, False, False]
    assert classes.session_state["targets"] == {1: Target(recall_floor=0.9, miss_cost=3.0)}
    classes.button(key="unlock_all").click().run()
    assert not _table(classes)["lock"].any()


def test_more_edits_than_an_address_holds_become_a_set(visit):
    rng = np.random.default_rng(0)
    many = dataset_of(rng.normal(size=(30, 40)), (rng.random((30, 40)) < 0.4).astype(np.int8))
    own = ",".join(f"{index}:0.2" for index in range(24))
    at = visit("thresholds", many, own=own, thresholds_tab="Classes")
    _edit(at, 30, threshold=0.3)
    assert _table(at)["threshold"].round(12).tolist() == [0.2] * 24 + [0.5] * 6 + [0.3] + [0.5] * 9
    assert "changed by hand" in _header(at)
    assert at.query_params["set"] and "own" not in at.query_params
    at.button(key="undo").click().run()
    assert _table(at)["threshold"].tolist() == [0.2] * 24 + [0.5] * 16


def test_an_address_names_a_policy_and_where_it_was_tuned(visit, dataset):
    at = visit("thresholds", dataset, policy="best_per_class", thresholds_tab="Classes")
    best = policies.best_per_class(RankedScores.from_predictions(dataset.first_run))
    assert _table(at)["threshold"].tolist() == best.thresholds.tolist()
    assert (_table(at)["F1"] == _table(at)["best F1"]).all()


@pytest.mark.parametrize("address", [{"set": "0" * 32}, {"policy": "nothing"}, {"policy": "best_per_class:beta=x"}])
def test_an_address_with_a_set_that_is_not_here_says_so(visit, dataset, address):
    at = visit("overview", dataset, **address)
    assert "not on this server any more" in at.warning[0].value
    assert "Threshold **0.5** for all classes" in _header(at)


def _worklist(visit, dataset, **address):
    return visit("thresholds", dataset, thresholds_tab="Worklist", focus="1", samples="fp", **address)


def test_a_verdict_is_kept_with_the_data_and_the_next_sample_opens(visit, dataset):
    at = _worklist(visit, dataset)
    rows = at.container(key="sample_list").dataframe[0].value["row"].tolist()
    at.text_input(key="sample_search").set_value(str(rows[0])).run()
    at.button(key="verdict_label_wrong").click().run()
    assert at.session_state["kept:sample_open"][1] == rows[1]
    table = at.container(key="sample_list").dataframe[0].value
    assert table["verdict"].tolist()[:2] == ["label wrong", ""]
    again = _worklist(visit, dataset)
    assert again.container(key="sample_list").dataframe[0].value["verdict"].tolist()[0] == "label wrong"
    p = dataset.first_run
    n_alarms = int(((p.scores[:, 1] >= 0) & (p.labels[:, 1] == 0)).sum())
    for page in (at, again):
        said = " ".join(text.value for text in page.markdown)
        assert "**1 of 1** false alarms looked at: label wrong" in said
        assert f"turned round: {n_alarms - 1} false alarms" in said and f"as labelled: {n_alarms} false alarms" in said


def test_a_verdict_is_taken_back(visit, dataset):
    at = _worklist(visit, dataset)
    row = at.container(key="sample_list").dataframe[0].value["row"].tolist()[0]
    at.text_input(key="sample_search").set_value(str(row)).run()
    at.button(key="verdict_unsure").click().run()
    at.text_input(key="sample_search").set_value("").run()
    at.text_input(key="sample_search").set_value(str(row)).run()
    at.button(key="verdict_back").click().run()
    assert "verdict" not in at.container(key="sample_list").dataframe[0].value


def test_verdicts_go_out_and_come_back(visit, dataset):
    at = _worklist(visit, dataset)
    name = dataset.first_run.class_names[1]
    sent = f"row,class,verdict\n3,{name},unsure\n".encode()
    at.file_uploader(key="verdict_file_0").upload("verdicts.csv", sent).run()
    at.button(key="take_verdicts").click().run()
    assert "1 verdict taken from the file" in at.info[0].value


def test_a_file_of_no_verdicts_is_read(visit, dataset):
    at = _worklist(visit, dataset)
    at.file_uploader(key="verdict_file_0").upload("verdicts.csv", b"row,sample,class,verdict\n").run()
    at.button(key="take_verdicts").click().run()
    assert "0 verdicts taken from the file" in at.info[0].value


def test_verdicts_on_other_data_are_refused_with_the_line(visit, dataset):
    at = _worklist(visit, dataset)
    at.file_uploader(key="verdict_file_0").upload("verdicts.csv", b"row,class,verdict\n3,nobody,unsure\n").run()
    at.button(key="take_verdicts").click().run()
    assert "Line 2 must name a class of this data" in at.info[0].value


def test_what_changes_counts_the_flips_against_one_half(visit, dataset):
    at = visit("thresholds", dataset, thresholds_tab="What changes", own="0:0.2")
    p = dataset.first_run
    low, high = np.log(0.2 / 0.8), 0.0
    flipped = (p.scores[:, 0] >= low) & (p.scores[:, 0] < high)
    gained, added = (int((flipped & (p.labels[:, 0] == label)).sum()) for label in (1, 0))
    said = " ".join(text.value for text in at.markdown)
    assert f"**{gained} positives** more found and **0** lost, **{added} false alarms** added" in said
    work = _work(at)
    assert work.loc["false alarms", "change"] == pytest.approx(1000 * added / p.n_samples)
    assert work.loc["misses", "change"] == pytest.approx(-1000 * gained / p.n_samples)


def test_flips_since_the_last_change_are_said_as_such(visit, dataset):
    at = visit("thresholds", dataset)
    at.selectbox(key="policy_chosen").set_value("best_per_class").run()
    at.button(key="apply_policy").click().run()
    at.session_state["thresholds_tab"] = "What changes"
    at.run()
    assert any("decided otherwise than before the last change" in text.value for text in at.markdown)


def test_work_at_another_prevalence_keeps_the_rates(visit, dataset):
    at = visit("thresholds", dataset, thresholds_tab="What changes", t="0.4")
    before = _work(at)
    at.number_input(key="day_prevalence").set_value(0.5).run()
    assert _work(at).loc["misses", "now"] == pytest.approx(before.loc["misses", "now"] / 2)
    assert _work(at).loc["false alarms", "now"] > before.loc["false alarms", "now"]


def test_work_of_one_class_at_a_stated_prevalence(visit, dataset):
    at = visit("thresholds", dataset, thresholds_tab="What changes", t="0.4")
    at.selectbox(key="day_work_class").set_value(2).run()
    p, c = dataset.first_run, RankedScores.from_predictions(dataset.first_run).counts(0.4)
    tp, fp, fn, tn = (int(each[0, 2]) for each in (c.tp, c.fp, c.fn, c.tn))
    assert _work(at)["now"].tolist() == pytest.approx([1000 * n / p.n_samples for n in (fp, fn, tp + fp)])
    at.number_input[0].set_value(20.0).run()
    alarms, misses = 980 * fp / (fp + tn), 20 * fn / (tp + fn)
    assert _work(at)["now"].tolist() == pytest.approx([alarms, misses, alarms + 20 - misses])


def test_flips_of_all_classes_or_of_one_are_listed(visit, dataset):
    at = visit("thresholds", dataset, thresholds_tab="What changes", own="0:0.2,1:0.6")
    assert at.selectbox(key="day_class").value == -1
    listed = at.container(key="sample_list").dataframe[0].value
    assert {"flips", "flipping classes"} <= set(listed)
    assert any("decided otherwise than at 0.5 for all classes" in text.value for text in at.markdown)
    by_class = at.container(key="class_flips").dataframe[0].value.set_index("class")
    assert by_class.loc["class 0", ["before", "now"]].tolist() == pytest.approx([0.5, 0.2])
    at.selectbox(key="day_class").set_value(0).run()
    p, listed = dataset.first_run, at.container(key="sample_list").dataframe[0].value
    flipped = np.flatnonzero((p.scores[:, 0] >= np.log(0.2 / 0.8)) & (p.scores[:, 0] < 0))
    nearest = flipped[np.argsort(p.scores[flipped, 0])] + 1
    assert listed["row"].tolist() == nearest[:25].tolist()


def _work(at):
    found = next(each.value for each in at.dataframe if "per 1,000 samples" in each.value)
    return found.set_index("per 1,000 samples")


def test_optimise_holds_locked_classes_and_targets(classes, dataset):
    _edit(classes, 1, lock=True)
    _edit(classes, 2, **{"recall ≥": 0.9})
    classes.button(key="optimise").click().run()
    r = RankedScores.from_predictions(dataset.first_run)
    expected = policies.best_per_class(r).thresholds.tolist()
    expected[1], expected[2] = 0.4, policies.recall_floor(r, 0.9).thresholds[2]
    assert _table(classes)["threshold"].round(12).tolist() == np.round(expected, 12).tolist()
    assert _table(classes)["answer"].tolist() == ["", "locked", "met", ""]
    assert "1 class by its targets" in _header(classes) and "1 locked" in _header(classes)


def test_an_unreachable_floor_says_what_is_reachable(visit):
    data = dataset_of([[2.0], [1.0], [0.0]], [[0], [1], [0]])
    at = visit("thresholds", data, thresholds_tab="Classes")
    _edit(at, 0, **{"precision ≥": 0.9})
    at.button(key="optimise").click().run()
    assert _table(at)["answer"].tolist() == ["unreachable: best reachable precision .500"]
    assert np.isnan(_table(at)["threshold"].iloc[0])


def test_trust_columns_come_on_demand(classes):
    assert "flags" not in _table(classes)
    classes.toggle(key="class_trust").set_value(True).run()
    assert not classes.exception
    assert "few positives" in _table(classes).loc["class 3", "flags"]
    assert _table(classes)["best F1 expected"].le(1).all()
    optimism = _table(classes)["optimism"]
    said = next(each.value for each in classes.markdown if each.value.startswith("Optimism by support"))
    assert f"**{optimism.loc['class 3']:+.3f}** in 1 class with 1 to 9 positives" in said


def test_confused_pairs_and_the_samples_behind_one(visit, dataset):
    at = visit("thresholds", dataset, thresholds_tab="Confusion")
    p, half = dataset.first_run, ThresholdSet.from_unit(dataset.first_run, 0.5)
    pairs = confused_pairs(p, half)
    names = np.array(p.class_names)
    table = next(each.value for each in at.dataframe if "lift" in each.value)
    assert table["missed"].tolist() == names[pairs.missed].tolist()
    assert table["samples"].tolist() == pairs.n_both.tolist()
    missed, said = int(pairs.missed[1]), int(pairs.said[1])
    at.selectbox(key="confused_pair").set_value((missed, said)).run()
    listed = next(each.value for each in at.dataframe if "distance" in each.value)
    assert listed["row"].tolist() == (pair_samples(p, half, missed, said) + 1).tolist()[:50]


def test_a_note_typed_after_the_verdict_joins_it(visit, dataset):
    at = _worklist(visit, dataset)
    row = at.container(key="sample_list").dataframe[0].value["row"].tolist()[0]
    at.text_input(key="sample_search").set_value(str(row)).run()
    at.button(key="verdict_unsure").click().run()
    at.text_input(key="sample_search").set_value("").run()
    at.text_input(key="sample_search").set_value(str(row)).run()
    at.text_input(key=f"verdict_note_{row}_1").set_value("too blurred").run()
    (held,) = verdict_store().of(dataset.digest).values()
    assert (held.verdict, held.note, held.row) == ("unsure", "too blurred", row)


def test_a_set_for_other_scores_waits_until_those_are_in_view_again(visit, dataset):
    p = dataset.first_run
    other = Predictions(p.scores.astype(np.float32), p.labels, p.score_kind, p.class_names)
    at = visit("thresholds", Dataset("two runs", {"first": p, "second": other}), thresholds_tab="Classes")
    _edit(at, 0, threshold=0.7)
    at.button(key="optimise").click().run()
    tuned = _table(at)["threshold"].tolist()
    at.selectbox(key="run_choice").set_value("second").run()
    assert "Threshold **0.5** for all classes, as what is applied is not for these scores" in _header(at)
    assert _table(at)["threshold"].tolist() == [0.5] * 4
    at.selectbox(key="run_choice").set_value("first").run()
    assert _table(at)["threshold"].tolist() == tuned


def test_the_table_of_many_classes_comes_in_pages(visit):
    rng = np.random.default_rng(0)
    many = dataset_of(rng.normal(size=(20, 1_000)), (rng.random((20, 1_000)) < 0.3).astype(np.int8))
    at = visit("thresholds", many, thresholds_tab="Classes")
    assert len(_table(at)) == 100
    _edit(at, 3, threshold=0.9)
    assert _table(at).loc["class 3", "threshold"] == pytest.approx(0.9)
    at.selectbox(key="threshold_editor_sort").set_value(2).run()
    assert _table(at)["support"].is_monotonic_decreasing
    _edit(at, 0, lock=True)
    first = _table(at).index[0]
    assert at.session_state["locked"] == {many.first_run.class_names.index(first)}


def test_an_applied_floor_out_of_reach_says_what_is_reachable(visit):
    data = dataset_of([[2.0], [1.0], [0.0]], [[0], [1], [0]])
    at = visit("thresholds", data, thresholds_tab="Classes", policy="precision_floor:floor=1.0")
    assert _table(at)["answer"].tolist() == ["unreachable: best reachable precision .500"]
