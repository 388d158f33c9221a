"""The fewest false alarms for every number of true positives of all classes together, exact.

A multiple-choice knapsack: one step per class. Knows counts only, and nothing of floors.
"""

import numpy as np

from dashboard.core.policies.ladders import Ladder

NARROW = 1 << 30  # false alarms; below that int32 holds two of them


class Knapsack:
    """Tables over the classes in order of rising support, so that the early ones are short.

    false_alarms: (n + 1,) the fewest at exactly t true positives, `impossible` or more where no steps give them. A step
    that another of its class beats is left out, so the best t may be missing where a larger one costs no more.
    Takes a time of the number of steps times that of positives, and a table of positives per class.
    """

    def __init__(self, ladders: list[Ladder]):
        kept = [_fewest_false_alarms(each) for each in ladders]
        most = sum(int((each.predicted - each.tp)[-1]) for each in ladders)
        self.impossible = NARROW if most < NARROW else 1 << 62
        dtype = np.int32 if most < NARROW else np.int64
        self._steps = [(index, each.tp[index], (each.predicted - each.tp)[index].astype(dtype)) for index, each in kept]
        self._order = sorted(range(len(ladders)), key=lambda c: int(ladders[c].tp[-1]))
        self._tables = [np.zeros(1, dtype)]
        for c in self._order:
            self._tables.append(self._with_class(self._tables[-1], c))

    @property
    def false_alarms(self) -> np.ndarray:
        return self._tables[-1]

    def steps(self, n_found: int) -> np.ndarray:
        """The step of each class, (n_classes,), that together give `n_found` at the fewest false alarms.

        Of several such choices one with high thresholds in the classes of high support.
        """
        chosen, left = np.zeros(len(self._order), dtype=np.int64), n_found
        for position in range(len(self._order) - 1, -1, -1):
            before, after = self._tables[position : position + 2]
            index, tp, fp = self._steps[self._order[position]]
            rest = left - tp
            possible = (rest >= 0) & (rest < len(before))
            total = np.where(possible, before[np.where(possible, rest, 0)] + fp, self.impossible)
            step = int(np.flatnonzero(total == after[left])[0])
            chosen[self._order[position]], left = index[step], int(rest[step])
        return chosen

    def _with_class(self, before, c):
        _, tp, fp = self._steps[c]
        after = np.full(len(before) + int(tp[-1]), self.impossible, dtype=before.dtype)
        for found, false_alarms in zip(tp.tolist(), fp, strict=True):
            part = after[found : found + len(before)]
            np.minimum(part, before + false_alarms, out=part)
        return np.minimum(after, self.impossible)


def _fewest_false_alarms(steps: Ladder) -> tuple[np.ndarray, Ladder]:
    """Of steps with equal false alarms only the last, which finds the most; their indices, and all steps."""
    fp = steps.predicted - steps.tp
    return np.flatnonzero(np.append(fp[1:] != fp[:-1], True)), steps
