"""Thresholds per group as a file: as thresholds.json, with the classes once more for each value of a column.

Has a format of its own: who knows only thresholds.json must not take the pooled thresholds for all there is. Raises
ValueError with what must hold and what was found.
"""

from collections.abc import Mapping

from dashboard.core.plain_values import read_strict, write_strict
from dashboard.core.policies.by_group import GroupThresholds
from dashboard.core.threshold_json import parsed_content, set_content
from dashboard.core.thresholds import ThresholdSet

GROUP_FORMAT = "multilabel thresholds by group"
HEAD = ("format_version", "comparison", "score_kind", "dtype")


def group_json(rule: GroupThresholds, about: Mapping | None = None) -> str:
    """The text of a rule. about: "data", "figures", "words" and "created", as `ThresholdSet.to_json` takes them.

    "classes" are the pooled thresholds, for samples whose value of the column is not among "groups".
    """
    content = _content(rule.pooled, rule.details | dict(about or {}))
    groups = {name: _content(ts, ts.details)["classes"] for name, ts in rule.by_group.items()}
    return write_strict(content | {"format": GROUP_FORMAT, "column": rule.column, "groups": groups})


def parsed_group_json(text: str) -> GroupThresholds:
    """The rule that `group_json` wrote."""
    content = read_strict(text)
    pooled = ThresholdSet(*parsed_content(content, GROUP_FORMAT))
    column, groups = content.get("column"), content.get("groups")
    if not isinstance(column, str) or not isinstance(groups, dict):
        raise ValueError('"column" must be a text and "groups" an object')
    head, by_group = {name: content[name] for name in HEAD}, {}
    for name, classes in groups.items():
        by_group[name] = ThresholdSet(
            *parsed_content(head | {"format": GROUP_FORMAT, "classes": classes}, GROUP_FORMAT)
        )
        if by_group[name].class_names != pooled.class_names:
            raise ValueError(f"the group {name[:80]!r} must name the classes of all in the same order")
    return GroupThresholds(column, pooled, by_group, pooled.details)


def _content(ts, details):
    return set_content(ts.score_thresholds, ts.score_kind, ts.class_names, details)
