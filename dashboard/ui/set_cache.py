"""Sets of thresholds by name: what a policy finds on data, and sets made by hand or imported, by their digest.

Whoever knows the digest of a set (128 bits, not to be guessed) finds it. Like all caches it lasts until the server
ends.
"""

import hashlib

import streamlit as st

from dashboard.core import ThresholdSet, policies
from dashboard.core.policies.policy import Rule
from dashboard.ui import cache
from dashboard.ui.chosen import AppliedSet


def find_set(whole_digest: str, applied: AppliedSet, first_run: str) -> ThresholdSet | None:
    """The set of this name, or None where it is not here, or the policy gives no threshold per class."""
    try:
        if applied.digest:
            return _kept_set(applied.digest, None)
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


def keep_set(thresholds: ThresholdSet) -> str:
    """Keep a set under the digest of all that is told of it, which is returned.

    Equal thresholds may have been found otherwise, or have come with other figures: nobody is told those of another's.
    """
    digest = hashlib.sha256(thresholds.to_json().encode()).hexdigest()[:32]
    _kept_set(digest, thresholds)
    return digest


@st.cache_resource(max_entries=500, show_spinner=False)
def _kept_set(digest: str, _thresholds: ThresholdSet | None) -> ThresholdSet:
    if _thresholds is None:  # came to ask for it; an exception is not cached
        raise LookupError
    return _thresholds
