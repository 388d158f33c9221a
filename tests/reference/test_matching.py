"""The cut at a reader's operating point against trying every threshold there is, with exact fractions."""

from fractions import Fraction

import numpy as np
import pytest

from dashboard.core import Counts
from dashboard.core.matching import FOUND, NO_POSITIVES, NOTHING_PREDICTED, OUT_OF_REACH, reader_match
from tests.reference.small_problems import small_problem


def _decided(p, seed):
    rng = np.random.default_rng(seed)
    decided = np.where(rng.random(p.n_samples) < 0.7, p.labels[:, 0], rng.integers(0, 2, p.n_samples)).astype(np.int8)
    decided[decided < 0] = 0
    if seed % 2:
        decided[rng.random(p.n_samples) < 0.3] = -1
    if seed % 9 == 4:
        decided[decided > 0] = 0
    return decided


def _cells(p, decided):
    judged = (p.labels[:, 0] >= 0) & (decided >= 0)
    return p.labels[judged, 0] == 1, p.scores[judged, 0], decided[judged] == 1


def _tp_and_predicted(labels, predicted):
    return int((labels & predicted).sum()), int(predicted.sum())


def _every_cut(labels, scores):
    for threshold in np.unique(scores):
        yield _tp_and_predicted(labels, scores >= threshold)


def _tp_and_fp(cut):
    return int(cut.counts.tp[0, 0]), int(cut.counts.tp[0, 0] + cut.counts.fp[0, 0])


SEEDS = range(400)


@pytest.mark.parametrize("seed", SEEDS)
def test_at_recall_is_the_most_precise_cut_that_finds_as_many(seed):
    p = small_problem(seed)
    decided = _decided(p, seed)
    labels, scores, by_reader = _cells(p, decided)
    found = reader_match(p, decided, 0).at_recall
    if not labels.any():
        assert found.state == NO_POSITIVES and found.counts is None
        return
    wanted = _tp_and_predicted(labels, by_reader)[0]
    best = max((Fraction(tp, n), tp) for tp, n in _every_cut(labels, scores) if tp >= wanted)
    tp, n = _tp_and_fp(found)
    assert (Fraction(tp, n), tp) == best


@pytest.mark.parametrize("seed", SEEDS)
def test_at_precision_is_the_cut_that_finds_most(seed):
    p = small_problem(seed)
    decided = _decided(p, seed)
    labels, scores, by_reader = _cells(p, decided)
    found = reader_match(p, decided, 0).at_precision
    reader_tp, reader_n = _tp_and_predicted(labels, by_reader)
    if not reader_n:
        assert found.state == NOTHING_PREDICTED
        return
    if not labels.any():
        assert found.state == NO_POSITIVES
        return
    wanted = Fraction(reader_tp, reader_n)
    reach = [(tp, Fraction(tp, n)) for tp, n in _every_cut(labels, scores) if Fraction(tp, n) >= wanted]
    if not reach:
        assert found.state == OUT_OF_REACH and found.counts is None
        return
    tp, n = _tp_and_fp(found)
    assert (tp, Fraction(tp, n)) == max(reach)


@pytest.mark.parametrize("seed", SEEDS)
def test_thresholds_decide_as_their_counts_say(seed):
    p = small_problem(seed)
    decided = _decided(p, seed)
    labels, scores, _ = _cells(p, decided)
    match = reader_match(p, decided, 0)
    assert (match.n_judged, match.n_known) == (len(labels), int((p.labels[:, 0] >= 0).sum()))
    for cut in (match.at_recall, match.at_precision):
        if cut.state == FOUND:
            assert cut.dropped < cut.score_threshold <= cut.kept or np.isneginf(cut.kept)
            assert cut.score_threshold.dtype == p.scores.dtype
            assert _tp_and_fp(cut) == _tp_and_predicted(labels, scores >= cut.score_threshold)


@pytest.mark.parametrize("seed", SEEDS[:80])
def test_the_readers_counts_are_those_of_every_other_table(seed):
    p = small_problem(seed)
    decided = np.full(p.labels.shape, -1, dtype=np.int8)
    decided[:, 0] = _decided(p, seed)
    expected = Counts.from_reader(p, decided)
    found = reader_match(p, decided[:, 0], 0).counts
    for name in ("tp", "fp", "fn", "tn"):
        assert getattr(found, name)[0, 0] == getattr(expected, name)[0, 0]
