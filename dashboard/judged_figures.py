"""Figures of decisions under the name of what they were computed on: a small table of text, and thresholds.json.

The page and the command line write the file by the same function here. Knows nothing of where a file goes.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace

import numpy as np

from dashboard.core import Counts, Predictions, ThresholdSet
from dashboard.core.headline import Headline, headline
from dashboard.core.policies import Rule
from dashboard.core.policies.by_group import GroupThresholds
from dashboard.core.resampling import CROSS_FITTED, HELD_OUT, TUNED_HERE, Expected, Interval, held_out, unit_codes
from dashboard.core.sample_metrics import sample_metrics_from_predicted
from dashboard.judged_floors import floor_classes, floor_lines, judged_floor
from dashboard.reviews import threshold_json
from dashboard.reviews.tuned_on import TunedOn
from dashboard.text_table import aligned

THESE_SAMPLES = "these samples"
MEANINGS = {
    TUNED_HERE: "on the samples that the thresholds were tuned on: better than on new ones",
    CROSS_FITTED: "expected on new samples: each was decided by thresholds tuned without its unit",
    HELD_OUT: "on other samples than those tuned on",
    THESE_SAMPLES: "held out unless some of these samples were tuned on",
}
ROWS = {
    "micro-F1": "micro_f1",
    "macro-F1": "macro_f1",
    "weighted-F1": "weighted_f1",
    "samples-F1": "samples_f1",
    "exact match": "exact_match",
    "predicted classes per sample": "predicted_cardinality",
    "samples with none predicted": "n_predicted_empty",
}
WHOLE = ("n_never_predicted", "n_predicted_empty")


@dataclass(frozen=True, eq=False)
class Figures:
    """Fields of `Headline` -> value; intervals: the same -> 95 % interval over units, where there are any.

    floor: the rule with its floor judged by these samples, if it has one and was not tuned on them. how: of what was
    resampled, plain values for the file. class_f1: the interval of each class's F1, which no file holds.
    """

    values: Mapping[str, float]
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    floor: ThresholdSet | None = None
    how: Mapping[str, int | str] = field(default_factory=dict)
    class_f1: Interval | None = None

    def as_dict(self) -> dict:
        """Plain values for a file."""
        ends = {name: [float(each.low), float(each.high)] for name, each in self.intervals.items()}
        intervals = {name: each for name, each in ends.items() if not np.isnan(each).any()}
        also = {"intervals": intervals, "classes": {} if self.floor is None else floor_classes(self.floor)}
        known = {name: value for name, value in self.values.items() if value is not None}
        return known | {name: each for name, each in also.items() if each} | dict(self.how)


def reached(p: Predictions, rule: Rule) -> Figures:
    """What the rule decides on these samples, without a word about others."""
    predicted = rule.predict(p)
    samples = sample_metrics_from_predicted(p, predicted)
    return Figures(asdict(headline(Counts.from_predicted(p, predicted), samples=samples)))


def judged(p: Predictions, rule: Rule, unit: str | None, seed: int, where: str) -> Figures:
    """The same on samples that the rule was not tuned on, with intervals over units.

    unit: the column that tells them, None: each sample is one. where: HELD_OUT or THESE_SAMPLES.
    """
    units = unit_codes(None if unit is None else p.columns[unit], p.n_samples)
    names = [each.name for each in fields(Headline)]
    found = held_out(p, rule, units, seed=seed, of=[*names, "class_f1"])
    intervals = {name: found.intervals[name] for name in names}
    how = {"seed": seed, "unit": unit or "sample"}
    floor, class_f1 = judged_floor(rule, found.counts, where), found.intervals["class_f1"]
    return replace(reached(p, rule), intervals=intervals, floor=floor, how=how, class_f1=class_f1)


def cross_fitted(found: Expected, unit: str | None, seed: int) -> Figures:
    """What to expect of a policy on new samples. unit and seed: as in `judged`, those it was found with."""
    figures = {each.name: found.figures[each.name] for each in fields(Headline)}
    values = {name: int(each.cross_fitted) if name in WHOLE else each.cross_fitted for name, each in figures.items()}
    intervals = {name: each.interval for name, each in figures.items()}
    how = {"folds": found.n_folds, "seed": seed, "unit": unit or "sample"}
    floor = judged_floor(found.rule, found.counts, CROSS_FITTED)
    return Figures(values, intervals, floor, how, found.figures["class_f1"].interval)


def thresholds_file(
    rule: ThresholdSet | GroupThresholds, source: TunedOn, figures: Mapping[str, Figures], words: str | None = None
) -> str:
    """The text of thresholds.json; what came with a rule from a file is told again.

    source: what any other rule was tuned on.
    """
    told = {label: each.as_dict() for label, each in figures.items() if label != THESE_SAMPLES}
    figures = (rule.details.get("figures") or {}) | told
    return threshold_json(rule, words=words, data=rule.details.get("data") or source.as_dict(), figures=figures)


def figures_text(figures: Mapping[str, Figures]) -> str:
    """A column for each set of figures, with 95 % intervals, what the columns mean, and what floors are worth."""
    columns = [[label, *(_cell(each, name) for name in ROWS.values())] for label, each in figures.items()]
    lines = aligned(zip(["", *ROWS], *columns, strict=True))
    floors = [line for each in figures.values() if each.floor is not None for line in ["", *floor_lines(each.floor)]]
    return "\n".join([*lines, "", *(f"{label}: {MEANINGS[label]}" for label in figures), *floors])


def _cell(figures, name) -> str:
    value, interval = figures.values[name], figures.intervals.get(name)
    digits = 0 if name == "n_predicted_empty" else 6
    shown = f"{value:.{digits}f}"
    if interval is None or np.isnan(interval.low):
        return shown
    return f"{shown} [{interval.low:.{min(digits, 4)}f}, {interval.high:.{min(digits, 4)}f}]"
