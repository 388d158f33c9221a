"""What the classes trade, in one sentence; and what is undefined for some of them, with the reason."""

import numpy as np

from dashboard.core import Counts
from dashboard.escape import for_markdown
from dashboard.ui import class_cache
from dashboard.ui.view import View
from dashboard.ui.wording import count, listed, short

POOR_F1 = 0.5


def sentence(view: View) -> str:
    """How well the classes are ranked, from the worst to the best, and which no threshold makes good."""
    facts = class_cache.class_facts(view.digest, view.run)
    area = facts["AP"].to_numpy()
    opening = count(len(facts), "class", "classes")
    if np.isnan(area).all():
        return f"{opening}: average precision is undefined, because no class has a known positive."
    low, high = int(np.nanargmin(area)), int(np.nanargmax(area))
    span = f"average precision {_of(facts, high)}"
    if area[low] < area[high]:
        span = f"average precision from {_of(facts, low)} to {_of(facts, high)}"
    return f"{opening}: {span}{_poor(facts)}."


def _of(facts, index) -> str:
    return f"**{short(facts['AP'].iat[index])}** ({for_markdown(facts['class'].iat[index])})"


def _poor(facts) -> str:
    poor = facts[facts["best F1"] < POOR_F1].sort_values("best F1", kind="stable")
    if poor.empty:
        return ""
    names = listed(poor["class"], write=for_markdown)
    return f"; for {count(len(poor), 'class', 'classes')} no threshold reaches an F1 of {short(POOR_F1, 1)}: {names}"


def notes(view: View, counts: Counts) -> list[str]:
    """What is undefined in the table, and why."""
    p = view.predictions
    unknown = p.n_known == 0
    no_positive = (p.support == 0) & ~unknown
    no_negative = (p.support == p.n_known) & ~unknown
    silent = ((counts.tp + counts.fp)[0] == 0) & ~unknown
    cases = [
        (unknown, "no known label: every figure is undefined"),
        (no_positive, "no known positive: recall, AP, ROC AUC and best F1 are undefined"),
        (no_negative, "no known negative: ROC AUC is undefined"),
        (silent, "nothing predicted at the threshold in force: precision is undefined"),
    ]
    return [_note(view, concerned, what) for concerned, what in cases if concerned.any()]


def _note(view, concerned, what) -> str:
    indices = np.flatnonzero(concerned)
    names = listed(indices, write=lambda index: for_markdown(view.predictions.class_names[index]))
    return f"{count(len(indices), 'class has', 'classes have')} {what}: {names}."
