"""The loaded scores as logits for losses: all rows, or a sample of them by a rule that is said.

Knows nothing of files; arrays come in.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from dashboard.losses.class_counts import ClassCounts

MOST_CELLS = 3_200_000  # 40,000 x 80
CLIPPED_AT = 1e-7
PARTS = 7  # kinds of cells within a class
EASY_FROM, HARD_BELOW = 0.9, 0.5  # probability given to what is true; below 0.5 a cell is wrong at threshold 0.5


@dataclass(frozen=True, eq=False)
class LoadedCells:
    """logits: (n_rows, n_classes) float64; targets: the same shape, 0, 1 or -1 for unknown, or soft in [0, 1].

    rows: (n_rows,) the samples taken, in their order; None for all. counts: of all samples, whether taken or not.
    eps, n_clipped: probabilities were clipped to [eps, 1 - eps] before the logit, and how many of the known cells
    taken moved; None and 0 for logits.
    """

    logits: torch.Tensor
    targets: torch.Tensor
    counts: ClassCounts
    rows: np.ndarray | None
    eps: float | None
    n_clipped: int

    @classmethod
    def of(cls, scores, labels, score_kind: str, *, eps: float = CLIPPED_AT, most_cells: int = MOST_CELLS):
        """Of arrays (n_samples, n_classes). Above `most_cells` evenly spaced rows are taken, the first one first."""
        rows = evenly_spaced(len(scores), max(1, most_cells // max(1, scores.shape[1])))
        taken, targets = (each if rows is None else each[rows] for each in (scores, labels))
        logits, n_clipped = torch.from_numpy(np.array(taken, dtype=np.float64)), 0
        targets = torch.from_numpy(np.array(targets, dtype=np.float64))
        if score_kind == "probabilities":
            n_clipped = int((((logits < eps) | (logits > 1 - eps)) & (targets >= 0)).sum())
            logits = torch.logit(logits.clamp(eps, 1 - eps))
        counts = ClassCounts.of((labels >= 0.5).sum(axis=0), (labels >= 0).sum(axis=0))
        return cls(logits, targets, counts, rows, eps if score_kind == "probabilities" else None, n_clipped)

    @cached_property
    def parts(self) -> torch.Tensor:
        """The kind of each cell, int64 (n_rows, n_classes): PARTS x class + 3 x target + ease; + 6 where unknown.

        ease 0: hard, what is true has a probability below HARD_BELOW; 2: easy, EASY_FROM or more; 1: between.
        """
        positive = self.targets >= 0.5
        right = torch.where(positive, self.logits, -self.logits)  # the logit of what is true
        low, high = torch.logit(torch.tensor([HARD_BELOW, EASY_FROM], dtype=torch.float64))
        kind = 3 * positive.long() + (right >= low).long() + (right >= high).long()
        return torch.where(self.targets >= 0, kind, 6) + PARTS * torch.arange(self.logits.shape[1])

    @cached_property
    def part_counts(self) -> torch.Tensor:
        """How many cells of each kind: (n_classes, PARTS) int64."""
        n_classes = self.logits.shape[1]
        return torch.bincount(self.parts.reshape(-1), minlength=PARTS * n_classes).view(n_classes, PARTS)


def evenly_spaced(n_rows: int, most: int) -> np.ndarray | None:
    """At most so many of the rows, i * n_rows // most for i from 0; None where all fit."""
    return None if n_rows <= most else np.arange(most) * n_rows // most
