"""The thresholds in force as files to take away: thresholds.json, a table, and a program that needs only the JSON.

What is read of the visitor's state is read while the page is drawn; the files are made when somebody presses a button.
"""

from dataclasses import asdict, dataclass

import streamlit as st

from dashboard.core import ThresholdSet
from dashboard.core.policies import parse_policy
from dashboard.core.threshold_json import CROSS_FITTED, TUNED_HERE
from dashboard.escape import for_markdown, from_markdown
from dashboard.judged_figures import Figures, cross_fitted, thresholds_file
from dashboard.reviews import threshold_csv, threshold_snippet
from dashboard.reviews.threshold_exports import policy_words
from dashboard.reviews.threshold_snippet import FORMS
from dashboard.reviews.tuned_on import TunedOn
from dashboard.ui import cache, policy_cache, state
from dashboard.ui.applied import place_of
from dashboard.ui.chosen import Place as ChosenOn
from dashboard.ui.controls import choice_control
from dashboard.ui.policy_cache import Place, Sampling
from dashboard.ui.set_cache import FoundBy, found_by
from dashboard.ui.view import View
from dashboard.ui.wording import count

FILE_NAME = "thresholds.json"
AT_ONCE = 2_000_000  # cells; beyond that a file holds an estimate only where the page has found it already


@dataclass(frozen=True, eq=False)
class Export:
    """The thresholds in force with what a file tells of them. found_by: None unless that was on the samples in view.

    place: the run and group they were chosen on, which need not be in view; None: those in view.
    """

    view: View
    thresholds: ThresholdSet
    words: str
    found_by: FoundBy | None
    unit: str | None
    place: ChosenOn | None = None

    def json(self) -> str:
        return thresholds_file(self.thresholds, self._tuned_on(), self.figures(), self.words)

    def csv(self) -> str:
        return threshold_csv(self.thresholds, self.view.ranked.counts(self.thresholds))

    def _tuned_on(self) -> TunedOn:
        """What the thresholds were chosen on."""
        whole, (run, group) = self.view.whole, self.place or place_of(self.view)
        run = run or next(iter(whole.runs))
        p = cache.find(cache.key_of(whole.digest, group)).runs[run]
        return TunedOn(p, whole.digest, run, None if group is None else str(group))

    def figures(self) -> dict[str, Figures]:
        """What is known of a policy on these samples: reached here and, if found or quickly found, cross-fitted."""
        if self.found_by is None:
            return {}
        policy, place, sampling = self.found_by.policy, self.found_by.place, Sampling(self.unit, 5, 0)
        is_small = self.view.predictions.scores.size <= AT_ONCE
        tuned = policy_cache.tuned(place, policy, rowwise=is_small)
        figures = {TUNED_HERE: Figures(asdict(tuned.figures))}
        if is_small or policy_cache.is_estimated(place, policy, sampling):
            found = policy_cache.expectation(place, policy, sampling)
            figures[CROSS_FITTED] = cross_fitted(found, self.unit, sampling.seed)
        return figures


def show_threshold_exports(view: View, export: Export) -> None:
    """Buttons that download thresholds, and the program to copy or download."""
    st.caption(
        f"{count(view.predictions.n_classes, 'class', 'classes')}, {view.predictions.score_kind} in "
        f"{view.predictions.scores.dtype.name}: {for_markdown(export.words)}."
    )
    with st.container(horizontal=True):
        _download("thresholds.json", export.json, FILE_NAME, "application/json", "threshold_json")
        _download("CSV", export.csv, "thresholds.csv", "text/csv", "threshold_csv")
    with st.expander("A program that needs only thresholds.json", on_change="rerun", key="snippet_panel") as panel:
        if panel.open:
            form = choice_control("Written for", {form: form for form in FORMS}, key="snippet_form")
            snippet = threshold_snippet(form, FILE_NAME)
            _download("Program", lambda: snippet, "decide.py", "text/x-python", "threshold_snippet")
            st.code(snippet, language="python")


def export_of(view: View) -> Export:
    """The thresholds in force, and what the visitor's state says of where they come from."""
    thresholds = view.thresholds
    words, unit = _words(view, thresholds), view.unit_column
    return Export(view, thresholds, words, _found_here(view, state.chosen()), unit, state.common_chosen_on())


def _found_here(view, chosen) -> FoundBy | None:
    """What found the thresholds in force on the samples in view; None where they are from elsewhere or were changed."""
    applied = chosen.applied
    if applied is None or chosen.own:
        return None
    if applied.policy:
        found = FoundBy(parse_policy(applied.policy), Place.of(view.digest, view.run, {}))
        return found if applied.tuned_on == place_of(view) else None
    found = found_by(applied.digest)
    return found if found and (found.place.digest, found.place.run) == (view.digest, view.run) else None


def _words(view, thresholds) -> str:
    details = thresholds.details
    if details.get("words") or details.get("policy"):
        return details.get("words") or policy_words(details)
    own, origin = state.own_thresholds(), from_markdown(state.threshold_origin())
    return f"{origin}; of {count(len(own), 'class', 'classes')} set one by one" if own else origin


def _download(label, make, file_name, mime, key) -> None:
    st.download_button(
        label, data=make, file_name=file_name, mime=mime, icon=":material/download:", key=key, on_click="ignore"
    )
