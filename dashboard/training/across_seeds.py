"""What each pair of trained variants differs by on the test part: ranking or threshold, and its spread over the seeds.

Each seed is compared by itself, by `dashboard.core.comparison`. Knows nothing of how runs were trained; loads no torch.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

import numpy as np

from dashboard.core import Predictions, RankedScores, ThresholdSet
from dashboard.core.comparison import Asked, Decisions, compared_decisions, run_decisions
from dashboard.core.differences import Comparison, Part
from dashboard.core.folds import stratified_folds
from dashboard.core.progress import Progress, ignore
from dashboard.core.verdicts import average_verdicts

AVERAGES = ("macro", "micro")
IN_USE = 0.5


class Run(Protocol):
    """A variant trained with a seed, as `results` and `run_files` have it. logits: part -> (n_samples, n_classes)."""

    variant: str
    seed: int
    logits: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Spread:
    """A difference by seed, what `b` has more than `a`; sd: with n - 1, NaN of one seed. NaN where undefined."""

    by_seed: tuple[float, ...]

    @property
    def mean(self) -> float:
        return float(np.mean(self.by_seed))

    @property
    def low(self) -> float:
        """The lowest of the seeds."""
        return float(np.min(self.by_seed))

    @property
    def high(self) -> float:
        return float(np.max(self.by_seed))

    @property
    def sd(self) -> float:
        return float(np.std(self.by_seed, ddof=1)) if len(self.by_seed) > 1 else float("nan")


@dataclass(frozen=True)
class Difference:
    """In F1 of an average: total = threshold + ranking. total: both runs at 0.5; ranking: each at its own best
    thresholds, tuned without the sample.

    average_precision: macro; of micro NaN. verdicts: kinds of `dashboard.core.verdicts`, by seed.
    """

    total: Spread
    threshold: Spread
    ranking: Spread
    average_precision: Spread
    verdicts: tuple[str, ...]

    @property
    def words(self) -> str:
        """ "better ranking in 3 of 3 seeds", the most frequent first; of a single seed the kind alone."""
        if len(self.verdicts) == 1:
            return self.verdicts[0]
        counted = Counter(self.verdicts).most_common()
        return ", ".join(f"{kind} in {n}" for kind, n in counted) + f" of {len(self.verdicts)} seeds"


@dataclass(frozen=True)
class VariantPair:
    """What variant `b` has more than `a`, with the seeds that both were trained with. averages: by AVERAGES."""

    a: str
    b: str
    seeds: tuple[int, ...]
    averages: Mapping[str, Difference]


def across_seeds(
    runs: Sequence[Run],
    labels: np.ndarray,
    class_names: Sequence[str],
    *,
    n_replicates: int = 200,
    progress: Progress = ignore,
) -> tuple[VariantPair, ...]:
    """Each pair of variants, in the order in which they come. labels: int8 (n_samples, n_classes) of the test part.

    Both are at 0.5 in every class, or cross-fitted at each one's own best thresholds on the same folds of samples;
    verdicts rest on n_replicates resamples of the samples. A pair without a seed in common is left out.
    """
    variants, seeds = (list(dict.fromkeys(each)) for each in ([r.variant for r in runs], [r.seed for r in runs]))
    compared: dict[tuple[str, str], dict[int, Comparison]] = {pair: {} for pair in combinations(variants, 2)}
    for done, seed in enumerate(seeds):
        of_seed = {run.variant: run for run in runs if run.seed == seed}
        in_order = {variant: of_seed[variant] for variant in variants if variant in of_seed}
        for pair, found in _compared(in_order, labels, class_names, n_replicates).items():
            compared[pair][seed] = found
        progress((done + 1) / len(seeds))
    return tuple(_pair(*pair, found) for pair, found in compared.items() if found)


def _compared(runs: Mapping[str, Run], labels, class_names, n_replicates) -> dict[tuple[str, str], Comparison]:
    """The comparisons of all variants of one seed; each is cross-fitted once."""
    asked = Asked(n_replicates=n_replicates)
    units = np.arange(len(labels))
    ranked = {
        name: RankedScores.from_predictions(Predictions(run.logits["test"], labels, "logits", class_names))
        for name, run in runs.items()
    }
    folds = stratified_folds(next(iter(ranked.values())).predictions, units, asked.n_folds, asked.seed)
    decided = {
        name: run_decisions(r.predictions, ThresholdSet.from_unit(r.predictions, IN_USE), asked.each_best, folds)
        for name, r in ranked.items()
    }
    return {
        (a, b): compared_decisions(
            ranked[a], ranked[b], Decisions.of(decided[a], decided[b], folds, asked), units, asked
        )
        for a, b in combinations(ranked, 2)
    }


def _pair(a: str, b: str, found: Mapping[int, Comparison]) -> VariantPair:
    return VariantPair(a, b, tuple(found), {average: _difference(found.values(), average) for average in AVERAGES})


def _difference(found, average: str) -> Difference:
    differences = [each.averages[average] for each in found]
    return Difference(
        *(_spread([getattr(each, name) for each in differences]) for name in ("total", "threshold", "ranking")),
        average_precision=_spread([each.average_precision for each in differences]),
        verdicts=tuple(average_verdicts(each)[average].kind for each in found),
    )


def _spread(parts: Sequence[Part]) -> Spread:
    return Spread(tuple(float(part.value) for part in parts))
