"""Files of thresholds on the Thresholds page: an exported file comes back, a faulty one changes nothing."""

import json
from dataclasses import replace

import numpy as np
import pytest

from dashboard.core import Counts, Predictions, RankedScores, ThresholdSet, metrics, policies
from dashboard.core.policies.targets import Target, TargetedPolicy
from dashboard.core.resampling import expected, unit_codes
from dashboard.reviews import threshold_json
from dashboard.ui import cache
from dashboard.ui.panels import threshold_exports
from dashboard.ui.panels.threshold_exports import Export
from dashboard.ui.policy_cache import Place
from dashboard.ui.set_cache import FoundBy, found_by, keep_set
from dashboard.ui.view import View
from tests.app.conftest import dataset_of, degenerate_datasets, table_of


@pytest.fixture
def dataset():
    rng = np.random.default_rng(8)
    labels = (rng.random((120, 3)) < [0.5, 0.3, 0.1]).astype(np.int8)
    return dataset_of((rng.normal(size=(120, 3)) + 1.5 * labels).astype(np.float32), labels)


@pytest.fixture
def best(dataset):
    return policies.best_per_class(RankedScores.from_predictions(dataset.first_run))


@pytest.fixture
def files(visit, dataset):
    """The tab of files, 0.5 in force."""
    return visit("thresholds", dataset, thresholds_tab="Files")


def in_force(at) -> str:
    return at.container(key="header_thresholds").caption[0].value


def hand_in(at, text, name="thresholds.json"):
    at.file_uploader(key="threshold_file").upload(name, text.encode()).run()
    assert not at.exception, at.exception
    return at


def said(at) -> str:
    return "\n".join(each.value for each in [*at.markdown, *at.caption, *at.error])


@pytest.mark.parametrize("name", degenerate_datasets())
def test_files_of_legal_but_empty_data(visit, name):
    dataset = degenerate_datasets()[name]
    at = visit("thresholds", dataset, thresholds_tab="Files")
    hand_in(at, threshold_json(ThresholdSet.from_unit(dataset.first_run, np.nan)))
    at.button(key="use_thresholds").click().run()
    assert not at.exception


def test_an_exported_file_is_imported_and_undone(files, dataset, best):
    hand_in(files, threshold_json(best, data={"digest": dataset.digest}))
    r = RankedScores.from_predictions(dataset.first_run)
    now, then = (float(metrics.f_beta(r.counts(t), average="micro")[0]) for t in (0.5, best))
    assert "**3 of 3 classes** matched; **3** get another threshold" in said(files)
    assert f"**{now:.3f}** now, **{then:.3f}**".replace("0.", ".") in said(files)
    assert "tuned here: the file names these samples" in said(files)
    table = table_of(files, "threshold_differences").set_index("class")
    assert table["threshold of the file"].tolist() == best.thresholds.tolist()
    assert table["F1 with the file"].tolist() == metrics.f_beta(r.counts(best))[0].tolist()
    before = in_force(files)
    files.button(key="use_thresholds").click().run()
    assert "read from thresholds" in in_force(files)
    assert files.button(key="use_thresholds").disabled
    assert "**0** get another threshold" in said(files)
    files.button(key="undo").click().run()
    assert in_force(files) == before


def test_an_exported_file_is_known_beside_further_columns_readers_and_runs(visit, dataset, best):
    p = dataset.first_run
    text = export(dataset, best).json()
    wider = Predictions(p.scores, p.labels, "logits", p.class_names, columns={"site": np.array(["a", "b", "b"] * 40)})
    other = Predictions(p.scores + 1, p.labels, "logits", p.class_names)
    given = replace(dataset, runs={"first": wider, "second": other}, readers={"R": p.labels})
    assert "tuned here: the file names these samples" in said(
        hand_in(visit("thresholds", given, thresholds_tab="Files"), text)
    )
    at = hand_in(visit("thresholds", given, thresholds_tab="Files", run="second"), text)
    assert "tuned here" not in said(at) and "the file names other data" in said(at)


def test_a_file_that_says_how_it_is_read_refuses_to_be_told_otherwise(files, best):
    files.selectbox(key="threshold_strict").set_value(True).run()
    hand_in(files, threshold_json(best))
    assert "it was given a strict comparison too" in files.error[0].value
    assert "use_thresholds" not in [button.key for button in files.button]


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("{", "t.json", "must be complete JSON"),
        ('{"class 0": 0.1}', "t.json", "lacks 2 classes"),
        ("[0.1, 0.2, 0.3]", "t.json", "The scale of thresholds must be said"),
        ("class,threshold\nclass 0,x\nclass 1,1\nclass 2,1", "t.csv", "found 'x' for class 'class 0'"),
    ],
)
def test_a_faulty_file_changes_nothing_and_says_why(files, text, name, message):
    before = in_force(files)
    hand_in(files, text, name)
    assert message in files.error[0].value.replace("\\", "")
    assert in_force(files) == before
    assert "use_thresholds" not in [button.key for button in files.button]


