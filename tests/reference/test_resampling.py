"""Weighted sums and weighted passes against samples repeated physically and scikit-learn's `sample_weight`."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

from dashboard.core import Counts, Predictions, RankedScores, policies
from dashboard.core import retuning as module
from dashboard.core.bootstrap import METRICS, bootstrap
from dashboard.core.metrics import f_beta
from dashboard.core.retuning import GLOBAL, JOINT, LANES, OBJECTIVES, PER_CLASS, retune
from dashboard.core.unit_weights import MULTINOMIAL, POISSON, weight_blocks
from dashboard.core.units import compact_units, n_units, unit_codes

from .problems import random_predictions
from .small_problems import small_problem


def grouped(p, seed):
    """Units of one or several samples, not in the order of the samples."""
    rng = np.random.default_rng(seed)
    return unit_codes(None if seed % 3 == 0 else rng.integers(0, max(1, p.n_samples // 2), p.n_samples), p.n_samples)


def weights_of(units, n_replicates, seed, kind):
    """(n_replicates, n_samples) whole numbers: the weight of each sample's unit."""
    units = compact_units(units, len(units))
    blocks = [weights for _, weights in weight_blocks(n_units(units), n_replicates, seed, kind)]
    return np.concatenate(blocks, axis=1).astype(int)[:, units]


@pytest.mark.parametrize("kind", [MULTINOMIAL, POISSON])
@pytest.mark.parametrize("seed", range(40))
def test_a_replicate_is_the_repeated_samples(seed, kind):
    p = random_predictions(seed)
    units = grouped(p, seed)
    decided = np.random.default_rng(seed).random(p.labels.shape) < 0.4
    found = bootstrap(p, {"a": decided}, units, 5, seed, kind=kind)
    for replicate, weights in enumerate(weights_of(units, 5, seed, kind)):
        rows = np.repeat(np.arange(p.n_samples), weights)
        again, its_decisions = p.take(rows), decided[rows]
        alone = bootstrap(again, {"a": its_decisions}, unit_codes(None, len(rows)), 1)
        for name in METRICS:
            if name == "macro_f1" and ((again.support == 0) & (p.support > 0)).any():
                continue  # leaves out the classes that the replicate lost, which the repeated samples never had
            np.testing.assert_allclose(
                found.values("a", name)[replicate], alone.value("a", name), atol=1e-12, err_msg=name
            )


@pytest.mark.parametrize("seed", range(20))
def test_a_replicate_is_scikit_learn_with_sample_weight(seed):
    p = random_predictions(seed, unknown=False)
    units = grouped(p, seed)
    decided = np.random.default_rng(seed).random(p.labels.shape) < 0.4
    found = bootstrap(p, {"a": decided}, units, 4, seed)
    labels = p.labels if p.n_classes > 1 else np.column_stack([p.labels, np.zeros_like(p.labels)])
    decisions = decided if p.n_classes > 1 else np.column_stack([decided, np.zeros_like(decided)])
    for replicate, weights in enumerate(weights_of(units, 4, seed, MULTINOMIAL)):
        how = {"sample_weight": weights, "zero_division": 0}
        assert found.values("a", "micro_f1")[replicate] == pytest.approx(
            f1_score(labels, decisions, average="micro", **how)
        )
        assert found.values("a", "weighted_f1")[replicate] == pytest.approx(
            f1_score(labels, decisions, average="weighted", **how)
        )
        assert found.values("a", "micro_precision")[replicate] == pytest.approx(
            precision_score(labels, decisions, average="micro", **how)
        )
        assert found.values("a", "micro_recall")[replicate] == pytest.approx(
            recall_score(labels, decisions, average="micro", **how)
        )
        assert found.values("a", "samples_f1")[replicate] == pytest.approx(
            f1_score(labels, decisions, average="samples", **how)
        )
        assert found.values("a", "exact_match")[replicate] == pytest.approx(
            accuracy_score(labels, decisions, sample_weight=weights)
        )
        by_class = f1_score(labels, decisions, average=None, **how)[: p.n_classes]
        ours = found.values("a", "class_f1")[replicate]
        np.testing.assert_allclose(ours[~np.isnan(ours)], by_class[~np.isnan(ours)], atol=1e-12)


def lanes_of(units, n_replicates, seed):
    """The weights that `retune` draws for each replicate: (n_replicates, n_samples)."""
    units = compact_units(units, len(units))
    blocks = []
    for start in range(0, n_replicates, LANES):
        blocks.append(module._lanes(n_units(units), min(LANES, n_replicates - start), (seed, start)))
    return np.concatenate(blocks, axis=1).T[:n_replicates, units].astype(int)


def best_on(p: Predictions, objective, beta) -> float:
    """The best value by the policies, which are checked against brute force elsewhere."""
    r = RankedScores.from_predictions(p)
    if objective == PER_CLASS:
        return float(np.nan_to_num(r.best_f_beta(beta).value).sum())
    if objective == GLOBAL:
        return policies.best_global(r, "f_beta", "micro", beta).details["value"]
    return best_joint(r, beta)


def best_joint(r: RankedScores, beta) -> float:
    """Micro-F-beta over all combinations of cuts: slow and obvious."""
    p = r.predictions
    cuts = [np.unique(np.append(p.scores[:, c], np.inf)) for c in range(p.n_classes)]
    grid = np.stack([each.ravel() for each in np.meshgrid(*cuts, indexing="ij")], axis=1)
    return float(f_beta(r.counts_at_scores(grid), beta, average="micro").max())


def value_of(counts: Counts, row, objective, beta) -> float:
    one = Counts(*(array[row : row + 1] for array in (counts.tp, counts.fp, counts.fn, counts.tn)))
    if objective == PER_CLASS:
        return float(f_beta(one, beta).sum())
    return float(f_beta(one, beta, average="micro")[0])


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("seed", range(25))
def test_retuning_is_tuning_on_the_repeated_samples(seed, objective):
    p = small_problem(seed)
    if objective == JOINT and p.n_classes > 3:
        p = Predictions(p.scores[:, :3], p.labels[:, :3], p.score_kind)
    units, beta = grouped(p, seed), (1.0, 2.0, 0.5)[seed % 3]
    retuned = retune(p, units, objective, beta, n_replicates=20, seed=seed)
    for replicate, weights in enumerate(lanes_of(units, 20, seed)):
        again = p.take(np.repeat(np.arange(p.n_samples), weights))
        counts = RankedScores.from_predictions(again).counts_at_scores(retuned.kept[replicate : replicate + 1])
        for name in ("tp", "fp", "fn", "tn"):
            assert np.array_equal(getattr(retuned.in_replicate, name)[replicate], getattr(counts, name)[0]), name
        found = value_of(retuned.in_replicate, replicate, objective, beta)
        assert found == pytest.approx(best_on(again, objective, beta), abs=1e-12)
