"""The constant predictor of a loss: one logit for each class, the same for every sample, that pays least.

For losses whose cells stand alone it is found for each class by a search over all logits in SPAN. Where a row or a
batch is coupled, all constants are fitted together, on at most MOST_ROWS evenly spaced rows.
"""

import torch

from dashboard.losses.class_counts import ClassCounts
from dashboard.losses.loaded_cells import LoadedCells, evenly_spaced
from dashboard.losses.settings import LossSettings

SPAN, STEP = 25.0, 0.25
MOST_ROWS = 1_000
_GOLDEN = (5**0.5 - 1) / 2


def constant_predictor(cells: LoadedCells, settings: LossSettings) -> torch.Tensor:
    """(n_classes,) logits in [-SPAN, SPAN]; a class without positives or negatives stands at an end of it."""
    if settings.variant.unit != "cell" or settings.variant.coupling:
        return _fitted_together(cells, settings)
    positives = (cells.targets >= 0.5).sum(0, dtype=torch.float64)
    negatives = (cells.targets >= 0).sum(0) - positives
    return _least(lambda logits: _cost(settings, logits, positives, negatives, cells.counts), cells.logits.shape[1])


def _cost(settings, logits: torch.Tensor, positives, negatives, counts) -> torch.Tensor:
    """Of so many positives and negatives at these logits, (n, n_classes)."""
    with torch.no_grad():
        ones = settings.values(logits, torch.ones_like(logits), counts)
        zeros = settings.values(logits, torch.zeros_like(logits), counts)
    return torch.where(positives > 0, positives * ones, 0) + torch.where(negatives > 0, negatives * zeros, 0)


def _least(cost, n_classes: int) -> torch.Tensor:
    """Best of a grid, then golden sections around it: the lowest point where a loss has several."""
    grid = torch.arange(-SPAN, SPAN + STEP, STEP, dtype=torch.float64)
    best = grid[cost(grid[:, None].expand(-1, n_classes)).argmin(0)]
    low, high = (best - STEP).clamp(min=-SPAN), (best + STEP).clamp(max=SPAN)
    for _ in range(50):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        is_left = cost(left[None])[0] <= cost(right[None])[0]
        low, high = torch.where(is_left, low, left), torch.where(is_left, right, high)
    return (low + high) / 2


def _fitted_together(cells: LoadedCells, settings: LossSettings) -> torch.Tensor:
    rows = evenly_spaced(len(cells.logits), MOST_ROWS)
    targets = cells.targets if rows is None else cells.targets[torch.from_numpy(rows)]
    constants = _log_odds(cells.counts).requires_grad_()
    optimizer = torch.optim.LBFGS([constants], max_iter=20, line_search_fn="strong_wolfe")

    def cost():
        optimizer.zero_grad()
        total = settings.values(constants.expand_as(targets), targets, cells.counts).sum() / len(targets)
        total.backward()
        return total

    with torch.enable_grad():
        optimizer.step(cost)
    return constants.detach().clamp(-SPAN, SPAN)


def _log_odds(counts: ClassCounts) -> torch.Tensor:
    """Where the fit starts: of the prevalence, with half a cell added to either side."""
    return torch.log((counts.positives + 0.5) / (counts.negatives + 0.5))
