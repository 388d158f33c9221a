import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet
from dashboard.core.flips import FlipCounts, flips_per_sample
from dashboard.core.sample_cells import distance, sample_cells
from dashboard.core.sample_lists import flipped_samples, outcome_samples, page_of_smallest

SCORES = np.array([[0.9], [0.5], [0.4], [0.5], [0.1], [0.6], [0.45]], dtype=np.float32)
LABELS = np.array([[0], [0], [1], [0], [0], [1], [-1]])


@pytest.fixture
def p():
    return Predictions(SCORES, LABELS, "probabilities")


@pytest.mark.parametrize(("outcome", "rows"), [("fp", [1, 3, 0]), ("tp", [5]), ("fn", [2]), ("tn", [4])])
def test_outcome_samples_lie_nearest_first_with_ties_in_row_order(p, outcome, rows):
    assert outcome_samples(p, 0, np.float32(0.5), outcome).rows.tolist() == rows


def test_outcome_samples_on_the_other_side_go_downwards(p):
    assert outcome_samples(p, 0, np.float32(1), "tn").rows.tolist() == [0, 1, 3, 4]


def test_outcome_samples_pages_tell_the_whole_length(p):
    page = outcome_samples(p, 0, np.float32(0.5), "fp", start=1, n=1)
    assert (page.rows.tolist(), page.total) == ([3], 3)


def test_outcome_samples_rounds_a_threshold_of_another_dtype_up(p):
    above = float(np.float32(0.4)) + 1e-12  # float32 cannot say it: the next float32 decides the same
    assert outcome_samples(p, 0, above, "fn").rows.tolist() == [2]


def test_flipped_samples_of_a_fallen_threshold_are_predicted_now(p):
    flips = flipped_samples(p, 0, np.float32(0.6), np.float32(0.4))
    assert (flips.samples.rows.tolist(), flips.samples.total) == ([2, 1, 3], 3)
    assert (flips.now_predicted, flips.n_positives, flips.n_negatives) == (True, 1, 2)


def test_flipped_samples_of_a_risen_threshold_start_below_it(p):
    flips = flipped_samples(p, 0, np.float32(0.4), np.float32(0.6))
    assert flips.samples.rows.tolist() == [1, 3, 2]
    assert not flips.now_predicted


def test_flip_counts_between_names_what_was_gained_and_lost():
    p = Predictions(
        np.array([[0.2, 0.8], [0.3, 0.7], [0.35, 0.1]]), np.array([[1, 1], [0, 0], [0, 1]]), "probabilities"
    )
    r = RankedScores.from_predictions(p)
    before, after = ThresholdSet.from_unit(p, [0.5, 0.5]), ThresholdSet.from_unit(p, [0.1, 0.9])
    flips = FlipCounts.between(r.counts(before), r.counts(after))
    assert [values.tolist() for values in (flips.gained, flips.lost, flips.added, flips.removed)] == [
        [1, 0],
        [0, 1],
        [2, 0],
        [0, 1],
    ]
    assert flips.total.tolist() == [3, 2]


def test_flips_per_sample_crosses_byte_and_block_borders():
    rng = np.random.default_rng(0)
    scores = rng.random((3, 700_001), dtype=np.float32)  # more cells than a block, no multiple of eight
    p = Predictions(scores, np.ones(scores.shape, np.int8), "probabilities", range(scores.shape[1]))
    before, after = ThresholdSet.from_unit(p, 0.5), ThresholdSet.from_unit(p, 0.25)
    expected = ((scores >= 0.25) & (scores < 0.5)).sum(axis=1)
    assert flips_per_sample(p, before, after).tolist() == expected.tolist()


def test_flips_per_sample_refuses_thresholds_of_other_data(p):
    other = ThresholdSet.from_unit(Predictions(SCORES, LABELS, "logits"), 0.5)
    with pytest.raises(ValueError, match="the threshold set is for"):
        flips_per_sample(p, other, other)


def test_page_of_smallest_of_equal_keys_keeps_their_order():
    assert page_of_smallest(np.zeros(10), 3, 4).tolist() == [3, 4, 5, 6]
    assert page_of_smallest(np.zeros(0), 0, 4).tolist() == []


def test_sample_cells_of_one_sample():
    p = Predictions(np.array([[0.9, 0.2, 0.6, 0.5, 0.4]]), np.array([[1, 1, 0, -1, 0]]), "probabilities")
    cells = sample_cells(p, 0, ThresholdSet.from_unit(p, 0.5))
    assert cells.outcomes.tolist() == ["tp", "fn", "fp", "unknown", "tn"]
    assert cells.order().tolist() == [2, 1, 4, 0, 3]
    np.testing.assert_allclose(cells.distances, [0.4, -0.3, 0.1, 0.0, -0.1])


def test_distance_of_equal_infinities_is_zero():
    assert distance([np.inf, -np.inf, 1.0], [np.inf, np.inf, -np.inf]).tolist() == [0.0, -np.inf, np.inf]
