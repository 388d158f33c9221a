from dataclasses import replace

import pytest

from dashboard.reviews.review import ACCEPTED, OPEN, PROPOSED, SUPERSEDED, WITHDRAWN, Person
from dashboard.reviews.review_errors import Conflict, ReviewError, UnknownLink
from tests.unit.reviews.builders import assert_same_data, made_data, made_review

ANN, BEN = Person("Ann"), Person("Ben")
FIRST, SECOND = '{"set": "first"}', '{"set": "second"}'


@pytest.fixture
def edit(store) -> str:
    return store.save(made_review(proposals=(), notes=()), ANN).edit


def words(store, edit):
    return store.load(edit, arrays=False)


def test_notes_are_added_changed_and_taken_away(store, edit):
    of_class = store.add_note(edit, "misses *snow*", "snow", ANN)
    of_all = store.add_note(edit, "good", who=BEN)
    store.change_note(edit, of_class, "misses little", BEN)
    found = words(store, edit)
    assert [(each.class_name, each.text, each.who) for each in found.notes] == [
        ("snow", "misses little", "Ann"),
        (None, "good", "Ben"),
    ]
    store.change_note(edit, of_all, "", ANN)
    found = words(store, edit)
    assert [each.id for each in found.notes] == [of_class]
    assert [(each.kind, each.details.get("was")) for each in found.history[-2:]] == [
        ("note changed", "misses *snow*"),
        ("note changed", "good"),
    ]


def test_a_proposal_is_commented_and_accepted(store, edit):
    proposal = store.propose(edit, FIRST, "fewer misses", ANN)
    store.comment(edit, proposal, "agreed", BEN)
    version = store.accept(edit, proposal, 1, why="best we have", who=BEN)
    found = words(store, edit)
    (made,) = found.proposals
    assert (made.state, made.who, made.why) == (ACCEPTED, "Ann", "fewer misses")
    assert [(each.text, each.who) for each in made.comments] == [("agreed", "Ben")]
    assert (found.version, found.thresholds) == (version, FIRST) == (2, FIRST)
    decision = found.decision
    assert (decision.state, decision.thresholds, decision.who, decision.why) == (ACCEPTED, FIRST, "Ben", "best we have")
    assert decision.proposal == proposal
    assert [each.kind for each in found.history] == ["saved", "proposal", "comment", "accepted"]
    assert store.load_thresholds(edit, found.history[-1].details["instead_of"]) == made_review().thresholds


def test_who_looks_is_told_what_happened_since(store, edit):
    view = store.load(edit).history
    assert store.news(edit, view[-1].number) == ()
    store.add_note(edit, "new", who=BEN)
    store.add_note(edit, "newer", who=ANN)
    assert [(each.kind, each.who) for each in store.news(edit, view[-1].number)] == [("note", "Ben"), ("note", "Ann")]
    store.delete(edit)
    with pytest.raises(UnknownLink):
        store.news(edit, 1)


def test_a_decision_freezes_what_it_was_made_on(store, edit):
    store.accept(edit, store.propose(edit, FIRST), 1)
    decided = words(store, edit)
    changed = replace(decided, data=made_data(5), settings={"page": "other"}, thresholds=SECOND, title="Later")
    store.update(edit, changed)
    frozen = store.load_snapshot(edit, decided.decision.snapshot)
    assert (frozen.thresholds, frozen.settings, frozen.data_digest) == (FIRST, decided.settings, made_data().digest)
    assert_same_data(frozen.data, made_data())
    assert_same_data(frozen.held_out, made_data(1000))


def test_a_later_decision_supersedes_and_a_question_opens_again(store, edit):
    assert words(store, edit).decision.state == OPEN
    first, second = store.propose(edit, FIRST), store.propose(edit, SECOND)
    version = store.accept(edit, second, store.accept(edit, first, 1))
    found = words(store, edit)
    assert [(each.state, each.thresholds) for each in found.decisions] == [(SUPERSEDED, FIRST), (ACCEPTED, SECOND)]
    assert store.reopen(edit, version, why="new data", who=ANN) == version + 1
    found = words(store, edit)
    assert (found.decision.state, found.decision.why, found.thresholds) == (OPEN, "new data", SECOND)
    assert [each.state for each in found.decisions] == [SUPERSEDED, ACCEPTED, OPEN]


