"""The Reviews page without a browser: saved, opened by another visitor, changed only by the edit link, decided."""

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.core import RankedScores, ThresholdSet, metrics
from dashboard.escape import for_markdown
from dashboard.reviews import Links, ReviewStore, UnknownLink
from dashboard.reviews.review_errors import StoreUnavailable
from dashboard.ui.reviews import out
from dashboard.ui.reviews.kept import review_store
from tests.app.conftest import dataset_of, table_of


@pytest.fixture
def dataset():
    rng = np.random.default_rng(3)
    labels = (rng.random((300, 4)) < 0.4).astype(np.int8)
    return dataset_of(rng.normal(size=(300, 4)) + 1.5 * labels, labels)


def _button(at: AppTest, label: str):
    return next(button for button in at.button if button.label == label)


def _save(at: AppTest, title="For the launch", note="", name="Ann") -> Links:
    at.text_input(key="review_title").set_value(title)
    at.text_area(key="review_note").set_value(note)
    at.text_input(key="review_name").set_value(name)
    _button(at, "Save and make links").click().run()
    assert not at.exception and not at.error, (at.exception, at.error)
    return Links.of_edit(at.session_state["review"].link)


def _headings(at: AppTest) -> list[str]:
    return [heading.value for heading in at.subheader]


def _texts(at: AppTest) -> str:
    return "\n".join(each.value for each in [*at.markdown, *at.caption])


def test_what_is_saved_opens_for_another_visitor_with_the_same_figures(visit, dataset):
    a = visit("overview", dataset, t="0.31", classes="1,2")
    a.switch_page("app_pages/reviews.py").run()
    links = _save(a, note="*slowly*")
    b = visit("overview", review=links.view)
    assert dataset.digest[:32] in b.query_params["data"] and b.session_state["classes"] == (1, 2)
    expected = metrics.f_beta(RankedScores.from_predictions(dataset.first_run).counts(0.31), average="micro")[0]
    assert any(f"{expected:.3f}"[1:] in each.value for each in b.markdown)
    assert "For the launch" in _texts(b) and "Threshold **0.31**" in _texts(b)


def test_the_page_of_the_review_is_where_its_link_leads(visit, dataset):
    a = visit("classes", dataset)
    a.switch_page("app_pages/reviews.py").run()
    _save(a)
    review = review_store().load(a.session_state["review"].link)
    assert review.settings["page"] == "Classes"


def test_an_unknown_link_says_so_and_shows_nothing_else(visit):
    at = visit("overview", review="0" * 32)
    assert len(at.error) == 1 and not at.subheader and not at.selectbox
    assert "data" not in at.session_state


def test_who_has_the_view_link_is_offered_no_change_and_the_store_refuses_one(visit, dataset):
    a = visit("reviews", dataset)
    links = _save(a)
    b = visit("reviews", review=links.view)
    labels = {button.label for button in b.button}
    assert not labels & {"Propose them", "Accept", "Freeze", "Delete", "Make new links", "Add the note"}
    assert links.edit not in json.dumps([each.value for each in b.code])
    b.switch_page("app_pages/overview.py").run()
    b.number_input(key="threshold_field_unit").set_value(0.7).run()
    b.switch_page("app_pages/reviews.py").run()
    assert "who can only look cannot propose them" in _texts(b)
    assert not {button.label for button in b.button} & {"Propose them", "Accept"}
    with pytest.raises(UnknownLink):
        review_store().add_note(links.view, "no")


def test_a_proposal_is_compared_accepted_and_in_force_for_who_opens_the_link_then(visit, dataset):
    a = visit("reviews", dataset)
    links = _save(a)
    a.switch_page("app_pages/overview.py").run()
    a.number_input(key="threshold_field_unit").set_value(0.7).run()
    a.switch_page("app_pages/reviews.py").run()
    shown = table_of(a, "own_change").set_index("class")
    p, r = dataset.first_run, RankedScores.from_predictions(dataset.first_run)
    before, now = (metrics.f_beta(r.counts(t))[0] for t in (0.5, 0.7))
    assert shown["F1 before"][list(p.class_names)].to_numpy() == pytest.approx(before, abs=1e-12)
    assert shown["F1 now"][list(p.class_names)].to_numpy() == pytest.approx(now, abs=1e-12)
    a.text_input(key="propose_why").set_value("fewer false alarms")
    a.button(key="propose").click().run()
    proposal = review_store().load(links.view).proposals[0]
    assert (proposal.who, proposal.why) == ("Ann", "fewer false alarms")
    a.text_input(key=f"comment_{proposal.id}").set_value("agreed")
    a.button(key=f"accept_{proposal.id}").click().run()
    assert "Accepted on" in _texts(a)
    review = review_store().load(links.view)
    assert review.decision.state == "accepted" and review.decision.why == "agreed"
    accepted = ThresholdSet.from_json(review.thresholds)
    assert np.array_equal(accepted.score_thresholds, ThresholdSet.from_unit(p, 0.7).score_thresholds)
    b = visit("overview", review=links.view)
    assert "Threshold **0.7**" in _texts(b) and "accepted on" in _texts(b)


