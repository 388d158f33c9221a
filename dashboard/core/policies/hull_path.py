"""All classes' hull edges merged by falling slope: how true positives and predictions grow together.

Every prefix is the best choice of thresholds for some price of a prediction. Between prefixes lie better ones that no
price finds; a straight line bounds them. Knows counts only.
"""

import numpy as np

from dashboard.core.policies.ladders import Ladder


class HullPath:
    """tp, predicted: (n_edges + 1,) totals after each prefix of edges, from all classes at their first step."""

    def __init__(self, hulls: list[Ladder]):
        gained, more = (
            np.concatenate([np.diff(getattr(each, name)) for each in hulls]) for name in ("tp", "predicted")
        )
        classes = np.repeat(np.arange(len(hulls)), [len(each) - 1 for each in hulls])
        order = np.argsort(-(gained / more), kind="stable")  # equal slopes of one class stay in their order
        self._classes, self._n_classes = classes[order], len(hulls)
        first = [sum(int(getattr(each, name)[0]) for each in hulls) for name in ("tp", "predicted")]
        self.tp, self.predicted = (
            start + np.concatenate([[0], np.cumsum(each[order])])
            for start, each in zip(first, (gained, more), strict=True)
        )

    @property
    def precision(self) -> np.ndarray:
        """0 where nothing is predicted."""
        return self.tp / np.maximum(1, self.predicted)

    def vertices(self, n_edges: int) -> np.ndarray:
        """How many edges of each hull are among the first ones: (n_classes,)."""
        return np.bincount(self._classes[:n_edges], minlength=self._n_classes)

    def most_found(self, n_edges: int, floor: float) -> float:
        """No thresholds have more true positives at a precision of `floor`, the last prefix that reaches it given."""
        tp, predicted = (each[n_edges : n_edges + 2].tolist() for each in (self.tp, self.predicted))
        if len(tp) == 1:
            return float(tp[0])
        lost = floor * (predicted[1] - predicted[0]) - (tp[1] - tp[0])
        share = min(1.0, max(0.0, (tp[0] - floor * predicted[0]) / lost)) if lost > 0 else 1.0
        return tp[0] + share * (tp[1] - tp[0])

    def highest_precision(self, n_found: int) -> float:
        """No thresholds that find at least `n_found` have a higher precision."""
        first = int(np.searchsorted(self.tp, n_found))
        highest = float(self.precision[first:].max())
        if not first or not n_found:
            return highest
        tp, predicted = self.tp[first - 1 : first + 1], self.predicted[first - 1 : first + 1]
        needed = predicted[0] + (n_found - tp[0]) / (tp[1] - tp[0]) * (predicted[1] - predicted[0])
        return max(highest, float(n_found / needed))
