"""Visitors at once."""

import pytest

from dashboard.ui.arrays import NoRoom
from dashboard.ui.seats import Seats


def test_a_seat_that_is_left_is_free_again():
    left = []
    seats = Seats(2, on_leave=left.append)
    first, _ = seats.take(), seats.take()
    with pytest.raises(NoRoom, match="At most 2 people"):
        seats.take()
    first.leave()
    first.leave()
    assert seats.n_taken == 1
    assert left == [first.id] * 2
    seats.take()
