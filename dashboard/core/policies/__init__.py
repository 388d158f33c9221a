"""Threshold policies: each takes RankedScores and returns a rule that says in `details` what it makes best.

Most return a ThresholdSet; those that look at whole samples return a Rule with `predict`.
"""

from dashboard.core.policies.both_floors import both_floors
from dashboard.core.policies.budgets import flagged_budget
from dashboard.core.policies.by_group import GroupThresholds, per_group
from dashboard.core.policies.calibrated import calibrated_cut
from dashboard.core.policies.costs import minimum_cost
from dashboard.core.policies.floor_judging import floor_asked, judge_floor, judged_on
from dashboard.core.policies.floors import precision_floor, recall_floor
from dashboard.core.policies.frontier import Frontier, micro_macro_frontier, micro_macro_mix
from dashboard.core.policies.joint import best_micro_f_beta
from dashboard.core.policies.micro_floors import micro_precision_floor, micro_recall_floor
from dashboard.core.policies.one_threshold import best_global, fixed
from dashboard.core.policies.per_class import best_per_class
from dashboard.core.policies.policy import Policy, Rule
from dashboard.core.policies.prevalence import match_cardinality, match_prevalence
from dashboard.core.policies.readers import reader_policy
from dashboard.core.policies.registry import POLICIES, make_policy, parse_policy
from dashboard.core.policies.row_rules import RowRule, TopK
from dashboard.core.policies.samples_local import local_samples
from dashboard.core.policies.small_supports import shrunken
from dashboard.core.policies.whole_samples import row_rules, top_k

__all__ = [
    "POLICIES",
    "Frontier",
    "GroupThresholds",
    "Policy",
    "RowRule",
    "Rule",
    "TopK",
    "best_global",
    "best_micro_f_beta",
    "best_per_class",
    "both_floors",
    "calibrated_cut",
    "fixed",
    "flagged_budget",
    "floor_asked",
    "judge_floor",
    "judged_on",
    "local_samples",
    "make_policy",
    "match_cardinality",
    "match_prevalence",
    "micro_macro_frontier",
    "micro_macro_mix",
    "micro_precision_floor",
    "micro_recall_floor",
    "minimum_cost",
    "parse_policy",
    "per_group",
    "precision_floor",
    "reader_policy",
    "recall_floor",
    "row_rules",
    "shrunken",
    "top_k",
]
