"""One verdict per class on a comparison: what can be said, and the figures it rests on. Knows nothing of wording."""

from dataclasses import dataclass

import numpy as np

from dashboard.core.differences import Comparison, Differences, Part

BETTER, WORSE, THRESHOLD = "better ranking", "worse ranking", "mostly the threshold"
CANNOT_TELL, NO_DIFFERENCE = "cannot tell", "no difference"
KINDS = (BETTER, WORSE, THRESHOLD, CANNOT_TELL, NO_DIFFERENCE)
AVERAGE_PRECISION, RANKING, TOTAL, THRESHOLD_PART = "average_precision", "ranking", "total", "threshold"


@dataclass(frozen=True)
class Verdict:
    """What can be said of `name`, a class or an average.

    figure: the field of `Differences` that decided, and its value with its 95 % interval (NaN where undefined).
    n_positives: known positives of the class, of an average those of all classes.
    """

    name: str
    kind: str
    figure: str
    value: float
    low: float
    high: float
    n_positives: int

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {KINDS}, got {self.kind!r}")


def verdicts(comparison: Comparison, margin: float | None = None) -> list[Verdict]:
    """A verdict per class, in their order.

    "better" or "worse ranking": the interval of average precision excludes 0. "mostly the threshold": that of the total
    and of the threshold's part do, that of ranking does not. "no difference": a margin was set and the intervals of the
    total and of average precision lie within -margin to margin. Else "cannot tell".
    """
    return [
        _verdict(name, comparison.classes, c, int(comparison.support[c]), _checked(margin))
        for c, name in enumerate(comparison.class_names)
    ]


def average_verdicts(comparison: Comparison, margin: float | None = None) -> dict[str, Verdict]:
    """The same for each average; where average precision has no interval, by the ranking's part."""
    n_positives = int(comparison.support.sum())
    return {
        name: _verdict(name, differences, None, n_positives, _checked(margin))
        for name, differences in comparison.averages.items()
    }


def _checked(margin):
    if margin is not None and not margin >= 0:
        raise ValueError(f"margin must be None or at least 0, got {margin}")
    return margin


def _verdict(name, differences: Differences, c, n_positives, margin) -> Verdict:
    parts = {
        field: _of_class(getattr(differences, field), c)
        for field in (AVERAGE_PRECISION, RANKING, TOTAL, THRESHOLD_PART)
    }
    ranks_by = next((field for field in (AVERAGE_PRECISION, RANKING) if not np.isnan(parts[field].low)), TOTAL)
    kind, figure = _kind(parts, ranks_by, margin)
    return Verdict(name, kind, figure, *parts[figure], n_positives)


def _kind(parts, ranks_by, margin) -> tuple[str, str]:
    ranking = parts[ranks_by]
    if margin is not None and all(_within(parts[field], margin) for field in (TOTAL, ranks_by)):
        return NO_DIFFERENCE, TOTAL
    if ranks_by != TOTAL and _excludes_0(ranking):
        return (BETTER if ranking.value > 0 else WORSE), ranks_by
    moved = _excludes_0(parts[TOTAL]) and _excludes_0(parts[THRESHOLD_PART])
    if moved and not _excludes_0(parts[RANKING]):
        return THRESHOLD, THRESHOLD_PART
    return CANNOT_TELL, ranks_by


def _of_class(part: Part, c) -> Part:
    return Part(*(float(each if c is None else each[c]) for each in part))


def _excludes_0(part: Part) -> bool:
    return part.low > 0 or part.high < 0


def _within(part: Part, margin) -> bool:
    return part.low >= -margin and part.high <= margin
