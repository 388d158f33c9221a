"""How the best threshold of a class scatters when the samples are drawn again. Knows nothing of screens.

The best threshold converges slowly (with the cube root of the number of samples), so this is shown as a histogram and
a range, and is no test of anything.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.retuning import PER_CLASS, retune
from dashboard.core.scale import threshold_between, to_unit_threshold

COVERED = (0.025, 0.975)


@dataclass(frozen=True, eq=False)
class ThresholdStability:
    """Thresholds chosen anew in each replicate.

    score_thresholds: (n_replicates, n_classes) in the dtype of the scores; +inf where the replicate held no positive.
    low, high: (n_classes,) what 95 % of the replicates with one lie between; NaN without any.
    """

    score_thresholds: np.ndarray
    low: np.ndarray
    high: np.ndarray
    score_kind: str

    def histogram(self, c: int, n_bins: int = 40) -> tuple[np.ndarray, np.ndarray]:
        """How many replicates chose a threshold in each bin of the 0-1 scale, and the edges; never is left out."""
        shown = to_unit_threshold(self.score_thresholds[:, c], self.score_kind)
        return np.histogram(shown[~np.isnan(shown)], bins=n_bins, range=(0.0, 1.0))


def threshold_stability(
    r: RankedScores,
    units,
    objective: str = PER_CLASS,
    beta: float = 1.0,
    n_replicates: int = 200,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> ThresholdStability:
    """Retune on resamples of units; objective and beta as `retuning.retune` takes them."""
    retuned = retune(r.predictions, units, objective, beta, n_replicates, seed, progress)
    thresholds = np.stack([_between(r, c, kept) for c, kept in enumerate(retuned.kept.T)], axis=1)
    low, high = _range(thresholds, r.predictions)
    return ThresholdStability(thresholds, low, high, r.predictions.score_kind)


def _between(r, c, kept):
    known = r.known(c)
    below = np.searchsorted(known, kept) - 1
    dropped = np.where(below >= 0, known[below], -np.inf).astype(kept.dtype) if len(known) else kept
    return np.where(np.isinf(kept), kept, threshold_between(dropped, kept))


def _range(thresholds, p: Predictions):
    """Order statistics, so that no threshold is made up between two; +inf (never) sorts last and is not counted."""
    ordered = np.sort(thresholds, axis=0)
    last = (ordered < np.inf).sum(axis=0) - 1
    at = [np.rint(np.maximum(last, 0) * share).astype(np.int64) for share in COVERED]
    bounds = (np.take_along_axis(ordered, index[None], axis=0)[0] for index in at)
    return tuple(np.where(last >= 0, bound, np.nan).astype(p.scores.dtype) for bound in bounds)
