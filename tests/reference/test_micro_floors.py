"""Micro precision and recall floors against every combination of thresholds of small problems."""

import json
from pathlib import Path

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, policies
from dashboard.core.policies import micro_floors
from dashboard.core.policies.knapsack import Knapsack
from dashboard.core.policies.ladders import ladder
from dashboard.core.policies.policy import LOCKED, MET, NO_POSITIVES, UNREACHABLE
from tests.reference.combinations import Combinations, countable_problem, random_locks, totals_of, traded_problem

VALUES = json.loads((Path(__file__).parent / "values.json").read_text())
FLOORS = (0.5, 0.75, 0.9, 1.0, 0.0, 2 / 3)
PROBLEMS = [*((countable_problem, seed) for seed in range(150)), *((traded_problem, seed) for seed in range(60))]
FUNCTIONS = {"precision": policies.micro_precision_floor, "recall": policies.micro_recall_floor}


def shares(every):
    """Micro precision and micro recall of every combination; 0/0 counts as 0."""
    tp, predicted = every.totals
    return {"precision": tp / np.maximum(1, predicted), "recall": tp / max(1, every.n_positives)}


def best_at_floor(every, of, floor):
    """The best of the other share where the floor is met, None where it is nowhere."""
    values = shares(every)
    met = (values[of] >= floor) & (every.n_positives > 0)
    return values["recall" if of == "precision" else "precision"][met].max() if met.any() else None


def check(p, of, floor, locked, exact):
    r, every = RankedScores.from_predictions(p), Combinations(p, locked)
    ts = FUNCTIONS[of](r, floor, locked)
    best, certificate = best_at_floor(every, of, floor), ts.details["certificate"]
    free = [state for c, state in enumerate(ts.details["states"]) if c not in locked]
    if best is None:
        check_unreachable(r, every, ts, of, free)
        return
    assert set(free) <= {MET, NO_POSITIVES}
    tp, predicted = totals_of(r, ts)
    reached = {"precision": tp / max(1, predicted), "recall": tp / every.n_positives}
    assert reached[of] >= floor
    assert {key: certificate[key] for key in reached} == reached
    assert certificate["value"] == reached["recall" if of == "precision" else "precision"] <= best
    assert certificate["bound"] >= best - 1e-12
    if exact or certificate["kind"] == "exact":
        assert certificate["value"] == best == certificate["bound"]
        assert certificate["gap"] == 0


def check_unreachable(r, every, ts, of, free):
    assert set(free) <= {UNREACHABLE, NO_POSITIVES}
    highest = shares(every)[of].max()
    assert ts.details["certificate"]["best_reachable"] == highest
    c = r.counts_at_scores(ts.details["closest"][None])
    tp, predicted = int(c.tp.sum()), int((c.tp + c.fp).sum())
    assert (tp / max(1, predicted) if of == "precision" else tp / max(1, every.n_positives)) == highest
    never = np.isposinf(ts.score_thresholds)
    assert all(never[c] or c in every.locked for c in range(len(never)))


@pytest.mark.parametrize("of", FUNCTIONS)
@pytest.mark.parametrize(("problem", "seed"), PROBLEMS)
def test_exact_against_all_combinations(problem, seed, of):
    check(problem(seed), of, FLOORS[seed % len(FLOORS)], {}, exact=True)


@pytest.mark.parametrize("of", FUNCTIONS)
@pytest.mark.parametrize(("problem", "seed"), PROBLEMS)
def test_bound_and_gap_of_the_merged_hulls(problem, seed, of, monkeypatch):
    monkeypatch.setattr(micro_floors, "MOST_POSITIVES", 0)
    check(problem(seed), of, FLOORS[seed % len(FLOORS)], {}, exact=False)


@pytest.mark.parametrize("of", FUNCTIONS)
@pytest.mark.parametrize("most_positives", [0, 20_000])
@pytest.mark.parametrize("seed", range(80))
def test_given_locked_classes(seed, most_positives, of, monkeypatch):
    monkeypatch.setattr(micro_floors, "MOST_POSITIVES", most_positives)
    p = countable_problem(seed)
    locked = random_locks(p, seed)
    check(p, of, FLOORS[seed % len(FLOORS)], locked, exact=bool(most_positives))
    ts = policies.make_policy(f"micro_{of}_floor").tune(RankedScores.from_predictions(p), locked)
    assert all(ts.score_thresholds[c] == p.scores.dtype.type(t) for c, t in locked.items())
    assert all(ts.details["states"][c] == LOCKED for c in locked)


def fixture():
    values = VALUES["metric_fixture"]
    return RankedScores.from_predictions(Predictions(np.array(values["scores"]), values["targets"], "probabilities"))


def test_reference_false_alarms_for_each_number_found():
    r = fixture()
    least = Knapsack([ladder(r, c) for c in range(4)]).false_alarms
    at_least = np.minimum.accumulate(least[::-1])[::-1]  # a t that costs as much as a larger one is left out
    assert at_least.tolist() == VALUES["optimal_thresholds_on_metric_fixture"]["micro_PR_frontier_min_FP_for_each_TP"]


@pytest.mark.parametrize("floor", [0.6, 0.75, 0.9])
def test_reference_recall_at_a_precision_floor(floor):
    expected = VALUES["optimal_thresholds_on_metric_fixture"]["max_recall_at_precision"][f"micro_precision>={floor}"]
    certificate = policies.micro_precision_floor(fixture(), floor).details["certificate"]
    assert certificate["recall"] == pytest.approx(expected["best_recall"], abs=1e-15)
    n_found = round(14 * certificate["recall"])
    assert n_found + expected["FP"] == pytest.approx(n_found / certificate["precision"])


@pytest.mark.parametrize("floor", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("of", FUNCTIONS)
def test_both_ways_agree_within_the_gap_on_larger_data(of, floor, monkeypatch):
    rng = np.random.default_rng(0)
    labels = (rng.random((4_000, 20)) < np.geomspace(0.005, 0.3, 20)).astype(np.int8)
    r = RankedScores.from_predictions(Predictions(np.round(rng.normal(size=labels.shape) + 2 * labels, 2), labels))
    exact = FUNCTIONS[of](r, floor).details["certificate"]
    monkeypatch.setattr(micro_floors, "MOST_POSITIVES", 0)
    bounded = FUNCTIONS[of](r, floor).details["certificate"]
    assert exact["kind"] == "exact"
    assert bounded["value"] <= exact["value"] <= bounded["bound"] + 1e-12
    assert bounded["gap"] < 0.01


def test_a_recall_floor_of_nothing_on_the_merged_hulls_where_nothing_can_be_predicted(monkeypatch):
    monkeypatch.setattr(micro_floors, "MOST_POSITIVES", 0)
    p = Predictions(np.array([[1.0], [0.0]]), np.array([[1], [0]], dtype=np.int8), "logits")
    ts = policies.micro_recall_floor(RankedScores.from_predictions(p), 0.0, {0: np.inf})
    assert ts.details["value"] == ts.details["certificate"]["bound"] == 0.0
