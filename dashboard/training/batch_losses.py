"""The losses of all variants on one batch: parameters resolved once, and what the targets decide found once a batch.

Every loss is the mean over the cells or rows that count, also where the official code sums: a step must not grow with
the batch. Knows nothing of models.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from dashboard.losses import ClassCounts, LossSettings
from dashboard.losses.variant import Cells, check_shapes


@dataclass(frozen=True, eq=False)
class BatchTargets:
    """targets: (n_samples, n_classes), 0 where unknown; known: bool; given: as they came, below 0 where unknown.

    all_known: True only where it was looked at: on a GPU the answer would have to be waited for.
    """

    targets: torch.Tensor
    known: torch.Tensor
    given: torch.Tensor
    all_known: bool

    @classmethod
    def of(cls, targets: torch.Tensor) -> "BatchTargets":
        known = targets >= 0
        all_known = targets.device.type == "cpu" and bool(known.all())
        return cls(targets if all_known else torch.where(known, targets, 0), known, targets, all_known)


class PreparedLoss:
    """A loss with its parameters as tensors, for batches of one data set."""

    def __init__(self, settings: LossSettings, counts: ClassCounts, like: torch.Tensor):
        """like: any tensor (n_samples, n_classes) of the dtype and on the device of the logits to come."""
        self.settings, self.variant = settings, settings.variant
        self.counts = counts
        self.arguments = self.variant.arguments(dict(settings.given), counts, like)

    def mean(self, logits: torch.Tensor, batch: BatchTargets) -> torch.Tensor:
        """(), as `reduced(..., "mean")` gives it, but 0 without a gradient where nothing in the batch counts."""
        counted = self._counted(batch)
        kept = logits if counted is None or self.variant.unit != "cell" else torch.where(counted, logits, 0.0)
        if self.variant.unit != "cell" and not batch.all_known:
            kept = torch.where(batch.known, logits, 0.0)
        values = self.variant.function(Cells(kept, batch.targets, batch.known, self.counts), **self.arguments)
        if counted is None:
            return values.mean() if values.numel() else values.sum()
        return torch.where(counted, values, 0.0).sum() / counted.sum().clamp(min=1)

    def _counted(self, batch: BatchTargets) -> torch.Tensor | None:
        """The units that count; None for all."""
        if self.variant.unit == "batch" or (batch.all_known and self.variant.counted is None):
            return None
        return self.settings.counted_in(batch.given)


def prepare_losses(losses: Sequence[LossSettings], counts: ClassCounts, like: torch.Tensor) -> list[PreparedLoss]:
    """counts are moved to the device of `like`, unless it has no float64: there each use brings them over."""
    if like.device.type != "mps":
        counts = ClassCounts(counts.positives.to(like.device), counts.known.to(like.device))
    check_shapes(like, like)
    return [PreparedLoss(loss, counts, like) for loss in losses]