def test_a_file_for_other_scores_needs_a_tick(visit, dataset, best):
    p = dataset.first_run
    other = dataset_of(p.scores.astype(np.float64), p.labels)
    at = hand_in(visit("thresholds", other, thresholds_tab="Files"), threshold_json(best))
    assert "for logits in float32" in at.error[0].value.replace("\\", "")
    at.checkbox(key="threshold_convert").check().run()
    assert not at.error
    assert "**3 of 3 classes** matched" in said(at)


def test_pasted_thresholds_of_a_part_on_a_scale(files):
    files.text_area(key="threshold_text").set_value('{"class 1": 0.25}').run()
    files.checkbox(key="threshold_part").check().run()
    assert "scale" in files.error[0].value
    files.selectbox(key="threshold_scale").set_value("0-1").run()
    assert "**1 of 3 classes** matched; **1** get" in said(files)
    assert table_of(files, "threshold_differences")["threshold of the file"].round(6).tolist() == [0.25]


def test_thresholds_per_group_are_judged_and_not_put_in_force(visit, dataset):
    p = dataset.first_run
    columns = {"place": np.array(["north", "south"] * 60, dtype=object)}
    grouped = dataset_of(p.scores, p.labels)
    run = Predictions(p.scores, p.labels, columns=columns)
    grouped = replace(grouped, runs={"run": run}, column_roles={"place": "group"})
    rule = policies.make_policy("per_group", column="place").tune(RankedScores.from_predictions(run))
    at = hand_in(visit("thresholds", grouped, thresholds_tab="Files"), threshold_json(rule))
    micro = float(metrics.f_beta(Counts.from_predicted(run, rule.predict(run)), average="micro")[0])
    assert f"**{micro:.3f}** with thresholds per group".replace("0.", ".") in said(at)
    assert "use_thresholds" not in [button.key for button in at.button]


def test_names_in_a_file_are_no_markdown(files):
    files.text_area(key="threshold_text").set_value('{"class 0": 1, "[x](http://evil)": 1}').run()
    assert "[x](http" not in files.error[0].value


def test_the_program_is_shown_in_both_forms(files):
    at = files
    at.session_state["snippet_panel"] = True
    at.run()
    assert "import numpy" in at.code[0].value
    at.segmented_control(key="snippet_form").set_value("torch").run()
    assert "import torch" in at.code[0].value


def export(dataset, thresholds, policy=None) -> Export:
    view = View(cache.keep(dataset), "run", dataset)
    found = policy and FoundBy(policy, Place.of(view.digest, view.run, {}))
    return Export(view, thresholds, "words", found, None)


def test_the_exported_file_says_what_is_known(dataset, best):
    policy = policies.make_policy("best_per_class")
    content = json.loads(export(dataset, best, policy).json())
    r = RankedScores.from_predictions(dataset.first_run)
    samples = dataset.first_run.tuning_digest
    assert content["data"] == {"digest": dataset.digest, "samples_digest": samples, "run": "run", "n_samples": 120}
    tuned = content["figures"]["tuned here"]
    assert tuned["micro_f1"] == float(metrics.f_beta(r.counts(best), average="micro")[0])
    fitted = content["figures"]["cross-fitted"]
    assert fitted["micro_f1"] < tuned["micro_f1"]
    assert fitted["intervals"]["micro_f1"][0] < fitted["micro_f1"] < fitted["intervals"]["micro_f1"][1]
    assert (fitted["folds"], fitted["unit"]) == (5, "sample")


def test_the_exported_file_names_the_group_its_thresholds_were_chosen_on(visit, dataset, monkeypatch):
    made = {}
    monkeypatch.setattr(threshold_exports, "_download", lambda label, make, *rest: made.update({label: make}))
    p = dataset.first_run
    grouped = Predictions(p.scores, p.labels, "logits", p.class_names, columns={"site": np.array(["a", "b", "b"] * 40)})
    given = replace(dataset, runs={"run": grouped}, column_roles={"site": "group"})
    address = {"policy": "best_per_class", "policy_group": "site:a", "group": "site:b"}
    visit("thresholds", given, thresholds_tab="Files", **address)
    content = json.loads(made["thresholds.json"]())
    assert (content["data"]["group"], content["data"]["n_samples"]) == ("site:a", 40)


