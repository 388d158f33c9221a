"""Saving a copy of a review that somebody else keeps: thresholds in force, notes only if wanted, the same limits."""

import numpy as np
import pytest

from dashboard.core import ThresholdSet
from dashboard.reviews import Note, Person, Review, ReviewData
from dashboard.reviews.report.of_review import event_words
from dashboard.ui.reviews.kept import review_store
from tests.app.test_review_changes import made
from tests.app.test_review_opening import signed_in_as, texts


@pytest.fixture
def dataset():
    return made(3)


def saved(dataset, who=None, **changes):
    before = ThresholdSet.from_unit(dataset.first_run, 0.31).to_json()
    review = Review("For the launch", ReviewData.of(dataset), ReviewData.of(made(4, 120)), before, **changes)
    return review_store().save(review, who)


def thresholds_of(review) -> np.ndarray:
    return ThresholdSet.from_json(review.thresholds).score_thresholds


def test_who_only_looks_saves_what_they_see_without_a_change_to_the_original(visit, dataset):
    links = saved(dataset, notes=(Note("slowly", who="Ann"),))
    at = visit("overview", review=links.view)
    at.number_input(key="threshold_field_unit").set_value(0.7).run()
    at.switch_page("app_pages/reviews.py").run()
    at.text_input(key="review_name").set_value("Ben")
    at.button(key="save_copy").click().run()
    assert not at.exception and not at.error
    opened, store = at.session_state["review"], review_store()
    mine, original = store.load(opened.link), store.load(links.view)
    assert mine.may_edit and mine.id != original.id and mine.title == "Copy of For the launch"
    assert (mine.data_digest, mine.held_out_digest) == (original.data_digest, original.held_out_digest)
    assert np.array_equal(thresholds_of(mine), ThresholdSet.from_unit(dataset.first_run, 0.7).score_thresholds)
    assert (mine.history[0].who, event_words(mine.history[0])) == (
        "Ben",
        "copied: Copy of For the launch; from For the launch",
    )
    assert not mine.notes and len(original.history) == 1
    assert "your copy of “For the launch”" in "\n".join(each.value for each in at.toast)
    assert not at.run().toast
    at.button(key="close_review").click().run()
    assert {"For the launch", "Copy of For the launch"} <= {
        each.value.split("**")[1] for each in at.markdown if " · open" in each.value
    }


def test_notes_go_along_only_if_somebody_wants_them(visit, dataset):
    links = saved(dataset, notes=(Note("slowly", who="Ann"), Note("of one", "class 1", who="Ben")))
    at = visit("reviews", review=links.edit)
    assert [box.label for box in at.checkbox if box.key == "copy_notes"] == [
        "With its 2 notes, under their writers' names"
    ]
    at.checkbox(key="copy_notes").set_value(True)
    at.button(key="save_copy").click().run()
    kept = review_store().load(at.session_state["review"].link).notes
    assert [(each.text, each.class_name, each.who) for each in kept] == [
        ("slowly", None, "Ann"),
        ("of one", "class 1", "Ben"),
    ]


def test_a_copy_of_a_frozen_view_holds_what_was_frozen(visit, dataset):
    links, first = saved(dataset), dataset.first_run
    frozen = ThresholdSet.from_unit(first, np.array([0.2, 0.3, 0.4, 0.6]))
    id = review_store().freeze(links.edit, frozen.to_json(), {}, title="before")
    at = visit("reviews", review=links.view, snapshot=id)
    at.text_input(key=next(each.key for each in at.text_input if each.key.startswith("copy_title"))).set_value("Then")
    at.button(key="save_copy").click().run()
    opened = at.session_state["review"]
    mine = review_store().load(opened.link)
    assert opened.snapshot is None and mine.title == "Then" and "frozen view" not in texts(at)
    assert np.array_equal(thresholds_of(mine), frozen.score_thresholds)
    assert "from For the launch, as frozen on" in event_words(mine.history[0])


def test_a_copy_of_a_limited_review_is_limited_as_it_is_unless_somebody_says_otherwise(visit, dataset, monkeypatch):
    links = saved(dataset, Person("ann", "ann@ward.example"), limited_to=("@ward.example",))
    signed_in_as(monkeypatch, "bea@ward.example")
    at = visit("reviews", review=links.view)
    assert at.text_input(key="copy_emails").value == "@ward.example"
    at.button(key="save_copy").click().run()
    mine = review_store().load(at.session_state["review"].link, Person("", "bea@ward.example"))
    assert (mine.limited_to, mine.owner) == (("@ward.example",), "bea@ward.example")


def test_a_review_deleted_meanwhile_cannot_be_copied(visit, dataset):
    links = saved(dataset)
    at = visit("reviews", review=links.view)
    review_store().delete(links.edit)
    at.button(key="save_copy").click().run()
    assert "opens no review" in texts(at) and at.session_state["review"].link == links.view
    assert not review_store().list_own(None, at.session_state["kept:known_links"])


def test_a_presentation_offers_no_copy(visit, dataset):
    at = visit("reviews", review=saved(dataset).view, present="1")
    assert not [each for each in at.button if each.key == "save_copy"]
