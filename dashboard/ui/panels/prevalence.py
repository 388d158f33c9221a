"""What becomes of precision and F1 where positives are rarer or more common, and where the best thresholds go."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import metrics
from dashboard.core.prevalence_shift import per_thousand, reweighted
from dashboard.core.scale import logit, sigmoid, to_unit_threshold
from dashboard.core.thresholds import ThresholdSet
from dashboard.escape import for_markdown
from dashboard.ui import applied, calibration_cache, state
from dashboard.ui.paged_table import PAGED_ABOVE, show_paged_table
from dashboard.ui.panels.class_choice import by_support
from dashboard.ui.policy_cache import Place
from dashboard.ui.view import View
from dashboard.ui.wording import count, place, short

FACTORS = (1 / 100, 1 / 50, 1 / 20, 1 / 10, 1 / 5, 1 / 2, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
FACTOR, CLASS, SHARE = "prevalence_factor", "prevalence_class", "prevalence_share"


def show_prevalence(view: View) -> None:
    """Sliders for all classes and for one, what the thresholds in force would do there, and the moved optimum."""
    st.subheader("At another prevalence", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", key="prevalence_controls"):
        factor = st.select_slider(
            "Odds of a positive in each class, against these samples",
            FACTORS,
            value=1.0,
            key=FACTOR,
            format_func=_factor_words,
            on_change=_forget_own,
            args=(view,),
        )
        index = _class_control(view)
    shares = prevalences(view, factor)
    if index is not None:
        _share_control(view, index, shares[index])
    st.markdown(averages_sentence(view, shares))
    best = calibration_cache.best_at(Place.of(view.digest, view.run, {}), shares)
    if index is not None:
        st.markdown(class_sentence(view, index, shares, best))
    _show_buttons(view, index, best)
    show_paged_table(
        prevalence_frame(view, shares, best),
        "prevalence_table",
        file_name="prevalence.csv",
        alt="A row per class: figures of the thresholds in force here and at the other prevalence, and the best F1",
        given_order="order of the data",
        about=(view.digest, view.run),
        column_config=_config(),
        placeholder="–",
    )
    st.caption(
        "The true and false positive rate of each class are kept and the mix of positives and negatives is changed: "
        "that holds where positives and negatives themselves look as they do here. The best thresholds are tuned on "
        f"{count(view.predictions.n_samples, 'sample')}, re-weighted."
    )


def prevalences(view: View, factor: float) -> np.ndarray:
    """(n_classes,): that of these samples with its odds times `factor`, or what was set for the class; or NaN."""
    here = view.predictions.prevalence
    shares = here if factor == 1 else sigmoid(logit(here) + np.log(factor))
    shares = np.array(shares, dtype=np.float64)
    for index, share in _own(view).items():
        if index < len(shares):
            shares[index] = share
    return shares


def averages_sentence(view: View, shares) -> str:
    """Micro-F1 and macro-F1 of the thresholds in force, here and there; Markdown."""
    here = view.counts
    there = reweighted(here, shares)
    said = []
    for average in ("micro", "macro"):
        pair = [short(float(metrics.f_beta(counts, average=average)[0])) for counts in (here, there)]
        said.append(f"{average}-F1 {pair[0]} here, **{pair[1]}** there")
    return f"Thresholds in force, all classes: {'; '.join(said)}."


def class_sentence(view: View, index: int, shares, best) -> str:
    """What the class's threshold does at its prevalence, and its best one there; Markdown."""
    p, row = view.predictions, prevalence_frame(view, shares, best).iloc[index]
    name = for_markdown(p.class_names[index])
    if row["prevalence there"] != row["prevalence there"]:
        return f"**{name}**: no label is known, so it has no prevalence here."
    said = (
        f"**{name}** with {row['prevalence there'] * 100:.3g} positives in 100 ({row['prevalence'] * 100:.3g} here), "
        f"at {place(row['threshold'])}: precision {short(row['precision'])} here, "
        f"**{short(row['precision there'])}** there; F1 {short(row['F1'])} here, **{short(row['F1 there'])}** there. "
        f"Of 1,000 samples there "
        f"{_number(row['false alarms per 1,000'])} are false alarms and {_number(row['misses per 1,000'])} are missed."
    )
    if row["best F1 there"] != row["best F1 there"]:
        return f"{said} Its best F1 there is undefined."
    return f"{said} Its best F1 there is **{short(row['best F1 there'])}**, at {place(row['best threshold there'])}."


