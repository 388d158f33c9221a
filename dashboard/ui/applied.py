"""Puts thresholds in force: a policy's, an imported set, edits of single classes. Locked classes keep theirs.

Every change can be undone (`state.undo`).
"""

from collections.abc import Mapping

import numpy as np

from dashboard.core import ThresholdSet, policies
from dashboard.core.policies.policy import Policy, with_locked
from dashboard.escape import for_markdown
from dashboard.ui import state
from dashboard.ui.address import Threshold
from dashboard.ui.chosen import AppliedSet
from dashboard.ui.policy_cache import Place
from dashboard.ui.set_cache import FoundBy, keep_set
from dashboard.ui.view import View

EDITED = ", changed by hand"


def apply_policy(view: View, policy: Policy, origin: str = "") -> bool:
    """What the policy finds on the samples in view; False where it gives no threshold per class.

    origin: how the header tells of it, in place of the policy's title.
    """
    origin = origin_of(policy, origin)
    if not state.locked_classes() and policies.POLICIES.get(policy.kind.name) is policy.kind:
        state.apply_set(AppliedSet(policy=str(policy), tuned_on=place_of(view)), origin)
        return True
    place = Place.of(view.digest, view.run, locked_scores(view))
    rule = place.tune(policy)
    if not isinstance(rule, ThresholdSet):
        return False
    _apply_kept(rule, origin + _locked_words(), FoundBy(policy, place))
    return True


def origin_of(policy: Policy, told: str = "") -> str:
    """How the header tells of a policy, for Markdown."""
    return for_markdown(told or f"{policy.title}, tuned") + state.ON_THESE_SAMPLES


def policy_origin() -> str:
    """The same of the policy that the address named; empty where it named none."""
    applied = state.chosen().applied
    if applied is None or not applied.policy or state.threshold_origin() != state.FROM_ADDRESS:
        return ""
    return origin_of(policies.parse_policy(applied.policy))


def apply_set(view: View, thresholds: ThresholdSet, origin: str) -> None:
    """A set made elsewhere; raises ValueError unless it fits the scores in view."""
    thresholds.check_applies_to(view.predictions)
    kept = with_locked(thresholds, locked_scores(view), view.predictions)
    _apply_kept(kept, for_markdown(origin) + _locked_words())


def edit(view: View, edits: Mapping[int, Threshold | None]) -> None:
    """New thresholds of single classes; None: back to what is in force for all others.

    A few are written into the address one by one; more become a set of their own.
    """
    new = state.chosen()
    for index, threshold in edits.items():
        new = new and new.with_own(index, threshold, state.here())
    if new is not None:
        state.choose(new)
        return
    values = np.array(view.thresholds.score_thresholds)
    for index, threshold in edits.items():
        base = view.base_threshold(index) if threshold is None else threshold
        values[index] = view.score_threshold(base)
    origin = state.threshold_origin().removesuffix(EDITED)
    _apply_kept(ThresholdSet.from_scores(view.predictions, values), origin + EDITED)


def previous_thresholds(view: View) -> ThresholdSet | None:
    """The set in force before the last change, None where nothing has changed."""
    before = state.chosen_before()
    return None if before is None else view.thresholds_of(before)


def locked_scores(view: View) -> dict[int, float]:
    """Class index -> score threshold of the locked classes."""
    scores = view.thresholds.score_thresholds
    return {index: scores[index] for index in sorted(state.locked_classes()) if index < len(scores)}


def place_of(view: View):
    """Run and group in view, as `state` names them."""
    first = next(iter(view.dataset.runs))
    return None if view.run == first else view.run, view.group


def _apply_kept(thresholds: ThresholdSet, origin: str, found_by: FoundBy | None = None) -> None:
    state.apply_set(AppliedSet(digest=keep_set(thresholds, found_by)), origin)


def _locked_words() -> str:
    n_locked = len(state.locked_classes())
    return f", {n_locked} locked" if n_locked else ""
