"""The ranking figures carry core's values, their direction, and how many classes or samples they skip."""

import numpy as np
import pytest
from sklearn.metrics import label_ranking_loss, roc_auc_score

from dashboard.core import Predictions, RankedScores
from dashboard.core.ranking_summary import ranking_summary


@pytest.fixture
def ranked():
    rng = np.random.default_rng(5)
    labels = (rng.random((50, 4)) < [0.5, 0.3, 0.2, 0.0]).astype(np.int8)
    labels[0] = -1
    return RankedScores.from_predictions(Predictions(rng.normal(size=labels.shape), labels))


def _by_name(figures):
    return {each.name: each for each in figures}


def test_ranking_summary_values(ranked):
    p, figures = ranked.predictions, _by_name(ranking_summary(ranked))
    known = p.labels[1:, :3], p.scores[1:, :3]
    assert figures["ROC AUC, macro"].value == pytest.approx(roc_auc_score(*known, average="macro"), abs=1e-12)
    assert figures["ranking loss"].value == pytest.approx(label_ranking_loss(p.labels[1:], p.scores[1:]), abs=1e-12)


def test_ranking_summary_counts_what_it_leaves_out(ranked):
    figures = _by_name(ranking_summary(ranked))
    assert figures["average precision, macro"].n_left_out == 1
    assert figures["average precision, micro"].n_left_out == 0
    assert figures["coverage error"].n_left_out == 1


def test_ranking_summary_says_the_direction(ranked):
    lower = {each.name for each in ranking_summary(ranked) if not each.higher_is_better}
    assert lower == {"coverage error", "ranking loss", "one-error"}


def test_ranking_summary_has_no_k_beyond_the_classes(ranked):
    assert "precision at 5" not in _by_name(ranking_summary(ranked))


def test_ranking_summary_reports_progress(ranked):
    shares = []
    ranking_summary(ranked, progress=shares.append)
    assert len(shares) > 5 and shares == sorted(shares) and shares[-1] == 1.0
