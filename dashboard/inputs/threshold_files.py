"""Thresholds that people bring: a file to a ThresholdSet for the scores at hand, or one sentence why not.

Nothing is guessed: classes are matched by name or by a complete order, a scale that the file does not tell is asked
for, another kind or dtype of scores needs a yes.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from dashboard.core import Predictions, ThresholdSet
from dashboard.core.policies.by_group import GroupThresholds
from dashboard.core.scale import converted, logit, round_above, round_up, to_unit_threshold
from dashboard.core.threshold_json import FORMAT
from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.content import read_file
from dashboard.inputs.formats.files import open_source
from dashboard.inputs.formats.json_text import parsed_json
from dashboard.inputs.formats.sniffing import find_format
from dashboard.inputs.formats.text import decoded
from dashboard.inputs.group_threshold_files import groups_of, is_own, is_per_group, own_groups
from dashboard.inputs.limits import DEFAULT_LIMITS
from dashboard.inputs.names import printable, quoted
from dashboard.inputs.threshold_classes import class_rows
from dashboard.inputs.threshold_values import (
    SCORE,
    UNIT,
    ThresholdValues,
    place_of,
    values_in_content,
    values_in_json,
)
from dashboard.sentences import counted

TOLERANCE = 1e-6  # between the two scales in a table: people round what they print


@dataclass(frozen=True)
class ThresholdOptions:
    """What a person settles about a file of thresholds.

    scale: UNIT or SCORE, of values that do not tell. strict: a table or an array means `score > threshold`.
    convert: thresholds for another kind or dtype of scores may be converted. current: what classes keep that the file
    lacks; None: it must name them all. group_column: of the samples, for thresholds per group that do not tell it.
    """

    scale: str | None = None
    strict: bool = False
    convert: bool = False
    current: ThresholdSet | None = None
    group_column: str | None = None

    def __post_init__(self):
        if self.scale not in (None, UNIT, SCORE):
            raise InputError(f"The scale of thresholds must be {UNIT} or {SCORE}, got {self.scale!r}: choose one.")


@dataclass(frozen=True, eq=False)
class ReadThresholds:
    """thresholds: for the scores at hand. n_read: classes whose threshold is from the file. notices: sentences."""

    thresholds: ThresholdSet | GroupThresholds
    n_read: int
    notices: tuple[str, ...] = ()


def read_thresholds(
    source: str | Path | bytes | BinaryIO, p: Predictions, *, name: str | None = None, **options
) -> ReadThresholds:
    """The thresholds in a file for these predictions; options are the fields of ThresholdOptions.

    Reads thresholds.json, tables of class and threshold (text, Parquet, JSON), arrays in the order of the classes, and
    JSON of thresholds per group.
    Raises InputError with one sentence, as ChoiceNeeded where the scale has to be said first.
    """
    choices = ThresholdOptions(**options)
    source = Path(source) if isinstance(source, str) else source
    with open_source(source, name, DEFAULT_LIMITS) as file:
        if find_format(file, DEFAULT_LIMITS) != "json":
            file.handle.seek(0)
            content = read_file(file.handle, name=file.name)
            return _from_values(values_in_content(content, p.class_names), p, choices)
        text, _ = decoded(file)
    value = parsed_json(text, quoted(file.name))
    source = quoted(file.name)
    is_set = isinstance(value, dict) and value.get("format") == FORMAT
    if is_set or is_own(value):
        _check_untold(source, choices)
    if is_own(value) or is_per_group(value, p):
        return _by_group(value, text, source, p, choices)
    if is_set:
        return _from_own(_own_set(text, source), source, p, choices)
    return _from_values(values_in_json(value, source), p, choices)


def _check_untold(source, choices):
    """Nobody may think that what the file says itself was replaced by what they said."""
    said = [name for name, given in (("a scale", choices.scale), ("a strict comparison", choices.strict)) if given]
    if said:
        raise InputError(
            f"{source} says itself which scale its thresholds are on and that a class is predicted where score >= "
            f"threshold, but it was given {' and '.join(said)} too: leave that out."
        )


def _by_group(value, text, source, p, choices) -> ReadThresholds:
    notices = []

    def kept(read: ReadThresholds) -> ThresholdSet:
        notices.extend(notice for notice in read.notices if notice not in notices)
        return read.thresholds

    if is_own(value):
        rule = own_groups(text, source, p, lambda ts, what: kept(_from_own(ts, what, p, choices)))
    else:
        column, others = choices.group_column, choices.current
        rule = groups_of(
            value,
            source,
            p,
            column,
            lambda each, what: kept(_from_values(values_in_json(each, what), p, choices)),
            others,
        )
    notices.append(f"{source} has thresholds for {counted(len(rule.by_group), 'group')} of {rule.column!r}.")
    return ReadThresholds(rule, p.n_classes, tuple(notices))


def _own_set(text, source) -> ThresholdSet:
    try:
        return ThresholdSet.from_json(text)
    except ValueError as error:
        raise InputError(f"{source} cannot be used, {printable(error)}: export it again, or correct it.") from None


def _from_own(ts, source, p, choices) -> ReadThresholds:
    kind, dtype = ts.score_kind, ts.score_thresholds.dtype
    notices = _conversion_notice(source, (kind, dtype), p, choices)
    if set(ts.class_names) == set(p.class_names):
        return ReadThresholds(ts.converted_to(p), p.n_classes, tuple(notices))
    rows, about_classes = class_rows(
        tuple(map(printable, ts.class_names)), source, p, partial=choices.current is not None
    )
    scores = converted(ts.score_thresholds, kind, p.score_kind, p.scores.dtype)
    return _laid_over(scores, rows, p, choices, source, (*notices, *about_classes))


def _from_values(told: ThresholdValues, p, choices) -> ReadThresholds:
    rows, about_classes = class_rows(
        told.names, told.source, p, partial=choices.current is not None, n_values=len(told.values)
    )
    used = np.flatnonzero(np.isin(np.arange(len(told.values)), rows))
    _check_present(told, used)
    scale, about_scale = _scale(told, used, p, choices)
    _check_beside(told, used, p)
    exact = told.values
    if scale == UNIT or p.score_kind == "probabilities":
        _check_unit(told, used, p)
    if scale == UNIT and p.score_kind == "logits":
        finite = np.isfinite(exact)
        exact = np.where(finite, logit(np.where(finite, exact, 0.5)), exact)
    rounded = round_up(exact, p.scores.dtype)
    if choices.strict:
        rounded = np.where(np.isfinite(exact), round_above(exact, p.scores.dtype), rounded)
    return _laid_over(rounded, rows, p, choices, told.source, (*about_classes, *about_scale))


def _check_present(told, used):
    if (absent := used[np.isnan(told.values[used])]).size:
        raise InputError(
            f"Every class must have a threshold, but {counted(len(absent), 'value')} is missing, the first for "
            f'{place_of(absent[0], told.names, told.source)}: write a number, or "never" or "always".'
        )


def _scale(told, used, p, choices) -> tuple[str, list[str]]:
    values = told.values[used]
    finite = values[np.isfinite(values)]
    if choices.scale or told.scale:
        return choices.scale or told.scale, []
    if p.score_kind == "probabilities" or not len(finite):
        return UNIT, []
    if finite.min() < 0 or finite.max() > 1:
        reach = f"{finite.min():.4g} to {finite.max():.4g}"
        return SCORE, [f"The thresholds of {told.source} reach from {reach}, so they were read as logits."]
    raise ChoiceNeeded(
        f"The scale of thresholds must be said where the scores are logits: those of {told.source} lie in [0, 1] and "
        "can be meant on either scale.",
        option="scale",
        choices={UNIT: "on the 0-1 scale, as probabilities", SCORE: "on the scale of the scores, as logits"},
    )


def _check_unit(told, used, p):
    values = told.values[used]
    outside = used[np.isfinite(values) & ((values < 0) | (values > 1))]
    if outside.size:
        remedy = (
            "they may be logits, and these scores are probabilities"
            if p.score_kind == "probabilities"
            else "correct it, or read the thresholds on the scale of the scores"
        )
        raise InputError(
            f"Thresholds on the 0-1 scale must lie in [0, 1], found {told.values[outside[0]]:.6g} for "
            f"{place_of(outside[0], told.names, told.source)} ({counted(len(outside), 'such value')}): {remedy}."
        )


def _check_beside(told, used, p):
    """A table with both scales was made for scores of a kind, which only the two together tell."""
    if told.beside is None:
        return
    units = to_unit_threshold(told.values, p.score_kind)
    apart = used[(np.isfinite(told.beside) & np.isfinite(units) & (np.abs(told.beside - units) > TOLERANCE))[used]]
    if apart.size:
        first = apart[0]
        raise InputError(
            f"The two scales of a threshold must agree, but for {place_of(first, told.names, told.source)} the score "
            f"threshold {told.values[first]:.6g} is {units[first]:.6g} for scores that are {p.score_kind}, and "
            f"{told.beside[first]:.6g} stands beside it: load scores of the kind it was made for, or keep one column."
        )


def _conversion_notice(source, made_for, p, choices) -> list[str]:
    here = p.score_kind, p.scores.dtype
    if made_for == here:
        return []
    said = [f"{kind} in {dtype.name}" for kind, dtype in (made_for, here)]
    if not choices.convert:
        raise InputError(
            f"{source} holds thresholds for {said[0]}, but the scores here are {said[1]}: load the scores it was made "
            "for, or allow the conversion, after which scores within rounding of a threshold may be decided otherwise."
        )
    return [f"The thresholds of {source} are for {said[0]} and were converted to {said[1]}."]


def _laid_over(scores, rows, p, choices, source, notices) -> ReadThresholds:
    """The thresholds of the file for the classes that it names, over the current ones of the others."""
    current = choices.current
    values = np.zeros(p.n_classes, p.scores.dtype) if current is None else np.array(current.score_thresholds)
    given = rows >= 0
    values[given] = scores[rows[given]]
    thresholds = ThresholdSet.from_scores(p, values, words=f"read from {source}")
    return ReadThresholds(thresholds, int(given.sum()), notices)
