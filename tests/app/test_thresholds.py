"""The Thresholds page: what is typed, locked, applied and undone is in force, and says so."""

import json

import numpy as np
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from dashboard.core import RankedScores, metrics, policies
from dashboard.core.policies.targets import Target
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
    assert any("Of 1 decisions that were false alarm" in text.value for text in again.markdown)


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


def test_work_at_another_prevalence_keeps_the_rates(visit, dataset):
    at = visit("thresholds", dataset, thresholds_tab="What changes", t="0.4")
    before = _work(at)
    at.number_input(key="day_prevalence").set_value(0.5).run()
    assert _work(at).loc["misses", "now"] == pytest.approx(before.loc["misses", "now"] / 2)
    assert _work(at).loc["false alarms", "now"] > before.loc["false alarms", "now"]


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
