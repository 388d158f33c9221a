"""Policies whose rule looks at whole samples: the highest classes of each, and limits on how many are predicted."""

from dashboard.core.policies.row_rules import RowRule, TopK
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet


def top_k(r: RankedScores, k: int = 1) -> TopK:
    """The k highest classes of each sample (k = 1: argmax), tuned by nothing."""
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    return TopK(k, {"policy": "top_k", "parameters": {"k": k}})


def row_rules(
    r: RankedScores, base: str = "best_per_class", at_least: int = 1, at_most: int = 0, *, locked=None
) -> RowRule:
    """At least and at most so many classes for each sample, on top of the thresholds of the policy `base` (its text).

    Locked classes keep their thresholds; which classes are added or taken away may still be theirs.
    """
    from dashboard.core.policies.registry import parse_policy  # the registry lists this function

    rule = parse_policy(base).tune(r, locked)
    if not isinstance(rule, ThresholdSet):
        raise ValueError(f"row rules need a policy with one threshold per class, got {base}")
    details = {name: rule.details[name] for name in ("states", "reached") if name in rule.details}
    parameters = {"base": base, "at_least": at_least, "at_most": at_most}
    return RowRule(rule, at_least, at_most, details | {"policy": "row_rules", "parameters": parameters})
