"""Policies by class against trying every threshold in exact fractions, over many small awkward problems."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, policies
from dashboard.core.intervals import lower_limit
from dashboard.core.policies import group_floors
from dashboard.core.policies.policy import MET, NO_POSITIVES, NOT_PROVEN, UNREACHABLE
from tests.reference.every_cut import best, cuts_of, decimal, precision, recall
from tests.reference.problems import random_predictions
from tests.reference.small_problems import small_problem

VALUES = json.loads((Path(__file__).parent / "values.json").read_text())
SEEDS = range(110)
FLOORS = (0.0, 0.3, 0.5, 0.6, 0.75, 0.9, 1.0)


def problem(seed):
    return small_problem(seed) if seed % 2 else random_predictions(seed)


def fixture():
    given = VALUES["metric_fixture"]
    return RankedScores.from_predictions(Predictions(np.array(given["scores"]), given["targets"], "probabilities"))


def every_class(p):
    for c in range(p.n_classes):
        cuts = cuts_of(p.scores[:, c], p.labels[:, c])
        yield c, cuts, any(tp for _, tp, _, _ in cuts)


def check_thresholds_lie_between(ts, c):
    """The stored threshold decides as its interval says."""
    dropped, kept, stored = (float(x[c]) for x in (ts.details["dropped"], ts.details["kept"], ts.score_thresholds))
    assert dropped < stored <= kept or dropped == stored == kept


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("of", ["precision", "recall"])
def test_floor_is_met_with_the_most_of_the_other(seed, of):
    p, floor = problem(seed), FLOORS[seed % len(FLOORS)]
    ts = getattr(policies, f"{of}_floor")(RankedScores.from_predictions(p), floor)
    for c, cuts, has_positives in every_class(p):
        state, kept = ts.details["states"][c], float(ts.details["kept"][c])
        check_thresholds_lie_between(ts, c)
        if not has_positives:
            assert (state, kept) == (NO_POSITIVES, np.inf)
            continue
        rates = [(t, precision(tp, fp), recall(tp, fn)) for t, tp, fp, fn in cuts if tp + fp]
        if of == "recall":
            rates = [(t, r, p_) for t, p_, r in rates]
        reach = [(t, other) for t, share, other in rates if share >= decimal(floor)]
        best_share = max(share for _, share, _ in rates)
        assert ts.details["reached"][f"best reachable {of}"][c] == pytest.approx(float(best_share), abs=1e-15)
        if not reach:
            assert (state, kept) == (UNREACHABLE, np.inf)
            assert float(ts.details["closest"][c]) in [t for t, share, _ in rates if share == best_share]
            continue
        assert state == MET
        assert kept == best(reach)[0]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("of", ["precision", "recall"])
def test_floor_by_its_lower_limit(seed, of):
    p, floor = problem(seed), (0.1, 0.3, 0.5)[seed % 3]
    ts = getattr(policies, f"{of}_floor")(RankedScores.from_predictions(p), floor, "lower limit")
    observed = getattr(policies, f"{of}_floor")(RankedScores.from_predictions(p), floor)
    for c, cuts, has_positives in every_class(p):
        if not has_positives:
            continue
        some = [cut for cut in cuts if cut[1]]
        limits = lower_limit(
            [tp for _, tp, *_ in some], [tp + (fp if of == "precision" else fn) for _, tp, fp, fn in some]
        )
        others = [(t, recall(tp, fn) if of == "precision" else precision(tp, fp)) for t, tp, fp, fn in some]
        reach = [cut for cut, limit in zip(others, limits, strict=True) if limit >= floor]
        if reach:
            assert ts.details["states"][c] == MET
            assert float(ts.details["kept"][c]) == best(reach)[0]
        else:
            assert ts.details["states"][c] == observed.details["states"][c].replace(MET, NOT_PROVEN)
            assert ts.details["kept"][c] == observed.details["kept"][c]


@pytest.mark.parametrize("seed", SEEDS)
def test_floor_in_every_large_enough_group(seed, monkeypatch):
    monkeypatch.setattr(group_floors, "FEWEST_CUTS", (1, 4096)[seed % 5 > 0])  # few cuts at a time, as on large data
    p, floor, least = problem(seed), FLOORS[seed % len(FLOORS)], 1 + seed % 3
    rng = np.random.default_rng(seed)
    p = Predictions(p.scores, p.labels, p.score_kind, columns={"site": rng.choice(["a", "b", "c"], p.n_samples)})
    of = ("precision", "recall")[seed // 2 % 2]
    ts = getattr(policies, f"{of}_floor")(RankedScores.from_predictions(p), floor, column="site", least_positives=least)
    for c, cuts, has_positives in every_class(p):
        if not has_positives:
            continue
        groups = [p.columns["site"] == g for g in "abc"]
        groups = [rows for rows in groups if (p.labels[rows, c] == 1).sum() >= least]
        reach = []
        for t, tp, fp, fn in cuts:
            parts = [(tp, fp, fn)]
            for rows in groups:
                y, on = p.labels[rows, c], p.scores[rows, c] >= t
                parts.append((int((on & (y == 1)).sum()), int((on & (y == 0)).sum()), int((~on & (y == 1)).sum())))
            if of == "precision":
                met = all(a + b and precision(a, b) >= decimal(floor) for a, b, _ in parts)
                other = recall(tp, fn)
            else:
                met = tp + fp > 0 and all(recall(a, n) >= decimal(floor) for a, _, n in parts)
                other = precision(tp, fp)
            if met:
                reach.append((t, other))
        assert ts.details["reached"]["groups asked"][c] == len(groups)
        assert ts.details["states"][c] == (MET if reach else UNREACHABLE)
        assert float(ts.details["kept"][c]) == (best(reach)[0] if reach else np.inf)
        lowest = max(min_share(p, c, t, groups, of) for t, *_ in cuts)
        assert ts.details["reached"][f"best reachable {of}"][c] == pytest.approx(lowest, abs=1e-15)


def min_share(p, c, threshold, groups, of):
    """The lowest precision or recall at a threshold, over all samples and in the groups; 0 where it is 0/0."""
    shares = []
    for rows in [np.ones(p.n_samples, dtype=bool), *groups]:
        on, positive, known = p.scores[rows, c] >= threshold, p.labels[rows, c] == 1, p.labels[rows, c] >= 0
        shares.append((on & positive).sum() / max(1, (on & known).sum() if of == "precision" else positive.sum()))
    return min(shares)


@pytest.mark.parametrize("seed", SEEDS)
def test_both_floors_by_windows(seed):
    p = problem(seed)
    floors = FLOORS[seed % len(FLOORS)], FLOORS[seed // 7 % len(FLOORS)]
    ts = policies.both_floors(RankedScores.from_predictions(p), *floors)
    for c, cuts, has_positives in every_class(p):
        windows = ts.details["windows"][c]
        meets = {
            t: tp > 0 and precision(tp, fp) >= decimal(floors[0]) and recall(tp, fn) >= decimal(floors[1])
            for t, tp, fp, fn in cuts
        }
        # A threshold at which no positive is predicted meets floors of 0 as well as any; no window says so.
        # Nor does one that has no end below say whether -inf is in it.
        inside = {t: any(low < t <= high for low, high in windows) for t in meets if t > -np.inf}
        assert inside == {t: meets[t] for t in inside} if has_positives else not len(windows)
        assert (windows[1:, 1] < windows[:-1, 0]).all()
        if not has_positives:
            assert ts.details["states"][c] == NO_POSITIVES
            continue
        f1 = [(t, Fraction(2 * tp, 2 * tp + fp + fn)) for t, tp, fp, fn in cuts if meets[t]]
        assert ts.details["states"][c] == (MET if f1 else UNREACHABLE)
        assert float(ts.details["kept"][c]) == (best(f1)[0] if f1 else np.inf)
        if not f1:
            short = min(
                max(max(decimal(floors[0]) - precision(tp, fp), decimal(floors[1]) - recall(tp, fn)), 0)
                for _, tp, fp, fn in cuts
                if tp + fp
            )
            reached = ts.details["reached"]
            told = max(reached["short of precision"][c], reached["short of recall"][c])
            assert told == pytest.approx(float(short), abs=1e-12)


@pytest.mark.parametrize("seed", range(60))
def test_both_floors_shown_by_limits_and_in_groups(seed):
    rng = np.random.default_rng(seed)
    labels = (rng.random((80, 2)) < 0.5).astype(np.int8) - (rng.random((80, 2)) < 0.1)
    labels = np.maximum(labels, -1).astype(np.int8)
    scores = np.round(rng.normal(size=labels.shape) * 4 + (3 + seed % 5) * (labels == 1))  # many ties
    p = Predictions(scores, labels, columns={"site": rng.choice(["a", "b"], 80)})
    proof, column = ("observed", "lower limit")[seed % 2], ("", "site")[seed // 2 % 2]
    floors = [(0.6, 0.5), (0.75, 0.3), (0.4, 0.8)][seed % 3]
    ts = policies.both_floors(RankedScores.from_predictions(p), *floors, proof, column, 5)
    for c, cuts, _ in every_class(p):
        groups = [np.ones(80, dtype=bool), *(p.columns["site"] == g for g in ("ab" if column else ""))]
        groups = [rows for rows in groups if (p.labels[rows, c] == 1).sum() >= 5]
        parts = {t: [both_shares(p, c, t, rows) for rows in groups] for t, *_ in cuts}
        met = {t: all(min_met(part, floors, observed) for part in each) for t, each in parts.items()}
        proven = {t: all(min_met(part, floors, lower_limit) for part in each) for t, each in parts.items()}
        if proof == "observed":
            proven = met
        state = MET if any(proven.values()) else NOT_PROVEN if any(met.values()) else UNREACHABLE
        assert ts.details["states"][c] == state
        meets, windows = proven if state == MET else met, ts.details["windows"][c]
        assert {t: any(low < t <= high for low, high in windows) for t in meets if np.isfinite(t)} == {
            t: meets[t] for t in meets if np.isfinite(t)
        }
        f1 = [(t, Fraction(2 * tp, 2 * tp + fp + fn)) for t, tp, fp, fn in cuts if meets[t]]
        assert float(ts.details["kept"][c]) == (best(f1)[0] if f1 else np.inf)
        short = [
            [max(max(f - observed(*each), 0) for f, each in zip(floors, x, strict=True)) for x in parts[t]]
            for t in parts
        ]
        told = max(ts.details["reached"][f"short of {name}"][c] for name in ("precision", "recall"))
        assert told == pytest.approx(min(map(max, short)), abs=1e-12)


def both_shares(p, c, threshold, rows):
    """(true positives, predicted), (true positives, positives) of some samples at a threshold."""
    on, y = p.scores[rows, c] >= threshold, p.labels[rows, c]
    tp = int((on & (y == 1)).sum())
    return (tp, int((on & (y >= 0)).sum())), (tp, int((y == 1).sum()))


def observed(k, n):
    return k / n if n else 0.0


def min_met(part, floors, share):
    return all(n and share(k, n) >= floor for (k, n), floor in zip(part, floors, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_minimum_cost(seed):
    p, cost = problem(seed), (0.0, 0.1, 1.0, 3.0, 1 / 3, 1e15)[seed % 6]
    ts = policies.minimum_cost(RankedScores.from_predictions(p), cost)
    total = Fraction(0)
    for c, cuts, _ in every_class(p):
        kept, value = best([(t, -(fp + decimal(cost) * fn)) for t, _, fp, fn in cuts])
        assert float(ts.details["kept"][c]) == kept
        check_thresholds_lie_between(ts, c)
        total -= value
    assert ts.details["value"] == pytest.approx(float(total), rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_match_prevalence_is_the_nearest_number(seed):
    p = problem(seed)
    ts = policies.match_prevalence(RankedScores.from_predictions(p))
    for c, cuts, _ in every_class(p):
        support = int((p.labels[:, c] == 1).sum())
        assert float(ts.details["kept"][c]) == best([(t, -abs(tp + fp - support)) for t, tp, fp, _ in cuts])[0]
        check_thresholds_lie_between(ts, c)


@pytest.mark.parametrize("seed", SEEDS)
def test_match_cardinality_is_the_nearest_number(seed):
    p = problem(seed)
    ts = policies.match_cardinality(RankedScores.from_predictions(p))
    cuts = cuts_of(p.scores.ravel(), p.labels.ravel())
    support = int((p.labels == 1).sum())
    kept, value = best([(t, -abs(tp + fp - support)) for t, tp, fp, _ in cuts])
    assert (ts.details["kept"] == kept).all()
    assert ts.details["value"] == -value
    check_thresholds_lie_between(ts, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_flagged_budget_with_one_threshold(seed):
    p, per_thousand = problem(seed), (0.0, 100.0, 250.0, 333.3, 500.0, 1000.0)[seed % 6]
    ts = policies.flagged_budget(RankedScores.from_predictions(p), per_thousand)
    most, support = decimal(per_thousand) * p.n_samples / 1000, int((p.labels == 1).sum())
    allowed = []
    for t, tp, _, _ in cuts_of(p.scores.ravel(), np.where(p.labels < 0, 0, p.labels).ravel()):
        if (p.scores >= t).any(axis=1).sum() <= most:
            allowed.append((t, tp))
    assert ts.details["certificate"]["kind"] == "exact"
    if not allowed:  # more samples than that are scored +inf
        assert set(ts.details["states"]) == {UNREACHABLE}
        return
    predicted = ts.predict(p)
    assert predicted.any(axis=1).sum() <= most
    assert int((predicted & (p.labels == 1)).sum()) == max(tp for _, tp in allowed)
    stored = float(ts.score_thresholds[0])
    assert stored > max([t for t, _ in allowed if t < best(allowed)[0]], default=-np.inf) or np.isinf(stored)
    assert ts.details["value"] == pytest.approx(best(allowed)[1] / support if support else np.nan, nan_ok=True)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("metric", ["f1", "f_beta", "jaccard"])
def test_best_per_class_of_each_metric(seed, metric):
    p = problem(seed)
    ts = policies.best_per_class(RankedScores.from_predictions(p), metric, 2.0)
    for c, cuts, has_positives in every_class(p):
        weight = 4 if metric == "f_beta" else 1
        values = [
            (t, Fraction((1 + weight) * tp, max(1, (1 + weight) * tp + fp + weight * fn)))
            if metric != "jaccard"
            else (t, Fraction(tp, max(1, tp + fp + fn)))
            for t, tp, fp, fn in cuts
        ]
        kept, value = best(values)
        if has_positives:
            assert float(ts.details["kept"][c]) == kept
            assert ts.details["reached"][{"f1": "F1", "f_beta": "F-beta", "jaccard": "Jaccard"}[metric]][c] == (
                pytest.approx(float(value), abs=1e-15)
            )


def test_reference_floors():
    expected = VALUES["optimal_thresholds_on_metric_fixture"]["max_recall_at_precision"]
    for floor in (0.6, 0.75, 0.9):
        ts = policies.precision_floor(fixture(), floor)
        for c in range(3):
            said = expected[f"class{c}_precision>={floor}"]
            assert ts.details["reached"]["recall"][c] == said["recall"]
            assert ts.details["reached"]["precision"][c] == said["precision"]
            assert ts.details["kept"][c] == said["t"]
        assert ts.details["states"][3] == NO_POSITIVES


def test_reference_costs():
    expected = VALUES["optimal_thresholds_on_metric_fixture"]["min_cost_cFP1_cFN3"]
    ts = policies.minimum_cost(fixture(), 3.0)
    assert ts.details["reached"]["cost"].tolist() == [said["cost"] for said in expected]
    assert ts.details["kept"].tolist() == [float(said["t"]) for said in expected]


@pytest.mark.parametrize(("name", "beta"), [("per_class_F1", 1.0), ("per_class_F2", 2.0), ("per_class_F0.5", 0.5)])
def test_reference_best_per_class(name, beta):
    expected = VALUES["optimal_thresholds_on_metric_fixture"][name]
    ts = policies.best_per_class(fixture(), "f_beta", beta)
    for c, said in enumerate(expected[:3]):
        value = said.get("F", said.get("F1"))
        intervals = said.get("intervals", said.get("optimal_intervals_lo_exclusive_hi_inclusive"))
        assert ts.details["reached"]["F-beta"][c] == pytest.approx(value, abs=1e-15)
        assert [ts.details["dropped"][c], ts.details["kept"][c]] == intervals[0]