@pytest.fixture
def downloads(monkeypatch):
    """Label of a button -> what makes its file."""
    made = {}
    monkeypatch.setattr(threshold_exports, "_download", lambda label, make, *rest: made.update({label: make}))
    return made


@pytest.fixture
def optimised(visit, dataset):
    """optimised(dataset, targets) -> the name of the set that Optimise found there, with the second class locked."""

    def of(dataset, targets=()):
        at = visit("thresholds", dataset, t="0.4", thresholds_tab="Classes")
        at.session_state["locked"], at.session_state["targets"] = frozenset({1}), dict(targets)
        at.run()
        at.button(key="optimise").click().run()
        return at.session_state["chosen"].applied.digest

    return of


@pytest.fixture
def exported(visit, downloads):
    """exported(dataset, **address) -> the content of thresholds.json."""

    def of(dataset, **address):
        visit("thresholds", dataset, thresholds_tab="Files", **address)
        return json.loads(downloads["thresholds.json"]())

    return of


def test_a_set_with_locked_classes_and_targets_goes_out_with_its_figures(optimised, exported, dataset):
    targets = {2: Target(recall_floor=0.9)}
    content = exported(dataset, set=optimised(dataset, targets))
    policy = TargetedPolicy.of(policies.make_policy("best_per_class"), targets)
    locked = {1: ThresholdSet.from_unit(dataset.first_run, 0.4).score_thresholds[1]}
    r = RankedScores.from_predictions(dataset.first_run)
    found = expected(r, policy, unit_codes(None, 120), locked=locked)
    assert [each["state"] for each in content["classes"]] == list(found.rule.details["states"])
    assert content["classes"][1]["state"] == "locked"
    for figure in ("micro_f1", "macro_f1", "exact_match"):
        assert content["figures"]["tuned here"][figure] == pytest.approx(found.figures[figure].tuned_here, rel=1e-12)
        assert content["figures"]["cross-fitted"][figure] == found.figures[figure].cross_fitted
    interval = found.figures["micro_f1"].interval
    assert content["figures"]["cross-fitted"]["intervals"]["micro_f1"] == [interval.low, interval.high]


def test_a_set_changed_after_it_was_found_claims_nothing(optimised, exported, dataset):
    name = optimised(dataset)
    assert set(exported(dataset, set=name)["figures"]) == {"tuned here", "cross-fitted"}
    assert exported(dataset, set=name, own="0:0.3")["figures"] == {}


def test_a_set_found_with_locked_classes_elsewhere_claims_nothing(optimised, exported, dataset):
    p = dataset.first_run
    second = Predictions(p.scores + 1, p.labels, "logits", p.class_names)
    both = replace(dataset, runs=dataset.runs | {"second": second})
    name = optimised(both)
    assert exported(both, set=name)["figures"] != {}
    assert exported(both, set=name, run="second")["figures"] == {}


def test_equal_sets_found_by_other_targets_are_kept_apart(best):
    base, place = policies.make_policy("best_per_class"), Place.of("digest", "run", {})
    found = [FoundBy(TargetedPolicy.of(base, {0: Target(recall_floor=floor)}), place) for floor in (0.1, 0.2)]
    names = [keep_set(best, each) for each in (None, *found)]
    assert len(set(names)) == 3
    assert [found_by(name) for name in names] == [None, *found]


def test_the_exported_file_of_typed_thresholds_claims_nothing(dataset):
    content = json.loads(export(dataset, ThresholdSet.from_unit(dataset.first_run, 0.4)).json())
    assert content["figures"] == {}
    assert content["rule"]["words"] == "words"


def test_an_imported_file_goes_out_with_what_it_came_with(dataset, best):
    came = ThresholdSet.from_json(threshold_json(best, data={"digest": "x"}, figures={"held out": {"micro_f1": 0.5}}))
    content = json.loads(export(dataset, came).json())
    assert (content["data"], content["figures"]) == ({"digest": "x"}, {"held out": {"micro_f1": 0.5}})


def test_the_exported_table_has_the_figures_in_view(dataset, best):
    rows = export(dataset, best).csv().splitlines()
    assert rows[0].startswith("class,threshold,score_threshold") and len(rows) == 4


def test_equal_thresholds_with_other_figures_are_kept_apart(best):
    def told(f1):
        return ThresholdSet.from_json(threshold_json(best, figures={"held out": {"micro_f1": f1}}))

    assert keep_set(told(0.5)) == keep_set(told(0.5)) != keep_set(told(0.6))
