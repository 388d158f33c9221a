"""A review's words in its report."""

from dataclasses import replace
from datetime import UTC, datetime

from dashboard.reviews.report import report_html
from dashboard.reviews.report.of_review import event_words, told
from dashboard.reviews.review import ACCEPTED, OPEN, Comment, Decision, Event, Note, Proposal, Review
from tests.unit.reviews.reports import ReadReport, a_report

WHEN = datetime(2026, 11, 30, 8, 12, tzinfo=UTC)


def _review() -> Review:
    notes = (Note("of **all**", who="*Ann* <b>", when=WHEN), Note("first", "nine", "Ann", WHEN), Note("2nd", "nine"))
    proposal = Proposal("{}", "because", "Bob", WHEN, ACCEPTED, (Comment("fine", "Ann", WHEN),))
    history = (
        Event(1, "saved", "Ann", WHEN, {"title": "T"}),
        Event(2, "accepted", "Ann", WHEN, {"proposal": "0" * 32}),
    )
    decisions = (Decision(ACCEPTED, "{}", "Ann", WHEN, "it is **better**"),)
    return Review("T", notes=notes, proposals=(proposal,), decisions=decisions, history=history)


def test_everything_a_review_says_is_in_the_report():
    read = ReadReport(report_html(replace(a_report(), **told(_review()))))
    for said in (
        "Decision: accepted",
        "Ann, 2026-11-30 08:12 UTC",
        "it is better",
        "of all",
        "*Ann* <b>, 2026-11-30 08:12 UTC",
        "nine",
        "first",
        "2nd",
        "Proposal 1",
        "because",
        "fine",
        "saved: T",
    ):
        assert said in read.text, said
    assert "0" * 32 not in read.text.split("How to read")[0].split("History")[1]
    assert "b" not in read.tags and "em" not in read.tags


def test_nothing_decided_yet_has_no_author_and_no_date():
    decision = told(Review("T"))["decision"]
    assert (decision.state, decision.who, decision.when) == (OPEN, "", "")


def test_a_line_of_the_history_is_one_short_line():
    words = event_words(Event(1, "note", "Ann", WHEN, {"text": "a\nb " * 200}))
    assert "\n" not in words and len(words) == 200
