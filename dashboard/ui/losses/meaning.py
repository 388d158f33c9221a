"""Meaning of 0.5: which true probability an output stands for, if a model was fully trained with a loss."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.escape import for_markdown
from dashboard.losses import LossSettings
from dashboard.losses.minimiser import why_no_zero
from dashboard.ui.losses import meaning_cache
from dashboard.ui.losses.apply_meaning import show_apply
from dashboard.ui.losses.declared_loss import training_loss
from dashboard.ui.losses.drawn_class import class_control
from dashboard.ui.losses.meaning_cache import Meaning
from dashboard.ui.paged_table import show_paged_table
from dashboard.ui.tables import show_table
from dashboard.ui.threshold_chart import show_chart
from dashboard.ui.view import View
from dashboard.ui.wording import place, short

PLAIN = "bce_with_logits"
TAU = "tau"
LEAST = 1e-4  # of the true probability that can be asked for


def show_meaning(view: View, chosen: tuple[LossSettings, ...]) -> None:
    """A sentence in numbers, a curve per loss, a table of thresholds, and what may be applied to this run."""
    readable = tuple(each for each in chosen if not why_no_zero(each))
    focused = _focused(view, readable)
    slot = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", key="meaning_controls"):
        tau = st.number_input(
            "True probability",
            LEAST,
            1 - LEAST,
            0.5,
            step=0.05,
            format="%.4g",
            key=TAU,
            bind="query-params",
            width=160,
            help="The table says at which output a fully trained model means this.",
        )
        focused, index = _focus_controls(view, readable, focused)
    if focused is not None:
        slot.markdown(sentence(focused, meaning_cache.meaning(view, focused, 0.5)))
    drawn = meaning_cache.chart(view, _named(readable), index)
    show_chart(meaning_cache.CHART, drawn.payload)
    _show_notes(view, readable, index)
    show_table(
        losses_frame(view, chosen, tau),
        "meaning_table",
        file_name="meaning_of_half.csv",
        alt="A row per loss: the true probability at an output of 0.5, and the threshold for the chosen one",
        placeholder="–",
    )
    if focused is not None:
        _show_classes(view, focused, tau)
    with st.expander("The numbers behind this chart", on_change="rerun", key="meaning_numbers") as numbers:
        if numbers.open:
            show_table(drawn.table, "meaning_curves", file_name="meaning_curves.csv", alt="The points of each curve")
    show_apply(view, chosen, tau)


def sentence(settings: LossSettings, found: Meaning) -> str:
    """What an output of 0.5 means and where 0.5 of plain BCE lies; Markdown."""
    name = for_markdown(settings.title)
    half, threshold = spanned(found.at_half, short), spanned(found.thresholds, short)
    said = (
        f"A model fully trained with {name} says 0.5 where the true probability is **{half}**"
        f"{' (by class)' if ' to ' in half else ''}; 0.5 of plain BCE corresponds to a threshold of **{threshold}**."
    )
    return said + shift_words(found)


def shift_words(found: Meaning) -> str:
    """How to undo the loss exactly where that is one number per class."""
    if np.isnan(found.shift).any() or not np.abs(found.shift).max() > 1e-9:
        return ""
    return f" Subtract {spanned(found.shift, lambda value: f'{value:.3f}')} from its logits to undo that."


def spanned(values: np.ndarray, write) -> str:
    """One text where all classes share the value, else the ends: ".02 to .31"."""
    if not len(values) or np.isnan(values).all():
        return "undefined"
    low, high = (write(float(end(values))) for end in (np.nanmin, np.nanmax))
    return low if low == high else f"{low} to {high}"


def losses_frame(view: View, chosen, tau: float) -> pd.DataFrame:
    """A row per loss; ranges over classes where they differ."""
    rows = [_row(view, settings, tau) for settings in chosen]
    names = ["loss", "true probability at 0.5", "threshold for 0.5", "threshold", "logit", "note"]
    frame = pd.DataFrame(rows, columns=names).rename(columns={"logit": f"as logit for {tau:.4g}"})
    if tau == 0.5:
        return frame.drop(columns="threshold")
    return frame.rename(columns={"threshold": f"threshold for {tau:.4g}"})


def _row(view, settings, tau) -> tuple:
    if reason := why_no_zero(settings):
        return settings.title, None, None, None, None, reason
    found, plain = (meaning_cache.meaning(view, settings, value) for value in (tau, 0.5))
    half = spanned(found.at_half, short)
    thresholds = (spanned(each.thresholds, place) for each in (plain, found))
    return settings.title, half, *thresholds, spanned(found.logits, _logit_text), _note(found)


def _logit_text(value: float) -> str:
    return f"{round(value, 9):.4g}"


def _note(found: Meaning) -> str | None:
    said = []
    if not found.is_monotone.all():
        said.append("A larger true probability does not always give a larger output.")
    if np.isposinf(found.logits).any():
        said.append("Runs to an output of 1 before that probability.")
    if np.isneginf(found.logits).any():
        said.append("Runs to an output of 0 at that probability.")
    return " ".join(said) or None


def _named(readable) -> dict[str, LossSettings]:
    """Titles that tell the losses apart, also two with parameters of their own per class."""
    titles = [each.title for each in readable]
    return {
        title if titles.count(title) == 1 else f"{title} ({number})": each
        for number, (title, each) in enumerate(zip(titles, readable, strict=True), start=1)
    }


def _focused(view, readable) -> LossSettings | None:
    """The loss of this run where it is known and moves anything, else the first that is not plain BCE."""
    own = training_loss(view)
    if own is not None and own.name != PLAIN:
        return own
    return next((each for each in readable if each != LossSettings(PLAIN)), readable[0] if readable else None)


def _focus_controls(view, readable, focused) -> tuple[LossSettings | None, int]:
    """The loss that is told of, and the class that is drawn."""
    options = list(dict.fromkeys([*([focused] if focused else []), *readable]))
    if not options:
        return None, 0
    texts = {str(each): each for each in options}
    chosen = st.selectbox(
        "Loss",
        list(texts),
        key="meaning_loss",
        bind="query-params",
        format_func=lambda text: texts[text].title,
        width=260,
    )
    if all(len(np.unique(meaning_cache.meaning(view, each, 0.5).at_half)) < 2 for each in readable):
        return texts.get(chosen, focused), 0
    return texts.get(chosen, focused), class_control(view, "meaning_class")


def _show_notes(view, readable, index) -> None:
    different = [each for each in readable if len(np.unique(meaning_cache.meaning(view, each, 0.5).at_half)) > 1]
    which = f" Where classes differ the curve is that of {for_markdown(view.predictions.class_names[index])}."
    st.caption(
        "Diamonds: where the output is 0.5. On the dotted line, that of plain BCE, outputs are true probabilities. "
        "A fully trained model is the ideal one: real ones are trained on few samples and for a finite time."
        + (which + " Weights by class counts are those of the samples in view." if different else "")
    )


def _show_classes(view, settings, tau) -> None:
    found = meaning_cache.meaning(view, settings, tau)
    if len(np.unique(found.at_half)) < 2:
        return
    frame = {"class": view.predictions.class_names, "prevalence": view.predictions.prevalence}
    frame |= {"true probability at 0.5": found.at_half, f"threshold for {tau:.4g}": found.thresholds}
    frame |= {f"as logit for {tau:.4g}": found.logits, "logit shift": found.shift}
    with st.expander(f"Each class: {for_markdown(settings.title)}", on_change="rerun", key="meaning_each") as each:
        if each.open:
            show_paged_table(
                pd.DataFrame(frame),
                "meaning_by_class",
                file_name="meaning_by_class.csv",
                alt="A row per class: what an output of 0.5 means and the threshold for the chosen true probability",
                given_order="order of the data",
                about=(view.digest, view.run, str(settings)),
                placeholder="–",
            )
