"""What people take to be the same loss: every way of writing it run on the same cells, and how far they lie apart."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from dashboard.losses import equal_ways as ways
from dashboard.losses.loaded_cells import LoadedCells, evenly_spaced
from dashboard.losses.shown_code import code_of

MOST_CELLS = 20_000  # looked at, of evenly spaced rows: .3 s for all ways and both dtypes
DTYPES = {"float64": torch.float64, "float32": torch.float32}
# Largest difference by max(1, |value|) called rounding. A sigmoid in float32 is off by more from logits of 8 on.
ROUNDING = {"float64": 1e-8, "float32": 1e-4}
Way = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Equivalence:
    """ways: the same loss, the first the one that others are held against. unlike: look alike and are not.

    takes: "cells", "rows", "one_class" or "masked", see equal_ways. unless: when it does not hold, a sentence.
    """

    name: str
    title: str
    takes: str
    ways: tuple[Way, ...]
    unlike: tuple[Way, ...]
    unless: str


@dataclass(frozen=True)
class Found:
    """A way on the data, in one dtype. value: its mean. value_apart, gradient_apart: the largest difference to the
    first way, NaN where one of them is not finite. equal: both within ROUNDING. for_unlike: one of `unlike`.
    """

    code: str
    dtype: str
    value: float
    value_apart: float
    gradient_apart: float
    equal: bool
    for_unlike: bool


EQUIVALENCES = (
    Equivalence(
        "bce",
        "BCE on logits, on sigmoid, by hand",
        "cells",
        (ways.bce_with_logits, ways.sigmoid_then_bce, ways.bce_by_hand, ways.bce_without_cancelling),
        (ways.sigmoid_twice,),
        "Not for large logits: in float32 sigmoid is exactly 1 from 16.6 on, where BCELoss says 100 without a gradient "
        "and the formula by hand says infinity; the value already drifts from about 8 on.",
    ),
    Equivalence(
        "cross_entropy",
        "Cross entropy of one class per row",
        "one_class",
        (
            ways.cross_entropy,
            ways.cross_entropy_module,
            ways.log_softmax_then_nll,
            ways.gathered,
            ways.one_hot,
        ),
        (ways.softmax_first, ways.bce_on_one_hot),
        "Not for rows with several positives: one index cannot say them, and multi-hot targets do not sum to 1. With "
        "weight, the mean over indices divides by the weights that were used, that over one-hot targets by the rows.",
    ),
    Equivalence(
        "soft_margin",
        "MultiLabelSoftMarginLoss is the mean of BCE",
        "rows",
        (ways.soft_margin, ways.soft_margin_module, ways.mean),
        (ways.sum_by_rows,),
        "Not for reduction none, which gives one value per row, nor with pos_weight, which it has not; and it "
        "broadcasts where BCEWithLogits raises.",
    ),
    Equivalence(
        "switched_off",
        "pos_weight 1, focal with gamma 0, ASL(0, 0, 0) are BCE",
        "cells",
        (ways.bce_with_logits, ways.pos_weight_1, ways.focal_0, ways.asl_0),
        (ways.focal_0_with_alpha, ways.asl_0_with_clip),
        "Not with focal's default alpha of .25, nor with a clip in ASL, whose logs also end at 1e-8: a cell that is "
        "wrong by a logit of more than 18.4 (in float32 a negative from 16.6 on) has no gradient there.",
    ),
    Equivalence(
        "class_means",
        "The mean of the class means is the mean of all cells",
        "rows",
        (ways.mean, ways.mean_of_class_means),
        (ways.sum_by_rows,),
        "Not where cells are unknown: see the next one.",
    ),
    Equivalence(
        "unknown",
        "With unknown cells: the mean over known cells",
        "masked",
        (ways.mean_over_known, ways.summed_over_known),
        (ways.mean_of_known_class_means, ways.mean_with_zeros),
        "The mean of class means gives a class with few known cells the same weight as any other, and unknown cells "
        "counted as 0 make the mean smaller. Without unknown cells all are the same.",
    ),
    Equivalence(
        "signs",
        "Targets -1 and +1, converted",
        "cells",
        (ways.bce_with_logits, ways.signs_converted, ways.signs_by_hand),
        (ways.signs_unconverted,),
        "Not unconverted: BCEWithLogitsLoss does not check, a target of -1 gives a loss that falls without end as the "
        "logit falls. BCELoss raises.",
    ),
    Equivalence(
        "soft",
        "Soft targets are two hard ones, weighted",
        "cells",
        (ways.soft_targets, ways.soft_as_two_hard),
        (ways.soft_rounded,),
        "Not after rounding. With soft targets the least loss is not 0 but the entropy of the target. Here .1 and .9 "
        "stand for 0 and 1.",
    ),
    Equivalence(
        "mean",
        "reduction mean and the older size_average",
        "cells",
        (ways.mean, ways.mean_legacy, ways.mean_by_hand),
        (ways.sum_legacy_despite_mean,),
        "size_average and reduce still work and warn that they will go; where one is given, it wins over reduction.",
    ),
    Equivalence(
        "sum",
        "reduction sum is the mean times the number of cells",
        "cells",
        (ways.total, ways.total_legacy, ways.total_from_mean),
        (ways.mean,),
        "The gradient is larger by the same factor: with a sum, the learning rate depends on batch size and classes.",
    ),
    Equivalence(
        "none",
        "reduction none and the older reduce=False",
        "cells",
        (ways.bce_with_logits, ways.none_legacy),
        (),
        "reduce=False wins over size_average and over reduction.",
    ),
)


@dataclass(frozen=True, eq=False)
class Looked:
    """logits, targets as an equivalence takes them; of: what they are, a phrase."""

    logits: torch.Tensor
    targets: torch.Tensor
    of: str


def looked_at(cells: LoadedCells, takes: str, most_cells: int = MOST_CELLS) -> Looked:
    """The part of the data that has the form; evenly spaced rows where there are more than `most_cells` cells."""
    x, y = cells.logits, cells.targets
    rows = evenly_spaced(len(x), max(1, most_cells // max(1, x.shape[1])))
    if rows is not None:
        x, y = x[rows], y[rows]
    if takes == "cells":
        return Looked(x[y >= 0][:, None], y[y >= 0][:, None], "known cells")
    if takes == "rows":
        kept = (y >= 0).all(1)
        return Looked(x[kept], y[kept], "rows without unknown cells")
    if takes == "one_class":
        kept = (y >= 0.5).any(1)
        return Looked(x[kept], (y[kept] >= 0.5).to(torch.uint8).argmax(1), "rows with a positive, its first one taken")
    return Looked(x, y, "rows")


def compare(equivalence: Equivalence, cells: LoadedCells, most_cells: int = MOST_CELLS) -> tuple[Found, ...]:
    """Every way in float64 and then in float32; empty where the data has nothing of the form."""
    looked = looked_at(cells, equivalence.takes, most_cells)
    if not looked.targets.numel() or not (looked.targets >= 0).any():
        return ()
    return tuple(found for dtype in DTYPES for found in _in_dtype(equivalence, looked, dtype))


def holds(found: tuple[Found, ...], dtype: str) -> bool:
    """Whether all ways that ought to be the same are, in this dtype."""
    return all(each.equal for each in found if each.dtype == dtype and not each.for_unlike)


def _in_dtype(equivalence: Equivalence, looked: Looked, dtype: str) -> list[Found]:
    x = looked.logits.to(DTYPES[dtype])
    y = looked.targets if equivalence.takes == "one_class" else looked.targets.to(x)
    first = value_and_gradient(equivalence.ways[0], x, y)
    found = []
    for way in (*equivalence.ways, *equivalence.unlike):
        value, gradient = value_and_gradient(way, x, y)
        apart, gradient_apart = _apart(value, first[0]), _apart(gradient, first[1])
        equal = _relative(value, first[0]) <= ROUNDING[dtype] and _relative(gradient, first[1]) <= ROUNDING[dtype]
        mean = float(value.double().mean())
        found.append(Found(code_of(way), dtype, mean, apart, gradient_apart, equal, way in equivalence.unlike))
    return found


def value_and_gradient(way: Way, logits: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """What the way gives, and the gradient of its sum by the logits."""
    x = logits.detach().clone().requires_grad_()
    value = way(x, targets)
    (gradient,) = torch.autograd.grad(value.sum(), x)
    return value.detach(), gradient


def _apart(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a.double() - b.double()).abs().max())


def _relative(a: torch.Tensor, b: torch.Tensor) -> float:
    """Differences by max(1, |b|), the largest."""
    a, b = a.double(), b.double()
    return float(((a - b).abs() / b.abs().clamp(min=1)).max())
