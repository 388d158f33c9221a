"""F1 before and now equals scikit-learn's, the intervals are paired, and what did not change says so."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from dashboard.core import Predictions, ThresholdSet
from dashboard.core.threshold_change import BETTER, CANNOT_TELL, SAME, WORSE, threshold_change


def _problem(n=400, seed=0):
    rng = np.random.default_rng(seed)
    labels = (rng.random((n, 3)) < (0.3, 0.5, 0.2)).astype(np.int8)
    return Predictions(rng.normal(size=(n, 3)) + 2.0 * labels, labels)


def _sets(p, before, now):
    return ThresholdSet.from_unit(p, np.array(before)), ThresholdSet.from_unit(p, np.array(now))


def test_f1_before_and_now_is_scikit_learns():
    p = _problem()
    before, now = _sets(p, [0.5, 0.5, 0.5], [0.8, 0.7, 0.5])
    found = threshold_change(p, before, now, np.arange(400), n_replicates=20)
    for change, rule in ((found.classes.before, before), (found.classes.now, now)):
        assert change == pytest.approx(f1_score(p.labels, rule.predict(p), average=None), abs=1e-12)
    for average, change in found.averages.items():
        assert change.now == pytest.approx(f1_score(p.labels, now.predict(p), average=average), abs=1e-12)
        assert change.difference.value == pytest.approx(change.now - change.before, abs=1e-12)


def test_a_class_with_the_same_decisions_has_no_difference_and_says_so():
    p = _problem()
    before, now = _sets(p, [0.5, 0.5, 0.5], [0.5, 0.9, 0.5])
    found = threshold_change(p, before, now, np.arange(400), n_replicates=50)
    assert found.n_changed.tolist() == [0, int((before.predict(p) != now.predict(p))[:, 1].sum()), 0]
    assert found.verdicts[0] == found.verdicts[2] == SAME
    assert found.classes.difference.low[0] == found.classes.difference.high[0] == 0


def test_a_clear_change_is_better_and_the_way_back_is_worse():
    p = _problem()
    bad, good = _sets(p, [0.5, 0.9999, 0.5], [0.5, 0.73, 0.5])
    assert threshold_change(p, bad, good, np.arange(400), n_replicates=200).verdicts[1] == BETTER
    assert threshold_change(p, good, bad, np.arange(400), n_replicates=200).verdicts[1] == WORSE


def test_from_one_unit_nothing_can_be_told():
    p = _problem(40)
    before, now = _sets(p, [0.5, 0.5, 0.5], [0.9, 0.9, 0.9])
    found = threshold_change(p, before, now, np.zeros(40, dtype=int), n_replicates=20)
    assert set(found.verdicts) <= {CANNOT_TELL, SAME} and np.isnan(found.averages["micro"].difference.low)
