"""True and false positives and negatives: what every metric is a function of. Knows nothing of scores."""

from dataclasses import dataclass

import numpy as np

from dashboard.core.predictions import Predictions


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts over the known cells of each class, int64, each (n_thresholds, n_classes)."""

    tp: np.ndarray
    fp: np.ndarray
    fn: np.ndarray
    tn: np.ndarray

    @classmethod
    def from_predicted(cls, p: Predictions, predicted) -> "Counts":
        """The counts of given decisions, bool (n_samples, n_classes): one row. For readers and row rules."""
        predicted = np.asarray(predicted)
        if predicted.shape != p.labels.shape or predicted.dtype != bool:
            raise ValueError(
                f"predicted must be bool of shape {p.labels.shape}, got {predicted.dtype} {predicted.shape}"
            )
        tp = np.zeros((1, p.n_classes), dtype=np.int64)
        fp = np.zeros_like(tp)
        for start in range(0, p.n_samples, 65_536):  # blocks keep the boolean temporaries small
            rows = slice(start, start + 65_536)
            tp += (predicted[rows] & (p.labels[rows] == 1)).sum(axis=0)
            fp += (predicted[rows] & (p.labels[rows] == 0)).sum(axis=0)
        return cls(tp, fp, p.support - tp, p.n_known - p.support - fp)

    @classmethod
    def from_reader(cls, p: Predictions, decided) -> "Counts":
        """The counts of a reader's decisions, int8 (n_samples, n_classes): one row.

        1 positive, 0 negative, -1 not decided; what was not decided is left out.
        """
        decided = np.asarray(decided)
        return cls.from_predicted(p.without_cells(decided < 0), decided == 1)

    @property
    def support(self) -> np.ndarray:
        """Known positives, (n_thresholds, n_classes)."""
        return self.tp + self.fn

    def pooled(self) -> "Counts":
        """Summed over classes, (n_thresholds, 1): the counts behind micro averages."""
        return Counts(*(array.sum(axis=1, keepdims=True) for array in (self.tp, self.fp, self.fn, self.tn)))
