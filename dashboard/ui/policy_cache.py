"""What policies find and what their decisions are worth, kept between runs: found by digest, run and the policy's text.

Arrays are never keys, and decisions about every cell are not kept. What may take long is computed outside the caches:
only there can its progress be shown.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.core import Counts, Predictions, RankedScores, ThresholdSet
from dashboard.core.headline import Headline, Judged, headline
from dashboard.core.policies import Policy, Rule
from dashboard.core.policies.frontier import Frontier, micro_macro_frontier
from dashboard.core.resampling import (
    METRICS,
    Expected,
    HeldOut,
    bootstrap,
    cross_fit,
    expected,
    held_out,
    stratified_folds,
)
from dashboard.core.sample_metrics import sample_metrics_from_predicted
from dashboard.figures.frontier_chart import frontier_alt, frontier_figure, frontier_handles, frontier_table
from dashboard.ui.arrays import shared_arrays
from dashboard.ui.cache import Drawn, ranked, units
from dashboard.ui.state import ADDRESS_DIGITS
from dashboard.ui.wording import short

FRONTIER = "frontier_chart"
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, eq=False)
class Outcome:
    """A rule and what it decides on some samples: counts, one row, and figures. rule None: decisions of a reader."""

    rule: Rule | None
    counts: Counts
    figures: Headline


def outcome_of(r: RankedScores, rule: Rule, *, rowwise: bool) -> Outcome:
    """The rule on these samples; rowwise: with the figures that need whole rows."""
    judged = Judged.at(r, rule, rowwise=rowwise) if isinstance(rule, ThresholdSet) else _judged(r, rule, rowwise)
    return Outcome(rule, judged.counts, headline(judged.counts, samples=judged.samples))


def _judged(r: RankedScores, rule: Rule, rowwise: bool) -> Judged:
    p, predicted = r.predictions, rule.predict(r.predictions)
    samples = sample_metrics_from_predicted(p, predicted) if rowwise else None
    return Judged(Counts.from_predicted(p, predicted), samples)


@dataclass(frozen=True)
class Place:
    """Which samples of which run, and the score thresholds of locked classes there."""

    digest: str
    run: str
    locked: tuple[tuple[int, float], ...] = ()

    @classmethod
    def of(cls, digest: str, run: str, locked: Mapping[int, float]) -> "Place":
        return cls(digest, run, tuple((index, float(value)) for index, value in sorted(locked.items())))

    @property
    def ranked(self) -> RankedScores:
        return ranked(self.digest, self.run)

    @property
    def predictions(self) -> Predictions:
        return self.ranked.predictions

    def tune(self, policy: Policy) -> Rule:
        return policy.tune(self.ranked, dict(self.locked))


def tuned(place: Place, policy: Policy, *, rowwise: bool) -> Outcome:
    """What the policy finds on these samples, and what it decides there."""

    def compute():
        rule = kept_or(lambda: place.tune(policy), "rule", place, str(policy))
        return outcome_of(place.ranked, rule, rowwise=rowwise)

    return kept_or(compute, "tuned", place, str(policy), rowwise)


def kept_or(compute: Callable[[], object], *names):
    """What is kept under these names (texts, numbers, a Place), else computed now and kept with the data named first.

    Two who ask at once both compute: while somebody else does, no progress could be shown.
    """
    owner, key = _place_of(names)
    try:
        return shared_arrays().find(owner, key)
    except LookupError:
        return shared_arrays().put(owner, key, compute())


def is_kept(*names) -> bool:
    try:
        shared_arrays().find(*_place_of(names))
    except LookupError:
        return False
    return True


def _place_of(names) -> tuple[str, tuple[str, str]]:
    """Whose the result is (of the first digest among the names, else nobody's) and its key."""
    text = repr(names)
    digest = _DIGEST.search(text)
    return "" if digest is None else digest[0][:ADDRESS_DIGITS], ("result", text)


@dataclass(frozen=True, eq=False)
class Estimate:
    """What to expect on new samples: figures, and field -> the ends of its 95 % interval where there is one.

    counts: one row, of what was tuned; None of what nobody tunes.
    """

    figures: Headline
    intervals: dict[str, tuple[float, float]]
    counts: Counts | None = None

    def interval_text(self, field: str) -> str | None:
        """[.851, .912] as it is shown."""
        low, high = self.intervals.get(field, (float("nan"), float("nan")))
        if low != low:
            return None
        if field == "n_predicted_empty":
            return f"[{low:,.0f}, {high:,.0f}]"
        digits = 2 if field == "predicted_cardinality" else 3
        return f"[{short(low, digits)}, {short(high, digits)}]"


@dataclass(frozen=True)
class Sampling:
    """How an estimate is made: cross-fitted in `folds` folds of units where held_out is None, else on those samples.

    unit: a column of the samples that are judged, None for each by itself.
    """

    unit: str | None
    folds: int
    seed: int
    held_out: Place | None = None


def expectation(place: Place, policy: Policy, sampling: Sampling, progress=None) -> Expected:
    """Figures cross-fitted on these samples, with intervals and the thresholds of each fold."""

    def compute():
        return expected(
            place.ranked,
            policy,
            units(place.digest, sampling.unit),
            sampling.folds,
            seed=sampling.seed,
            progress=progress,
            locked=dict(place.locked),
        )

    return kept_or(compute, "expected", place, str(policy), sampling)


def judgement(place: Place, policy: Policy, sampling: Sampling, progress=None) -> HeldOut:
    """Figures of what the policy finds on these samples, on the held-out ones."""

    def compute():
        judged = sampling.held_out
        rule = tuned(place, policy, rowwise=False).rule
        return held_out(judged.predictions, rule, units_of(judged, sampling), seed=sampling.seed, progress=progress)

    return kept_or(compute, "held out", place, str(policy), sampling)


def estimate(place: Place, policy: Policy, sampling: Sampling, progress=None) -> Estimate:
    """What to expect of the policy on new samples."""
    if sampling.held_out is not None:
        found = judgement(place, policy, sampling, progress)
        return _estimate(found.values, found.intervals, found.counts)
    found = expectation(place, policy, sampling, progress)
    figures = found.figures
    values = {name: each.cross_fitted for name, each in figures.items()}
    return _estimate(values, {name: each.interval for name, each in figures.items()}, found.counts)


def is_estimated(place: Place, policy: Policy, sampling: Sampling) -> bool:
    return is_kept("expected" if sampling.held_out is None else "held out", place, str(policy), sampling)


def estimate_given(judged: Place, sampling: Sampling, name: str, decide: Callable[[], tuple]) -> Estimate:
    """The same of decisions that nobody tunes. name: tells them from others; decide() -> predictions, decisions."""

    def compute():
        p, decided = decide()
        replicates = bootstrap(p, {"": decided}, units_of(judged, sampling), seed=sampling.seed)
        values = {metric: replicates.value("", metric) for metric in METRICS}
        return _estimate(values, {metric: replicates.interval("", metric) for metric in METRICS})

    return kept_or(compute, "given", judged, name, sampling.unit, sampling.seed)


def units_of(judged: Place, sampling: Sampling) -> np.ndarray:
    return units(judged.digest, sampling.unit)


def _estimate(values, intervals, counts=None) -> Estimate:
    fields = [field.name for field in dataclasses.fields(Headline)]
    whole = ("n_never_predicted", "n_predicted_empty")
    figures = {field: int(values[field]) if field in whole else float(values[field]) for field in fields}
    ends = {field: (float(intervals[field].low), float(intervals[field].high)) for field in fields}
    return Estimate(Headline(**figures), ends, counts)


def decided_unseen(place: Place, policy: Policy, sampling: Sampling, progress=None) -> np.ndarray:
    """Decisions for samples that the rule was not tuned on, bool (n_samples, n_classes): of these samples when
    cross-fitted, else of the held-out ones. Not kept.
    """
    if sampling.held_out is not None:
        rule = tuned(place, policy, rowwise=False).rule
        return rule.predict(sampling.held_out.predictions)
    p = place.predictions
    folds = stratified_folds(p, units(place.digest, sampling.unit), sampling.folds, sampling.seed)
    return cross_fit(p, policy, folds, locked=dict(place.locked), progress=progress).predicted


@dataclass(frozen=True, eq=False)
class Difference:
    """Two sets of decisions on the same samples and resamples.

    figures: field -> value of A, of B, and the ends of the interval of B - A. class_f1: the same, each (n_classes,).
    """

    figures: dict[str, tuple[float, float, float, float]]
    class_f1: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def difference(judged: Place, sampling: Sampling, names: tuple[str, str], decide: Callable[[], tuple]) -> Difference:
    """names: what tells both from others, the place they were tuned on included; decide() -> predictions, A, B."""

    def compute():
        p, a, b = decide()
        both = bootstrap(p, {"A": a, "B": b}, units_of(judged, sampling), seed=sampling.seed)
        return Difference(
            {field: _paired(both, field) for field in ("micro_f1", "macro_f1")}, _paired(both, "class_f1")
        )

    return kept_or(compute, "difference", judged, sampling, names)


def _paired(both, metric) -> tuple:
    interval = both.difference("B", "A", metric)
    return both.value("A", metric), both.value("B", metric), interval.low, interval.high


def frontier(place: Place) -> Frontier:
    """The micro/macro frontier on these samples."""
    return kept_or(lambda: micro_macro_frontier(place.ranked, dict(place.locked)), "frontier", place)


def frontier_chart(place: Place) -> Drawn:
    """Its chart; nothing in it moves with the thresholds in force."""

    def compute():
        found = frontier(place)
        named = [(each.name, each.micro, each.macro) for each in found.named]
        table = frontier_table(found.micro, found.macro, named)
        figure, handles = frontier_figure(table), frontier_handles(table)
        return Drawn.of(FRONTIER, figure, table, handles=handles, alt=frontier_alt(table))

    return kept_or(compute, "frontier chart", place)
