"""Micro-F-beta's optimum against every combination of thresholds, in exact fractions, and against other methods."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_curve

from dashboard.core import Predictions, RankedScores, policies
from dashboard.core.policies.policy import LOCKED
from tests.reference.combinations import Combinations, countable_problem, random_locks, totals_of

VALUES = json.loads((Path(__file__).parent / "values.json").read_text())
BETAS = (1.0, 0.5, 2.0, 0.3)


def f_beta(tp, predicted, n_positives, beta):
    weight = Fraction(beta) ** 2
    size = weight * n_positives + predicted
    return (1 + weight) * tp / size if size else Fraction(0)


def best_of(combinations, beta):
    pairs = {tuple(pair) for pair in np.column_stack(combinations.totals).tolist()}
    return max(f_beta(*pair, combinations.n_positives, beta) for pair in pairs)


def check_optimum(p, ts, beta, locked):
    r, every = RankedScores.from_predictions(p), Combinations(p, locked)
    best = best_of(every, beta)
    assert Fraction(*ts.details["certificate"]["fraction"]) == best
    assert f_beta(*totals_of(r, ts), every.n_positives, beta) == best
    assert ts.details["value"] == float(best)
    return r, every, best


@pytest.mark.parametrize("seed", range(200))
def test_optimum_equals_that_of_all_combinations(seed):
    p, beta = countable_problem(seed), BETAS[seed % len(BETAS)]
    ts = policies.best_micro_f_beta(RankedScores.from_predictions(p), beta)
    r, every, best = check_optimum(p, ts, beta, {})
    tied = [f_beta(*pair, every.n_positives, beta) == best for pair in np.column_stack(every.totals).tolist()]
    c = r.counts(ts)
    assert (c.tp + c.fp)[0].tolist() == every.predicted[tied].min(axis=0).tolist()  # the highest thresholds of ties


@pytest.mark.parametrize("seed", range(200))
def test_optimum_given_locked_classes(seed):
    p, beta = countable_problem(seed), BETAS[seed % len(BETAS)]
    locked = random_locks(p, seed)
    ts = policies.make_policy("best_micro_f_beta", beta=beta).tune(RankedScores.from_predictions(p), locked)
    check_optimum(p, ts, beta, locked)
    assert [ts.score_thresholds[c] for c in locked] == [p.scores.dtype.type(value) for value in locked.values()]
    assert all(ts.details["states"][c] == LOCKED for c in locked)


@pytest.mark.parametrize("seed", range(60))
def test_best_precision_is_beta_0(seed):
    p = countable_problem(seed)
    check_optimum(p, policies.best_micro_f_beta(RankedScores.from_predictions(p), 0.0), 0.0, {})


@pytest.mark.parametrize("seed", range(60))
def test_certificate(seed):
    p = countable_problem(seed)
    r = RankedScores.from_predictions(p)
    ts = policies.best_micro_f_beta(r)
    certificate = ts.details["certificate"]
    assert not certificate["gains"].any()
    assert np.all(np.diff(certificate["trace"]) > 0)
    assert certificate["trace"][-1] == ts.details["value"]
    every = Combinations(p)
    slope = Fraction(*certificate["fraction"]) / 2
    chosen = r.counts(ts)
    reached = [tp - slope * k for tp, k in zip(chosen.tp[0].tolist(), (chosen.tp + chosen.fp)[0].tolist(), strict=True)]
    for c, value in enumerate(reached):  # said again cell by cell: no class has a better cut at this lambda
        assert value == max(
            int(tp) - slope * int(k) for tp, k in zip(every.tp[:, c], every.predicted[:, c], strict=True)
        )
    lowest = p.scores.dtype.type(certificate["lowest_kept"])
    c = r.counts_at_scores(lowest[None])
    assert f_beta(int(c.tp.sum()), int((c.tp + c.fp).sum()), every.n_positives, 1) == 2 * slope


def test_reference_trace_and_fraction():
    fixture, expected = (
        VALUES["metric_fixture"],
        VALUES["optimal_thresholds_on_metric_fixture"]["micro_F1_per_class_thresholds"],
    )
    p = Predictions(np.array(fixture["scores"]), fixture["targets"], "probabilities")
    ts = policies.best_micro_f_beta(RankedScores.from_predictions(p))
    certificate = ts.details["certificate"]
    assert "{}/{}".format(*certificate["fraction"]) == expected["fraction"]
    assert list(certificate["trace"]) == expected["lambda_trace"]
    assert ts.details["kept"].tolist() == [float(score) for score in expected["cut_score"]]
    assert certificate["slope"] == expected["F_star_half"]


def coordinate_ascent(curves, n_positives):
    """One class after the other at its best given the others, until none moves; from each class at its best F1."""
    at = [int(np.argmax(2 * tp / (tp[-1] + k))) for k, tp in curves]
    while True:
        before = list(at)
        for c, (k, tp) in enumerate(curves):
            rest_tp = sum(int(curves[d][1][at[d]]) for d in range(len(curves)) if d != c)
            rest_k = sum(int(curves[d][0][at[d]]) for d in range(len(curves)) if d != c)
            values = 2 * (rest_tp + tp) / (n_positives + rest_k + k)
            if values.max() > values[at[c]]:
                at[c] = int(values.argmax())
        if at == before:
            return values[at[-1]]


def curves_of_scikit_learn(p):
    curves = []
    for c in range(p.n_classes):
        y = p.labels[:, c]
        false_rate, rate, _ = roc_curve(y, p.scores[:, c], drop_intermediate=False)
        tp, fp = np.rint(rate * y.sum()), np.rint(false_rate * (1 - y).sum())
        curves.append(((tp + fp).astype(np.int64), tp.astype(np.int64)))
    return curves


@pytest.mark.parametrize("seed", range(2))
def test_large_problem_equals_coordinate_ascent_and_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    labels = (rng.random((20_000, 20)) < np.geomspace(0.003, 0.3, 20)).astype(np.int8)
    p = Predictions(np.round(rng.normal(size=labels.shape) + 2 * labels - 1, 3), labels)
    ts = policies.best_micro_f_beta(RankedScores.from_predictions(p))
    assert ts.details["value"] == pytest.approx(f1_score(labels, ts.predict(p), average="micro"), abs=1e-12)
    ascended = coordinate_ascent(curves_of_scikit_learn(p), int(labels.sum()))
    assert ts.details["value"] == pytest.approx(ascended, abs=1e-12)
