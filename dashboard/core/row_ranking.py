"""How well each sample ranks its own classes: scikit-learn's multi-label ranking metrics, and one-error and P@k.

Knows nothing of thresholds. Only known cells are ranked; samples without any are left out and counted. Ties always
count against the ranking, whatever the order of the columns.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dashboard.core.predictions import Predictions
from dashboard.core.row_counts import row_blocks

Progress = Callable[[float], None] | None


@dataclass(frozen=True)
class RowMean:
    """A mean over samples, NaN without any, and how many samples it was taken over and had to leave out."""

    value: float
    n_rows_used: int
    n_rows_left_out: int


def label_ranking_average_precision(p: Predictions, *, progress: Progress = None) -> RowMean:
    """Mean over a sample's labels of the share of labels among the classes ranked at or above it; in [0, 1].

    A sample whose known cells are all positive or all negative scores 1.
    Equals scikit-learn's label_ranking_average_precision_score.
    """
    return _mean_over_rows(p, _average_precision_of_rows, progress)


def coverage_error(p: Predictions, *, progress: Progress = None) -> RowMean:
    """How many classes must be read from the top to meet all labels of a sample, on average; at least the cardinality.

    A sample without labels counts 0. Equals scikit-learn's coverage_error (some texts subtract 1).
    """
    return _mean_over_rows(p, lambda ranks: ranks.worst_rank(), progress)


def ranking_loss(p: Predictions, *, progress: Progress = None) -> RowMean:
    """Mean share of (positive, negative) pairs in a sample with the positive not above the negative; in [0, 1].

    A sample whose known cells are all positive or all negative counts 0. Equals scikit-learn's label_ranking_loss.
    """
    return _mean_over_rows(p, _ranking_loss_of_rows, progress)


def one_error(p: Predictions, *, count_rows_without_labels: bool = True, progress: Progress = None) -> RowMean:
    """Share of samples whose top class is not one of its labels; a top shared with a negative is an error.

    A sample without labels counts as an error, so that this is 1 - P@1; with `count_rows_without_labels=False` it is
    left out.
    """
    selected = None if count_rows_without_labels else lambda ranks: ranks.support > 0
    return _mean_over_rows(p, lambda ranks: 1.0 - ranks.n_hits(1), progress, selected)


def precision_at_k(p: Predictions, k: int, *, progress: Progress = None) -> RowMean:
    """Mean share of positives among a sample's k highest classes; of equal scores the negatives come first.

    Divided by k, or by the number of known cells of a sample that has fewer. A sample without labels counts 0.
    Raises ValueError unless k lies in 1..n_classes.
    """
    if not 1 <= k <= p.n_classes:
        raise ValueError(f"k must lie in 1..{p.n_classes}, the number of classes, got {k}")
    return _mean_over_rows(p, lambda ranks: ranks.n_hits(k) / np.minimum(k, ranks.n_known), progress)


class _Ranks:
    """Known cells of some rows in descending order of score, each with counts to the end of its tie group.

    is_positive: (n_rows, n_classes) in that order; n_positive, n_at_or_above: positives, known cells scored at least
    as high as the cell; support, n_known: (n_rows,).
    """

    def __init__(self, scores, labels):
        order = np.argsort(scores, axis=1)[:, ::-1]
        ordered_scores, ordered_labels = (np.take_along_axis(values, order, axis=1) for values in (scores, labels))
        self.is_positive = ordered_labels == 1
        self.support, self.n_known = self.is_positive.sum(axis=1), (labels >= 0).sum(axis=1)
        end = _end_of_tie_group(ordered_scores)
        self._n_positive_so_far = self.is_positive.cumsum(axis=1)
        self.n_positive = np.take_along_axis(self._n_positive_so_far, end, axis=1)
        self.n_at_or_above = np.take_along_axis((ordered_labels >= 0).cumsum(axis=1), end, axis=1)

    def sum_over_positives(self, values):
        return np.where(self.is_positive, values, 0).sum(axis=1)

    def worst_rank(self):
        return np.where(self.is_positive, self.n_at_or_above, 0).max(axis=1, initial=0)

    def n_hits(self, k):
        """Positives among the k highest, when the negatives of a tie group come before its positives."""
        position = self.n_at_or_above - self.n_positive + self._n_positive_so_far
        return (self.is_positive & (position <= k)).sum(axis=1)


def _end_of_tie_group(ordered_scores):
    n_rows, n_classes = ordered_scores.shape
    column = np.arange(n_classes)
    end = np.full((n_rows, n_classes), n_classes - 1)
    end[:, :-1] = np.where(ordered_scores[:, :-1] != ordered_scores[:, 1:], column[:-1], n_classes - 1)
    return np.minimum.accumulate(end[:, ::-1], axis=1)[:, ::-1]


def _average_precision_of_rows(ranks):
    share = ranks.n_positive / np.maximum(ranks.n_at_or_above, 1)  # a tie group of unknown cells has nothing above
    return np.where(ranks.support == 0, 1.0, ranks.sum_over_positives(share) / np.maximum(ranks.support, 1))


def _ranking_loss_of_rows(ranks):
    n_wrong = ranks.sum_over_positives(ranks.n_at_or_above - ranks.n_positive)
    return n_wrong / np.maximum(ranks.support * (ranks.n_known - ranks.support), 1)


def _mean_over_rows(p, metric, progress, selected=None):
    total, n_used = 0.0, 0
    for rows in row_blocks(p.n_samples, p.n_classes, progress):
        labels = p.labels[rows]
        known = (labels >= 0).any(axis=1)
        ranks = _Ranks(p.scores[rows][known], labels[known])
        used = slice(None) if selected is None else selected(ranks)
        values = metric(ranks)[used]
        total, n_used = total + float(values.sum()), n_used + len(values)
    return RowMean(total / n_used if n_used else np.nan, n_used, p.n_samples - n_used)
