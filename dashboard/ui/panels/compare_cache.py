"""What the Compare page computes, kept between runs by digest, sides and settings. Arrays are never keys."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from dashboard.core.comparison import compare_at_each_best, compare_groups
from dashboard.core.differences import Comparison
from dashboard.core.reader_comparison import compare_with_reader
from dashboard.core.run_summaries import Summary, reader_summary, run_summary
from dashboard.ui import cache
from dashboard.ui.class_cache import digest_of
from dashboard.ui.panels.compare_sides import Side, thresholds_of
from dashboard.ui.policy_cache import kept_or
from dashboard.ui.view import View

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Asked:
    """Thresholds in use ("half" or "in_force"), metric, and what is resampled; A and B once they are chosen."""

    at: str
    metric: str
    unit: str | None
    folds: int
    seed: int
    a: Side | None = None
    b: Side | None = None

    def of(self, a: Side, b: Side) -> "Asked":
        return replace(self, a=a, b=b)


def comparison(view: View, asked: Asked, progress: Progress | None = None) -> Comparison:
    """B less A; a reader is A. A run's own best thresholds are each class's best, for the micro average the best ones
    for that average.
    """
    make = _of_reader if asked.a.is_reader else _of_runs
    return kept_or(lambda: make(view, asked, progress), "comparison", view.digest, asked, *_in_use(view, asked))


def _of_runs(view, asked, progress) -> Comparison:
    return compare_at_each_best(*_compared(view, asked), **_how(asked), progress=progress)


def _of_reader(view, asked, progress) -> Comparison:
    r, rule = cache.ranked(view.digest, asked.b.name), thresholds_of(view, asked.b.name, asked.at)
    decided, units = view.dataset.readers[asked.a.name], _units(view, asked)
    return compare_with_reader(r, decided, rule, units, metric=asked.metric, seed=asked.seed, progress=progress)


def by_group(view: View, asked: Asked, column: str, codes: np.ndarray, progress: Progress | None = None) -> dict:
    """Code of a group, as text -> the comparison of two runs within it. codes: (n_samples,), of a column."""

    def compute():
        return compare_groups(*_compared(view, asked), codes, **_how(asked), progress=progress)

    return kept_or(compute, "comparison by group", view.digest, asked, *_in_use(view, asked), column)


def summary(view: View, asked: Asked, side: Side) -> Summary:
    """F1 of a run or a reader by itself."""
    units = _units(view, asked)

    def compute():
        if side.is_reader:
            return reader_summary(view.dataset.first_run, view.dataset.readers[side.name], units, seed=asked.seed)
        rule = thresholds_of(view, side.name, asked.at)
        return run_summary(cache.ranked(view.digest, side.name), rule, units, asked.folds, seed=asked.seed)

    settings = (asked.at, asked.unit, asked.folds, asked.seed)
    return kept_or(compute, "summary", view.digest, side, _key(view, side, asked.at), settings)


def _compared(view: View, asked: Asked) -> tuple:
    """What stands first in a call of the engine: both runs, the rules of both, the units."""
    sides = (asked.a.name, asked.b.name)
    ranked = [cache.ranked(view.digest, name) for name in sides]
    return *ranked, *(thresholds_of(view, name, asked.at) for name in sides), _units(view, asked)


def _units(view: View, asked: Asked) -> np.ndarray:
    return cache.units(view.digest, asked.unit)


def _how(asked: Asked) -> dict:
    return {"metric": asked.metric, "n_folds": asked.folds, "seed": asked.seed}


def _in_use(view: View, asked: Asked) -> list[str]:
    return [_key(view, side, asked.at) for side in (asked.a, asked.b)]


def _key(view: View, side: Side, at: str) -> str:
    """What tells the decisions of a side from others; those of a reader never change."""
    return "" if side.is_reader else digest_of(thresholds_of(view, side.name, at).score_thresholds)
