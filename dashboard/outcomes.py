"""What the commands on thresholds share: reading the samples, a rule read from a file, and what it is worth on others.

Joins inputs, core and reviews as a page does; a fault ends the command with one sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboard.command_options import absolute, fail, named, read_or_fail
from dashboard.core import Predictions, RankedScores, ThresholdSet
from dashboard.core.policies import Rule
from dashboard.core.resampling import HELD_OUT, TUNED_HERE
from dashboard.errors import InputError
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.opened import Opened
from dashboard.inputs.threshold_files import read_thresholds
from dashboard.judged_figures import THESE_SAMPLES, Figures, judged, reached
from dashboard.reviews.tuned_on import SAME, TunedOn


@dataclass(frozen=True, eq=False)
class Outcome:
    """A rule, what it was found on, and its figures by what they were computed on."""

    rule: Rule
    ranked: RankedScores
    figures: dict[str, Figures]
    words: str
    notices: tuple[str, ...] = ()


def read_samples(
    scores: str | Sequence[str],
    labels,
    columns,
    score_kind,
    class_names,
    *,
    options: dict,
    units: str | None = None,
    readers: Sequence[str] = (),
    class_groups: str | None = None,
) -> Dataset:
    """The Dataset in these files, of one run or of several; units: the column that tells what is independent."""
    roles = {} if units is None else {units: "unit"}
    options = options | {"roles": roles | options["roles"]}
    opened = Opened(
        named([scores] if isinstance(scores, str) else scores),
        absolute(labels),
        score_kind,
        columns=absolute(columns),
        readers=named(readers),
        class_names=absolute(class_names),
        class_groups=absolute(class_groups),
        options=options,
    )
    return read_or_fail(opened)


def tuned_on(dataset: Dataset) -> TunedOn:
    """The samples of the first run."""
    return TunedOn(dataset.first_run, dataset.digest, next(iter(dataset.runs)))


def applied(r: RankedScores, path: str, dataset: Dataset, unit: str | None, seed: int, **options) -> Outcome:
    """The thresholds in a file with their figures here; options are those of `read_thresholds`."""
    p = r.predictions
    try:
        read = read_thresholds(path, p, **options)
    except InputError as error:
        fail(error)
    rule = read.thresholds
    is_tuned_here = tuned_on(dataset).compared(rule.details.get("data")) == SAME
    label = TUNED_HERE if is_tuned_here else THESE_SAMPLES
    figures = reached(p, rule) if is_tuned_here else judged(p, rule, unit, seed, label)
    words = f"thresholds of {Path(path).name}: {rule.details.get('words') or 'tuned elsewhere'}"
    return Outcome(rule, r, {label: figures}, words, read.notices)


def rule_for(rule: Rule, p: Predictions, other: Predictions) -> Rule:
    """The rule found on `p`, for `other` samples: the same classes may stand in another order there."""
    same_scores = (p.score_kind, p.scores.dtype) == (other.score_kind, other.scores.dtype)
    return rule.converted_to(other) if isinstance(rule, ThresholdSet) and same_scores else rule


def judged_on_others(rule: Rule, p: Predictions, other: Predictions, unit: str | None, seed: int) -> Figures:
    """What a rule found on `p` is worth on samples held out."""
    try:
        return judged(other, rule_for(rule, p, other), unit, seed, HELD_OUT)
    except ValueError as error:
        fail(f"Held-out samples must have the classes and the kind of scores of the others, but {error}.")
