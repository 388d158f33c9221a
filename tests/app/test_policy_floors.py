"""A floor on screen says what it is worth on samples it was not tuned on, with core's numbers."""

import numpy as np
import pytest

from dashboard.core import Counts, Predictions, RankedScores, policies
from dashboard.core.policies import make_policy, parse_policy
from dashboard.core.policies.policy import MET, NOT_MET, NOT_PROVEN
from dashboard.core.resampling import cross_fit, stratified_folds
from dashboard.inputs.dataset import Dataset
from dashboard.ui import cache
from dashboard.ui.panels import policy_rows
from dashboard.ui.panels.estimate_settings import NO_UNIT
from tests.app.conftest import table_of

OPTIONS = {"floor": 0.8, "proof": "lower limit"}
FLOOR = str(make_policy("recall_floor", **OPTIONS))


@pytest.fixture(autouse=True)
def _few_policies(monkeypatch):
    monkeypatch.setattr(policy_rows, "POLICIES", {"recall_floor": policies.POLICIES["recall_floor"]})
    monkeypatch.setattr(policy_rows, "VARIANTS", {"recall_floor": (OPTIONS,)})


@pytest.fixture
def dataset():
    """Four classes of very different support, so that a floor is met, not proven and not met."""
    rng = np.random.default_rng(3)
    labels = (rng.random((400, 4)) < [0.5, 0.1, 0.05, 0.04]).astype(np.int8)
    scores = [5.0, 3.0, 3.0, 3.0] * labels + rng.normal(size=labels.shape)
    columns = {"site": np.array(["a", "b"])[rng.integers(0, 2, 400)]}
    p = Predictions(scores, labels, "logits", columns=columns)
    return Dataset("made for a test", {"run": p}, column_roles={"site": "group"})


def _said(at):
    return next(each.value for each in at.markdown if each.value.startswith("Recall of at least"))


def _chosen(visit, dataset, policy=FLOOR, unit=NO_UNIT, **query):
    at = visit("thresholds", dataset, unit=unit, **query)
    at.session_state["policy_floor_classes"] = True
    at.selectbox(key="policy_chosen").set_value(policy).run()
    assert not at.exception
    return at


def test_a_floor_is_judged_on_cross_fitted_counts(visit, dataset):
    at, p = _chosen(visit, dataset), dataset.first_run
    counts = cross_fit(p, parse_policy(FLOOR), stratified_folds(p, np.arange(400))).counts
    states, figures = policies.judge_floor(counts, "recall", 0.8)
    assert {MET, NOT_PROVEN, NOT_MET} <= set(states)
    for state in (MET, NOT_PROVEN, NOT_MET):
        assert f"{state} in {states.count(state)} class" in _said(at)
    assert "by its lower 95 % limit, cross-fitted over 5 folds of samples" in _said(at)
    shown = table_of(at, "policy_floor")
    assert shown["state, cross-fitted"].tolist() == list(states)
    for name in ("recall", "precision", "lower limit of recall"):
        assert shown[f"{name}, cross-fitted"].tolist() == figures[name].tolist()
    finite = np.isfinite(figures["further positives"])
    assert shown["further positives needed"][finite].tolist() == figures["further positives"][finite].tolist()
    assert shown["further positives needed"][~finite].isna().all()


def test_the_other_metric_and_what_a_proof_takes_stand_beside_the_classes(visit, dataset):
    at = _chosen(visit, dataset)
    shown = table_of(at, "policy_floor")
    index = shown["state, cross-fitted"].tolist().index(NOT_PROVEN)
    row = shown.iloc[index]
    words = next(each.value for each in at.markdown if each.value.startswith("Met, not proven: "))
    assert f"class {index} (recall {row['recall, cross-fitted']:.3f}".replace("(recall 0.", "(recall .") in words
    assert f"precision {row['precision, cross-fitted']:.3f}".replace("0.", ".") in words
    assert f"{row['further positives needed']:.0f} more positives would prove it" in words
    assert shown["state, tuned here"].tolist()[:2] == [MET, MET]


def test_held_out_data_judge_the_thresholds_that_were_tuned_here(visit):
    validation, test = (cache.sample(part) for part in cache.SAMPLE_PARTS)
    at = visit("thresholds")
    at.session_state["policy_floor_classes"] = True
    at.selectbox(key="held_out_choice").set_value(test.digest)
    at.selectbox(key="policy_chosen").set_value(FLOOR).run()
    assert not at.exception
    rule = policies.recall_floor(RankedScores.from_predictions(validation.first_run), **OPTIONS)
    counts = Counts.from_predicted(test.first_run, rule.predict(test.first_run))
    judged = policies.judged_on(rule, counts, "held out").details
    shown = table_of(at, "policy_floor")
    assert shown["state, held out"].tolist() == list(judged["states"])
    assert shown["recall, held out"].tolist() == judged["reached"]["recall"].tolist()
    assert "held out: " in _said(at)


def test_a_floor_in_groups_says_that_it_is_judged_over_all(visit, dataset, monkeypatch):
    both = OPTIONS, OPTIONS | {"column": "site"}
    monkeypatch.setattr(policy_rows, "VARIANTS", {"recall_floor": both})
    at = _chosen(visit, dataset, f"{FLOOR},column=site")
    assert "Judged over all samples, not in each group." in _said(at)
    assert "not in each group" not in _said(_chosen(visit, dataset))


def test_a_limit_over_units_says_that_it_takes_samples_as_independent(visit, dataset):
    assert "takes samples as independent" in _said(_chosen(visit, dataset, unit="site"))
    assert "takes samples as independent" not in _said(_chosen(visit, dataset))


def test_before_anything_is_estimated_only_the_samples_tuned_on_are_spoken_of(visit, dataset):
    at = _chosen(visit, dataset, policy_columns="tuned here")
    assert not [each for each in at.markdown if each.value.startswith("Recall of at least")]
    assert any("whether new ones keep it is not known yet" in each.value for each in at.caption)
