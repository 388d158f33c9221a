import threading

import pytest

from dashboard.ui import turns
from dashboard.ui.turns import in_turn


def _in_threads(function, n):
    threads = [threading.Thread(target=function) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def test_runs_do_not_overlap(monkeypatch):
    monkeypatch.setattr(turns, "LONGEST_WAIT", 10)
    inside, most = [], []

    @in_turn
    def run():
        inside.append(1)
        threading.Event().wait(0.02)
        most.append(len(inside))
        inside.pop()

    _in_threads(run, 5)
    assert most == [1] * 5


def test_a_long_run_holds_nobody_up_for_longer_than_said(monkeypatch):
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.01)
    both = threading.Barrier(2, timeout=10)
    in_turn(lambda: _in_threads(in_turn(lambda: None), 1))()  # would hang if the inner one waited for the outer one
    _in_threads(in_turn(both.wait), 2)  # both are inside at once
    assert not both.broken and not turns._TURN.locked()


def test_the_turn_ends_with_an_exception():
    @in_turn
    def fail():
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        fail()
    assert not turns._TURN.locked()


def test_the_name_of_the_function_stays():
    assert in_turn(_in_threads).__name__ == "_in_threads"
