"""Isotonic regression of labels on scores: the rising step function nearest to them, in exact counts.

The blocks that pooling adjacent violators ends with are the edges of the concave hull of (predicted, true positives),
so the vectorised hull of the thresholds finds them. Knows nothing of what the values are used for.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core.concave_hull import hull_vertices
from dashboard.core.ranking import RankedScores


@dataclass(frozen=True, eq=False)
class Steps:
    """starts: (n_blocks,) the lowest score of each block, ascending, in the dtype of the scores; values: (n_blocks,)
    float64, strictly rising. Without a known cell there is no block.
    """

    starts: np.ndarray
    values: np.ndarray

    def at(self, scores) -> np.ndarray:
        """The value of the last block that starts at or below each score; below all of them the lowest value."""
        return self.values[np.maximum(np.searchsorted(self.starts, scores, side="right") - 1, 0)]


def isotonic_steps(r: RankedScores, c: int) -> Steps:
    """The steps of one class; equal scores have one value. At the known scores they are as
    `sklearn.isotonic.IsotonicRegression`, which joins the steps by straight lines in between.
    """
    known, cuts = r.known(c), r.positive_cuts(c)
    predicted = np.concatenate([[0], cuts.tp + cuts.fp])
    tp = np.concatenate([[0], cuts.tp])
    vertices = hull_vertices(predicted, tp)
    values = np.diff(tp[vertices]) / np.diff(predicted[vertices])
    starts = cuts.scores[vertices[1:] - 1]
    if len(known) > predicted[-1]:  # below the lowest positive
        values, starts = np.append(values, 0.0), np.append(starts, known[0])
    return Steps(starts[::-1].astype(known.dtype), values[::-1])
