"""Figures and optima where the share of positives differs from that of these samples: at the prevalence in use.

The true and the false positive rate of each class at a threshold are kept; only the mix of positives and negatives
changes. That holds where positives and negatives themselves look as they do here. Knows nothing of screens.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dashboard.core.best_cuts import BestCuts, interval_at
from dashboard.core.counts import Counts
from dashboard.core.ranking import RankedScores

MOST_SAMPLES = 10_000_000  # a share k / n of so many samples is found again from its float


@dataclass(frozen=True, eq=False)
class PerThousand:
    """Of 1,000 samples, expected numbers, each (n_thresholds, n_classes) float64; NaN where the rate is unknown."""

    false_alarms: np.ndarray
    misses: np.ndarray


def per_thousand(counts: Counts, prevalence) -> PerThousand:
    """False alarms and misses of each class per 1,000 samples at a prevalence, a scalar or (n_classes,).

    At the prevalence of these samples they are 1,000 fp / known and 1,000 fn / known. Without a known negative there is
    no rate of false alarms, without a known positive none of misses: NaN, unless the prevalence leaves none to count.
    """
    share = _checked(prevalence)
    alarms = _times(1000 * (1 - share), counts.fp, counts.fp + counts.tn)
    return PerThousand(alarms, _times(1000 * share, counts.fn, counts.support))


def reweighted(counts: Counts, prevalence) -> Counts:
    """The counts as if each class had this prevalence among as many known cells: float64, of which every metric is.

    A class without a known positive, or without a known negative, has no rates to keep: it stays as counted.
    """
    share = _checked(prevalence)
    positives, negatives = counts.support, counts.fp + counts.tn
    fixed = (positives == 0) | (negatives == 0)
    n_known = positives + negatives
    weights = [
        np.where(fixed, 1.0, wanted * n_known / np.maximum(n, 1))
        for wanted, n in ((share, positives), (1 - share, negatives))
    ]
    return Counts(counts.tp * weights[0], counts.fp * weights[1], counts.fn * weights[0], counts.tn * weights[1])


def best_f1_at_prevalence(r: RankedScores, prevalence) -> BestCuts:
    """The best F1 of each class at a prevalence, a scalar or (n_classes,), over all thresholds; the highest of equals.

    Undefined (NaN, never predicted) without a known positive, at prevalence 0, and, unless the prevalence is 1, without
    a known negative. Equal cuts are found in exact fractions.
    """
    shares = np.broadcast_to(_checked(prevalence), (r.predictions.n_classes,))
    best = r.each_class(lambda c: _best_of(r, c, float(shares[c])))
    values, kept = zip(*best, strict=True) if best else ((), ())
    intervals = [interval_at(r.known(c), score) for c, score in enumerate(kept)]
    return BestCuts.from_intervals(values, intervals, r.predictions.scores.dtype)


def _best_of(r, c, share) -> tuple:
    """The value and the score kept; of tp / (positives + tp + ratio fp) the largest, F1 being twice that."""
    never = r.predictions.scores.dtype.type(np.inf)
    n_positives = len(r.positives(c))
    n_negatives = len(r.known(c)) - n_positives
    if not n_positives or not share > 0 or (not n_negatives and share < 1):
        return np.nan, never
    exact = _as_fraction(share)
    ratio = (1 - exact) / exact * Fraction(n_positives, n_negatives) if n_negatives else Fraction(0)
    cuts = r.positive_cuts(c)
    values = cuts.tp / (n_positives + cuts.tp + float(ratio) * cuts.fp)
    near = np.flatnonzero(values >= values.max() * (1 - 1e-13))  # floats find the place, fractions decide

    def value(at):
        return Fraction(int(cuts.tp[at])) / (n_positives + int(cuts.tp[at]) + ratio * int(cuts.fp[at]))

    at = max(near.tolist(), key=value) if len(near) > 1 else near[0]  # of equals the first: scores fall
    return float(2 * value(at)), cuts.scores[at]


def _as_fraction(share: float) -> Fraction:
    """0.1 as 1/10, and a count divided by a count as just that: only then are equal cuts equal."""
    short = Fraction(share).limit_denominator(MOST_SAMPLES)
    return short if 0 < short < 1 or share == 1 else Fraction(share)


def _checked(prevalence) -> np.ndarray:
    share = np.asarray(prevalence, dtype=np.float64)
    if not ((share >= 0) & (share <= 1) | np.isnan(share)).all():
        raise ValueError(f"a prevalence must lie in [0, 1], got {prevalence}")
    return share


def _times(scale, k, n):
    rate = np.divide(k, n, out=np.full(np.shape(n), np.nan), where=n > 0)
    return np.where(scale == 0, 0.0, scale * rate)
