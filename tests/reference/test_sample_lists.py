"""Lists of samples against a slow obvious version, over awkward little problems and every kind of threshold."""

import numpy as np
import pytest

from dashboard.core import Counts, RankedScores, ThresholdSet
from dashboard.core.flips import FlipCounts, flips_per_sample, most_flips, n_class_flips
from dashboard.core.sample_cells import sample_cells
from dashboard.core.sample_lists import OUTCOMES, flipped_samples, outcome_samples
from tests.reference.problems import random_predictions

SEEDS = range(150)


def _thresholds(p, c, rng):
    """At a score (a tie), between scores, never and always."""
    dtype = p.scores.dtype.type
    return [rng.choice(p.scores[:, c]), dtype(0.3), dtype(np.inf), dtype(-np.inf)]


def _threshold_sets(p, rng, n=4):
    drawn = [np.array([rng.choice(_thresholds(p, c, rng)) for c in range(p.n_classes)]) for _ in range(n)]
    return [ThresholdSet.from_scores(p, values) for values in drawn]


def _outcome(label, score, threshold):
    if label == -1:
        return "unknown"
    return {(1, True): "tp", (0, True): "fp", (1, False): "fn", (0, False): "tn"}[int(label), bool(score >= threshold)]


def _obvious_list(p, c, threshold, outcome):
    cells = [(row, float(p.scores[row, c])) for row in range(p.n_samples)]
    cells = [(row, s) for row, s in cells if _outcome(p.labels[row, c], s, threshold) == outcome]
    above = outcome in ("tp", "fp")
    return [row for row, s in sorted(cells, key=lambda cell: cell[1] if above else -cell[1])]


def _obvious_flips(p, c, before, after):
    """(row, what it was, what it is) of every known cell whose decision changes, nearest to `after` first."""
    flips = []
    for row in range(p.n_samples):
        was, now = (_outcome(p.labels[row, c], p.scores[row, c], t) for t in (before, after))
        if was != now:
            flips.append((row, was, now))
    return sorted(flips, key=lambda flip: abs(float(p.scores[flip[0], c]) - float(after)) if np.isfinite(after) else 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_outcome_samples_are_those_of_the_obvious_version_and_count_as_counts_do(seed):
    p, rng = random_predictions(seed), np.random.default_rng(seed)
    ranked = RankedScores.from_predictions(p)
    for c in range(p.n_classes):
        for threshold in _thresholds(p, c, rng):
            counts = ranked.counts_at_scores(threshold)
            for outcome in OUTCOMES:
                expected = _obvious_list(p, c, threshold, outcome)
                found = outcome_samples(p, c, threshold, outcome)
                assert found.rows.tolist() == expected
                assert found.total == len(expected) == getattr(counts, outcome)[0, c]


@pytest.mark.parametrize("seed", SEEDS)
def test_pages_put_together_are_the_whole_list(seed):
    p, rng = random_predictions(seed), np.random.default_rng(seed)
    size = int(rng.integers(1, 8))
    for outcome in OUTCOMES:
        threshold = _thresholds(p, 0, rng)[0]
        whole = outcome_samples(p, 0, threshold, outcome)
        starts = range(0, whole.total + size, size)  # one beyond the end
        pages = [outcome_samples(p, 0, threshold, outcome, start, size) for start in starts]
        assert [row for page in pages for row in page.rows.tolist()] == whole.rows.tolist()
        assert {page.total for page in pages} == {whole.total}
        assert all(len(page.rows) <= size for page in pages) and len(pages[-1].rows) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_flipped_samples_are_those_of_the_obvious_version(seed):
    p, rng = random_predictions(seed), np.random.default_rng(seed)
    ranked = RankedScores.from_predictions(p)
    for c in range(p.n_classes):
        for before, after in zip(_thresholds(p, c, rng), _thresholds(p, c, rng)[::-1], strict=True):
            expected = _obvious_flips(p, c, before, after)
            found = flipped_samples(p, c, before, after)
            assert sorted(found.samples.rows.tolist()) == sorted(row for row, _, _ in expected)
            positives = sum(was in ("tp", "fn") for _, was, _ in expected)
            assert (found.n_positives, found.n_negatives) == (positives, len(expected) - positives)
            assert found.samples.total == len(expected) == n_class_flips(ranked, c, before, after)
            assert all((now in ("tp", "fp")) == found.now_predicted for _, _, now in expected)
            if np.isfinite(after):
                away = np.abs(p.scores[found.samples.rows, c].astype(float) - float(after))
                assert np.array_equal(away, [abs(float(p.scores[row, c]) - float(after)) for row, _, _ in expected])


@pytest.mark.parametrize("seed", SEEDS)
def test_flips_of_all_classes_equal_counts_and_cells(seed):
    p, rng = random_predictions(seed), np.random.default_rng(seed)
    ranked = RankedScores.from_predictions(p)
    before, after = _threshold_sets(p, rng, 2)
    flips = [_obvious_flips(p, c, *pair) for c, pair in enumerate(_pairs(before, after))]
    counts = FlipCounts.between(ranked.counts(before), ranked.counts(after))
    kinds = {"gained": ("fn", "tp"), "lost": ("tp", "fn"), "added": ("tn", "fp"), "removed": ("fp", "tn")}
    for name, (was, now) in kinds.items():
        expected = [sum(flip[1:] == (was, now) for flip in of_class) for of_class in flips]
        assert getattr(counts, name).tolist() == expected
    per_sample = np.bincount([row for of_class in flips for row, _, _ in of_class], minlength=p.n_samples)
    found = flips_per_sample(p, before, after)
    assert found.tolist() == per_sample.tolist()
    assert counts.total.sum() == found.sum()
    expected = sorted(np.flatnonzero(per_sample).tolist(), key=lambda row: -per_sample[row])
    assert most_flips(found).rows.tolist() == expected
    assert most_flips(found, 1, 2).rows.tolist() == expected[1:3]


def _pairs(before, after):
    return zip(before.score_thresholds, after.score_thresholds, strict=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_cells_of_all_samples_add_up_to_the_counts(seed):
    p, rng = random_predictions(seed), np.random.default_rng(seed)
    (thresholds,) = _threshold_sets(p, rng, 1)
    counts = Counts.from_predicted(p, thresholds.predict(p))
    cells = [sample_cells(p, row, thresholds) for row in range(p.n_samples)]
    for c, threshold in enumerate(thresholds.score_thresholds):
        outcomes = [cell.outcomes[c] for cell in cells]
        assert outcomes == [_outcome(p.labels[row, c], p.scores[row, c], threshold) for row in range(p.n_samples)]
        for outcome in OUTCOMES:
            assert outcomes.count(outcome) == getattr(counts, outcome)[0, c]


@pytest.mark.parametrize("seed", SEEDS)
def test_cells_of_a_sample_are_ordered_wrong_first_and_nearest_first(seed):
    p, rng = random_predictions(seed), np.random.default_rng(seed)
    (thresholds,) = _threshold_sets(p, rng, 1)
    cells = sample_cells(p, int(rng.integers(p.n_samples)), thresholds)
    rank = {"fp": 0, "fn": 0, "tp": 1, "tn": 1, "unknown": 2}
    keys = [(rank[cells.outcomes[c]], abs(cells.distances[c])) for c in cells.order()]
    assert keys == sorted(keys)
    assert not np.isnan(cells.distances).any()
    assert cells.wrong.tolist() == [outcome in ("fp", "fn") for outcome in cells.outcomes]
