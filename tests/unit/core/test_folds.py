"""Folds hold whole units and about the same share of every class."""

import numpy as np
import pytest

from dashboard.core import Predictions
from dashboard.core.folds import stratified_folds
from dashboard.core.units import unit_codes


def long_tailed(seed, n_samples=1000, n_classes=20, n_units=None):
    """Noise scores; labels of classes from 1 to 20 % positive, partly shared within units."""
    rng = np.random.default_rng(seed)
    prevalence = np.geomspace(0.01, 0.2, n_classes)
    labels = rng.random((n_samples, n_classes)) < prevalence
    units = unit_codes(None if n_units is None else rng.integers(0, n_units, n_samples), n_samples)
    if n_units is not None:
        labels |= (rng.random((n_units, n_classes)) < prevalence)[units]
    return Predictions(rng.normal(size=labels.shape), labels.astype(np.int8)), units


def imbalance(p, folds):
    """How far the positives of a class in a fold are from an equal share, relative to it: mean over both."""
    positives = np.stack([(p.labels[folds == fold] == 1).sum(axis=0) for fold in range(folds.max() + 1)])
    equal = p.support / len(positives)
    return float((np.abs(positives - equal) / equal).mean())


def random_folds(units, seed):
    return np.random.default_rng(seed).integers(0, 5, units.max() + 1)[units]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n_units", [None, 150])
def test_stratified_folds_balance_classes_better_than_random(seed, n_units):
    p, units = long_tailed(seed, n_units=n_units)
    ours = imbalance(p, stratified_folds(p, units, seed=seed))
    by_chance = [imbalance(p, random_folds(units, other)) for other in range(20)]
    assert ours < 0.7 * min(by_chance)


@pytest.mark.parametrize("n_units", [7, 60, 400])
def test_stratified_folds_never_split_a_unit(n_units):
    p, units = long_tailed(3, n_units=n_units)
    folds = stratified_folds(p, units)
    assert folds.dtype == np.int8
    for unit in range(n_units):
        assert len(set(folds[units == unit].tolist())) <= 1
    assert set(folds.tolist()) == set(range(5))


def test_stratified_folds_of_samples_are_of_equal_size():
    p, units = long_tailed(1)
    assert np.bincount(stratified_folds(p, units)).tolist() == [200] * 5


def test_stratified_folds_are_drawn_with_the_seed():
    p, units = long_tailed(2)
    assert np.array_equal(stratified_folds(p, units, seed=4), stratified_folds(p, units, seed=4))
    assert not np.array_equal(stratified_folds(p, units, seed=4), stratified_folds(p, units, seed=5))


def test_stratified_folds_with_fewer_units_than_folds_are_fewer():
    p, _ = long_tailed(0, n_samples=30)
    units = np.arange(30) % 3
    folds = stratified_folds(p, units)
    assert sorted(set(folds.tolist())) == [0, 1, 2]
    assert all(len(set(folds[units == unit].tolist())) == 1 for unit in range(3))


@pytest.mark.parametrize("labels", [[[0], [0], [0], [0]], [[-1], [-1], [-1], [-1]], [[1], [1], [1], [1]]])
def test_stratified_folds_of_a_class_with_one_kind_of_label(labels):
    p = Predictions(np.zeros((4, 1)), labels)
    assert np.bincount(stratified_folds(p, unit_codes(None, 4), 2)).tolist() == [2, 2]


def test_stratified_folds_of_nothing():
    p = Predictions(np.zeros((0, 2)), np.zeros((0, 2), np.int8))
    assert stratified_folds(p, unit_codes(None, 0)).shape == (0,)


def test_stratified_folds_say_how_many_there_may_be():
    p, units = long_tailed(0, n_samples=30)
    with pytest.raises(ValueError, match="n_folds must lie from 1 to 127, got 0"):
        stratified_folds(p, units, 0)
