"""Which classes' numbers mean little, and by what rule. Knows nothing of how the figures were made."""

from dataclasses import dataclass

import numpy as np

from dashboard.core.expectation import Expected
from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.stability import ThresholdStability
from dashboard.core.units import compact_units

NO_POSITIVES = "no positives"
FEW_POSITIVES = "few positives"
FEW_UNITS = "few units"
WIDE_INTERVAL = "wide interval"
UNSTABLE_THRESHOLD = "unstable threshold"
LARGE_OPTIMISM = "large optimism"

FEWEST_POSITIVES, FEWEST_UNITS, WIDEST, MOST_SPREAD, LARGEST_OPTIMISM = 20, 10, 0.2, 3.0, 0.1
RULES = {
    NO_POSITIVES: "no known positive: nothing can be tuned or measured",
    FEW_POSITIVES: f"fewer than {FEWEST_POSITIVES} known positives",
    FEW_UNITS: f"its positives come from fewer than {FEWEST_UNITS} units",
    WIDE_INTERVAL: f"the 95 % interval of its F1 is wider than {WIDEST:g}",
    UNSTABLE_THRESHOLD: f"within the 95 % range of its threshold the number predicted changes more than "
    f"{MOST_SPREAD:g}-fold",
    LARGE_OPTIMISM: f"its F1 is more than {LARGEST_OPTIMISM:g} better on the samples it was tuned on than cross-fitted",
}


@dataclass(frozen=True)
class SupportBand:
    """The classes with low to high known positives: how many, and their mean optimism of F1."""

    low: int
    high: int
    n_classes: int
    optimism: float


def class_flags(
    r: RankedScores, units, result: Expected | None, stability: ThresholdStability | None = None
) -> tuple[tuple[str, ...], ...]:
    """For each class the names of the flags that apply, keys of `RULES`; no flag is about what is None."""
    p = r.predictions
    wide, optimistic = np.zeros((2, p.n_classes), dtype=bool)
    if result is not None:
        f1 = result.figures["class_f1"]
        wide, optimistic = f1.interval.high - f1.interval.low > WIDEST, f1.optimism > LARGEST_OPTIMISM
    raised = {
        NO_POSITIVES: p.support == 0,
        FEW_POSITIVES: (p.support > 0) & (p.support < FEWEST_POSITIVES),
        FEW_UNITS: (p.support >= FEWEST_POSITIVES) & (positive_units(p, units) < FEWEST_UNITS),
        WIDE_INTERVAL: wide,
        UNSTABLE_THRESHOLD: np.zeros(p.n_classes, dtype=bool) if stability is None else _unstable(r, stability),
        LARGE_OPTIMISM: optimistic,
    }
    return tuple(tuple(name for name, on in raised.items() if on[c]) for c in range(p.n_classes))


def positive_units(p: Predictions, units) -> np.ndarray:
    """(n_classes,): how many units have a known positive."""
    units = compact_units(units, p.n_samples)
    return np.array([len(np.unique(units[p.labels[:, c] == 1])) for c in range(p.n_classes)], dtype=np.int64)


def optimism_by_support(result: Expected, support, edges=(1, 10, 30, 100, 300, 1000)) -> tuple[SupportBand, ...]:
    """The optimism of F1 in bands of known positives: support, (n_classes,).

    The last band has no upper end; bands without classes are left out.
    """
    optimism = np.asarray(result.figures["class_f1"].optimism)
    bands = []
    for low, above in zip(edges, [*edges[1:], np.iinfo(np.int64).max], strict=True):
        inside = (support >= low) & (support < above) & ~np.isnan(optimism)
        if inside.any():
            bands.append(SupportBand(low, int(above) - 1, int(inside.sum()), float(optimism[inside].mean())))
    return tuple(bands)


def _unstable(r, stability) -> np.ndarray:
    defined = ~np.isnan(stability.low)
    ends = [np.where(defined, end, np.inf).astype(end.dtype) for end in (stability.low, stability.high)]
    counts = r.counts_at_scores(np.stack(ends))
    most, fewest = counts.tp + counts.fp
    return defined & (most > MOST_SPREAD * fewest)
