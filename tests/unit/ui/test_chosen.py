"""Chosen thresholds as a value: what an address says of them, and what each choice keeps."""

import pytest

from dashboard.ui.address import DEFAULT, MAX_OWN_THRESHOLDS, Group, Threshold
from dashboard.ui.chosen import FROM_ADDRESS, AppliedSet, Chosen, address_of

HERE = ("second", Group("ward", "b"))


@pytest.mark.parametrize(
    "applied",
    [AppliedSet(policy="best_per_class", tuned_on=HERE), AppliedSet(policy="fixed"), AppliedSet(digest="0" * 32)],
)
def test_from_address_finds_the_set_again(applied):
    found = Chosen.from_address(address_of(applied))
    assert found.applied == applied and found.origin == FROM_ADDRESS


def test_from_address_of_nothing_is_the_default():
    assert Chosen.from_address({}) == Chosen() == Chosen.from_address(address_of(None))


def test_with_common_sets_the_set_aside_and_keeps_own_ones():
    chosen = Chosen(applied=AppliedSet(digest="a"), own={1: Threshold(0.2)}, places={1: HERE})
    common = chosen.with_common(Threshold(0.4), "by hand", (None, None), keep_own=True)
    assert common.applied is None and common.own == chosen.own
    assert common.chosen_on() == [(None, None), HERE]
    assert chosen.with_common(Threshold(0.4), "", HERE, keep_own=False).own == {}


def test_with_set_replaces_own_ones():
    chosen = Chosen(own={1: Threshold(0.2)}).with_set(AppliedSet(digest="a"), "imported", HERE)
    assert chosen.own == {} and chosen.chosen_on() == [HERE]


def test_with_own_takes_as_many_as_an_address_holds():
    full = Chosen(own=dict.fromkeys(range(MAX_OWN_THRESHOLDS), DEFAULT))
    assert full.with_own(99, DEFAULT, HERE) is None
    assert full.with_own(3, Threshold(0.1), HERE).own[3] == Threshold(0.1)
    assert 3 not in full.with_own(3, None, HERE).own
