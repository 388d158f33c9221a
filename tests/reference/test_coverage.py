"""How often 95 % intervals hold the truth of the very thresholds that were tuned, on simulated data.

Fixed seeds: 150 data sets each, so a coverage of 95 % is measured with a standard error of 1.8 %.
"""

import numpy as np
import pytest

from dashboard.core import RankedScores, metrics, policies
from dashboard.core.expectation import expected, held_out, objective_of
from dashboard.core.percentile_interval import Interval
from dashboard.core.retuning import retune

from .simulated import population_f1, simulated

N_DATA_SETS, N_REPLICATES = 150, 150
PREVALENCE = np.geomspace(0.02, 0.2, 8)


def holds(interval, truth) -> bool:
    return bool(interval.low <= truth <= interval.high)


def coverage(name, n_samples, separation, unit_size, seed=0):
    """For micro and macro F1: the share of data sets in which each kind of interval holds the truth."""
    policy = policies.make_policy(name)
    held = {}
    for data_set in range(N_DATA_SETS):
        p, units = simulated((seed, data_set), n_samples, PREVALENCE, separation, unit_size)
        found = expected(RankedScores.from_predictions(p), policy, units, n_replicates=N_REPLICATES, seed=data_set)
        fixed = held_out(p, found.rule, units, n_replicates=N_REPLICATES, seed=data_set).intervals
        again = retune(p, units, *objective_of(policy), n_replicates=N_REPLICATES, seed=data_set).in_replicate
        truths = population_f1(found.rule.score_thresholds, PREVALENCE, separation)
        for average, truth in zip(("micro", "macro"), truths, strict=True):
            figure = found.figures[f"{average}_f1"]
            naive = Interval.of(metrics.f_beta(again, average=average))
            for kind, interval in (("ours", figure.interval), ("fixed", fixed[f"{average}_f1"]), ("naive", naive)):
                held.setdefault((average, kind), []).append(holds(interval, truth))
    return {key: float(np.mean(values)) for key, values in held.items()}


@pytest.mark.parametrize(
    ("name", "n_samples", "separation", "unit_size"),
    [
        ("best_per_class", 500, 1.5, 1),
        ("best_per_class", 600, 1.5, 5),
        ("best_micro_f_beta", 500, 1.5, 1),
    ],
)
def test_the_interval_of_a_tuned_policy_covers(name, n_samples, separation, unit_size):
    found = coverage(name, n_samples, separation, unit_size)
    tuned_for = "micro" if name == "best_micro_f_beta" else "macro"
    assert found["micro", "ours"] >= 0.9 and found["macro", "ours"] >= 0.9, found
    assert found[tuned_for, "naive"] < 0.9 and found[tuned_for, "fixed"] < 0.9, found


def test_the_interval_of_fixed_thresholds_covers_only_over_units():
    """20 correlated samples of a unit are not 20 samples."""
    policy = policies.make_policy("fixed", threshold=0.7)
    over_units, over_samples = [], []
    for data_set in range(N_DATA_SETS):
        p, units = simulated((9, data_set), 1000, PREVALENCE, 1.5, 20)
        rule = policy.tune(RankedScores.from_predictions(p))
        truth, _ = population_f1(rule.score_thresholds, PREVALENCE, 1.5)
        for held, by in ((over_units, units), (over_samples, np.arange(1000))):
            interval = held_out(p, rule, by, n_replicates=N_REPLICATES, seed=data_set).intervals["micro_f1"]
            held.append(holds(interval, truth))
    assert np.mean(over_units) >= 0.9
    assert np.mean(over_samples) < 0.75
