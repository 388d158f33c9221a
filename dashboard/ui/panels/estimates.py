"""What is expected of each row of the table of policies on new samples; found a few at a time, so that no page freezes.

On small data all of it comes by itself, on large data when somebody asks.
"""

import time
from dataclasses import dataclass
from functools import partial

import streamlit as st

from dashboard.core.policies import Policy
from dashboard.core.units import n_units
from dashboard.ui import policy_cache, state
from dashboard.ui.class_cache import digest_of
from dashboard.ui.panels.estimate_settings import EstimateSettings
from dashboard.ui.panels.policy_rows import READER, PolicyRow, place_in_view
from dashboard.ui.policy_cache import Difference, Estimate, Place, Sampling
from dashboard.ui.progress import progress_bar
from dashboard.ui.run_again import run_again
from dashboard.ui.view import View
from dashboard.ui.wording import count

AT_ONCE = 2_000_000  # cells
SHARE = 1.5  # seconds after which a run shows what it has
WANTED = "estimates_wanted"


@dataclass(frozen=True, eq=False)
class Estimates:
    """by_key: those found, by the row's key; missing: the rows that wait for one."""

    by_key: dict[str, Estimate]
    missing: list[PolicyRow]
    wanted: bool


def sampling_of(settings: EstimateSettings) -> Sampling:
    held_out = None
    if settings.held_out is not None:
        held_out = Place(settings.held_out, settings.held_out_run)
    return Sampling(settings.unit, settings.folds, settings.seed, held_out)


def can_estimate(view: View, settings: EstimateSettings) -> bool:
    """Whether anything can be said of new units: cross-fitting needs two of them, one to tune on and one to judge."""
    return settings.held_out is not None or n_units(view.units) > 1


def find_estimates(view: View, rows: list[PolicyRow], settings: EstimateSettings, *, shown: bool) -> Estimates:
    """What is known, after at most SHARE seconds of finding out more, which only happens where they are shown."""
    if not can_estimate(view, settings):
        return Estimates({}, [], wanted=False)
    place, sampling = place_in_view(view), sampling_of(settings)
    tuned = [row for row in rows if row.policy is not None and _can_judge(row.policy, sampling)]

    def waiting():
        return [row for row in tuned if not policy_cache.is_estimated(place, row.policy, sampling)]

    missing = waiting()
    wanted = not missing or (shown and _wanted(view, place, sampling, len(missing)))
    if missing and wanted:
        _find_some(place, missing, len(tuned), sampling)
        missing = waiting()
    left_out = {row.key for row in missing}
    found = {row.key: policy_cache.estimate(place, row.policy, sampling) for row in tuned if row.key not in left_out}
    return Estimates(found | _given_rows(view, rows, sampling), missing, wanted)


def continue_with(estimates: Estimates) -> None:
    """Run again while rows wait; what was drawn in this run stays on screen meanwhile."""
    run_again("estimates_again", needed=bool(estimates.missing) and estimates.wanted)


def _wanted(view, place, sampling, n_missing) -> bool:
    """Small data at once; else when asked, until data or settings change."""
    if view.predictions.labels.size <= AT_ONCE:
        return True
    about = repr((place, sampling))
    with st.container(horizontal=True, vertical_alignment="center", key="estimates_wanted_row"):
        st.button(
            "Estimate on new samples",
            key=WANTED,
            icon=":material/science:",
            on_click=lambda: state.remember(WANTED, about),
            disabled=state.recalled(WANTED) == about,
        )
        st.caption(
            f"Tunes {count(n_missing, 'policy', 'policies')} again without each fold and resamples the units; on data "
            "of this size that takes a while."
        )
    return state.recalled(WANTED) == about


def _can_judge(policy: Policy, sampling: Sampling) -> bool:
    """Thresholds per group need to know the group of each sample that is judged."""
    column = policy.parameters.get("column")
    return not column or sampling.held_out is None or column in sampling.held_out.predictions.columns


def _find_some(place: Place, missing, n_all, sampling) -> None:
    started = time.monotonic()
    with progress_bar("What to expect on new samples") as progress:
        for number, row in enumerate(missing):
            done = n_all - len(missing) + number

            def report(part, done=done):
                progress((done + part) / n_all)

            report(0.0)
            policy_cache.estimate(place, row.policy, sampling, report)
            if time.monotonic() - started > SHARE:
                return


def _given_rows(view, rows, sampling) -> dict[str, Estimate]:
    """Of rows that nothing is tuned for: readers, and thresholds in force where other data judges them."""
    found = {}
    for row in rows:
        if row.policy is None and (sampling.held_out is None) == row.key.startswith(READER):
            judged = sampling.held_out or place_in_view(view)
            decide = partial(_decide_given, view, row, sampling)
            found[row.key] = policy_cache.estimate_given(judged, sampling, _name(row), decide)
    return found


def _decide_given(view: View, row: PolicyRow, sampling: Sampling) -> tuple:
    """Predictions that are judged and the decisions; what a reader left open is not judged."""
    if row.outcome.rule is None:
        decided = view.dataset.readers[row.key.removeprefix(READER)]
        return view.predictions.without_cells(decided < 0), decided == 1
    p = (sampling.held_out or place_in_view(view)).predictions
    return p, row.outcome.rule.predict(p)


def _name(row: PolicyRow) -> str:
    """What tells the decisions of a row from others."""
    rule = row.outcome.rule
    if row.policy is not None or rule is None:
        return row.key
    return f"{row.key} {digest_of(rule.score_thresholds)}"


def difference_between(
    view: View, first: PolicyRow, second: PolicyRow, settings: EstimateSettings, progress
) -> Difference | None:
    """B - A on samples that neither was tuned on, but for thresholds in force, which are taken as given.

    None where one of them says nothing about held-out data: a reader decided other samples; or of a single unit.
    """
    if not can_estimate(view, settings):
        return None
    place, sampling = place_in_view(view), sampling_of(settings)
    for row in (first, second):
        if not _can_judge(row.policy, sampling) if row.policy else row.outcome.rule is None and sampling.held_out:
            return None

    def decide():
        p, decisions = (sampling.held_out or place).predictions, []
        for number, row in enumerate((first, second)):
            if row.policy is None:
                judged, decided = _decide_given(view, row, sampling)
                p = p.without_cells(judged.labels < 0)
            else:
                decided = policy_cache.decided_unseen(
                    place, row.policy, sampling, lambda part, number=number: progress((number + part) / 2)
                )
            decisions.append(decided)
        return p, *decisions

    names = repr(place), _name(first), _name(second)
    return policy_cache.difference(sampling.held_out or place, sampling, names, decide)
