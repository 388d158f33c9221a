"""Thresholds per group out of JSON: {"group": {"class": 0.3}}, with a column of the samples that says who is in which.

Knows which groups and which column; what the thresholds of one group mean is `threshold_files`' business.
"""

from collections.abc import Callable
from dataclasses import replace

from dashboard.core import Predictions, ThresholdSet
from dashboard.core.group_json import GROUP_FORMAT, parsed_group_json
from dashboard.core.policies.by_group import GroupThresholds
from dashboard.core.policies.group_column import group_rows
from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.names import printable
from dashboard.sentences import counted, few

DEFAULT = "default"  # the group of all values that the file does not name


def is_per_group(value, p: Predictions) -> bool:
    """Whether a JSON value has classes below groups: an object of objects that name classes of the scores."""
    groups = value.get("groups", value) if isinstance(value, dict) else None
    if not isinstance(groups, dict) or not groups or not all(isinstance(each, dict) for each in groups.values()):
        return False
    known = set(p.class_names)
    return not known & set(groups) and any(known & set(each) for each in groups.values())


def is_own(value) -> bool:
    return isinstance(value, dict) and value.get("format") == GROUP_FORMAT


def own_groups(text: str, source: str, p: Predictions, fit: Callable[[ThresholdSet, str], ThresholdSet]):
    """The rule in a file of this program; fit(thresholds, source) makes each set one for the scores at hand."""
    try:
        rule = parsed_group_json(text)
    except ValueError as error:
        raise InputError(f"{source} cannot be used, {printable(error)}: export it again, or correct it.") from None
    _groups_in(p, rule.column, source)
    by_group = {name: fit(ts, source) for name, ts in rule.by_group.items()}
    return replace(rule, pooled=fit(rule.pooled, source), by_group=by_group)


def groups_of(
    value, source: str, p: Predictions, column: str | None, read_one: Callable[[dict, str], ThresholdSet], others
) -> GroupThresholds:
    """The rule in somebody's file. column: None where the file tells it, or the values of one column only.

    read_one(thresholds, source) reads one group; others: the thresholds of groups that the file lacks, or None.
    """
    groups = {printable(name): each for name, each in value.get("groups", value).items()}
    column = column or _told_column(value) or _column_with(groups, source, p)
    present = _groups_in(p, column, source)
    sets = {name: read_one(each, f"group {name!r} of {source}") for name, each in groups.items()}
    pooled = sets.pop(DEFAULT, others)
    lacking = [name for name in present if name not in sets]
    if pooled is None and lacking:
        raise InputError(
            f"{source} must have thresholds for every group, but lacks {few(lacking)} of {column!r}: add them, or "
            f'thresholds for "{DEFAULT}", or let the others keep theirs.'
        )
    pooled = pooled or next(iter(sets.values()))
    return GroupThresholds(column, pooled, sets, {"words": f"read from {source}, by {column}"})


def _told_column(value):
    told = value.get("column") if "groups" in value else None
    return told if isinstance(told, str) else None


def _column_with(groups, source, p) -> str:
    named = set(groups) - {DEFAULT}
    having = [column for column in p.columns if named and named <= set(_groups_in(p, column, source))]
    if len(having) == 1:
        return having[0]
    if not having:
        raise InputError(
            f"{source} has thresholds for the groups {few(sorted(named))}, which must be values of one column of the "
            f"samples, but no column has them all: load the samples with that column, or name it."
        )
    raise ChoiceNeeded(
        f"The column that says which group a sample is in must be named: {counted(len(having), 'column')} have the "
        f"groups of {source}.",
        option="group_column",
        choices=dict.fromkeys(having, "a column of the samples"),
    )


def _groups_in(p, column, source) -> list[str]:
    if column not in p.columns:
        raise InputError(
            f"{source} has thresholds by {column!r}, which must be a column of the samples, found "
            f"{few(list(p.columns)) if p.columns else 'none'}: load the samples with this column."
        )
    return list(group_rows(p, column))
