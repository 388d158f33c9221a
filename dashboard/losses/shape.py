"""The shape of a loss: value and gradient of a cell against its logit, and where the gradient goes on loaded cells."""

from dataclasses import dataclass

import torch

from dashboard.losses.class_counts import ClassCounts
from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.settings import LossSettings
from dashboard.losses.variant import LossVariant

N_BINS = 20
ROWS = 2_000  # at a time: what autograd keeps of them stays in the processor's cache


@dataclass(frozen=True, eq=False)
class LossCurve:
    """logits: (n_points,) ascending. values, gradients: (2, n_points) float64, row y for target y.

    gradients: of the whole unit's loss with respect to the logit of the class. held: what the other classes of the
    sample are, as a sentence; empty where they do not matter.
    """

    logits: torch.Tensor
    values: torch.Tensor
    gradients: torch.Tensor
    held: str = ""


def loss_curve(settings: LossSettings, logits: torch.Tensor, counts: ClassCounts, class_index: int) -> LossCurve:
    """Of one class. logits: (n_points,) float64.

    Where a loss couples classes, one other class is a positive and one a negative, both at logit 0, as far as there
    are so many; all other cells are unknown, and each point is a batch of one sample.
    """
    held = _held_classes(settings.variant, counts, class_index)
    rows = torch.cat([logits, logits])
    targets = torch.full((len(rows), len(counts.known)), -1.0, dtype=torch.float64)
    for held_target, index in held:
        targets[:, index] = held_target
    targets[:, class_index] = torch.arange(2.0, dtype=torch.float64).repeat_interleave(len(logits))
    values, gradients = _at_each(settings, rows, targets, counts, class_index)
    return LossCurve(logits, values.view(2, -1), gradients.view(2, -1), _held_sentence(settings.variant, held))


def _held_classes(variant: LossVariant, counts, class_index) -> list[tuple[float, int]]:
    if variant.unit == "cell" and not variant.coupling:
        return []
    others = [index for index in range(len(counts.known)) if index != class_index]
    return list(zip((1.0, 0.0), others, strict=False))


def _held_sentence(variant: LossVariant, held) -> str:
    if variant.unit == "cell" and not variant.coupling:
        return ""
    others = ("no other class", "one other class, a positive", "two other classes, a positive and a negative")[
        len(held)
    ]
    return f"drawn for a sample with {others}" + (" at logit 0" if held else "")


def _at_each(settings, column, targets, counts, class_index):
    """Value of the cell (of its row, of its batch) and the derivative by the logit, each (n_rows,)."""
    column = column.clone().requires_grad_()
    logits = torch.zeros_like(targets).index_copy(1, torch.tensor([class_index]), column[:, None])
    if settings.variant.unit == "batch":
        each = zip(logits.split(1), targets.split(1), strict=True)
        values = torch.stack([settings.values(*row, counts).reshape(()) for row in each])
    else:
        values = settings.values(logits, targets, counts)
        values = values[:, class_index] if settings.variant.unit == "cell" else values
    return values.detach(), _gradient(values, column)


def _gradient(values, logits) -> torch.Tensor:
    """Of the sum; zeros where nothing depends on the logits."""
    if not values.requires_grad:
        return torch.zeros_like(logits)
    (gradient,) = torch.autograd.grad(values.sum(), logits, allow_unused=True)
    return torch.zeros_like(logits) if gradient is None else gradient


@dataclass(frozen=True, eq=False)
class ScoreBins:
    """Which bin each known cell lies in.

    edges: (n_bins + 1,) on the 0-1 scale; a bin holds its lower edge, the last one both. codes: (n_rows, n_classes)
    int16: the bin of a negative, n_bins more for a positive, 2 * n_bins if unknown. n: (2, n_bins) cells, row 1 of
    positives.
    """

    edges: torch.Tensor
    codes: torch.Tensor
    n: torch.Tensor

    @classmethod
    def of(cls, cells: LoadedCells, n_bins: int = N_BINS) -> "ScoreBins":
        """A positive is a target from 0.5 on."""
        edges = torch.linspace(0, 1, n_bins + 1, dtype=torch.float64)
        codes = torch.bucketize(torch.sigmoid(cells.logits), edges[1:-1], right=True, out_int32=True)
        codes += n_bins * (cells.targets >= 0.5)
        codes[cells.targets < 0] = 2 * n_bins
        n = torch.bincount(codes.flatten(), minlength=2 * n_bins + 1)[:-1].view(2, n_bins)
        return cls(edges, codes.to(torch.int16), n)


@dataclass(frozen=True, eq=False)
class GradientShare:
    """absolute: (2, n_bins) float64, the sums of absolute gradients of negatives (row 0) and positives in each bin.

    n_undefined: known cells whose gradient is no finite number; they are in no sum.
    """

    absolute: torch.Tensor
    n_undefined: int

    @property
    def total(self) -> float:
        return float(self.absolute.sum())

    @property
    def shares(self) -> torch.Tensor:
        """Parts of the total; NaN where it is 0."""
        return self.absolute / self.absolute.sum()


def gradient_share(settings: LossSettings, cells: LoadedCells, bins: ScoreBins) -> GradientShare:
    """Of the summed loss of all cells, by the logit of each."""
    n_codes = 2 * (len(bins.edges) - 1) + 1
    absolute, n_undefined = torch.zeros(n_codes, dtype=torch.float64), 0
    n_rows = max(1, len(cells.logits)) if settings.variant.unit == "batch" else ROWS
    for parts in zip(*(each.split(n_rows) for each in (cells.logits, cells.targets, bins.codes)), strict=True):
        logits, targets, codes = parts
        logits = logits.clone().requires_grad_()
        size = _gradient(settings.values(logits, targets, cells.counts), logits).abs()
        undefined = ~torch.isfinite(size)
        n_undefined += int((undefined & (targets >= 0)).sum())
        weights = size.masked_fill_(undefined, 0).flatten()
        absolute += torch.bincount(codes.flatten().int(), weights=weights, minlength=n_codes)
    return GradientShare(absolute[:-1].view(2, -1), n_undefined)
