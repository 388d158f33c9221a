import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ranking
from dashboard.core.sorted_rows import SortedRows


def _rows(rows, gap=0):
    """The rows one after the other, `gap` foreign values behind each."""
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    starts = np.append(0, np.cumsum(lengths + gap)[:-1])
    values = [np.append(np.sort(row), np.full(gap, -99)) for row in rows]
    return SortedRows(np.concatenate(values).astype(np.float32), starts, lengths)


def test_rows_are_read_only_views():
    rows = _rows([[3, 1], [], [2]], gap=2)
    assert [row.tolist() for row in rows] == [[1, 3], [], [2]] and rows[-1].tolist() == [2]
    assert not rows[0].flags.writeable and rows[0].base is not None
    with pytest.raises(IndexError):
        rows[3]


@pytest.mark.parametrize("seed", range(50))
def test_n_at_least_equals_a_search_in_each_row(seed):
    rng = np.random.default_rng(seed)
    rows = [rng.integers(-3, 4, rng.integers(0, 20)).astype(np.float32) for _ in range(rng.integers(1, 30))]
    for row in rows:
        row[rng.random(len(row)) < 0.1] = rng.choice([-np.inf, np.inf])
    bounds = rng.choice([-np.inf, *range(-4, 5), 0.5, np.inf], len(rows)).astype(np.float32)
    expected = [(row >= bound).sum() for row, bound in zip(rows, bounds, strict=True)]
    for gap in (0, 3):
        assert _rows(rows, gap).n_at_least(bounds).tolist() == expected


@pytest.mark.parametrize("seed", range(10))
def test_n_at_least_each_equals_a_search_per_bound(seed):
    rng = np.random.default_rng(seed)
    rows = _rows([rng.integers(-3, 4, rng.integers(0, 20)) for _ in range(7)], gap=2)
    bounds = rng.integers(-4, 5, (5, 7)).astype(np.float32)
    found = rows.n_at_least_each(bounds)
    assert found.tolist() == [rows.n_at_least(each).tolist() for each in bounds]
    assert found.flags.c_contiguous  # else sums over classes would be added up in another order


def test_highest_below_takes_a_bound_for_each_row():
    rows = _rows([[1, 2, 2, 3], [], [2, 9], [5]], gap=1)
    assert rows.highest_below(np.array([3, 3, 2.5, 5], np.float32)).tolist() == [2, -np.inf, 2, -np.inf]


def test_highest_below_is_of_each_row():
    rows = _rows([[1, 2, 2, 3], [], [2, 9], [-np.inf, 5]], gap=1)
    assert rows.highest_below(2).tolist() == [1, -np.inf, -np.inf, -np.inf]
    assert rows.highest_below(np.float32(np.inf)).tolist() == [3, -np.inf, 9, 5]
    assert rows.highest_below(2).dtype == np.float32
    assert _rows([[], []]).highest_below(1).tolist() == [-np.inf, -np.inf]


def test_n_at_least_without_a_row():
    empty = np.empty(0, np.int64)
    assert SortedRows(np.empty(0), empty, empty).n_at_least(np.empty(0)).tolist() == []
    assert _rows([[], []]).n_at_least(np.zeros(2)).tolist() == [0, 0]


@pytest.mark.parametrize("n_thresholds", [1, 2, 3])
@pytest.mark.parametrize("per_class", [False, True])
def test_counts_are_the_same_whether_classes_are_searched_in_step_or_one_by_one(monkeypatch, n_thresholds, per_class):
    rng = np.random.default_rng(n_thresholds)
    scores = np.round(rng.normal(size=(50, 200)), 1).astype(np.float32)
    r = RankedScores.from_predictions(Predictions(scores, rng.integers(-1, 2, scores.shape)))
    thresholds = np.round(rng.normal(size=(n_thresholds, 200) if per_class else n_thresholds), 1)
    found = []
    for most in (ranking.MOST_IN_STEP, 0):
        monkeypatch.setattr(ranking, "MOST_IN_STEP", most)
        found.append(r.counts_at_scores(thresholds))
    for name in ("tp", "fp", "fn", "tn"):
        np.testing.assert_array_equal(*(getattr(counts, name) for counts in found))