def test_the_accepted_set_is_what_goes_out_by_default(visit, dataset):
    a = visit("reviews", dataset)
    links = _save(a)
    other = ThresholdSet.from_unit(dataset.first_run, np.array([0.2, 0.3, 0.4, 0.6]))
    store = review_store()
    store.accept(links.edit, store.propose(links.edit, other.to_json()), 1)
    at = visit("thresholds", dataset, review=links.edit, thresholds_tab="Files", t="0.5")
    assert at.segmented_control(key="export_which").value == "accepted"


def test_somebody_who_decided_meanwhile_is_told_of_and_nothing_is_lost(visit, dataset):
    a = visit("reviews", dataset)
    links = _save(a)
    store = review_store()
    first, second = (
        store.propose(links.edit, ThresholdSet.from_unit(dataset.first_run, t).to_json()) for t in (0.4, 0.6)
    )
    a.run()
    version = store.load(links.edit).version
    store.accept(links.edit, first, version)
    a.button(key=f"accept_{second}").click().run()
    assert any("saved another version" in each.value for each in a.error)
    assert {each.state for each in store.load(links.edit).proposals} == {"accepted", "proposed"}


def test_notes_act_as_markdown_but_nothing_in_them_leads_away(visit, dataset):
    a = visit("reviews", dataset)
    a.query_params["review_tab"] = "Notes"
    _save(a, note="**bold** ![x](http://evil/x.png) <b>raw</b>")
    a.session_state["review_tab"] = "Notes"
    a.run()
    shown = next(each.value for each in a.markdown if "bold" in each.value)
    assert shown.startswith("**bold** ") and "![" not in shown and "<b>" not in shown.replace("\\<", "")


def test_a_review_is_found_again_and_opened_from_the_list(visit, dataset):
    a = visit("reviews", dataset)
    _save(a, title="Second round")
    a.text_input(key="review_search").set_value("second").run()
    assert any("Second round" in each.value for each in a.markdown)
    a.text_input(key="review_search").set_value("absent word").run()
    assert any("None has all of these words" in each.value for each in a.caption)


def test_a_deleted_review_says_so_where_it_is_open(visit, dataset):
    a = visit("reviews", dataset)
    links = _save(a)
    review_store().delete(links.edit)
    a.run()
    assert any(each.value for each in a.error) and not a.exception
    _button(a, "Close it").click().run()
    assert a.session_state["review"] is None


def test_other_data_closes_the_review(visit, dataset):
    a = visit("reviews", dataset)
    _save(a)
    a.switch_page("app_pages/data.py").run()
    a.button(key="sample_test").click().run()
    assert a.session_state["review"] is None and "review" not in a.query_params


def test_the_report_holds_notes_decision_and_the_figures_of_the_page(visit, dataset, monkeypatch):
    made = {}
    monkeypatch.setattr(out, "_button", lambda label, make, *rest: made.update({label: make}))
    a = visit("reviews", dataset)
    links = _save(a, note="Look at *c2*")
    store = review_store()
    store.accept(
        links.edit, store.propose(links.edit, store.load(links.edit).thresholds, "as is"), 1, why="good enough"
    )
    a.session_state["review_tab"] = "Report"
    a.run()
    assert any("turns until the file comes" in each.value for each in a.caption)
    html = made["Report (HTML)"]()
    micro = metrics.f_beta(RankedScores.from_predictions(dataset.first_run).counts(0.5), average="micro")[0]
    for said in ("For the launch", "Look at <em>c2</em>", "good enough", "Ann", f"Micro-F1 {micro:.3f}"):
        assert said in html
    with zipfile.ZipFile(io.BytesIO(made["Everything, tables as CSV"]())) as zipped:
        kept = ThresholdSet.from_json(zipped.read("thresholds.json").decode())
        assert {"report.html", "decide.py", "tables/classes.csv"} <= set(zipped.namelist())
    assert np.array_equal(kept.score_thresholds, ThresholdSet.from_unit(dataset.first_run, 0.5).score_thresholds)


def test_the_report_and_its_files_hold_the_accepted_thresholds_by_default(visit, dataset, monkeypatch):
    made = {}
    monkeypatch.setattr(out, "_button", lambda label, make, *rest: made.update({label: make}))
    a = visit("reviews", dataset)
    links, store = _save(a), review_store()
    other = ThresholdSet.from_unit(dataset.first_run, np.array([0.2, 0.3, 0.4, 0.6]))
    store.accept(links.edit, store.propose(links.edit, other.to_json()), 1)
    a.session_state["review_tab"] = "Report"
    a.run()

    def sent():
        with zipfile.ZipFile(io.BytesIO(made["Everything, tables as CSV"]())) as zipped:
            return ThresholdSet.from_json(zipped.read("thresholds.json").decode()).score_thresholds

    assert np.array_equal(sent(), other.score_thresholds)
    a.segmented_control(key="report_which").set_value("in_force").run()
    assert np.array_equal(sent(), ThresholdSet.from_unit(dataset.first_run, 0.5).score_thresholds)


