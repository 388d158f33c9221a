"""A reader's operating point in every class is that of `reader_match`, and goes with the samples taken."""

import numpy as np
import pytest

from dashboard.core import Counts, RankedScores, policies
from dashboard.core.matching import FOUND, reader_match
from dashboard.core.policies.policy import MET
from tests.reference.small_problems import small_problem


def decided_on(p, seed):
    rng = np.random.default_rng(seed)
    decided = np.where(rng.random(p.labels.shape) < 0.7, np.maximum(p.labels, 0), rng.integers(0, 2, p.labels.shape))
    decided = decided.astype(np.int8)
    decided[rng.random(p.labels.shape) < 0.2] = -1
    return decided


@pytest.mark.parametrize("at", ["recall", "precision"])
@pytest.mark.parametrize("seed", range(100))
def test_each_class_is_matched(seed, at):
    p = small_problem(seed)
    decided = decided_on(p, seed)
    ts = policies.reader_policy("doctor", decided, at).tune(RankedScores.from_predictions(p))
    for c in range(p.n_classes):
        cut = getattr(reader_match(p, decided[:, c], c), f"at_{at}")
        assert (ts.details["states"][c] == MET) == (cut.state == FOUND)
        expected = cut.score_threshold if cut.state == FOUND else np.inf
        assert ts.score_thresholds[c] == expected
    judged = p.without_cells(decided < 0)
    model, reader = Counts.from_predicted(judged, ts.predict(p)), Counts.from_reader(p, decided)
    met = np.array([state == MET for state in ts.details["states"]])
    if at == "recall":
        assert (model.tp[0] >= reader.tp[0])[met].all()
    else:
        lost = model.tp[0] * (reader.tp + reader.fp)[0] < reader.tp[0] * (model.tp + model.fp)[0]
        assert not lost[met].any()


def test_take_takes_the_readers_decisions_too():
    p = small_problem(4)
    policy, rows = policies.reader_policy("doctor", decided_on(p, 4)), np.arange(p.n_samples)[::2]
    taken = policy.take(rows)
    assert (taken.decided == policy.decided[rows]).all()
    assert taken.title == policy.title == "as much recall as doctor"
    part = taken.tune(RankedScores.from_predictions(p.take(rows)))
    again = policies.reader_policy("doctor", policy.decided[rows]).tune(RankedScores.from_predictions(p.take(rows)))
    assert (part.score_thresholds == again.score_thresholds).all()
