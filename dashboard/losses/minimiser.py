"""What a perfectly trained model outputs: the logit q*(p) at which the gradients of a loss balance, and its inverse.

For a loss of single cells with L1(x) for positives and L0(x) for negatives they balance where p L1' + (1-p) L0' = 0,
so p = L0' / (L0' - L1'). Gradients are those that training follows: a detached factor is a constant in them.
"""

from dataclasses import dataclass

import torch

from dashboard.losses.class_counts import ClassCounts
from dashboard.losses.settings import LossSettings

STEP, FARTHEST = 0.25, 40.0  # the logits on which the signs of the gradient are looked at first
SEEN = 15.0  # |logit| up to which a loss is asked for an order: farther out official code clamps its logarithms
HALVINGS = 48  # of a bracket of a few steps: far below 1e-10
MOST_CELLS = 1_000_000  # in one pass


@dataclass(frozen=True, eq=False)
class Balance:
    """best_logits: (n_probabilities, n_classes) float64; -inf or +inf where the gradient never turns.

    is_monotone: (n_classes,) whether a larger true probability always goes with a larger output, within SEEN.
    """

    best_logits: torch.Tensor
    is_monotone: torch.Tensor


def why_no_zero(settings: LossSettings) -> str:
    """Why no threshold corresponds to a true probability, a sentence; empty where one does."""
    variant = settings.variant
    if not variant.sets_zero:
        return "No fixed zero: adding a constant to all logits changes nothing, so a threshold must be tuned."
    if not variant.coupling:
        return ""
    near = " For independent classes its zero is near a true probability of 0.5." if variant.name == "zlpr" else ""
    on = "batch" if variant.unit == "batch" else "row"
    return f"Depends on the other classes of the {on}, so no true probability goes with one output.{near}"


def gradients(settings: LossSettings, logits: torch.Tensor, counts: ClassCounts) -> tuple[torch.Tensor, torch.Tensor]:
    """(L1', L0') at logits (n_points, n_classes), float64. Raises ValueError for a loss that `why_no_zero` names."""
    if reason := why_no_zero(settings):
        raise ValueError(f"{settings.name} has no gradient of single cells. {reason}")
    most = max(1, MOST_CELLS // max(1, logits.shape[1]))
    blocks = [_gradients(settings, block, counts) for block in logits.split(most)]
    return tuple(torch.cat(parts) for parts in zip(*blocks, strict=True))


def true_probabilities(settings: LossSettings, logits: torch.Tensor, counts: ClassCounts) -> torch.Tensor:
    """p(x): the true probability for which each logit (n_points, n_classes) is the output of a perfect model.

    NaN where neither gradient is left (both are exactly 0).
    """
    positive, negative = gradients(settings, logits.to(torch.float64), counts)
    return negative / (negative - positive)


def corrected_probabilities(settings: LossSettings, logits: torch.Tensor, counts: ClassCounts) -> torch.Tensor:
    """The same in [0, 1], with the value at the last logits seen where no gradient is left or that leave [0, 1]."""
    found = true_probabilities(settings, logits, counts)
    ends = true_probabilities(settings, torch.tensor([[-SEEN], [SEEN]]).expand(2, logits.shape[1]), counts)
    beyond = torch.where(logits < 0, ends[0].nan_to_num(0.0), ends[1].nan_to_num(1.0))
    return torch.where(found.isfinite(), found, beyond).clamp(0, 1)


def balance(settings: LossSettings, probabilities, counts: ClassCounts) -> Balance:
    """q*(p) as logits, for true probabilities strictly between 0 and 1: (n_probabilities,), or with a column per class.

    Where several logits balance the gradients, the one with the least loss, as the gradients add up to.
    """
    p = torch.as_tensor(probabilities, dtype=torch.float64)
    p = p[:, None] if p.ndim == 1 else p
    if not ((p > 0) & (p < 1)).all():
        raise ValueError("a true probability must lie strictly between 0 and 1")
    n_classes = len(counts.known)
    grid = torch.arange(-FARTHEST, FARTHEST + STEP / 2, STEP, dtype=torch.float64)
    positive, negative = gradients(settings, grid[:, None].expand(-1, n_classes), counts)
    both, n = torch.cat([positive, negative, p.expand(-1, n_classes)]), len(grid)
    different, column = torch.unique(both, dim=1, return_inverse=True)
    positive, negative, asked = different[:n], different[n : 2 * n], different[2 * n :]
    brackets = torch.stack([_bracket(grid, each * positive + (1 - each) * negative) for each in asked])[:, column]
    low, high = brackets[..., 0], brackets[..., 1]
    return Balance(_refined(settings, p, low, high, counts), _rises(grid, positive, negative)[column])


def _gradients(settings, logits, counts):
    found = []
    for target in (1.0, 0.0):
        x = logits.detach().to(torch.float64).clone().requires_grad_()
        loss = settings.variant.values(x, torch.full_like(x, target), counts=counts, **dict(settings.given))
        found.append(torch.autograd.grad(loss.sum(), x)[0] if loss.requires_grad else torch.zeros_like(x))
    return found


def _bracket(grid, slope) -> torch.Tensor:
    """(n_classes, 2) logits around the lowest minimum of what has these slopes (n_points, n_classes).

    Both ends are -inf or +inf where that lies beyond the grid.
    """
    height = torch.cat([torch.zeros_like(slope[:1]), ((slope[1:] + slope[:-1]) * (STEP / 2)).cumsum(0)])
    found = []
    for rises, heights in zip(slope.T, height.T, strict=True):
        turns = torch.nonzero(rises)[:, 0]  # a flat stretch belongs to the slopes on either side of it
        signs = rises[turns] > 0
        at = torch.nonzero(~signs[:-1] & signs[1:])[:, 0]
        options = [(heights[turns[i]].item(), grid[turns[i]].item(), grid[turns[i + 1]].item()) for i in at]
        if len(turns) and signs[0]:
            options.append((heights[0].item(), -torch.inf, -torch.inf))
        if not len(turns) or not signs[-1]:
            options.append((heights[-1].item(), torch.inf, torch.inf))
        found.append(min(options)[1:] if len(turns) else (torch.nan, torch.nan))
    return torch.tensor(found, dtype=torch.float64)


def _refined(settings, p, low, high, counts) -> torch.Tensor:
    """Halves brackets (n_probabilities, n_classes) whose slopes go from falling to rising."""
    beyond = ~low.isfinite()
    a, b = torch.where(beyond, 0.0, low), torch.where(beyond, 0.0, high)
    for _ in range(HALVINGS):
        middle = (a + b) / 2
        positive, negative = gradients(settings, middle, counts)
        rises = p * positive + (1 - p) * negative > 0
        a, b = torch.where(rises, a, middle), torch.where(rises, middle, b)
    return torch.where(beyond, low, (a + b) / 2)


def _rises(grid, positive, negative) -> torch.Tensor:
    """(n_classes,) whether p(x) never falls within SEEN; what lies outside [0, 1] is the output for no probability."""
    steps = (negative / (negative - positive))[grid.abs() <= SEEN].clamp(0, 1).diff(dim=0)
    return (steps.isnan() | (steps >= -1e-12)).all(0)
