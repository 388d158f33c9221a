"""Arrays of all visitors: each once, within a budget, gone when nobody looks."""

import threading

import numpy as np
import pytest

from dashboard.ui.arrays import BASE, RANKED, NoRoom, SharedArrays

KB = 1000


def of(kilobytes: int) -> np.ndarray:
    return np.zeros(kilobytes * KB, np.int8)


@pytest.fixture
def arrays() -> SharedArrays:
    return SharedArrays(100 * KB)


def test_twenty_visitors_share_one_copy(arrays):
    kept = [arrays.get("a", BASE, lambda: of(50)) for _ in range(20)]
    assert all(each is kept[0] for each in kept)
    assert 50 * KB <= arrays.n_bytes < 55 * KB


def test_what_two_ask_for_at_once_is_made_once(arrays):
    started, go_on, made = threading.Event(), threading.Event(), []

    def make():
        started.set()
        go_on.wait(10)
        made.append(1)
        return of(1)

    threads = [threading.Thread(target=arrays.get, args=("a", BASE, make)) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert started.wait(10)
    go_on.set()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_a_fault_in_the_making_leaves_nothing(arrays):
    with pytest.raises(ZeroDivisionError):
        arrays.get("a", BASE, lambda: 1 / 0)
    assert arrays.get("a", BASE, lambda: 5) == 5


def test_the_least_recently_used_data_goes_first(arrays):
    for owner in "abc":
        arrays.put(owner, BASE, of(30))
    arrays.find("a")
    arrays.put("d", BASE, of(30))
    with pytest.raises(LookupError):
        arrays.find("b")
    assert [len(arrays.find(owner)) for owner in "acd"] == [30 * KB] * 3


def test_all_of_an_owner_goes_with_its_data(arrays):
    arrays.put("a", BASE, of(30))
    arrays.put("a", (RANKED, "run"), of(30))
    arrays.put("b", BASE, of(60))
    with pytest.raises(LookupError):
        arrays.find("a", (RANKED, "run"))


def test_data_that_somebody_looks_at_stays(arrays):
    arrays.put("a", BASE, of(60))
    arrays.put("a", ("result", 1), of(20))
    arrays.look("visitor", "a")
    arrays.put("b", BASE, of(60))
    assert len(arrays.find("a")) == 60 * KB
    with pytest.raises(LookupError):  # what can be made again goes
        arrays.find("a", ("result", 1))
    arrays.leave("visitor")
    arrays.put("c", BASE, of(60))
    with pytest.raises(LookupError):
        arrays.find("a")


def test_what_no_visitor_has_open_is_let_go(arrays):
    for owner in "abc":
        arrays.put(owner, BASE, of(10))
    arrays.look("one", "a")
    arrays.look("two", "a")
    arrays.look("three", "b")
    arrays.leave("one")
    arrays.free_unused(0)
    assert [arrays.is_looked_at(owner) for owner in "abc"] == [True, True, False]
    assert arrays.n_data == 2
    arrays.leave("two")
    arrays.free_unused(0)
    assert arrays.n_data == 1


def test_what_was_open_until_now_is_kept_for_the_whole_time(arrays, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("dashboard.ui.arrays.time.monotonic", lambda: now[0])
    arrays.put("a", BASE, of(10))
    arrays.look("visitor", "a")
    now[0] += 3600
    arrays.leave("visitor")
    now[0] += 59
    arrays.free_unused(60)
    assert arrays.n_data == 1
    now[0] += 1
    arrays.free_unused(60)
    assert arrays.n_data == 0


def test_what_a_visitor_may_go_back_to_stays_while_there_is_room(arrays):
    for owner in "abc":
        arrays.put(owner, BASE, of(30))
    arrays.look("visitor", "b", opened="ab")
    arrays.free_unused(0)
    assert arrays.n_data == 2
    arrays.put("c", BASE, of(30))
    arrays.find("c")
    arrays.put("d", BASE, of(30))
    with pytest.raises(LookupError):  # asked for last, but nobody's
        arrays.find("c")
    arrays.put("e", BASE, of(30))
    arrays.put("f", BASE, of(50))
    with pytest.raises(LookupError):
        arrays.find("a")
    assert len(arrays.find("b")) == 30 * KB


def test_shared_buffers_count_until_the_last_of_them_goes(arrays):
    array = of(40)
    arrays.put("a", BASE, array)
    arrays.put("b", BASE, array[:10])
    assert arrays.n_bytes < 50 * KB
    arrays.drop("a")
    assert arrays.n_bytes > 40 * KB
    arrays.drop("b")
    assert arrays.n_bytes == 0


def test_a_value_that_grew_is_counted_anew(arrays):
    value = [of(1)]
    arrays.put("a", BASE, value)
    value.append(of(50))
    arrays.free_unused(60)
    assert arrays.n_bytes > 50 * KB


def test_data_too_large_for_the_server_is_a_sentence(arrays):
    arrays.put("a", BASE, of(50))
    with pytest.raises(NoRoom, match=r"^Data must take at most 100 kB .* but this takes 120 kB: .* still here\.$"):
        arrays.check_room(of(80), 40 * KB)
    assert arrays.n_data == 1


def test_data_too_large_beside_what_others_look_at_is_a_sentence(arrays):
    arrays.put("a", BASE, of(30))
    arrays.put("a", (RANKED, "run"), of(30))
    arrays.check_room(of(60))
    arrays.look("visitor", "a")
    with pytest.raises(NoRoom, match=r"takes 60 kB, ranked, and other visitors look at 60 kB"):
        arrays.check_room(of(60))
    arrays.check_room(arrays.find("a"))  # the same again takes nothing
