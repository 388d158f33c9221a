"""What a comparison says in words. Markdown, names of users escaped."""

import numpy as np

from dashboard.core.differences import Comparison
from dashboard.core.verdicts import BETTER, CANNOT_TELL, NO_DIFFERENCE, THRESHOLD, WORSE, Verdict
from dashboard.escape import for_markdown
from dashboard.ui.panels.compare_cache import Asked
from dashboard.ui.panels.compare_sides import HALF
from dashboard.ui.wording import count, place, short, signed

HIGHER, LOWER = "B higher", "B lower"
TITLES = {"f1": "F1", "jaccard": "Jaccard"}


def opening_sentence(asked: Asked, found: Comparison) -> str:
    """Both values, their difference, and what of it is threshold and what ranking."""
    at, metric = ("at 0.5" if asked.at == HALF else "at the thresholds in force"), TITLES[asked.metric]
    named = f"**{for_markdown(asked.b.title)}** against **{for_markdown(asked.a.title)}**: macro-{metric} {at}"
    macro = found.averages["macro"]
    digits = _digits_of_sum(macro)
    said = f"{named} {short(macro.b, digits)} against {short(macro.a, digits)} "
    said += f"(**{signed(macro.total.value, digits)}**)"
    if np.isnan(macro.ranking.value):
        return f"{said}."
    threshold, ranking = (_part(part.value, digits) for part in (macro.threshold, macro.ranking))
    return f"{said}; {threshold} of it is the threshold, {ranking} ranking{_around(macro.ranking, digits)}."


def verdict_words(verdict: Verdict, metric: str, margin: float | None) -> str:
    """better ranking (AP +.04, .01 to .07); plain text."""
    ends = _ends(verdict.low, verdict.high, _digits(verdict.value, verdict.low, verdict.high))
    if is_told_by_the_total(verdict):
        direction = "higher" if verdict.value > 0 else "lower"
        value = signed(verdict.value, _digits(verdict.value, verdict.low, verdict.high))
        return f"{TITLES[metric]} of B {direction} ({value}, {ends})"
    if verdict.kind == CANNOT_TELL:
        return _cannot_tell(verdict, ends)
    if verdict.kind == NO_DIFFERENCE:
        return f"no difference beyond {place(margin)} ({ends})"
    figure = {"average_precision": "AP", "ranking": TITLES[metric]}.get(verdict.figure, "")
    value = signed(verdict.value, _digits(verdict.value, verdict.low, verdict.high))
    if verdict.kind == THRESHOLD:
        return f"{verdict.kind} ({TITLES[metric]} {value} by it, {ends})"
    return f"{verdict.kind} ({figure} {value}, {ends})"


def tally(verdicts: list[Verdict]) -> str:
    """How many classes there are of each kind, those that occur."""
    kinds = [_kind(each) for each in verdicts]
    order = (BETTER, WORSE, HIGHER, LOWER, THRESHOLD, NO_DIFFERENCE, CANNOT_TELL)
    counted = [(kind, kinds.count(kind)) for kind in order]
    said = "; ".join(f"{kind} in **{number:,}**" for kind, number in counted if number)
    return f"Of {count(len(kinds), 'class', 'classes')}: {said}."


def is_told_by_the_total(verdict: Verdict) -> bool:
    """Against a reader, who has no ranking, the total is all there is; whether chance explains it is said of that."""
    return verdict.kind == CANNOT_TELL and verdict.figure == "total" and (verdict.low > 0 or verdict.high < 0)


def _kind(verdict: Verdict) -> str:
    if not is_told_by_the_total(verdict):
        return verdict.kind
    return HIGHER if verdict.value > 0 else LOWER


def _cannot_tell(verdict: Verdict, ends: str) -> str:
    if not verdict.n_positives:
        return "cannot tell without positives"
    said = f"cannot tell with {count(verdict.n_positives, 'positive')}"
    return said if np.isnan(verdict.low) else f"{said} ({ends})"


def _around(part, digits) -> str:
    return "" if np.isnan(part.low) else f" ({_ends(part.low, part.high, digits)})"


def _ends(low: float, high: float, digits: int) -> str:
    """-.05 to +.08, but .01 to .07 where both are above 0."""
    if low > 0:
        return f"{short(low, digits)} to {short(high, digits)}"
    return f"{signed(low, digits)} to {signed(high, digits)}"


def _part(value: float, digits: int) -> str:
    return short(value, digits) if value > 0 else signed(value, digits)


def _digits_of_sum(differences) -> int:
    """As many as say something and, rounded, still add up where three are needed for that."""
    total, *parts = (part.value for part in (differences.total, differences.threshold, differences.ranking))
    if np.isnan([total, *parts]).any():
        return 2
    adds_up = round(100 * total) == sum(round(100 * part) for part in parts)
    return _digits(total, *parts, differences.ranking.low, differences.ranking.high) if adds_up else 3


def _digits(*values) -> int:
    """Two, or three where something would read as nothing."""
    values = [abs(value) for value in values if value == value]
    return 3 if any(0 < value < 0.01 for value in values) else 2
