from dataclasses import replace

import pytest
from sqlalchemy import text

from dashboard.reviews.links import SIGNED_IN, Links, link_hash, may_open
from dashboard.reviews.review import Person
from dashboard.reviews.review_errors import ReviewError, UnknownLink
from tests.unit.reviews.builders import made_review

ANN = Person("Ann", "Ann@Example.org")
BEN = Person("Ben", "ben@elsewhere.com")
TYPED = Person("ann@example.org")  # a name that somebody typed


def test_links_have_128_bits_and_are_never_the_same():
    made = [Links.new() for _ in range(100)]
    tokens = {token for links in made for token in (links.view, links.edit)}
    assert len(tokens) == 200
    assert all(len(bytes.fromhex(token)) == 16 for token in tokens)


def test_the_view_link_follows_from_the_edit_link_and_not_back():
    links = Links.new()
    assert Links.of_edit(links.edit) == links
    assert Links.of_edit(links.view).view != links.edit


WRITES = {
    "update": lambda store, link, review, proposal: store.update(link, replace(review, title="x")),
    "add_note": lambda store, link, review, proposal: store.add_note(link, "x"),
    "change_note": lambda store, link, review, proposal: store.change_note(link, review.notes[0].id, "x"),
    "propose": lambda store, link, review, proposal: store.propose(link, "{}"),
    "comment": lambda store, link, review, proposal: store.comment(link, proposal, "x"),
    "withdraw": lambda store, link, review, proposal: store.withdraw(link, proposal),
    "accept": lambda store, link, review, proposal: store.accept(link, proposal, 1),
    "reopen": lambda store, link, review, proposal: store.reopen(link, 1),
    "freeze": lambda store, link, review, proposal: store.freeze(link, None, {}),
    "delete": lambda store, link, review, proposal: store.delete(link),
    "renew_links": lambda store, link, review, proposal: store.renew_links(link),
}


def test_every_method_that_writes_by_a_link_is_tried_here(store):
    public = {name for name in dir(store) if not name.startswith("_")}
    others = {"save", "load", "load_snapshot", "load_thresholds", "list_own", "links_of_own"}
    others |= {"bytes_used", "check_answers", "close", "note_training", "training", "copy", "news"}  # leave it as it is
    assert public - others - {"keep_draft", "draft", "drop_draft", "sweep"} == set(WRITES)


def test_who_has_the_view_link_changes_nothing(store):
    links = store.save(made_review())
    review = store.load(links.view)
    for write in WRITES.values():
        with pytest.raises(UnknownLink, match="This link changes no review"):
            write(store, links.view, review, review.proposals[0].id)
    found = store.load(links.edit)
    assert (found.version, len(found.history), found.title) == (1, 1, review.title)
    for name, write in WRITES.items():
        if name != "delete":
            edit = store.save(made_review()).edit
            loaded = store.load(edit)
            write(store, edit, loaded, loaded.proposals[0].id)


@pytest.mark.parametrize("link", ["", "x", "\0", "\ud800", None, 7, ["a"], "0" * 32, "' OR 1=1 --", "%"])
def test_whatever_the_address_bar_says_is_an_unknown_link(store, link):
    saved = store.save(made_review())
    for call in (store.load, store.delete, lambda link: store.load_snapshot(link, "x")):
        with pytest.raises(UnknownLink):
            call(link)
    for snapshot in (link, saved.view, saved.edit):
        with pytest.raises(UnknownLink):
            store.load_snapshot(saved.view, snapshot)


def test_a_snapshot_opens_by_the_links_of_its_review_only(store):
    first, second = store.save(made_review(1)), store.save(made_review(2))
    snapshot = store.freeze(first.edit, None, {})
    assert store.load_snapshot(first.view, snapshot, arrays=False).id == snapshot
    with pytest.raises(UnknownLink):
        store.load_snapshot(second.edit, snapshot)


