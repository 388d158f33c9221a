"""What a retuned replicate holds, and when there is nothing to tune."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, metrics, policies
from dashboard.core.retuning import GLOBAL, JOINT, OBJECTIVES, PER_CLASS, retune
from dashboard.core.units import unit_codes


def noise(seed=0, n_samples=200, n_classes=4):
    rng = np.random.default_rng(seed)
    labels = (rng.random((n_samples, n_classes)) < 0.1).astype(np.int8)
    return Predictions(rng.normal(size=labels.shape), labels)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_retune_looks_better_where_it_was_tuned(objective):
    p = noise()
    retuned = retune(p, unit_codes(None, 200), objective, n_replicates=100)
    average = "macro" if objective == PER_CLASS else "micro"
    there, here = (metrics.f_beta(c, average=average).mean() for c in (retuned.in_replicate, retuned.on_data))
    assert there > here + 0.01


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_retune_on_data_is_what_the_thresholds_decide_there(objective):
    p = noise(1)
    retuned = retune(p, unit_codes(None, 200), objective, n_replicates=33)
    counts = RankedScores.from_predictions(p).counts_at_scores(retuned.kept)
    for name in ("tp", "fp", "fn", "tn"):
        assert np.array_equal(getattr(counts, name), getattr(retuned.on_data, name)), name


def test_retune_never_beats_the_best_of_the_data_there():
    p = noise(2)
    best = policies.best_per_class(RankedScores.from_predictions(p)).details["value"]
    retuned = retune(p, unit_codes(None, 200), PER_CLASS, n_replicates=50)
    assert metrics.f_beta(retuned.on_data, average="macro").max() <= best


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("labels", [[[0]] * 5, [[-1]] * 5])
def test_retune_without_positives_never_predicts(objective, labels):
    p = Predictions(np.arange(5.0)[:, None], labels)
    retuned = retune(p, unit_codes(None, 5), objective, n_replicates=3)
    assert np.isposinf(retuned.kept).all()
    assert not (retuned.on_data.tp + retuned.on_data.fp).any()


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_retune_of_nothing(objective):
    retuned = retune(Predictions(np.zeros((0, 2)), np.zeros((0, 2), np.int8)), unit_codes(None, 0), objective)
    assert retuned.kept.shape == (1000, 2)


def test_retune_is_drawn_with_the_seed_and_tells_how_far_it_is():
    p, heard = noise(3), []
    kept = [retune(p, unit_codes(None, 200), JOINT, n_replicates=40, seed=seed).kept for seed in (1, 1, 2)]
    assert np.array_equal(kept[0], kept[1])
    assert not np.array_equal(kept[0], kept[2])
    retune(p, unit_codes(None, 200), GLOBAL, n_replicates=70, progress=heard.append)
    assert heard == sorted(heard) and heard[-1] == 1.0


def test_retune_says_what_there_is():
    with pytest.raises(ValueError, match="objective must be one of"):
        retune(noise(), unit_codes(None, 200), "macro")
    with pytest.raises(ValueError, match="n_replicates must be at least 1, got 0"):
        retune(noise(), unit_codes(None, 200), n_replicates=0)
