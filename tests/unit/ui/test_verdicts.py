"""The store of verdicts: one per cell, none lost, bounded, safe for several visitors at once."""

from concurrent.futures import ThreadPoolExecutor

from dashboard.ui import verdicts
from dashboard.ui.verdicts import Verdict, VerdictStore


def test_a_later_verdict_takes_the_place_of_an_earlier_one():
    store = VerdictStore()
    store.give("data", [Verdict(1, "ant", "unsure"), Verdict(2, "ant", "unsure")])
    store.give("data", [Verdict(1, "ant", "label wrong", "blurred")])
    assert store.get("data", 1, "ant") == Verdict(1, "ant", "label wrong", "blurred")
    assert store.n_verdicts("data") == 2
    assert [each.row for each in store.of("data").values()] == [1, 2]


def test_verdicts_are_of_one_data_class_and_sample():
    store = VerdictStore()
    store.give("data", [Verdict(1, "ant", "unsure")])
    assert store.get("other", 1, "ant") is store.get("data", 1, "bee") is store.get("data", 2, "ant") is None
    assert store.n_verdicts("other") == 0 and store.of("other") == {}


def test_a_verdict_is_taken_back_once():
    store = VerdictStore()
    store.give("data", [Verdict(1, "ant", "unsure")])
    for _ in range(2):
        store.take_back("data", 1, "ant")
    assert store.n_verdicts("data") == 0


def test_too_many_are_refused_as_a_whole_and_known_cells_still_change(monkeypatch):
    monkeypatch.setattr(verdicts, "MOST_VERDICTS", 2)
    store = VerdictStore()
    assert store.give("data", [Verdict(1, "ant", "unsure"), Verdict(2, "ant", "unsure")])
    assert not store.give("data", [Verdict(1, "ant", "label wrong"), Verdict(3, "ant", "unsure")])
    assert [each.verdict for each in store.of("data").values()] == ["unsure", "unsure"]
    assert store.give("data", [Verdict(1, "ant", "label wrong")])


def test_the_data_longest_without_a_new_verdict_is_dropped(monkeypatch):
    monkeypatch.setattr(verdicts, "MOST_DATASETS", 2)
    store = VerdictStore()
    for digest in ("first", "second", "first", "third"):
        store.give(digest, [Verdict(1, "ant", "unsure")])
    assert [store.n_verdicts(digest) for digest in ("first", "second", "third")] == [1, 0, 1]


def test_refused_verdicts_drop_nobodys(monkeypatch):
    monkeypatch.setattr(verdicts, "MOST_DATASETS", 1)
    monkeypatch.setattr(verdicts, "MOST_VERDICTS", 1)
    store = VerdictStore()
    store.give("first", [Verdict(1, "ant", "unsure")])
    assert not store.give("second", [Verdict(1, "ant", "unsure"), Verdict(2, "ant", "unsure")])
    assert store.n_verdicts("first") == 1


def test_visitors_at_once_lose_no_verdict():
    store = VerdictStore()

    def visitor(row):
        for column in range(200):
            store.give("data", [Verdict(row, str(column), "unsure")])
            store.of("data")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visitor, range(1, 9)))
    assert store.n_verdicts("data") == 1600