def test_a_title_that_somebody_gave_meanwhile_is_not_taken_back_unseen(visit, dataset):
    a = visit("reviews", dataset)
    links, store = _save(a), review_store()
    store.update(links.edit, replace(store.load(links.edit, arrays=False), title="Renamed"))
    a.button(key="update_review").click().run()
    assert any("saved another version" in each.value for each in a.error)
    a.run()
    a.button(key="update_review").click().run()
    assert not a.error and store.load(links.view).title == "Renamed"


def test_what_was_accepted_can_be_opened_again_and_goes_out_no_more(visit, dataset):
    a = visit("reviews", dataset)
    links, store = _save(a), review_store()
    store.accept(links.edit, store.propose(links.edit, store.load(links.edit).thresholds), 1)
    a.run()
    a.text_input(key="reopen_why").set_value("new data")
    a.button(key="reopen").click().run()
    assert "Opened again on" in _texts(a) and "new data" in _texts(a)
    assert [each.state for each in store.load(links.edit).decisions] == ["accepted", "open"]
    at = visit("thresholds", dataset, review=links.view, thresholds_tab="Files")
    assert not [each for each in at.segmented_control if each.key == "export_which"]


def test_thresholds_that_are_proposed_already_are_not_offered_again(visit, dataset):
    a = visit("overview", dataset)
    a.switch_page("app_pages/reviews.py").run()
    links = _save(a)
    a.switch_page("app_pages/overview.py").run()
    a.number_input(key="threshold_field_unit").set_value(0.7).run()
    a.switch_page("app_pages/reviews.py").run()
    a.button(key="propose").click().run()
    assert len(review_store().load(links.edit).proposals) == 1
    assert "They are proposed below" in _texts(a) and not [each for each in a.button if each.key == "propose"]
    a.button(key="back_to_review").click().run()
    assert "are those of the review" in _texts(a)


def test_an_address_never_keeps_the_link_to_edit(visit, dataset):
    links = _save(visit("reviews", dataset), title="Ours")
    at = visit("reviews", review=links.edit)
    assert at.query_params["review"] == links.view
    assert "Delete" in {each.label for each in at.button}
    assert links.edit in "".join(each.value for each in at.code)


def test_a_browser_that_had_the_edit_link_may_edit_again_by_the_view_link(visit, dataset):
    ours, theirs = (_save(visit("reviews", dataset), title=title) for title in ("Ours", "Theirs"))
    at = visit("reviews", review=ours.view)
    for known, may_edit in (((theirs.edit, ours.view), False), ((theirs.edit, ours.edit), True)):
        at.session_state["kept:known_links"] = known
        at.run()
        assert at.session_state["review"].may_edit is may_edit
        assert ("Delete" in {each.label for each in at.button}) is may_edit
    assert at.query_params["review"] == ours.view


def test_a_presentation_shows_no_link_and_nothing_to_manage_with(visit, dataset):
    a = visit("reviews", dataset)
    links = _save(a, title="For the room")
    review_store().freeze(links.edit, None, {}, title="before")
    a.session_state["review_tab"] = "History"
    a.run()
    assert any(links.view in each.value for each in a.code)
    a.button(key="present").click().run()
    assert not a.code and "before" in _texts(a)
    assert not {"Delete", "Make new links", "Close the review"} & {each.label for each in a.button}
    assert "Your reviews" not in _headings(a)


def test_a_store_that_is_away_is_a_sentence_and_the_pages_go_on(visit, dataset, monkeypatch):
    def away(*_, **__):
        raise StoreUnavailable("The reviews' database must answer, but says: no.")

    monkeypatch.setattr(ReviewStore, "list_own", away)
    monkeypatch.setattr(ReviewStore, "draft", away)
    monkeypatch.setattr("dashboard.ui.reviews.autosave.browser_id", lambda link="": "a" * 64)
    assert not visit().error
    at = visit("reviews", dataset)
    at.session_state["kept:known_links"] = ("0" * 32,)
    at.run()
    assert [each.value for each in at.error] == [for_markdown("The reviews' database must answer, but says: no.")]


def test_a_deleted_review_is_gone_and_that_is_said(visit, dataset):
    at = visit("reviews", dataset)
    links = _save(at, title="Old")
    assert at.button(key="delete_review").disabled
    at.checkbox(key="delete_sure").check().run()
    at.button(key="delete_review").click().run()
    assert [each.value for each in at.toast] == ["The review “Old” was deleted."]
    assert at.session_state["review"] is None and "review" not in at.query_params
    with pytest.raises(UnknownLink):
        review_store().load(links.view)
