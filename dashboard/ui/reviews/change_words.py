"""What a change of thresholds does, in sentences for Markdown, by the samples it is judged on. Computes nothing."""

import numpy as np

from dashboard.core import ThresholdSet
from dashboard.core.threshold_change import Change, ThresholdChange
from dashboard.escape import for_markdown
from dashboard.ui.reviews.judging import Samples
from dashboard.ui.wording import count, short, signed

TITLES = {"micro": "micro-F1", "macro": "macro-F1"}


def sentences(found: list[tuple[Samples, ThresholdChange]], before, now) -> list[tuple[str, str]]:
    """Where and what is decided otherwise, for Markdown; "" for the samples in view where only they are judged."""
    if len(found) == 1:
        n_changed = found[0][1].n_changed.sum()
        return [
            ("", _said(found[0][1], " is", " are") if n_changed else "Nothing is decided otherwise on these samples.")
        ]
    return [(_where(samples, (before, now)), _said(change)) for samples, change in found]


def _where(samples: Samples, rules: tuple[ThresholdSet, ThresholdSet]) -> str:
    if samples.were_chosen_on(rules):
        return f"On {samples.words}, on which thresholds here were chosen:"
    return f"On {samples.words}{'' if samples.is_held_out else ', on which thresholds may have been chosen'}:"


def other_runs(here: Samples, rules: tuple[ThresholdSet, ThresholdSet]) -> str:
    """A threshold that suits one run need not suit the scores of another; "" where none of them tells of another."""
    told = [(rule.details.get("data") or {}).get("run") for rule in rules]
    others = dict.fromkeys(f"“{for_markdown(run)}”" for run in told if run not in (None, here.run))
    if not others:
        return ""
    return f"Judged on the run “{for_markdown(here.run)}”, but chosen on the run {' and '.join(others)}."


def _said(found: ThresholdChange, one: str = "", many: str = "") -> str:
    n_changed = int(found.n_changed.sum())
    if not n_changed:
        return "nothing is decided otherwise."
    averages = "; ".join(_average(title, found.averages[average]) for average, title in TITLES.items())
    return f"{count(n_changed, f'cell{one}', f'cells{many}')} decided otherwise: {averages}."


def how(found: ThresholdChange) -> str:
    """Where the intervals come from."""
    return (
        f"95 % intervals are paired, from {count(found.n_replicates, 'resample')} of {count(found.n_units, 'unit')}, "
        "decisions held fixed."
    )


def flattered(samples: Samples, before, now) -> str:
    """What to keep in mind of figures on these samples; "" where nothing was chosen on them."""
    if samples.is_held_out and not samples.were_chosen_on((before, now)):
        return ""
    return " Thresholds that were tuned on these samples are flattered by them."


def _average(title: str, change: Change) -> str:
    low, high = change.difference.low, change.difference.high
    interval = "" if np.isnan(low) else f" \\[{signed(low)}, {signed(high)}\\]"
    return f"{title} {short(change.before)} → {short(change.now)} ({signed(change.difference.value)}{interval})"