def test_unknown_and_forbidden_say_the_same(store):
    limited = store.save(made_review(limited_to=("ann@example.org",)), ANN)
    deleted = store.save(made_review())
    store.delete(deleted.edit)
    said = set()
    for link in (limited.view, limited.edit, deleted.view, "unknown"):
        with pytest.raises(UnknownLink) as told:
            store.load(link, BEN)
        said.add(str(told.value))
    assert len(said) == 1


@pytest.mark.parametrize(
    ("limited_to", "who", "opens"),
    [
        (None, None, True),
        (SIGNED_IN, None, False),
        (SIGNED_IN, TYPED, False),
        (SIGNED_IN, BEN, True),
        ("@example.org", ANN, True),
        ("@example.org", BEN, False),
        ("@example.org", TYPED, False),
        ("@example.org", Person("", "mallory@example.org.evil.com"), False),
        ("@example.org", Person("", "mallory@sub.example.org"), False),
        ("@example.org", Person("", "example.org"), False),
        ("@example.org", Person("", "@example.org@evil.com"), False),
        (("ben@elsewhere.com", "@example.org"), ANN, True),
        (("ben@elsewhere.com", "@example.org"), BEN, True),
        (("ann@example.org",), BEN, False),
        ((), BEN, False),
    ],
)
def test_who_may_open(limited_to, who, opens):
    assert may_open(limited_to, who) == opens


def test_the_owner_is_always_let_in():
    assert may_open(("ann@example.org",), BEN, owner="BEN@elsewhere.com")
    assert not may_open(("ann@example.org",), None, owner=None)


def test_a_limited_review_opens_for_those_it_is_limited_to(store):
    links = store.save(made_review(limited_to="@example.org"), ANN)
    assert store.load(links.view, ANN, arrays=False).limited_to == "@example.org"
    for who in (None, BEN, TYPED):
        with pytest.raises(UnknownLink):
            store.load(links.view, who)
        with pytest.raises(UnknownLink):
            store.add_note(links.edit, "x", who=who)


def test_nobody_shuts_out_themselves(store):
    with pytest.raises(ReviewError, match="must be able to open it then"):
        store.save(made_review(limited_to="@elsewhere.com"), None)
    links = store.save(made_review())
    loaded = store.load(links.edit, BEN, arrays=False)
    with pytest.raises(ReviewError, match="must be able to open it then"):
        store.update(links.edit, replace(loaded, limited_to="@example.org"), BEN)
    with pytest.raises(ReviewError, match="limited to e-mail addresses or domains"):
        store.update(links.edit, replace(loaded, limited_to=("elsewhere.com",)), BEN)
    store.update(links.edit, replace(loaded, limited_to="@elsewhere.com"), BEN)
    assert store.load(links.view, BEN, arrays=False).history[-1].details["limited_to"] == "@elsewhere.com"


def test_new_links_end_the_old_ones(store):
    old = store.save(made_review())
    new = store.renew_links(old.edit)
    for link in (old.view, old.edit):
        with pytest.raises(UnknownLink):
            store.load(link)
    assert store.load(new.edit).may_edit and not store.load(new.view).may_edit


def test_the_owner_gets_further_links(store):
    old = store.save(made_review(), ANN)
    id = store.load(old.view, arrays=False).id
    new = store.links_of_own(id, Person("", "ann@example.org"))
    assert store.load(new.edit).may_edit and store.load(old.edit).may_edit
    for who in (BEN, TYPED, Person()):
        with pytest.raises(UnknownLink):
            store.links_of_own(id, who)


def test_who_reads_the_database_opens_nothing(store):
    links = store.save(made_review(), ANN)
    store.add_note(links.edit, "x")
    store.keep_draft("the session's secret", made_review())
    store.load(links.view)
    with store._database.reading() as connection:
        tables = ("reviews", "links", "history", "snapshots", "drafts", "threshold_sets", "datasets")
        content = str([connection.execute(text(f"SELECT * FROM {table}")).all() for table in tables])
    assert link_hash(links.edit) in content
    for secret in (links.view, links.edit, "the session's secret"):
        assert secret not in content
