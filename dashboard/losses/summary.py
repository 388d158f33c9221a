"""What a loss is on the loaded cells: its total, who carries it, and what a constant predictor would pay.

Totals of different losses share no scale; each is read against its own baseline.
"""

from dataclasses import dataclass

import torch

from dashboard.losses.constant_predictor import constant_predictor
from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.settings import LossSettings

BLOCK_CELLS = 400_000
_PARTS = 7  # negative and positive, each hard, between, easy; unknown last


@dataclass(frozen=True, eq=False)
class LossSummary:
    """A loss on the cells taken. Sums over units as the loss counts them: known cells, rows, or the one batch.

    n: units. total: the sum. baseline: that of the constant predictor. For losses per cell, else None: class_sums,
    class_baselines: (n_classes,); part_sums: (n_classes, 2, 3), negatives then positives, each hard, between and easy.
    """

    settings: LossSettings
    n: int
    total: float
    baseline: float
    class_sums: torch.Tensor | None = None
    class_baselines: torch.Tensor | None = None
    part_sums: torch.Tensor | None = None

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
        if self.part_sums is None:
            return None
        taken = self.part_sums if positive is None else self.part_sums[:, int(positive)]
        taken = taken if ease is None else taken[..., ease]
        return float(taken.sum()) / self.total if self.total else float("nan")

    @property
    def class_shares(self) -> torch.Tensor | None:
        """Of the total, carried by each class: (n_classes,)."""
        return None if self.class_sums is None else self.class_sums / self.total


def summarise(cells: LoadedCells, settings: LossSettings) -> LossSummary:
    """The loss on all cells taken, in float64."""
    constants = constant_predictor(cells, settings)
    with torch.no_grad():
        if settings.variant.unit != "cell":
            total = coupled_total(cells.logits, cells, settings)
            n = len(cells.logits) if settings.variant.unit == "row" else 1
            baseline = coupled_total(constants.expand_as(cells.logits), cells, settings)
            return LossSummary(settings, n, total, baseline)
        parts = _part_sums(cells, settings)
        class_sums, n = parts.sum((1, 2)), int((cells.targets >= 0).sum())
        baselines = class_baselines(cells, settings, constants)
    return LossSummary(settings, n, float(class_sums.sum()), float(baselines.sum()), class_sums, baselines, parts)


def blocks(cells: LoadedCells, settings: LossSettings) -> list[slice]:
    """Rows at a time; all of them for a loss of the whole batch."""
    n_rows, n_classes = cells.logits.shape
    step = max(1, n_rows if settings.variant.unit == "batch" else BLOCK_CELLS // max(1, n_classes))
    return [slice(start, start + step) for start in range(0, n_rows, step)]


def coupled_total(logits: torch.Tensor, cells: LoadedCells, settings: LossSettings) -> float:
    """The sum of a loss over rows, or the one value of a batch."""
    rows = blocks(cells, settings)
    return sum(float(settings.values(logits[block], cells.targets[block], cells.counts).sum()) for block in rows)


def _part_sums(cells: LoadedCells, settings: LossSettings) -> torch.Tensor:
    n_classes = cells.logits.shape[1]
    sums = torch.zeros(_PARTS * n_classes, dtype=torch.float64)
    for block in blocks(cells, settings):
        values = settings.values(cells.logits[block], cells.targets[block], cells.counts)
        sums += torch.bincount(cells.parts[block].reshape(-1), values.reshape(-1), minlength=len(sums))
    return sums.view(n_classes, _PARTS)[:, :-1].reshape(n_classes, 2, 3)


def class_baselines(cells: LoadedCells, settings: LossSettings, constants: torch.Tensor) -> torch.Tensor:
    """What the constants pay in each class: (n_classes,)."""
    if settings.variant.coupling:
        rows = blocks(cells, settings)
        each = (settings.values(constants.expand_as(cells.logits[b]), cells.targets[b], cells.counts) for b in rows)
        return sum(values.sum(0) for values in each)
    known = cells.targets >= 0
    positives = (cells.targets >= 0.5).sum(0, dtype=torch.float64)
    counted = torch.stack([known.sum(0) - positives, positives])
    targets = torch.tensor([[0.0], [1.0]], dtype=torch.float64).expand_as(counted)
    values = settings.values(constants.expand_as(counted), targets, cells.counts)
    return torch.where(counted > 0, values * counted, 0.0).sum(0)
