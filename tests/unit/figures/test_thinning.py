"""Thinned curves keep their promise: the stated error holds in both directions, on every kind of curve."""

import numpy as np
import pytest

from dashboard.figures.thinning import thin


def recall_and_precision(seed, n=1_500, prevalence=0.1):
    rng = np.random.default_rng(seed)
    labels = rng.random(n) < prevalence
    labels[0] = True
    scores = np.round(rng.normal(size=n) + labels * rng.uniform(0, 2), 2 if seed % 2 else 8)
    order = np.argsort(-scores, kind="stable")
    last_of_ties = np.append(np.diff(scores[order]) != 0, True)
    tp = np.cumsum(labels[order])[last_of_ties]
    predicted = np.arange(1, n + 1)[last_of_ties]
    return tp / tp[-1], tp / predicted, (predicted - tp) / (n - tp[-1])


def corners_of_steps(x, y):
    """The path that goes first to the new y and then to the new x."""
    return np.repeat(x, 2)[:-1], np.repeat(y, 2)[1:]


def points_along(x, y, spacing):
    """Points of the path, none farther than `spacing` from the next."""
    length = np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y)))
    pieces = np.maximum(np.ceil(length / spacing).astype(int), 1)
    index = np.repeat(np.arange(len(pieces)), pieces)
    share = np.concatenate([np.arange(n) / n for n in pieces])
    along = [np.append(v[index] * (1 - share) + v[index + 1] * share, v[-1]) for v in (x, y)]
    return np.column_stack(along)


def farthest(points, others):
    """The largest distance, on the worse axis, of one of the points from the nearest of the others."""
    return max(np.abs(others - point).max(axis=1).min() for point in points)


def distance_between(full, drawn, spacing=0.004):
    full, drawn = points_along(*full, spacing), points_along(*drawn, spacing)
    return max(farthest(full, drawn), farthest(drawn, full))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("limit", [8, 25])
def test_thin_steps_stay_within_the_stated_error(seed, limit):
    x, y, _ = recall_and_precision(seed)
    thinned = thin(x, y, limit)
    distance = distance_between(corners_of_steps(x, y), corners_of_steps(x[thinned.kept], y[thinned.kept]))
    assert thinned.error > 0
    assert distance <= thinned.error + 0.004


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("limit", [8, 25])
def test_thin_straight_lines_stay_within_the_stated_error(seed, limit):
    recall, _, false_positive_rate = recall_and_precision(seed)
    thinned = thin(false_positive_rate, recall, limit)
    kept = thinned.kept
    distance = distance_between((false_positive_rate, recall), (false_positive_rate[kept], recall[kept]))
    assert distance <= thinned.error + 0.004


def test_thin_keeps_a_lone_spike():
    x, y = np.linspace(0, 1, 5_000), np.zeros(5_000)
    y[2_345] = 1.0
    assert 2_345 in thin(x, y, 30).kept


def test_thin_keeps_a_lone_dip():
    x, y = np.linspace(0, 1, 5_000), np.ones(5_000)
    y[2_345] = 0.0
    assert 2_345 in thin(x, y, 30).kept


@pytest.mark.parametrize("limit", [20, 21, 22, 23, 24, 100, 250])
@pytest.mark.parametrize("seed", range(3))
def test_thin_never_exceeds_the_limit(seed, limit):
    x, y, _ = recall_and_precision(seed)
    assert len(thin(x, y, limit, keep=(7, 150)).kept) <= limit


def test_thin_keeps_ends_and_named_vertices_in_order():
    x, y, _ = recall_and_precision(1)
    kept = thin(x, y, 30, keep=(123,)).kept
    assert {0, 123, len(x) - 1} <= set(kept.tolist())
    assert np.all(np.diff(kept) > 0)


def test_thin_short_curve_is_exact():
    thinned = thin([0.0, 0.5, 1.0], [1.0, 0.2, 0.6], 3)
    assert thinned.kept.tolist() == [0, 1, 2]
    assert thinned.error == 0


def test_thin_long_vertical_is_exact():
    x, y = np.full(1_000, 0.5), np.linspace(1, 0, 1_000)
    thinned = thin(x, y, 10)
    assert thinned.error == 0
    assert thinned.kept.tolist() == [0, 999]


def test_thin_vertices_crowded_before_a_gap():
    x, y = np.append(np.linspace(0, 0.1, 2_000), 1.0), np.append(np.linspace(1, 0, 2_000), 0.5)
    assert thin(x, y, 100).error < 0.005


def test_thin_250_vertices_of_a_million_are_within_a_hundredth():
    x, y, _ = recall_and_precision(2, n=1_000_000, prevalence=0.3)
    assert thin(x, y, 250).error < 0.01


def test_thin_more_vertices_mean_less_error():
    x, y, _ = recall_and_precision(3, n=20_000)
    errors = [thin(x, y, limit).error for limit in (50, 200, 800)]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] > 2 * errors[-1]


def test_thin_limit_too_small_is_refused():
    x, y, _ = recall_and_precision(0)
    with pytest.raises(ValueError, match="limit must be at least 9"):
        thin(x, y, 2, keep=(500,))
