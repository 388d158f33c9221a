"""Unsaved work is kept for the browser that comes back, of a review and outside of any apart; nothing waits for it."""

import numpy as np
import pytest

from dashboard.core import ThresholdSet
from dashboard.reviews import Review, ReviewData
from dashboard.ui.arrays import shared_arrays
from dashboard.ui.reviews import autosave
from dashboard.ui.reviews.kept import review_store
from tests.app.conftest import dataset_of

BROWSER = "b" * 32


class AtOnce:
    """Keeps a draft as it comes, so that no test waits."""

    def put(self, session_id, draft):
        review_store().keep_draft(session_id, draft)


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch):
    for module in ("opening", "autosave"):
        monkeypatch.setattr(f"dashboard.ui.reviews.{module}.browser_id", lambda link="": BROWSER + link)
    monkeypatch.setattr(autosave, "keeper", AtOnce)


def own_data():
    rng = np.random.default_rng(3)
    labels = (rng.random((300, 4)) < 0.4).astype(np.int8)
    return dataset_of(rng.normal(size=labels.shape) + 1.5 * labels, labels)


@pytest.fixture
def links():
    dataset = own_data()
    thresholds = ThresholdSet.from_unit(dataset.first_run, 0.31).to_json()
    return review_store().save(Review("For the launch", ReviewData.of(dataset), None, thresholds))


def moved(at, unit):
    return at.number_input(key="threshold_field_unit").set_value(unit).run()


def offered(at) -> bool:
    return any(button.key == "draft_go_on" for button in at.button)


def test_thresholds_moved_in_a_review_are_offered_where_it_is_opened_again(visit, links):
    moved(visit(review=links.view), 0.7)
    assert not offered(visit())  # that is of the review alone
    at = visit(review=links.view)
    assert "Threshold **0.31**" in "".join(each.value for each in at.caption)
    assert at.info[0].value == "You moved thresholds in this review before."
    at.button(key="draft_go_on").click().run()
    assert not offered(at)
    assert any("Threshold **0.7**" in each.value and "as you left them" in each.value for each in at.caption)


def test_what_is_forgotten_is_offered_no_more(visit, links):
    moved(visit(review=links.view), 0.7)
    at = visit(review=links.view)
    at.button(key="draft_forget").click().run()
    assert not offered(at) and not offered(visit(review=links.view))


def test_nothing_is_offered_where_the_review_has_these_thresholds_or_nobody_moved_any(visit, links):
    visit(review=links.view)
    assert not offered(visit(review=links.view))
    moved(visit(review=links.view), 0.31)
    assert not offered(visit(review=links.view))


def test_a_frozen_view_neither_keeps_nor_offers(visit, links):
    id = review_store().freeze(links.edit, review_store().load(links.edit).thresholds, {})
    moved(visit(review=links.view), 0.7)
    at = visit(review=links.view, snapshot=id)
    assert not offered(at)
    moved(at, 0.2)
    store = review_store()
    assert "0.7" in store.draft(BROWSER + links.view, arrays=False).settings["t"]


def test_work_outside_of_reviews_is_not_lost_by_moving_thresholds_in_one(visit, links):
    moved(visit(), 0.37)
    moved(visit(review=links.view), 0.7)
    at = visit()
    assert "was not saved as a review" in at.info[0].value
    at.button(key="draft_go_on").click().run()
    assert any("0.37" in each.value for each in at.caption)


def test_a_review_can_be_decided_on_while_work_is_offered(visit, links):
    moved(visit(review=links.edit), 0.7)
    at = visit(review=links.edit)
    moved(at, 0.6)
    assert offered(at)  # until somebody chooses
    assert review_store().draft(BROWSER + links.view, arrays=False).settings["t"] == "0.7"


def test_data_of_their_own_opens_again_after_the_server_has_let_go_of_it(visit, monkeypatch):
    dataset = own_data()
    at = moved(visit(dataset=dataset), 0.37)
    address = {name: at.query_params[name] for name in ("data", "t")}
    shared_arrays().drop(dataset.digest[:32])
    again = visit(**{name: value if isinstance(value, str) else value[0] for name, value in address.items()})
    assert not again.warning and any("Threshold **0.37**" in each.value for each in again.caption)
    shared_arrays().drop(dataset.digest[:32])
    monkeypatch.setattr("dashboard.ui.reviews.opening.browser_id", lambda link="": "another" + link)
    assert "not on this" in visit(data=dataset.digest[:32]).warning[0].value
