"""Opens the review that an address names: its data, its thresholds and the view that was saved with it.

Raises the store's own sentences and those of the limits; shows nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from dashboard.core import ThresholdSet
from dashboard.inputs.dataset import Dataset
from dashboard.reviews import Review, ReviewData, ReviewError, Snapshot, UnknownLink
from dashboard.ui import cache, limits, state
from dashboard.ui.address import Threshold
from dashboard.ui.chosen import AppliedSet, Chosen
from dashboard.ui.opened_review import OpenedReview
from dashboard.ui.reviews.kept import browser_id, review_store, who
from dashboard.ui.reviews.words import thresholds_origin
from dashboard.ui.set_cache import keep_set
from dashboard.ui.state import ADDRESS_DIGITS
from dashboard.ui.view import View, current_view

PAGE = "page"  # the name of the page in a saved view; an address has it in its path
# What an address says that is not part of a view to be saved with a review.
NOT_SAVED = ("data", "review", "snapshot", "draft", "job", "set")
DIGITS = 17  # of a float64, at most
FIRST_PAGE = "app_pages/overview.py"


@dataclass(frozen=True, eq=False)
class Opening:
    """What the address asks for. address: what the session starts with. page: the page that was saved, "" for none."""

    address: Mapping[str, str]
    page: str = ""
    opened: OpenedReview | None = None
    thresholds: str | None = None
    origin: str = ""


def opening_of(address: Mapping[str, str]) -> Opening:
    """Of the address of a visitor's first run; puts the review's data where every page finds it.

    Raises ReviewError where the link opens nothing for this visitor, NoRoom where its data does not fit.
    """
    link = address.get("review")
    if not link:
        if address.get("draft"):
            return _opening_of_draft(address["draft"]) or Opening({"data": address["draft"]})
        return _opening_of_absent(address) or Opening(address)
    review = review_store().load(link, who(), arrays=False)
    asked = address.get("snapshot")
    shown = review if not asked else review_store().load_snapshot(link, asked, who(), arrays=False)
    digests = _put_in_reach(link, review, shown, asked)
    saved, page = _saved_view(shown.settings)
    wanted = saved | {name: value for name, value in address.items() if name not in NOT_SAVED} | {"data": digests[0]}
    opened = OpenedReview(link, review.title, review.may_edit, digests, asked)
    return Opening(wanted, page, opened, shown.thresholds, thresholds_origin(review, shown))


def _opening_of_absent(address: Mapping[str, str]) -> Opening | None:
    """Of an address of data that this server has let go of: unsaved work of this browser session, where it is that."""
    digest = address.get("data", "")
    if not digest or cache.find(digest) is not None:
        return None
    try:
        return _opening_of_draft(digest)
    except ReviewError:  # the store is away: the address opens as any of absent data
        return None


def _opening_of_draft(digest: str) -> Opening | None:
    """The unsaved work of this browser session; None where it is other data, or not there any more."""
    session_id = browser_id()
    store = None if session_id is None else review_store()
    draft = None if store is None else store.draft(session_id, arrays=False)
    if draft is None or draft.data_digest[:ADDRESS_DIGITS] != digest[:ADDRESS_DIGITS]:
        return None
    if cache.find(digest) is None:
        _take_in(store.draft(session_id).data)
    saved, page = _saved_view(draft.settings)
    return Opening(saved | {"data": digest}, page, None, draft.thresholds, "as they were, not saved")


def _saved_view(settings: Mapping[str, Any]) -> tuple[dict[str, str], str]:
    """What the address says of a view that was saved, and its page."""
    saved = {name: str(value) for name, value in settings.items() if name not in NOT_SAVED}
    page = saved.pop(PAGE, "")
    return saved, page


def begin_anew(**address: str) -> None:
    """Ends the visitor's session and begins one at this address, as if it had been typed."""
    state.end_session()
    st.switch_page(FIRST_PAGE, query_params=address)


def begin(opening: Opening) -> None:
    """After the session was opened: the review's thresholds in force, unless the address has its own."""
    state.open_review(opening.opened)
    if opening.opened is not None:
        for held_out in opening.opened.data[1:]:
            state.know_data(held_out)
    view = None if opening.thresholds is None else current_view()
    if view is not None:
        put_in_force(view, opening.thresholds, opening.origin)


def put_in_force(view: View, thresholds: str, origin: str) -> None:
    """Thresholds of a review where they fit the scores in view; told by the address's own words where those say it."""
    found = fitting(view, thresholds)
    if found is None:
        return
    told = state.chosen()
    scores = found.score_thresholds
    same = told.applied is None and np.array_equal(view.thresholds_of(told).score_thresholds, scores)
    if not same and len(np.unique(scores)) == 1 and np.isfinite(scores[0]):
        told = Chosen(_shortest(view, scores[0]), places={None: state.here()})
    elif not same:
        told = Chosen(applied=AppliedSet(digest=keep_set(found)), places={None: state.here()})
    state.start_with(replace(told, origin=origin))


def _shortest(view: View, score) -> Threshold:
    """The threshold as somebody would have typed it: the fewest digits on the 0-1 scale that decide the same."""
    exact = view.threshold_of(score)
    if not np.isfinite(exact.unit):
        return exact
    rounded = (Threshold(round(exact.unit, digits)) for digits in range(1, DIGITS))
    return next((each for each in rounded if view.score_threshold(each) == score), exact)


def fitting(view: View, thresholds: str | None) -> ThresholdSet | None:
    """The set in the text of a thresholds.json, if it is for the scores in view.

    None too where there is no text, or it has thresholds per group.
    """
    if thresholds is None:
        return None
    try:
        found = ThresholdSet.from_json(thresholds)
    except ValueError:  # per group: judged, but not one threshold per class
        return None
    return found if found.applies_to(view.predictions) else None


def dataset_of(data: ReviewData) -> Dataset:
    """As the pages hold it."""
    return Dataset(**data.as_fields())


def _put_in_reach(link: str, review: Review, shown: Review | Snapshot, snapshot: str | None) -> tuple[str, ...]:
    """The digests, as `state.data` names them, of the data and held-out data, loaded where they are not here."""
    digests = [digest for digest in (shown.data_digest, shown.held_out_digest) if digest]
    if not digests:
        raise UnknownLink("This review has no data any more: ask for another link.")
    if any(cache.find(digest) is None for digest in digests):
        store = review_store()
        with st.spinner("Opening the review..."):
            whole = store.load_snapshot(link, snapshot, who()) if snapshot else store.load(link, who())
        _take_in(whole.held_out, whole.data)
    return tuple(digest[:ADDRESS_DIGITS] for digest in digests)


def _take_in(*datas: ReviewData | None) -> None:
    """From now on found by its digest; NoRoom where it does not fit. What is looked at comes last, so that it stays
    where room is short.
    """
    opened: list[str] = []
    for data in datas:
        if data is None:
            continue
        if cache.find(data.digest) is None:
            limits.take_in(dataset_of(data), cache.seat().id, opened)
        opened.append(data.digest[:ADDRESS_DIGITS])
