"""Which samples are listed: of one outcome of a class, or those that flip, and against which thresholds."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from dashboard.core import Counts, Predictions, ThresholdSet
from dashboard.core.flips import class_flips, flips_per_sample, most_flips
from dashboard.core.sample_lists import SampleList, flipped_samples, outcome_samples
from dashboard.ui import class_cache, state
from dashboard.ui.view import View
from dashboard.ui.wording import place

FLIPS = "flips"
KINDS = {"fp": "False alarms", "fn": "Misses", "tp": "Found", "tn": "Correctly left out", FLIPS: "Flips"}
AGAINST = {"half": "0.5", "best": "the best F1", "common": "that of all other classes", "typed": "another value"}
SCOPES = {"class": "this class", "all": "all classes"}


@dataclass(frozen=True, eq=False)
class Listing:
    """A list of samples: kind of KINDS for one class; `before` is what flips are against, None for other kinds.

    all_classes: flips of every class, not only of the one at `index`. against, otherwise: `before` in words, as after
    "against" and "decided otherwise than", where `state` does not know it.
    """

    kind: str
    index: int
    thresholds: ThresholdSet
    before: ThresholdSet | None = None
    all_classes: bool = False
    against: str = ""
    otherwise: str = ""

    @property
    def threshold(self) -> np.floating:
        """The score threshold of the class."""
        return self.thresholds.score_thresholds[self.index]

    def page(self, p: Predictions, start: int = 0, n: int | None = None) -> SampleList:
        """`n` samples from place `start` on; None: all of them."""
        if self.all_classes:
            return most_flips(flips_per_sample(p, self.before, self.thresholds), start, n)
        if self.before is not None:
            before = self.before.score_thresholds[self.index]
            return flipped_samples(p, self.index, before, self.threshold, start, n)
        return outcome_samples(p, self.index, self.threshold, self.kind, start, n)


def listing_control(view: View, index: int, counts: Counts) -> Listing:
    """The kind of samples, each with how many there are; for flips also against what and of which classes."""
    thresholds = view.thresholds
    before = compared_thresholds(view)
    sizes = {kind: int(getattr(counts, kind)[0, index]) for kind in KINDS if kind != FLIPS}
    pair = before.score_thresholds[index], thresholds.score_thresholds[index]
    sizes[FLIPS] = sum(class_flips(view.ranked, index, *pair))
    kind = _kept_choice(
        st.segmented_control,
        "Samples of this class",
        KINDS,
        key="samples",
        format_func=lambda kind: f"{KINDS[kind]} · {sizes[kind]:,}",
        required=True,
        wrap=True,
    )
    if kind != FLIPS:
        return Listing(kind, index, thresholds)
    return Listing(kind, index, thresholds, before, all_classes=_flip_controls() == "all")


def compared_thresholds(view: View) -> ThresholdSet:
    """What the thresholds in force are compared with; a class whose best F1 is undefined keeps its threshold."""
    p, against = view.predictions, state.recalled("flip_against", "half")
    if against == "best":
        best = class_cache.best_f1(view.digest, view.run)
        values = np.where(np.isnan(best.value), view.thresholds.score_thresholds, best.score_thresholds)
        return ThresholdSet.from_scores(p, values)
    if against == "common":
        return view.base_set()
    return ThresholdSet.from_unit(p, 0.5 if against == "half" else state.recalled("flip_value", 0.5))


def against_text(view: View, listing: Listing) -> str:
    """What flips are against, as a phrase."""
    if listing.against:
        return listing.against
    against = state.recalled("flip_against", "half")
    if listing.all_classes and against == "best":
        return "the best F1 of each class"
    at = place(listing.before.thresholds[listing.index])
    return at if against in ("half", "typed") else f"{AGAINST[against]}, {at}"


def _flip_controls() -> str:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        against = _kept_choice(st.selectbox, "Compared with", AGAINST, key="flip_against", width=220)
        if against == "typed":
            _value_control()
        return _kept_choice(st.segmented_control, "Flips of", SCOPES, key="flip_scope", required=True)


def _value_control() -> None:
    state.preset_widget("flip_value", state.recalled("flip_value", 0.5))
    st.number_input(
        "Threshold (0-1)", 0.0, 1.0, step=0.01, key="flip_value", on_change=_keep, args=("flip_value",), width=160
    )


def _kept_choice(widget, label: str, options: dict[str, str], *, key: str, **look) -> str:
    """A key of `options` that outlives the widget: it may be out of sight for a while, or change its labels."""
    first = next(iter(options))
    chosen = state.recalled(key, first)
    chosen = chosen if chosen in options else first  # an address can say anything
    state.preset_widget(key, chosen)
    look = {"format_func": options.get} | look
    widget(label, list(options), key=key, on_change=_keep, args=(key,), **look)
    return chosen


def _keep(key: str) -> None:
    if state.widget_value(key) is not None:
        state.remember(key, state.widget_value(key))
