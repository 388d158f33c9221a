"""A view link changes nothing, whatever stands beside it in the address; no link reaches the log; a draft is for its
own browser alone.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from dashboard.core import ThresholdSet
from dashboard.logs import HIDDEN
from dashboard.reviews import Review, ReviewData
from dashboard.ui import cache
from dashboard.ui.reviews import kept
from dashboard.ui.reviews.kept import review_store
from tests.app.conftest import _empty_caches, dataset_of, visit  # noqa: F401
from tests.security.hostile import TEXTS
from tests.security.hostile_review import save_hostile
from tests.security.test_hostile_text import at_rest, look  # noqa: F401

A, B = ("a" * 64, "b" * 64)  # the secrets of two browsers


@pytest.fixture
def dataset():
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(60, 3))
    return dataset_of(scores, (scores + rng.normal(size=scores.shape) > 0).astype(np.int8))


@pytest.fixture
def links(dataset):
    """Of a review with everything that could be changed."""
    store, thresholds = review_store(), ThresholdSet.from_unit(dataset.first_run, 0.3).to_json()
    links = store.save(Review("Ours", ReviewData.of(dataset), None, thresholds))
    store.add_note(links.edit, "a note")
    store.propose(links.edit, thresholds, "a reason")
    store.freeze(links.edit, thresholds, {}, title="a view")
    return links


def everything_in(folder: Path) -> list[str]:
    """All rows of the database, as text."""
    with closing(sqlite3.connect(folder / "reviews.sqlite")) as database:
        return sorted(database.iterdump())


def addresses(review: Review, link: str) -> dict[str, dict[str, str]]:
    """What somebody could try beside the view link."""
    ids = {"note": review.notes[0].id, "proposal": review.proposals[0].id, "snapshot": review.snapshots[0].id}
    proposal, note = ids["proposal"], ids["note"]
    buttons = ["delete_review", "delete_sure", "renew_links", "propose", "freeze", "update_review", "update_settings"]
    buttons += [f"accept_{proposal}", f"withdraw_{proposal}", f"say_{proposal}", f"keep_note_{note}"]
    fields = {"update_title_1": "Mine", "propose_why": "x", "freeze_title": "x", "note_text": "x"}
    fields |= {f"comment_{proposal}": "x", f"note_text_{note}": ""}
    asked = {"edit": link, "may_edit": "1", "role": "edit", "id": review.id, "version": "9", "present": "1"}
    view = {"t": "0.9", "own": "0:0.1", "classes": "1", "data": "0" * 32, "run": "run", "snapshot": ids["snapshot"]}
    return {
        "buttons": dict.fromkeys(buttons, "true"),
        "fields": fields,
        "names": asked,
        "view": view,
        "history": {"review_tab": "History"},
        "notes": {"review_tab": "Notes"},
        "hostile": dict(zip(("draft", "set", "applied", "samples", "losses", "job"), TEXTS, strict=False)),
    }


@pytest.mark.parametrize("kind", ["buttons", "fields", "names", "view", "history", "notes", "hostile"])
def test_the_address_bar_changes_nothing_by_a_view_link(visit, links, tmp_path, kind):  # noqa: F811
    review = review_store().load(links.view, arrays=False)
    before = everything_in(tmp_path / "reviews")
    at = visit("reviews", review=links.view, **addresses(review, links.view)[kind])
    at.run()
    assert not at.session_state["review"].may_edit
    assert everything_in(tmp_path / "reviews") == before


def test_the_same_dump_would_show_a_change(links, tmp_path):
    before = everything_in(tmp_path / "reviews")
    review_store().add_note(links.edit, "another")
    assert everything_in(tmp_path / "reviews") != before


def test_links_of_a_review_that_was_opened_never_reach_the_log(look, server, undefended, hostile_environment):  # noqa: F811
    links = save_hostile(Path(hostile_environment["DASHBOARD_REVIEW_FOLDER"]))
    for each in (server, undefended):  # the second one logs every request
        page = look(each, f"/reviews?review={links.edit}&review_tab=History")
        expect(page.get_by_text("Freeze this view as")).to_be_visible()
        page.goto(f"{each.url}/?review={links.view}&snapshot={links.edit}")  # opens nothing, which is logged neither
        expect(at_rest(page).get_by_test_id("stAlert")).to_be_visible()
        log = each.log.read_text()
        assert links.edit not in log and links.view not in log
        assert links.edit[:16] not in log and links.view[:16] not in log
    assert f"GET /?review={HIDDEN}&snapshot={HIDDEN}" in log


@pytest.fixture
def browser(monkeypatch):
    """browser(id): from now on visits come from this one."""

    def comes(id):
        for module in ("opening", "autosave"):
            monkeypatch.setattr(f"dashboard.ui.reviews.{module}.browser_id", lambda link="": id and id + link)

    return comes


def test_a_draft_is_offered_to_its_browser_and_to_no_other(visit, dataset, browser):  # noqa: F811
    review_store().keep_draft(A, Review("Unsaved work of A", ReviewData.of(dataset)))
    browser(A)
    assert any("Unsaved work of A" in each.value for each in visit().info)
    for other in (B, None, A[:-1]):
        browser(other)
        assert not visit().info
        at = visit(draft=dataset.digest[:32])
        assert "not on this server" in "".join(each.value for each in at.warning).replace("\n", " ")
        assert cache.find(dataset.digest) is None
    browser(A)
    assert not visit(draft=dataset.digest[:32]).warning


def test_the_secret_of_a_browser_is_that_of_its_cookie_alone(monkeypatch):
    class Context:
        def __init__(self, token):
            self.cookies = {"_streamlit_xsrf": token} if token else {}

    found = []
    for token in ("2|00000000|" + "ab" * 16 + "|1", "2|00000000|" + "cd" * 16 + "|1", None):
        monkeypatch.setattr(kept.st, "context", Context(token))
        found.append(kept.browser_id())
    assert found[2] is None and found[0] != found[1] and {len(each) for each in found[:2]} == {64}
    assert "ab" * 16 not in found[0]
