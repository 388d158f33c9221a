"""Sets of thresholds by name: what a policy finds on data, and sets made by hand or imported, by their digest.

Whoever knows the digest of a set (128 bits, not to be guessed) finds it. Like all caches it lasts until the server
ends.
"""

import hashlib
from dataclasses import dataclass

import streamlit as st

from dashboard.core import ThresholdSet, policies
from dashboard.core.policies.policy import Policy, Rule
from dashboard.ui import cache
from dashboard.ui.chosen import AppliedSet
from dashboard.ui.policy_cache import Place


@dataclass(frozen=True, eq=False)
class FoundBy:
    """What found a set that an address cannot name: the policy, and where, with the classes that were locked there."""

    policy: Policy
    place: Place


def find_set(whole_digest: str, applied: AppliedSet, first_run: str) -> ThresholdSet | None:
    """The set of this name, or None where it is not here, or the policy gives no threshold per class."""
    try:
        if applied.digest:
            return _kept_set(applied.digest, None)[0]
        run, group = applied.tuned_on
        rule = tuned(cache.key_of(whole_digest, group), run or first_run, applied.policy)
    except (LookupError, ValueError):
        return None
    return rule if isinstance(rule, ThresholdSet) else None


@st.cache_resource(max_entries=100, show_spinner="Finding the best thresholds...")
def tuned(digest: str, run: str, policy: str) -> Rule:
    """What a policy, named by its text, finds on these samples; LookupError or ValueError where it names none."""
    if cache.find(digest) is None:
        raise LookupError
    return policies.parse_policy(policy).tune(cache.ranked(digest, run))


def keep_set(thresholds: ThresholdSet, found_by: FoundBy | None = None) -> str:
    """Keep a set under the digest of all that is told of it, which is returned.

    Equal thresholds may have been found otherwise, or have come with other figures: nobody is told those of another's.
    """
    told = thresholds.to_json() + ("" if found_by is None else f"\0{found_by.policy}\0{found_by.place}")
    digest = hashlib.sha256(told.encode()).hexdigest()[:32]
    _kept_set(digest, (thresholds, found_by))
    return digest


def found_by(digest: str) -> FoundBy | None:
    """What found the set that is kept under this digest; None where that is not known, or the set is gone."""
    try:
        return _kept_set(digest, None)[1]
    except LookupError:
        return None


@st.cache_resource(max_entries=500, show_spinner=False)
def _kept_set(digest: str, _kept: tuple[ThresholdSet, FoundBy | None] | None) -> tuple[ThresholdSet, FoundBy | None]:
    if _kept is None:  # came to ask for it; an exception is not cached
        raise LookupError
    return _kept
