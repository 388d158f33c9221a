"""BCE on targets of which some are unknown, and what may be made of the unknown cells."""

import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from dashboard.losses.variant import Cells, LossVariant, Parameter

MODES = {
    "ignore": "left out",
    "negative": "negatives",
    "ignore_normalize_classes": "left out, rows weighted by their known cells",
    "selective": "negatives, but for the likeliest positives",
}


def masked(cells: Cells, unknown: str, top_k: float) -> torch.Tensor:
    """BCE; unknown cells, whose target is 0, are masked where `counts_in` leaves them out.

    ignore_normalize_classes: times 1 + 1 / (1 + known cells of the row). selective: of all unknown cells the
    top_k * n_samples with the highest logits count 0, too.
    """
    loss = binary_cross_entropy_with_logits(cells.logits, cells.targets, reduction="none")
    if unknown == "ignore_normalize_classes":
        return loss * (1 + 1 / (1 + cells.known.sum(1, keepdim=True).to(loss)))
    if unknown == "selective":
        return torch.where(_likeliest(cells, int(top_k * len(loss))), 0.0, loss)
    return loss


def counts_in(targets: torch.Tensor, unknown: str, top_k: float) -> torch.Tensor:
    """(n_samples, n_classes) bool: the cells that count: the known ones, or all."""
    return targets >= 0 if unknown.startswith("ignore") else torch.ones_like(targets, dtype=torch.bool)


def _likeliest(cells: Cells, n: int) -> torch.Tensor:
    """The n unknown cells with the highest logits; of equal ones the first."""
    likeliest = torch.zeros_like(cells.known)
    where = torch.nonzero(~cells.known.flatten()).flatten()
    order = torch.argsort(cells.logits.detach().flatten()[where], descending=True, stable=True)
    likeliest.view(-1)[where[order[:n]]] = True
    return likeliest


VARIANTS = (
    LossVariant(
        "masked",
        "BCE, partial labels",
        "1[known] BCE",
        r"\mathbf{1}[\text{known}]\;\mathrm{BCE}",
        "Ben-Baruch et al. 2022; Alibaba-MIIL/PartialLabelingCSL, src/loss_functions/partial_asymmetric_loss.py, "
        "with BCE in place of its asymmetric loss",
        masked,
        (
            Parameter(
                "unknown",
                "unknown cells are",
                "ignore",
                choices=MODES,
                explanation="Left out by every other loss. Where they are negatives they count in the mean, too.",
            ),
            Parameter("top_k", "likeliest positives per row", 5.0, 0.0, 80.0, explanation="For the last choice only."),
        ),
        reduction="sum",
        coupling="Unless unknown cells are simply left out or negatives, a cell's weight depends on its row's known "
        "cells or on the unknown cells of the batch.",
        note="The mean is over the cells that count. The likeliest positives are picked in the whole batch; the "
        "official choice by class prior is not part of it.",
        counted=counts_in,
        couples_rows=True,
    ),
)
