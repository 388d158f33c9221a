"""Which cells carry a loss: those with the largest values, and what the same cells are worth under other losses."""

from dataclasses import dataclass

import numpy as np
import torch

from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.summary import LossSummary, blocks


@dataclass(frozen=True, eq=False)
class HeaviestCells:
    """rows: (n,) samples among all that were loaded; classes, logits, targets: (n,).

    shares: (n, n_losses) of each loss's own total. Ordered by the share that ranks them, the largest first.
    """

    rows: np.ndarray
    classes: np.ndarray
    logits: np.ndarray
    targets: np.ndarray
    shares: np.ndarray


def heaviest_cells(
    cells: LoadedCells,
    by: LossSummary,
    beside: list[LossSummary],
    most: int = 100,
    *,
    against: LossSummary | None = None,
) -> HeaviestCells:
    """The cells with the largest share of the loss `by`, or with the largest share of it beyond that of `against`.

    All are summaries of losses per cell, over these cells; `against` is one
    that does not couple rows. Ties in the order of rows, then classes.
    """
    best_values = torch.empty(0, dtype=torch.float64)
    best_places = torch.empty(0, dtype=torch.int64)
    n_classes = cells.logits.shape[1]
    for block in blocks(cells, by.settings):
        worth = _shares(cells, block, by)
        worth = worth if against is None else worth - _shares(cells, block, against)
        worth = torch.where(cells.targets[block] >= 0, worth, -torch.inf).reshape(-1)
        values, places = worth.topk(min(most, len(worth)))
        best_values = torch.cat([best_values, values])
        best_places = torch.cat([best_places, places + block.start * n_classes])
        order = torch.from_numpy(np.lexsort((best_places.numpy(), -best_values.numpy())))[:most]
        best_values, best_places = best_values[order], best_places[order]
    places = best_places[best_values > -torch.inf]
    return _told(cells, places // n_classes, places % n_classes, beside)


def _shares(cells: LoadedCells, rows, summary: LossSummary) -> torch.Tensor:
    with torch.no_grad():
        return summary.settings.values(cells.logits[rows], cells.targets[rows], cells.counts) / summary.total


def _shares_at(cells: LoadedCells, rows, classes, summary: LossSummary) -> np.ndarray:
    """(n,): of single cells, with the whole batch where the loss looks at it."""
    if summary.settings.variant.couples_rows:
        return _shares(cells, slice(None), summary)[rows, classes].numpy()
    return _shares(cells, rows, summary)[torch.arange(len(rows)), classes].numpy()


def _told(cells: LoadedCells, rows, classes, beside) -> HeaviestCells:
    shares = [_shares_at(cells, rows, classes, each) for each in beside]
    return HeaviestCells(
        rows.numpy() if cells.rows is None else cells.rows[rows.numpy()],
        classes.numpy(),
        cells.logits[rows, classes].numpy(),
        cells.targets[rows, classes].numpy(),
        np.stack(shares, axis=1) if shares else np.empty((len(rows), 0)),
    )
