"""One threshold for all classes but the locked ones, against every threshold of small problems."""

import numpy as np
import pytest

from dashboard.core import RankedScores, ThresholdSet, metrics, policies
from dashboard.core.policies.policy import LOCKED
from dashboard.core.sample_metrics import sample_metrics
from tests.reference.combinations import random_locks
from tests.reference.small_problems import small_problem

TARGETS = (
    *(("f1", average) for average in ("micro", "macro", "weighted")),
    ("f_beta", "macro"),
    ("jaccard", "micro"),
    ("hamming_loss", "micro"),
    ("subset_accuracy", "samples"),
)


def value_at(r, ts, metric, average):
    if metric == "subset_accuracy":
        return float(sample_metrics(r.predictions, ts).subset_accuracy[0])
    c = r.counts(ts)
    options = {"beta": 2.0} if metric == "f_beta" else {}
    function = getattr(metrics, "f_beta" if metric == "f1" else metric)
    return float(function(c, average=average, **options)[0])


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("seed", range(100))
def test_best_given_locked_classes(seed, target):
    p = small_problem(seed)
    locked = random_locks(p, seed)
    r = RankedScores.from_predictions(p)
    policy = policies.make_policy("best_global", metric=target[0], average=target[1], beta=2.0)
    ts = policy.tune(r, locked)
    assert [ts.score_thresholds[c] for c in locked] == [p.scores.dtype.type(t) for t in locked.values()]
    assert all((ts.details["states"][c] == LOCKED) == (c in locked) for c in range(p.n_classes))
    np.testing.assert_array_equal(ts.details["value"], value_at(r, ts, *target))
    free = [c for c in range(p.n_classes) if c not in locked]
    boundaries = {*p.scores[:, free][p.labels[:, free] >= 0].tolist(), np.inf}
    assert {float(ts.details["kept"][c]) for c in free} <= boundaries
    values = []
    for threshold in {*p.scores[p.labels >= 0].tolist(), np.inf, -np.inf}:
        thresholds = np.full(p.n_classes, threshold)
        thresholds[list(locked)] = list(locked.values())
        values.append(value_at(r, ThresholdSet.from_scores(p, thresholds), *target))
    best = min(values) if target[0] == "hamming_loss" else max(values)
    np.testing.assert_allclose(ts.details["value"], best, rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_dropped_and_kept_of_locked_classes_decide_the_same(seed):
    p = small_problem(seed)
    locked = random_locks(p, seed)
    ts = policies.best_global(RankedScores.from_predictions(p), locked=locked)
    known = p.labels >= 0
    for c in locked:
        at_kept = p.scores[:, c] >= ts.details["kept"][c]
        np.testing.assert_array_equal(ts.predict(p)[known[:, c], c], at_kept[known[:, c]])
        assert ts.details["dropped"][c] < ts.score_thresholds[c] or np.isneginf(ts.score_thresholds[c])


def test_samples_average_says_that_locks_came_afterwards():
    p = small_problem(3)
    ts = policies.best_global(RankedScores.from_predictions(p), average="samples", locked={0: 0.5})
    assert "afterwards" in ts.details["certificate"]["kind"]
    assert ts.details["value"] == sample_metrics(p, ts).f1[0]