def test_two_who_decide_at_once_do_not_overrule_each_other_unseen(store, edit):
    first, second = store.propose(edit, FIRST), store.propose(edit, SECOND)
    store.accept(edit, first, 1, who=ANN)
    with pytest.raises(Conflict, match="Ann saved another version"):
        store.accept(edit, second, 1, who=BEN)
    with pytest.raises(Conflict):
        store.reopen(edit, 1)
    found = words(store, edit)
    assert (found.thresholds, [each.state for each in found.proposals]) == (FIRST, [ACCEPTED, PROPOSED])


def test_what_is_only_added_never_conflicts(store, edit):
    loaded = words(store, edit)
    store.add_note(edit, "by another", who=BEN)
    store.propose(edit, FIRST, who=BEN)
    assert store.update(edit, replace(loaded, title="Renamed"), ANN) == 2
    found = words(store, edit)
    assert (found.title, len(found.notes), len(found.proposals)) == ("Renamed", 1, 1)


def test_a_proposal_is_withdrawn(store, edit):
    proposal = store.propose(edit, FIRST)
    store.withdraw(edit, proposal)
    assert words(store, edit).proposals[0].state == WITHDRAWN
    with pytest.raises(ReviewError, match="withdrawn cannot be accepted"):
        store.accept(edit, proposal, 1)
    accepted = store.propose(edit, SECOND)
    store.accept(edit, accepted, 1)
    with pytest.raises(ReviewError, match="open the question again"):
        store.withdraw(edit, accepted)


def test_what_is_not_there_any_more_is_said(store, edit):
    with pytest.raises(ReviewError, match="This note is not in the review"):
        store.change_note(edit, "unknown", "x")
    with pytest.raises(ReviewError, match="This proposal is not in the review"):
        store.accept(edit, "unknown", 1)
    assert len(words(store, edit).history) == 1


def test_texts_have_a_limit_each(store, edit):
    long = "x" * 20_001
    with pytest.raises(ReviewError, match="A note must have at most 20,000 characters, but this one has 20,001"):
        store.add_note(edit, long)
    with pytest.raises(ReviewError, match="A comment must have at most"):
        store.comment(edit, store.propose(edit, FIRST), long)
    with pytest.raises(ReviewError, match="A reason must have at most"):
        store.propose(edit, FIRST, long)
    with pytest.raises(ReviewError, match="A title must have at most 300"):
        store.update(edit, replace(words(store, edit), title="x" * 301))
    with pytest.raises(ReviewError, match="A threshold set must have at most"):
        store.freeze(edit, "x" * 20_000_001, {})
    assert [each.kind for each in words(store, edit).history] == ["saved", "proposal"]


def test_the_history_only_ever_grows(store, edit):
    seen = words(store, edit).history
    first = store.propose(edit, FIRST)
    steps = [
        lambda: store.add_note(edit, "n"),
        lambda: store.change_note(edit, words(store, edit).notes[0].id, ""),
        lambda: store.update(edit, replace(words(store, edit), title="x", history=())),
        lambda: store.accept(edit, first, 2),
        lambda: store.freeze(edit, FIRST, {}, title="before lunch"),
        lambda: store.reopen(edit, 3),
    ]
    for step in steps:
        step()
        now = words(store, edit).history
        assert now[: len(seen)] == seen and len(now) > len(seen)
        seen = now
    assert [each.number for each in seen] == list(range(1, 9))


def test_hostile_text_is_text(store, edit):
    text = "<script>alert(1)</script> [x](javascript:x) $\\alpha$ \0 \ud800 =1+1 '; DROP TABLE reviews; --"
    store.add_note(edit, text, text, Person(text))
    store.comment(edit, store.propose(edit, text, text), text)
    store.update(edit, replace(words(store, edit), title=text, settings={text: text}))
    found = words(store, edit)
    assert (found.notes[0].text, found.notes[0].class_name, found.proposals[0].thresholds) == (text, text, text)
    assert (found.title, found.settings) == (" ".join(text.split()), {text: text})
    assert store.list_own(links=[edit], search="'; DROP")[0].title == found.title
