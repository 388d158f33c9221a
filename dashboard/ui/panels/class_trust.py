"""How far the figures of each class can be trusted: plateaus, ranges of thresholds, optimism, flags, as columns."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import policies
from dashboard.core.class_flags import SupportBand
from dashboard.core.resampling import RULES, class_flags, optimism_by_support, plateau, threshold_stability
from dashboard.core.scale import to_unit_threshold
from dashboard.escape import for_markdown
from dashboard.figures.stability import stability_alt, stability_figure
from dashboard.ui import policy_cache, state
from dashboard.ui.cache import Drawn
from dashboard.ui.panels.estimate_settings import EstimateSettings, units_sentence
from dashboard.ui.panels.estimates import sampling_of
from dashboard.ui.policy_cache import Place
from dashboard.ui.progress import progress_bar
from dashboard.ui.threshold_chart import show_chart
from dashboard.ui.view import View
from dashboard.ui.wording import count, place

WITHIN = 0.01
CHART = "stability"
_WANTED = "class_trust"
BEST = policies.make_policy("best_per_class")


def plateau_column(view: View) -> list[str]:
    """The thresholds within 1 % of each class's best F1, on the 0-1 scale."""
    found = policy_cache.kept_or(lambda: plateau(view.ranked, WITHIN), "plateau", view.digest, view.run)
    return _ranges(view, found.low, found.high)


def trust_control(view: View) -> bool:
    """Whether the columns that need resampling are wanted; what they need is found here, with progress."""
    state.preset_widget(_WANTED, bool(state.recalled(_WANTED)))
    wanted = st.toggle(
        "How far can each class be trusted?",
        key=_WANTED,
        on_change=lambda: state.remember(_WANTED, state.widget_value(_WANTED)),
        help="Tunes every class anew on resamples and cross-fits it: ranges of thresholds, expected F1, flags",
    )
    if wanted:
        _found(view)
    return wanted


def trust_columns(view: View) -> dict:
    """Column -> values of each class, as each is at its best F1."""
    result, stability = _found(view)
    f1 = result.figures["class_f1"]
    flags = class_flags(view.ranked, view.units, result, stability)
    return {
        "95 % of thresholds": _ranges(view, stability.low, stability.high),
        "best F1 expected": f1.cross_fitted,
        "expected 95 %": _intervals(f1.interval.low, f1.interval.high),
        "optimism": f1.optimism,
        "flags": [", ".join(names) for names in flags],
    }


def class_control(view: View) -> int:
    """The class whose histogram is shown, the one the Classes page looks at."""
    names, n_classes = view.predictions.class_names, view.predictions.n_classes
    state.preset_widget("trust_class", min(state.focus() or 0, n_classes - 1))
    return st.selectbox(
        "Class",
        range(n_classes),
        key="trust_class",
        format_func=names.__getitem__,
        on_change=lambda: state.set_focus(state.widget_value("trust_class")),
        width=320,
    )


def show_trust_notes(view: View, index: int) -> None:
    """How one class's best threshold scatters, and what the columns and flags mean."""
    result, stability = _found(view)
    near = policy_cache.kept_or(lambda: plateau(view.ranked, WITHIN), "plateau", view.digest, view.run)
    kind, name = view.predictions.score_kind, view.predictions.class_names[index]
    drawn = policy_cache.kept_or(
        lambda: _drawn(stability.histogram(index), to_unit_threshold([near.low[index], near.high[index]], kind), name),
        "stability chart",
        view.digest,
        view.run,
        view.unit_column,
        index,
    )
    st.markdown(f"**{for_markdown(name)}**: its best threshold in resamples of these samples")
    show_chart(CHART, drawn.payload)
    st.markdown(optimism_sentence(optimism_by_support(result, view.predictions.support)))
    st.caption(
        f"{units_sentence(view)} Ranges of thresholds: 95 % of 200 resamples, each tuned anew. Expected: cross-fitted, "
        "with the interval that allows for tuning. Flags: "
        + "; ".join(f"{flag}: {rule}" for flag, rule in RULES.items())
        + "."
    )


def optimism_sentence(bands: tuple[SupportBand, ...]) -> str:
    """How much of each class's best F1 is chance, the fewer positives the more; for Markdown."""
    if not bands:
        return "No class has a known positive."
    parts = [
        f"**{band.optimism:+.3f}** in {count(band.n_classes, 'class', 'classes')} with {_positives(band)}"
        for band in bands
    ]
    return f"Optimism by support: best F1 on these samples minus the expected one is on average {', '.join(parts)}."


def _positives(band: SupportBand) -> str:
    is_last = band.high == np.iinfo(np.int64).max - 1
    return f"{band.low:,} positives or more" if is_last else f"{band.low:,} to {band.high:,} positives"


def _found(view: View) -> tuple:
    """What is expected of each class at its best F1, and how its threshold scatters."""
    where, sampling = Place(view.digest, view.run), sampling_of(EstimateSettings(view.unit_column))
    with progress_bar("Tuning on resamples...") as progress:
        result = policy_cache.expectation(where, BEST, sampling, lambda part: progress(part / 2))
        compute = partial(threshold_stability, view.ranked, view.units, progress=lambda part: progress((1 + part) / 2))
        stability = policy_cache.kept_or(compute, "stability", view.digest, view.run, view.unit_column)
    return result, stability


def _drawn(histogram, near, name) -> Drawn:
    table = pd.DataFrame({"replicates": histogram[0], "from": histogram[1][:-1], "to": histogram[1][1:]})
    return Drawn.of(CHART, stability_figure(*histogram, near), table, alt=stability_alt(*histogram, near, name))


def _ranges(view: View, low, high) -> list[str]:
    kind = view.predictions.score_kind
    ends = [to_unit_threshold(np.asarray(end), kind) for end in (low, high)]
    undefined = np.isnan(np.asarray(low, dtype=np.float64))
    return ["" if no else f"{place(a)} – {place(b)}" for a, b, no in zip(*ends, undefined, strict=True)]


def _intervals(low, high) -> list[str]:
    return ["" if np.isnan(a) else f"{a:.3f} – {b:.3f}" for a, b in zip(low, high, strict=True)]
