"""Opening a review: within the limits of the server, as it was frozen, and only for whom it is."""

from dataclasses import replace

import numpy as np
import pytest

from dashboard.core import ThresholdSet
from dashboard.escape import for_markdown
from dashboard.reviews import Person, Review, ReviewData
from dashboard.reviews.review_rows import OPENS_NOTHING
from dashboard.ui import cache
from dashboard.ui.arrays import shared_arrays
from dashboard.ui.reviews.kept import review_store
from dashboard.ui.reviews.saving import LIMITS
from tests.app.conftest import dataset_of


def made(number, n_samples=300):
    rng = np.random.default_rng(number)
    labels = (rng.random((n_samples, 4)) < 0.4).astype(np.int8)
    return dataset_of(rng.normal(size=labels.shape) + 1.5 * labels, labels)


def texts(at) -> str:
    kinds = (at.markdown, at.caption, at.info, at.warning, at.error)
    return "\n".join(each.value for kind in kinds for each in kind)


@pytest.fixture
def dataset():
    return made(3)


@pytest.fixture
def saved(dataset):
    """The links of a review with held-out data that this server has not in memory."""
    thresholds = ThresholdSet.from_unit(dataset.first_run, 0.31).to_json()
    return review_store().save(
        Review("For the launch", ReviewData.of(dataset), ReviewData.of(made(4)), thresholds, settings={"classes": "1"})
    )


@pytest.mark.parametrize(
    ("variable", "said"), [("DASHBOARD_VISITOR_BYTES", "One visitor's data"), ("DASHBOARD_ARRAY_BYTES", "Data must")]
)
def test_a_review_that_does_not_fit_says_so_and_opens_when_it_does(visit, saved, dataset, monkeypatch, variable, said):
    monkeypatch.setenv(variable, "9000")
    at = visit(review=saved.view)
    assert said in at.warning[0].value
    assert not at.subheader
    assert cache.find(dataset.digest) is None
    monkeypatch.delenv(variable)
    shared_arrays.cache_clear()
    at.button(key="try_again").click().run()
    assert not at.warning and "For the launch" in texts(at)
    assert cache.find(dataset.digest) is not None


def test_what_others_look_at_stays_when_a_review_has_no_room(visit, saved, dataset, monkeypatch):
    other = made(9)
    monkeypatch.setenv("DASHBOARD_ARRAY_BYTES", "30000")  # 11 kB of arrays each, 14 kB to rank them
    shared_arrays.cache_clear()
    shared_arrays().look("somebody else", cache.keep(other).digest[:32])
    at = visit(review=saved.view)
    assert "other visitors look at" in texts(at)
    assert cache.find(dataset.digest) is None
    assert cache.find(other.digest) is other


def test_the_held_out_data_of_a_review_is_there_for_who_opens_it(visit, saved, dataset):
    at = visit("reviews", review=saved.view)
    assert at.session_state["opened"] == [dataset.digest[:32], made(4).digest[:32]]


def test_a_draft_that_does_not_fit_says_so_and_stays(visit, dataset, monkeypatch):
    monkeypatch.setattr("dashboard.ui.reviews.opening.browser_id", lambda link="": "b" * 64)
    review_store().keep_draft("b" * 64, Review("Unsaved", ReviewData.of(dataset), thresholds=None))
    monkeypatch.setenv("DASHBOARD_VISITOR_BYTES", "9000")
    at = visit(draft=dataset.digest[:32])
    assert "One visitor's data" in at.warning[0].value
    assert review_store().draft("b" * 64, arrays=False).title == "Unsaved"


class User(dict):
    """What `st.user` is where people sign in."""

    def to_dict(self):
        return {"is_logged_in": bool(self), **self}


def signed_in_as(monkeypatch, email=None):
    monkeypatch.setattr("streamlit.user", User({"name": email.partition("@")[0], "email": email} if email else {}))


@pytest.fixture
def limited(dataset):
    """The edit link of a review for one domain."""
    review = Review("For the ward", ReviewData.of(dataset), limited_to=("@ward.example",))
    return review_store().save(review, Person("ann", "ann@ward.example")).edit


@pytest.mark.parametrize("email", [None, "eve@elsewhere.example", "eve@ward.example.evil.example"])
def test_a_review_for_a_domain_shows_a_stranger_one_sentence(visit, limited, dataset, monkeypatch, email):
    signed_in_as(monkeypatch, email)
    at = visit(review=limited)
    assert [each.value for each in at.error] == [for_markdown(OPENS_NOTHING)]
    assert "For the ward" not in texts(at) and not at.subheader and not at.selectbox
    labels = {button.label for button in at.button}
    assert labels == {"Open the sample instead", "Sign in" if email is None else "Sign out"}
    assert cache.find(dataset.digest) is None


def test_a_review_for_a_domain_opens_for_whoever_is_of_it(visit, limited, monkeypatch):
    signed_in_as(monkeypatch, "bea@WARD.example")
    at = visit("reviews", review=limited)
    assert "For the ward" in texts(at) and "ward" in texts(at)
    assert not [field for field in at.text_input if field.key == "review_name"]


