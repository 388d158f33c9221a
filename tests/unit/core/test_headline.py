"""Headline figures against scikit-learn, and what they say without whole rows."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, hamming_loss

from dashboard.core import Predictions, RankedScores, ThresholdSet
from dashboard.core.exact_match import ExactMatch
from dashboard.core.headline import fixed_headlines, headline_at


@pytest.fixture
def ranked():
    rng = np.random.default_rng(3)
    labels = (rng.random((60, 4)) < [0.5, 0.3, 0.1, 0.0]).astype(np.int8)
    return RankedScores.from_predictions(Predictions(rng.normal(size=labels.shape), labels))


def test_headline_at_equals_scikit_learn(ranked):
    p = ranked.predictions
    predicted = p.scores >= 0
    figures = headline_at(ranked, 0.5, rowwise=True)
    for average in ("micro", "macro", "weighted", "samples"):
        expected = f1_score(p.labels, predicted, average=average, zero_division=0)
        assert getattr(figures, f"{average}_f1") == pytest.approx(expected, abs=1e-12)
    assert figures.exact_match == accuracy_score(p.labels, predicted)
    assert figures.per_cell_accuracy == pytest.approx(1 - hamming_loss(p.labels, predicted), abs=1e-12)
    assert figures.predicted_cardinality == pytest.approx(predicted.sum(axis=1).mean(), abs=1e-12)
    assert figures.n_predicted_empty == (~predicted.any(axis=1)).sum()


def test_headline_at_without_rows_leaves_them_open(ranked):
    figures = headline_at(ranked, 0.5, rowwise=False)
    assert figures.samples_f1 is None and figures.exact_match is None and figures.n_predicted_empty is None


def test_headline_at_takes_exact_match_for_one_common_threshold(ranked):
    p = ranked.predictions
    exact_match = ExactMatch.from_predictions(p)
    common = ThresholdSet.from_unit(p, 0.4)
    figures = headline_at(ranked, common, rowwise=False, exact_match=exact_match)
    assert figures.exact_match == headline_at(ranked, common, rowwise=True).exact_match
    own = ThresholdSet.from_unit(p, np.array([0.4, 0.5, 0.6, 0.7]))
    assert headline_at(ranked, own, rowwise=False, exact_match=exact_match).exact_match is None


def test_headline_counts_classes_never_predicted(ranked):
    p = ranked.predictions
    thresholds = ThresholdSet.from_scores(p, np.array([np.inf, 0.0, np.inf, 0.0]))
    assert headline_at(ranked, thresholds, rowwise=False).n_never_predicted == 2


@pytest.mark.parametrize(("name", "decision"), [("predict nothing", 0), ("predict everything", 1)])
def test_fixed_headlines_of_trivial_decisions(ranked, name, decision):
    p = ranked.predictions
    predicted = np.full_like(p.labels, decision)
    figures = fixed_headlines(ranked, {}, rowwise=True)[name]
    assert figures.macro_f1 == pytest.approx(f1_score(p.labels, predicted, average="macro", zero_division=0), abs=1e-12)
    assert figures.exact_match == accuracy_score(p.labels, predicted)


def test_fixed_headlines_of_a_reader_leave_out_what_was_not_decided(ranked):
    p = ranked.predictions
    undecided = np.arange(p.labels.size).reshape(p.labels.shape) % 7 == 0
    decided = np.where(undecided, -1, (p.scores > 0.3).astype(np.int8))
    figures = fixed_headlines(ranked, {"first": decided}, rowwise=True)["reader: first"]
    expected = f1_score(p.labels[~undecided], decided[~undecided])
    assert figures.micro_f1 == pytest.approx(expected, abs=1e-12)
    right = ((decided == p.labels) | undecided).all(axis=1)[(~undecided).any(axis=1)]
    assert figures.exact_match == right.mean()
