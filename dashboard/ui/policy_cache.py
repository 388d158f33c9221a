"""What policies find and what their decisions are worth, kept between runs: found by digest, run and the policy's text.

Arrays are never keys, and decisions about every cell are not kept. What may take long is computed outside the caches:
only there can its progress be shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard.core import Counts, Predictions, RankedScores, ThresholdSet
from dashboard.core.headline import Headline, Judged, headline
from dashboard.core.policies import Policy, Rule
from dashboard.core.sample_metrics import sample_metrics_from_predicted
from dashboard.ui.cache import ranked


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
        return outcome_of(place.ranked, place.tune(policy), rowwise=rowwise)

    return kept_or(compute, "tuned", place, str(policy), rowwise)


def is_tuned(place: Place, policy: Policy, *, rowwise: bool) -> bool:
    """Whether `tuned` only has to be looked up."""
    return is_kept("tuned", place, str(policy), rowwise)


def kept_or(compute: Callable[[], object], *names):
    """What is kept under these names (texts, numbers, a Place), else computed now and kept."""
    key = repr(names)
    try:
        return _kept(key, None)
    except LookupError:
        return _kept(key, compute())


def is_kept(*names) -> bool:
    try:
        _kept(repr(names), None)
    except LookupError:
        return False
    return True


@st.cache_resource(max_entries=1_000, show_spinner=False)
def _kept(key: str, _value):
    if _value is None:  # came to ask for it; an exception is not cached
        raise LookupError
    return _value
