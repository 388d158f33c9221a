"""What counts become when labels turn out to be wrong: the decisions stay, the labels are turned round.

Knows nothing of who says so. Only the named cells change, so where only errors were looked at, the corrected counts
are no estimate of what looking at every sample would give.
"""

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.predictions import UNKNOWN, Predictions
from dashboard.core.thresholds import ThresholdSet


def corrected_counts(counts: Counts, p: Predictions, thresholds: ThresholdSet, rows, classes) -> Counts:
    """One row of counts with the labels of the cells (rows[i], classes[i]) turned round; unknown cells stay so.

    rows, classes: indices of one length, each cell named once. `counts` must be those at `thresholds`.
    """
    thresholds.check_applies_to(p)
    rows, classes = (np.asarray(each, dtype=np.int64) for each in (rows, classes))
    known = p.labels[rows, classes] != UNKNOWN
    rows, classes = rows[known], classes[known]
    gain = np.where(p.labels[rows, classes] == 1, -1, 1)  # of positives
    predicted = p.scores[rows, classes] >= thresholds.score_thresholds[classes]
    among, left_out = np.zeros_like(counts.tp), np.zeros_like(counts.tp)
    np.add.at(among[0], classes[predicted], gain[predicted])
    np.add.at(left_out[0], classes[~predicted], gain[~predicted])
    return Counts(counts.tp + among, counts.fp - among, counts.fn + left_out, counts.tn - left_out)
