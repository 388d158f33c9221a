"""Threshold policies: each takes RankedScores and returns a ThresholdSet that says in `details` what it makes best."""

from dashboard.core.policies.frontier import Frontier, micro_macro_frontier, micro_macro_mix
from dashboard.core.policies.joint import best_micro_f_beta
from dashboard.core.policies.micro_floors import micro_precision_floor, micro_recall_floor
from dashboard.core.policies.one_threshold import best_global, fixed
from dashboard.core.policies.per_class import best_per_class
from dashboard.core.policies.policy import Policy, Rule
from dashboard.core.policies.registry import POLICIES, make_policy, parse_policy

__all__ = [
    "POLICIES",
    "Frontier",
    "Policy",
    "Rule",
    "best_global",
    "best_micro_f_beta",
    "best_per_class",
    "fixed",
    "make_policy",
    "micro_macro_frontier",
    "micro_macro_mix",
    "micro_precision_floor",
    "micro_recall_floor",
    "parse_policy",
]
