import numpy as np

from dashboard.core import Predictions
from dashboard.core.curves import Cuts
from dashboard.core.matching import (
    FOUND,
    NO_POSITIVES,
    NOTHING_PREDICTED,
    OUT_OF_REACH,
    _highest_precision,
    reader_match,
)

SCORES = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2])[:, None]
LABELS = np.array([1, 0, 1, 1, 0, 1, 0, 0], dtype=np.int8)[:, None]


def match(decided, labels=LABELS, scores=SCORES):
    p = Predictions(scores, labels, "probabilities")
    return reader_match(p, np.array(decided, dtype=np.int8), 0)


def counted(cut):
    return [int(getattr(cut.counts, name)[0, 0]) for name in ("tp", "fp", "fn", "tn")]


def test_at_recall_takes_a_higher_precision_further_down():
    """A reader who found two of four: the third positive comes without a false alarm, so it is taken too."""
    found = match([1, 0, 1, 0, 0, 0, 0, 0]).at_recall
    assert counted(found) == [3, 1, 1, 3]
    assert 0.5 < found.score_threshold <= 0.6


def test_at_precision_finds_the_most_that_is_as_precise():
    found = match([1, 1, 1, 0, 0, 0, 0, 0]).at_precision
    assert counted(found) == [4, 2, 0, 2]  # 4 of 6 is exactly 2 of 3


def test_a_precision_out_of_reach_is_said():
    found = match([1, 0, 1, 0, 0, 0, 0, 0], scores=SCORES[::-1])
    assert found.at_precision.state == OUT_OF_REACH and found.at_precision.score_threshold is None
    assert found.at_recall.state == FOUND


def test_cells_the_reader_left_open_are_left_out_for_the_model_too():
    found = match([1, -1, 1, 0, 0, -1, 0, 0])
    assert (found.n_judged, found.n_known) == (6, 8)
    assert counted(found.at_recall) == [3, 0, 0, 3]


def test_what_is_undefined_is_said():
    silent = match([0] * 8)
    assert silent.at_precision.state == NOTHING_PREDICTED
    assert counted(silent.at_recall) == [1, 0, 3, 4]  # any recall is enough: the most precise cut
    empty = match([1] * 8, labels=np.zeros_like(LABELS))
    assert empty.at_recall.state == empty.at_precision.state == NO_POSITIVES


def test_fractions_that_floats_cannot_tell_apart_are_not_equal():
    tp = np.array([300_000_000, 300_000_001])
    cuts = Cuts(np.array([1.0, 0.0]), tp, np.array([1, 1]))
    assert tp[0] / (tp[0] + 1) == tp[1] / (tp[1] + 1)
    assert _highest_precision(cuts, np.arange(2)) == 1
    assert _highest_precision(Cuts(cuts.scores[::-1], tp[::-1], cuts.fp), np.arange(2)) == 0
