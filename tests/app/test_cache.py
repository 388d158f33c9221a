"""Data stays where addresses find it."""

import numpy as np

from dashboard.errors import InputError
from dashboard.ui import cache
from dashboard.ui.arrays import shared_arrays
from tests.app.conftest import dataset_of


def _made(number):
    return dataset_of(np.full((2, 1), float(number)), [[0], [1]])


def test_uploads_never_push_out_what_was_opened_from_the_command_line(monkeypatch):
    monkeypatch.setenv("DASHBOARD_ARRAY_BYTES", "20000")
    opened = _made(-1)
    monkeypatch.setattr(cache, "read_opened", lambda: opened)
    cache.opening_dataset()
    for number in range(12):
        cache.keep(_made(number))
    assert cache.find(opened.digest) is opened
    assert cache.find(_made(0).digest) is None


def test_uploads_are_found_when_the_files_of_the_command_line_are_gone(monkeypatch):
    def gone():
        raise InputError("the files are gone")

    monkeypatch.setattr(cache, "read_opened", gone)
    kept = cache.keep(_made(1))
    assert cache.find(kept.digest) is kept
    assert cache.find("ab" * 16) is None


def test_the_same_data_loaded_twice_is_there_once():
    scores, labels = np.arange(6.0).reshape(3, 2), np.eye(3, 2, dtype=np.int8)
    first, second = dataset_of(scores, labels), dataset_of(scores.copy(), labels.copy())
    assert cache.keep(first) is cache.keep(second) is first


def test_a_ranking_is_shared_and_goes_with_its_data():
    kept = cache.keep(_made(3))
    ranked = cache.ranked(kept.digest, "run")
    assert cache.ranked(kept.digest, "run") is ranked
    shared_arrays().free_unused(0)
    assert cache.find(kept.digest) is None
    assert cache.ranked(cache.keep(kept).digest, "run") is not ranked


def test_the_check_of_data_in_view_ranks_nothing_anew(monkeypatch):
    kept, offered = cache.keep(_made(1)), _made(2)
    cache.ranked(kept.digest, "run")
    ranked = []
    make = cache.RankedScores.from_predictions
    monkeypatch.setattr(cache.RankedScores, "from_predictions", lambda p: ranked.append(p) or make(p))
    cache.input_check(kept.digest, "run", kept)
    assert ranked == []
    cache.input_check(offered.digest, "run", offered)
    assert ranked == [offered.first_run]
