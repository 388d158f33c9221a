"""Every registered policy: on scores that say nothing of the labels, what it is expected to do is what it then does.

A policy registered later is held to this too. One that does not apply with its parameters' defaults needs a line in
`APPLICABLE`.
"""

from functools import cache

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, policies
from dashboard.core.expectation import expected, held_out

N_DRAWS, MOST_OUTSIDE = 8, 2  # an estimate with the standard error it claims is outside in one of twenty draws
PREVALENCE = np.geomspace(0.02, 0.25, 6)
APPLICABLE = {"per_group": [{"column": "group"}]}


def every_policy():
    """Each with its defaults, and with each choice of each parameter that has choices."""
    for kind in policies.POLICIES.values():
        choices = [{p.name: c} for p in kind.parameters for c in p.choices if c != p.default]
        for parameters in APPLICABLE.get(kind.name, [{}, *choices]):
            yield policies.make_policy(kind.name, **parameters)


@cache
def noise(seed, n_samples, unit_size):
    """Labels and scores that are independent, each nearly the same within a unit, with groups of units."""
    rng = np.random.default_rng((seed, n_samples, unit_size))
    units = np.arange(n_samples) // unit_size
    shape = (n_samples, len(PREVALENCE))
    labels = (rng.random(shape) < PREVALENCE)[units]
    scores = rng.standard_normal(shape)[units] + 0.05 * rng.standard_normal(shape)
    groups = np.array(["a", "b", "c"])[rng.integers(0, 3, n_samples)[units]]
    return RankedScores.from_predictions(Predictions(scores, labels, columns={"group": groups})), units


def judged(policy, draw, unit_size):
    """Micro F1 tuned here, cross-fitted and on fresh data, and the standard error of a difference to the last."""
    r, units = noise(draw, 60 * unit_size if unit_size > 1 else 500, unit_size)
    fresh, fresh_units = noise(1000 + draw, 400 * unit_size if unit_size > 1 else 4000, unit_size)
    found = expected(r, policy, units, n_replicates=60, seed=draw)
    after = held_out(fresh.predictions, found.rule, fresh_units, n_replicates=60)
    figure, interval = found.figures["micro_f1"], after.intervals["micro_f1"]
    error = np.hypot(figure.interval.standard_error, interval.standard_error)
    return figure.tuned_here, figure.cross_fitted, after.values["micro_f1"], error


def n_outside(estimates, truths, errors) -> int:
    return int(np.sum(np.abs(np.array(estimates) - truths) > 2 * np.array(errors)))


def all_draws(policy, unit_size):
    """Arrays over draws of what `judged` returns."""
    return np.array([judged(policy, draw, unit_size) for draw in range(N_DRAWS)]).T


@pytest.mark.parametrize("unit_size", [1, 10])
@pytest.mark.parametrize("policy", list(every_policy()), ids=str)
def test_expected_on_noise_is_what_fresh_data_give(policy, unit_size):
    _, crossed, fresh, errors = all_draws(policy, unit_size)
    assert n_outside(crossed, fresh, errors) <= MOST_OUTSIDE, (crossed, fresh, errors)


@pytest.mark.parametrize("unit_size", [1, 10])
@pytest.mark.parametrize("name", ["best_per_class", "best_micro_f_beta"])
def test_tuned_here_on_noise_is_always_too_good(name, unit_size):
    tuned, crossed, fresh, _ = all_draws(policies.make_policy(name), unit_size)
    assert (tuned > fresh).sum() >= N_DRAWS - 1
    assert 1 <= (crossed > fresh).sum() <= N_DRAWS - 1


def test_tuned_here_on_noise_is_outside_where_thresholds_are_many():
    tuned, crossed, fresh, errors = all_draws(policies.make_policy("per_group", column="group"), 10)
    assert n_outside(crossed, fresh, errors) <= MOST_OUTSIDE < n_outside(tuned, fresh, errors)


def test_folds_that_split_units_would_leak():
    """With samples as units each unit is on both sides, and the estimate claims an error that is too small."""
    policy = policies.make_policy("best_per_class")
    outside = 0
    for draw in range(N_DRAWS):
        fresh = judged(policy, draw, 10)[2]
        r, _ = noise(draw, 600, 10)
        leaking = expected(r, policy, np.arange(600), n_replicates=60, seed=draw).figures["micro_f1"]
        outside += n_outside(leaking.cross_fitted, fresh, leaking.interval.standard_error)
    assert outside > MOST_OUTSIDE