def test_what_a_signed_in_person_writes_bears_their_own_name(visit, limited, monkeypatch):
    signed_in_as(monkeypatch, "bea@ward.example")
    at = visit("reviews", review=limited)
    at.session_state["kept:reviewer_name"] = "Ann"
    at.session_state["review_tab"] = "Notes"
    at.run()
    at.text_area(key="note_text").set_value("Seen.")
    next(button for button in at.button if button.label == "Add the note").click().run()
    note = review_store().load(limited, Person("", "ann@ward.example"), arrays=False).notes[0]
    assert (note.text, note.who) == ("Seen.", "bea")


@pytest.fixture
def frozen(dataset):
    """(links, id) of a review that has moved on since it was frozen: other thresholds, settings and data."""
    store, first = review_store(), dataset.first_run
    links = store.save(Review("Moving", ReviewData.of(dataset), ReviewData.of(made(4))))
    thresholds = ThresholdSet.from_unit(first, np.array([0.2, 0.3, 0.4, 0.6])).to_json()
    id = store.freeze(links.edit, thresholds, {"classes": "2,0", "page": "Classes"}, title="before")
    now = store.load(links.edit)
    later = ThresholdSet.from_unit(made(5).first_run, 0.9).to_json()
    changed = {"data": ReviewData.of(made(5)), "held_out": None, "thresholds": later, "settings": {"classes": "3"}}
    store.update(links.edit, replace(now, title="Moved on", **changed))
    return links, id


def test_a_snapshot_opens_as_it_was_frozen_after_its_review_moved_on(visit, frozen, dataset):
    links, id = frozen
    at = visit(review=links.view, snapshot=id)
    assert at.session_state["data"] == dataset.digest[:32]
    assert at.session_state["classes"] == (2, 0)
    assert id in at.query_params["snapshot"] and links.view in at.query_params["review"]
    assert "frozen on" in texts(at) and "In the frozen view **Moved on**" in texts(at)
    assert "4 classes: average precision" in texts(at) and "**class 2** at 0.4:" in texts(at)  # on its page
    assert visit(review=links.view).session_state["data"] == made(5).digest[:32]


@pytest.mark.parametrize("id", ["0" * 32, "", "x", "../", "0" * 31])
def test_a_snapshot_that_is_not_of_this_review_shows_one_sentence(visit, frozen, dataset, id):
    links, _ = frozen
    if not id:
        id = review_store().freeze(review_store().save(Review("Other", ReviewData.of(made(7)))).edit, None, {})
    at = visit(review=links.view, snapshot=id)
    assert [each.value for each in at.error] == [for_markdown(OPENS_NOTHING)]
    assert "Mov" not in texts(at) and not at.subheader and not at.selectbox and "data" not in at.session_state
    assert cache.find(dataset.digest) is None and cache.find(made(5).digest) is None


@pytest.mark.parametrize("page", ["Overview", "Classes"])
def test_the_axis_and_other_choices_of_a_page_open_as_they_were_saved(visit, dataset, page):
    settings = {"axis": "logit", "page": page}
    links = review_store().save(Review("On the logit axis", ReviewData.of(dataset), settings=settings))
    at = visit(review=links.view)
    assert at.segmented_control(key="axis").value == "logit"
    at = visit(review=links.view, axis="probability")
    assert at.segmented_control(key="axis").value == "probability"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("unit", [0.25, 0.1733, 1e-5, 0.999])
def test_a_threshold_opens_with_the_digits_it_was_typed_with(visit, dtype, unit):
    scores = made(3).first_run.scores.astype(dtype)
    dataset = dataset_of(scores, made(3).first_run.labels)
    thresholds = ThresholdSet.from_unit(dataset.first_run, unit)
    links = review_store().save(Review("Typed", ReviewData.of(dataset), thresholds=thresholds.to_json()))
    at = visit(review=links.view)
    chosen = at.session_state["chosen"]
    assert (chosen.applied, chosen.threshold.value) == (None, unit)
    assert chosen.threshold.to_score("logits", dtype) == thresholds.score_thresholds[0]


@pytest.mark.parametrize("pressed", ["update_review", "save_copy"])
def test_limits_that_are_typed_and_saved_at_once_hold(visit, dataset, monkeypatch, pressed):
    store, ann = review_store(), Person("ann", "ann@ward.example")
    edit = store.save(Review("For the ward", ReviewData.of(dataset)), ann).edit
    signed_in_as(monkeypatch, "ann@ward.example")
    at, key = visit("reviews", review=edit), "copy" if pressed == "save_copy" else "review"
    at.radio(key=f"{key}_limits").set_value(LIMITS)
    at.text_input(key=f"{key}_emails").set_value("ann@ward.example, @ward.example")
    at.button(key=pressed).click().run()  # without a run of the page between
    found = store.load(at.session_state["review"].link, ann, arrays=False)
    assert found.limited_to == ("ann@ward.example", "@ward.example")