def prevalence_frame(view: View, shares, best) -> pd.DataFrame:
    """A row per class; "there" is at the other prevalence."""
    p, here = view.predictions, view.counts
    there, of_thousand = reweighted(here, shares), per_thousand(here, shares)
    frame = {"class": p.class_names, "prevalence": p.prevalence, "prevalence there": shares}
    frame["threshold"] = view.thresholds.thresholds
    for title, metric in (("precision", metrics.precision), ("F1", metrics.f_beta)):
        frame[title] = metric(here, zero_division=np.nan)[0]
        frame[f"{title} there"] = metric(there, zero_division=np.nan)[0]
    frame["false alarms per 1,000"] = of_thousand.false_alarms[0]
    frame["misses per 1,000"] = of_thousand.misses[0]
    frame["best F1 there"] = best.value
    unit = to_unit_threshold(best.score_thresholds, p.score_kind)
    frame["best threshold there"] = np.where(np.isnan(best.value), np.nan, unit)
    return pd.DataFrame(frame)


def _class_control(view: View) -> int | None:
    p = view.predictions
    order = by_support(view)[:PAGED_ABOVE].tolist()
    if not order:
        return None
    if state.widget_value(CLASS) not in order:
        state.preset_widget(CLASS, state.focus() if state.focus() in order else order[0])
    return st.selectbox("Class", order, key=CLASS, format_func=p.class_names.__getitem__, width=240)


def _share_control(view: View, index: int, share: float) -> None:
    """The class's own prevalence; without one of its own it follows the other slider."""
    known = share == share
    state.preset_widget(SHARE, float(np.clip(share, 0, 1)) if known else 0.0)
    st.slider(
        f"Prevalence of {for_markdown(view.predictions.class_names[index])}",
        0.0,
        1.0,
        step=0.001,
        format="%.3f",
        key=SHARE,
        disabled=not known,
        on_change=_take_own,
        args=(view, index),
    )


def _own(view: View) -> dict[int, float]:
    return state.recalled(f"prevalences {view.whole.digest}", {})


def _take_own(view: View, index: int) -> None:
    share = state.widget_value(SHARE)
    if share is not None and 0 <= share <= 1:
        state.remember(f"prevalences {view.whole.digest}", {**_own(view), index: float(share)})


def _forget_own(view: View) -> None:
    """All classes follow the slider for all again."""
    state.forget(f"prevalences {view.whole.digest}")


def _show_buttons(view: View, index: int | None, best) -> None:
    defined = ~np.isnan(best.value)
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Apply its best F1 there",
            key="apply_prevalence_class",
            disabled=index is None or not defined[index],
            on_click=_apply_class,
            args=(view, index, best),
        )
        st.button(
            "Apply the best F1 of every class there",
            key="apply_prevalence_all",
            disabled=not defined.any(),
            on_click=_apply_all,
            args=(view, best),
        )


def _apply_class(view: View, index: int, best) -> None:
    applied.edit(view, {index: view.threshold_of(best.score_thresholds[index])})


def _apply_all(view: View, best) -> None:
    """Classes without an optimum keep what they have."""
    values = np.where(np.isnan(best.value), view.thresholds.score_thresholds, best.score_thresholds)
    rule = ThresholdSet.from_scores(view.predictions, values)
    applied.apply_set(view, rule, f"each class at its best F1 at another prevalence, tuned{state.ON_THESE_SAMPLES}")


def _factor_words(factor: float) -> str:
    if factor == 1:
        return "as here"
    return f"{factor:g} times" if factor > 1 else f"1/{1 / factor:g}"


def _number(value: float) -> str:
    return "an unknown number" if value != value else f"{value:,.1f}"


def _config() -> dict:
    number = st.column_config.NumberColumn
    config = {name: number(format="%.3f") for name in ("precision", "precision there", "F1", "F1 there")}
    config |= {name: number(format="%.1f") for name in ("false alarms per 1,000", "misses per 1,000")}
    names = ("prevalence", "prevalence there", "threshold", "best threshold there", "best F1 there")
    return config | {name: number(format="%.4f") for name in names}
