"""Policies by name and text, and what locked classes do to them."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, policies
from dashboard.core.policies import frontier
from dashboard.core.policies.policy import BEST_FOUND, LOCKED

RANKED = RankedScores.from_predictions(Predictions([[0.0, 1.0], [1.0, 0.5], [2.0, -1.0]], [[0, 1], [1, 0], [1, 0]]))


def test_make_policy_text_round_trip():
    policy = policies.make_policy("best_global", metric="f_beta", average="macro", beta=2.0)
    assert str(policy) == "best_global:metric=f_beta,average=macro,beta=2.0"
    assert policies.parse_policy(str(policy)).parameters == policy.parameters


def test_make_policy_leaves_defaults_out_of_the_text():
    assert str(policies.make_policy("fixed", threshold=0.5)) == "fixed"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing", "policy must be one of"),
        ("fixed:beta=2", "takes threshold"),
        ("fixed:threshold=2", r"threshold must lie in \[0.0, 1.0\], got 2.0"),
        ("fixed:threshold=much", "threshold must be of type float"),
        ("best_global:metric=loss", "metric must be one of"),
    ],
)
def test_parse_policy_says_what_must_hold(text, said):
    with pytest.raises(ValueError, match=said):
        policies.parse_policy(text)


def test_tune_keeps_locked_classes():
    rule = policies.make_policy("best_per_class").tune(RANKED, {1: 0.25})
    assert rule.score_thresholds.tolist() == [0.5, 0.25]
    assert rule.details["states"] == ("optimum", LOCKED)


@pytest.mark.parametrize(
    "parameters",
    [
        {"name": "precision_floor", "proof": "lower limit", "column": "site, ward=1:2", "floor": 0.75},
        {"name": "row_rules", "base": "best_global:metric=f_beta,beta=2.0", "at_most": 3},
        {"name": "flagged_budget", "thresholds": "per class"},
    ],
)
def test_text_of_names_and_of_policies_within_a_policy_round_trips(parameters):
    policy = policies.make_policy(**parameters)
    again = policies.parse_policy(str(policy))
    assert again.parameters == policy.parameters
    assert " " not in str(policy)


def test_the_title_of_a_policy_within_a_policy_is_in_words():
    policy = policies.make_policy("per_group", column="site", base="best_per_class:metric=jaccard")
    assert policy.title == "per site: each class at its best Jaccard"


def test_a_rule_on_top_of_a_rule_over_samples_is_refused():
    with pytest.raises(ValueError, match="need a policy with one threshold per class, got top_k"):
        policies.make_policy("row_rules", base="top_k").tune(RANKED)


def test_row_rules_keep_locked_classes():
    rule = policies.make_policy("row_rules").tune(RANKED, {1: 0.25})
    assert rule.base.score_thresholds.tolist() == [0.5, 0.25]
    rule = policies.make_policy("per_group").tune(RANKED, {1: 0.25})
    assert rule.pooled.score_thresholds.tolist() == [0.5, 0.25]


def test_tune_tells_nothing_of_thresholds_that_locked_ones_replaced():
    rule = policies.make_policy("minimum_cost").tune(RANKED, {1: 0.25})
    assert "value" not in rule.details
    assert np.isnan(rule.details["reached"]["cost"]).tolist() == [False, True]
    assert rule.details["dropped"][1] < 0.25 == rule.details["kept"][1]
    assert rule.details["dropped"][0] < rule.score_thresholds[0] <= rule.details["kept"][0]


def test_a_title_says_every_parameter_that_differs():
    policy = policies.make_policy("precision_floor", floor=0.75, proof="lower limit", column="site")
    assert policy.title == (
        "precision at least 0.75 in each class (shown by: lower limit; also in every group of: site)"
    )
    assert policies.make_policy("best_global", metric="hamming_loss").title == "one threshold, best Hamming loss"
    assert policies.make_policy("best_global", beta=2.0).title == "one threshold, best micro F1"
    assert policies.make_policy("best_per_class", metric="f_beta", beta=2.0).title == (
        "each class at its best F-beta (beta: 2)"
    )


def test_every_policy_says_which_it_is():
    for name in policies.POLICIES:
        rule = policies.make_policy(name).tune(RANKED)
        assert rule.details["policy"] == name
        assert rule.predict(RANKED.predictions).shape == (3, 2)
        assert rule.predict(RANKED.predictions).dtype == np.bool_


def test_what_is_only_searched_for_is_not_called_the_optimum(monkeypatch):
    monkeypatch.setattr(frontier, "MOST_COMBINATIONS", 0)
    rng = np.random.default_rng(1)
    labels = (rng.random((60, 2)) < 0.3).astype(np.int8)
    r = RankedScores.from_predictions(Predictions(rng.normal(size=labels.shape) + labels, labels, "logits"))
    for name in ("local_samples", "micro_macro_mix"):
        assert set(policies.make_policy(name).tune(r).details["states"]) == {BEST_FOUND}
