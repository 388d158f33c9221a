"""Policies by name and text, and what locked classes do to them."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, policies
from dashboard.core.policies.policy import LOCKED

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


def test_every_policy_says_which_it_is():
    for name in policies.POLICIES:
        rule = policies.make_policy(name).tune(RANKED)
        assert rule.details["policy"] == name
        assert rule.predict(RANKED.predictions).shape == (3, 2)
        assert rule.predict(RANKED.predictions).dtype == np.bool_
