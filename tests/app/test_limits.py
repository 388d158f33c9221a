"""Limits of the server answer with a sentence, and nothing that was loaded is lost."""

import numpy as np
import pytest
from streamlit.runtime.caching.cache_resource_api import clear_session_cache

from dashboard.ui import cache, limits
from dashboard.ui.arrays import NoRoom, shared_arrays
from dashboard.ui.seats import all_seats
from tests.app.conftest import dataset_of


def _made(number, n_samples=1000):
    return dataset_of(np.full((n_samples, 1), float(number)), np.ones((n_samples, 1), np.int8))  # 9 kB


def test_who_finds_no_seat_reads_so_and_gets_in_later(visit, monkeypatch):
    monkeypatch.setenv("DASHBOARD_VISITORS", "1")
    other = all_seats().take()
    at = visit()
    assert "all 1 places are taken" in at.warning[0].value
    assert not at.metric
    other.leave()
    at.button(key="try_again").click().run()
    assert not at.warning
    assert all_seats().n_taken == 1


def test_what_a_visitor_looks_at_stays_when_all_else_is_let_go(visit):
    dataset = _made(1)
    visit(dataset=dataset)
    other = cache.keep(_made(2))
    shared_arrays().free_unused(0)
    assert cache.find(dataset.digest) is dataset
    assert cache.find(other.digest) is None
    clear_session_cache("test session id")  # as the server does when a connection ends
    assert all_seats().n_taken == 0
    shared_arrays().free_unused(0)
    assert cache.find(dataset.digest) is None


def test_the_oldest_of_one_visitor_goes_first(monkeypatch):
    monkeypatch.setenv("DASHBOARD_VISITOR_BYTES", "20000")
    opened = []
    for number in range(3):
        opened.append(limits.take_in(_made(number), "me", opened).digest[:32])
    assert [cache.find(digest) is None for digest in opened] == [True, False, False]


def test_what_others_look_at_does_not_go(monkeypatch):
    monkeypatch.setenv("DASHBOARD_VISITOR_BYTES", "20000")
    opened = [limits.take_in(_made(number), "me", []).digest[:32] for number in range(2)]
    shared_arrays().look("somebody else", opened[0])
    limits.take_in(_made(2), "me", opened)
    assert [cache.find(digest) is None for digest in opened] == [False, True]


@pytest.mark.parametrize(
    ("variable", "said"), [("DASHBOARD_VISITOR_BYTES", "One visitor's data"), ("DASHBOARD_ARRAY_BYTES", "Data must")]
)
def test_data_over_a_limit_changes_nothing(monkeypatch, variable, said):
    monkeypatch.setenv(variable, "15000")
    first = limits.take_in(_made(1, 500), "me", [])
    with pytest.raises(NoRoom, match=said):
        limits.take_in(_made(2, 5000), "me", [first.digest[:32]])
    assert cache.find(first.digest) is first


def test_the_line_of_the_server_is_there_when_asked_for(visit, monkeypatch):
    assert not any("This server" in caption.value for caption in visit("data").caption)
    monkeypatch.setenv("DASHBOARD_ADMIN", "1")
    said = next(caption.value for caption in visit("data").caption if "This server" in caption.value)
    assert "of 8 GB in arrays" in said
    assert "1 of 100 visitors" in said
    assert "0 of 1 trainings, 0 waiting" in said
