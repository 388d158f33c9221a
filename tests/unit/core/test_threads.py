import threading

import pytest

from dashboard.core.threads import available_cores, run_each


@pytest.mark.parametrize("n_threads", [1, 2, 5])
@pytest.mark.parametrize("n_pieces", [0, 1, 3, 100])
def test_run_each_keeps_the_order(n_threads, n_pieces):
    assert run_each(lambda piece: piece * piece, range(n_pieces), n_threads) == [i * i for i in range(n_pieces)]


def test_run_each_uses_several_threads():
    meeting = threading.Barrier(2, timeout=10)  # only two threads at once get past it
    assert len(run_each(lambda _: meeting.wait(), range(2), 2)) == 2


@pytest.mark.parametrize("n_threads", [1, 3])
def test_run_each_raises_what_a_piece_raised(n_threads):
    with pytest.raises(ZeroDivisionError):
        run_each(lambda piece: 1 // piece, [1, 1, 0, 1], n_threads)


def test_available_cores_is_at_least_one():
    assert available_cores() >= 1
