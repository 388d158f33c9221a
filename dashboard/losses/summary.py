"""What a loss is on the loaded cells: its total, who carries it, and what a constant predictor would pay.

Totals of different losses share no scale; each is read against its own baseline.
"""

from dataclasses import dataclass

import torch

from dashboard.losses.constant_predictor import constant_predictor
from dashboard.losses.loaded_cells import PARTS, LoadedCells
from dashboard.losses.settings import LossSettings

BLOCK_CELLS = 400_000


@dataclass(frozen=True, eq=False)
class ByCell:
    """What a loss per cell has for each class and kind of cell, (n_classes, PARTS) in the order of LoadedCells.parts.

    counts: cells that the loss counts; sums: of the loss; baselines: what the constant predictor pays for the same
    cells.
    """

    counts: torch.Tensor
    sums: torch.Tensor
    baselines: torch.Tensor


@dataclass(frozen=True, eq=False)
class LossSummary:
    """A loss on the cells taken. n: units that it counts: cells, rows, or the one batch. total: the sum over them.

    baseline: the total of the constant predictor. by_cell: None for losses that have no value per cell.
    """

    settings: LossSettings
    n: int
    total: float
    baseline: float
    by_cell: ByCell | None = None

    @property
    def mean(self) -> float:
        """NaN of no unit."""
        return self.total / self.n if self.n else float("nan")

    @property
    def baseline_mean(self) -> float:
        return self.baseline / self.n if self.n else float("nan")

    @property
    def saved(self) -> float:
        """The part of the baseline that the scores save: 1 is perfect, 0 no better than constants, below 0 worse.

        NaN where the baseline itself is 0 or below.
        """
        return 1 - self.total / self.baseline if self.baseline > 0 else float("nan")

    def share(self, *, positive: bool | None = None, ease: int | None = None) -> float | None:
        """Of the total, carried by positives (or negatives) and by hard (0), between (1) or easy (2) cells.

        None for losses that have no value per cell; NaN where the total is 0.
        """
        if self.by_cell is None:
            return None
        taken = in_parts(self.by_cell.sums.sum(0), positive=positive, ease=ease)
        return taken / self.total if self.total else float("nan")

    @property
    def part_shares(self) -> torch.Tensor | None:
        """Of the total: (2, 3), negatives then positives, each hard, between and easy; NaN where the total is 0."""
        return None if self.by_cell is None else (self.by_cell.sums.sum(0)[:6] / self.total).view(2, 3)

    @property
    def class_shares(self) -> torch.Tensor | None:
        """Of the total, carried by each class: (n_classes,)."""
        return None if self.by_cell is None else self.by_cell.sums.sum(1) / self.total


def in_parts(parts: torch.Tensor, *, positive: bool | None = None, ease: int | None = None) -> float:
    """The sum of parts (PARTS,) of the known cells that are positive (or not) and of this ease."""
    taken = parts[:6].view(2, 3)
    taken = taken if positive is None else taken[int(positive)]
    return float((taken if ease is None else taken[..., ease]).sum())


def summarise(cells: LoadedCells, settings: LossSettings) -> LossSummary:
    """The loss on all cells taken, in float64."""
    constants = constant_predictor(cells, settings)
    with torch.no_grad():
        if settings.variant.unit == "cell":
            found = _by_cell(cells, settings, constants)
            n, total, baseline = (float(each.sum()) for each in (found.counts, found.sums, found.baselines))
            return LossSummary(settings, int(n), total, baseline, found)
        counted = settings.counted_in(cells.targets)
        n = 1 if counted is None else int(counted.sum())
        logits = (cells.logits, constants.expand_as(cells.logits))
        return LossSummary(settings, n, *(_coupled_total(each, cells, settings) for each in logits))


def blocks(cells: LoadedCells, settings: LossSettings) -> list[slice]:
    """Rows at a time; all of them for a loss whose cells may depend on the whole batch."""
    n_rows, n_classes = cells.logits.shape
    variant = settings.variant
    is_whole = variant.unit == "batch" or variant.couples_rows
    step = max(1, n_rows if is_whole else BLOCK_CELLS // max(1, n_classes))
    return [slice(start, start + step) for start in range(0, n_rows, step)]


def _coupled_total(logits: torch.Tensor, cells: LoadedCells, settings: LossSettings) -> float:
    """The sum of a loss over rows, or the one value of a batch."""
    rows = blocks(cells, settings)
    return sum(float(settings.values(logits[block], cells.targets[block], cells.counts).sum()) for block in rows)


def _by_cell(cells: LoadedCells, settings: LossSettings, constants: torch.Tensor) -> ByCell:
    sums = _part_sums(cells.logits, cells, settings)
    if settings.variant.coupling:
        counted = settings.counted_in(cells.targets).reshape(-1).double()
        counts = torch.bincount(cells.parts.reshape(-1), counted, minlength=sums.numel()).view_as(sums)
        return ByCell(counts, sums, _part_sums(constants.expand_as(cells.logits), cells, settings))
    counts = cells.part_counts.double()
    counts[:, 6] = 0
    targets = torch.tensor([[0.0], [1.0]], dtype=torch.float64).expand(2, len(constants))
    values = settings.values(constants.expand_as(targets), targets, cells.counts).T.repeat_interleave(3, dim=1)
    baselines = torch.zeros_like(sums)
    baselines[:, :6] = torch.where(counts[:, :6] > 0, counts[:, :6] * values, 0.0)
    return ByCell(counts, sums, baselines)


def _part_sums(logits: torch.Tensor, cells: LoadedCells, settings: LossSettings) -> torch.Tensor:
    n_classes = logits.shape[1]
    sums = torch.zeros(PARTS * n_classes, dtype=torch.float64)
    for block in blocks(cells, settings):
        values = settings.values(logits[block], cells.targets[block], cells.counts)
        sums += torch.bincount(cells.parts[block].reshape(-1), values.reshape(-1), minlength=len(sums))
    return sums.view(n_classes, PARTS)
