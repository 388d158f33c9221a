"""What other samples say of a floor policy, class by class, as text and as plain values. Knows no files."""

import numpy as np

from dashboard.core import Counts, ThresholdSet
from dashboard.core.policies import Rule, floor_asked, judged_on
from dashboard.core.policies.policy import MET, NOT_MET, NOT_PROVEN

FIGURES = ("precision", "recall", "further positives")
MOST_LINES = 30


def judged_floor(rule: Rule, counts: Counts, where: str) -> ThresholdSet | None:
    """The rule with its floor judged by one row of counts of samples not tuned on; None unless it has a floor."""
    if not isinstance(rule, ThresholdSet) or floor_asked(rule.details) is None:
        return None
    return judged_on(rule, counts, where)


def floor_lines(judged: ThresholdSet) -> list[str]:
    """A line for the floor and one for each class, with the other metric beside the one the floor is of.

    Those that fall short come first; of more than MOST_LINES classes the others are only in the file.
    """
    floor, states = floor_asked(judged.details), judged.details["states"]
    where = judged.details["judged"]
    lines = [
        f"{floor.of} of at least {floor.value:g}, {where}, by its lower 95 % limit, which takes samples as independent:"
    ]
    shown = sorted(range(len(states)), key=lambda index: (_urgency(states[index]), index))[:MOST_LINES]
    lines += [_class_line(judged, floor, index) for index in shown]
    n_more = len(states) - len(shown)
    return [*lines, f"  and {n_more:,} more, in the file that -o writes"] if n_more else lines


def _urgency(state: str) -> int:
    return (NOT_MET, NOT_PROVEN, MET).index(state) if state in (NOT_MET, NOT_PROVEN, MET) else 3


def _class_line(judged, floor, index) -> str:
    state = judged.details["states"][index]
    figures = {name: values[index] for name, values in judged.details["reached"].items()}
    line = (
        f"  {judged.class_names[index]!r}: {state}, {floor.of} {figures[floor.of]:.4f} "
        f"(limit {figures[f'lower limit of {floor.of}']:.4f}), {floor.other} {figures[floor.other]:.4f}"
    )
    further = figures["further positives"]
    proof = state == NOT_PROVEN and np.isfinite(further)
    return f"{line}, {further:,.0f} more positives would prove it" if proof else line


def floor_classes(judged: ThresholdSet) -> dict[str, dict]:
    """The same as plain values for a file; null where there is no such number."""
    floor, reached = floor_asked(judged.details), judged.details["reached"]
    names = (*FIGURES, f"lower limit of {floor.of}")
    return {
        name: {"state": state} | {each: _plain(reached[each][index]) for each in names}
        for index, (name, state) in enumerate(zip(judged.class_names, judged.details["states"], strict=True))
    }


def _plain(value) -> float | None:
    return float(value) if np.isfinite(value) else None
