"""What a loss variant is: a function of logits and targets with its name, formula, source and parameters.

Unknown cells are left out here, once for all losses, and so is the reduction.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import torch

from dashboard.losses.class_counts import POS_WEIGHTS, ClassCounts

Unit = Literal["cell", "row", "batch"]
Reduction = Literal["none", "mean", "sum"]


@dataclass(frozen=True)
class Parameter:
    """name, title: in code and on screen. default: a number, a flag, or one of `choices` (name -> title).

    A number lies within [minimum, maximum]. per_class: a number for each class is legal too, and so are the names in
    `choices`, which stand for a rule that gives one.
    """

    name: str
    title: str
    default: float | bool | str
    minimum: float = -math.inf
    maximum: float = math.inf
    choices: Mapping[str, str] = field(default_factory=dict)
    per_class: bool = False
    explanation: str = ""

    def check(self, value):
        """The value, or ValueError with a sentence."""
        if isinstance(self.default, bool):
            if not isinstance(value, bool):
                raise ValueError(f"{self.name} must be true or false, got {value!r}")
        elif isinstance(value, str):
            if value not in self.choices:
                raise ValueError(f"{self.name} must be {self._legal()}, got {value!r}")
        elif not isinstance(value, (int, float)) and not self.per_class:
            raise ValueError(f"{self.name} must be one number, got {value!r}")
        else:
            numbers = torch.as_tensor(value, dtype=torch.float64)
            if not ((numbers >= self.minimum) & (numbers <= self.maximum)).all():
                raise ValueError(f"{self.name} must be {self._legal()}, got {value!r}")
        return value

    def _legal(self) -> str:
        words = [] if isinstance(self.default, str) and not self.per_class else [self._range()]
        return " or ".join([*words, *([f"one of {', '.join(self.choices)}"] if self.choices else [])])

    def _range(self) -> str:
        if math.isinf(self.maximum):
            return "a number" if math.isinf(self.minimum) else f"a number from {self.minimum:g} up"
        return f"a number from {self.minimum:g} to {self.maximum:g}"


@dataclass(frozen=True, eq=False)
class Cells:
    """What the function of a loss gets. logits, targets: (n_samples, n_classes), 0 in unknown cells; known: bool.

    counts: the class counts in the dtype and on the device of the logits.
    """

    logits: torch.Tensor
    targets: torch.Tensor
    known: torch.Tensor
    counts: ClassCounts


@dataclass(frozen=True, eq=False)
class LossVariant:
    """A named loss.

    name: its key in LOSSES. formula, latex: of one unit. source: the official code or paper, and its defaults.
    unit: "cell": a value per cell; "row": per sample; "batch": one for all. function: (cells, **parameters) -> values;
    what it gives in unknown cells is replaced by 0. reduction: the official default. sets_zero: whether a perfectly
    trained model's logits have a fixed zero (False: adding a constant to all logits changes nothing).
    coupling: a sentence for losses in which a cell's gradient depends on other cells; else empty.
    is_first: drawn when the page opens. uses_counts: whether the function looks at class counts.
    """

    name: str
    title: str
    formula: str
    latex: str
    source: str
    function: Callable[..., torch.Tensor]
    parameters: tuple[Parameter, ...] = ()
    unit: Unit = "cell"
    reduction: Reduction = "mean"
    sets_zero: bool = True
    coupling: str = ""
    is_first: bool = False
    uses_counts: bool = False
    note: str = ""

    @property
    def defaults(self) -> dict:
        return {parameter.name: parameter.default for parameter in self.parameters}

    def elementwise(self, logits, targets, *, counts: ClassCounts | None = None, **parameters) -> torch.Tensor:
        """(n_samples, n_classes), differentiable, 0 in unknown cells. Raises ValueError unless the unit is "cell"."""
        if self.unit != "cell":
            raise ValueError(
                f"{self.name} has no value per cell, since {self._couples()}: use values, "
                f"which gives one per {self.unit}"
            )
        return self.values(logits, targets, counts=counts, **parameters)

    def values(self, logits, targets, *, counts: ClassCounts | None = None, **parameters) -> torch.Tensor:
        """A value per unit: (n_samples, n_classes), (n_samples,) or (); differentiable.

        targets: in [0, 1], or below 0 where unknown: such a cell counts 0, has no gradient and, where classes are
        coupled, is left out. counts: of the data the loss is set by; counted in the targets when not given. Parameters
        that are not given have their defaults. Raises ValueError for a parameter outside its range.
        """
        cells = make_cells(logits, targets, counts)
        values = self.function(cells, **self.arguments(parameters, cells.counts))
        return torch.where(cells.known, values, 0.0) if self.unit == "cell" else values

    def reduced(self, logits, targets, reduction: Reduction | None = None, **arguments) -> torch.Tensor:
        """The values, their sum, or their mean over known cells (rows, for losses per row); the official default."""
        values = self.values(logits, targets, **arguments)
        n = (targets >= 0).sum() if self.unit == "cell" else values.numel()
        return reduce(values, n, reduction or self.reduction)

    def arguments(self, parameters: Mapping, counts: ClassCounts) -> dict:
        """The function's arguments: checked, with defaults, rules resolved to tensors (n_classes,)."""
        unknown = set(parameters) - set(self.defaults)
        if unknown:
            allowed = ", ".join(self.defaults) or "none"
            raise ValueError(f"{self.name} has no parameter {min(unknown)!r}; its parameters are: {allowed}")
        return {each.name: _resolved(each, parameters.get(each.name, each.default), counts) for each in self.parameters}

    def _couples(self) -> str:
        return self.coupling.rstrip(".")[:1].lower() + self.coupling.rstrip(".")[1:] or "it is not a sum over cells"


def make_cells(logits: torch.Tensor, targets: torch.Tensor, counts: ClassCounts | None = None) -> Cells:
    """Cells of the shapes and dtype of the logits. Raises ValueError where shapes differ or a target is above 1."""
    if logits.ndim != 2 or logits.shape != targets.shape:
        raise ValueError(
            f"logits and targets must have the same shape (n_samples, n_classes), got {tuple(logits.shape)} and "
            f"{tuple(targets.shape)}"
        )
    known = targets >= 0
    counts = counts or ClassCounts.of_targets(targets)
    moved = ClassCounts(*(each.to(logits.device, logits.dtype) for each in (counts.positives, counts.known)))
    # `where` before and after: an infinite value times zero, and its gradient, would be NaN.
    return Cells(torch.where(known, logits, 0.0), torch.where(known, targets, 0).to(logits.dtype), known, moved)


def reduce(values: torch.Tensor, n: int | torch.Tensor, reduction: Reduction) -> torch.Tensor:
    """none, sum, or the sum by n: NaN where n is 0."""
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"reduction must be one of none, mean, sum, got {reduction!r}")
    if reduction == "none":
        return values
    return values.sum() if reduction == "sum" else values.sum() / n


def _resolved(parameter: Parameter, value, counts: ClassCounts):
    value = parameter.check(value)
    if not parameter.per_class or value is None:
        return value
    if isinstance(value, str):
        return POS_WEIGHTS[value][1](counts)
    return torch.as_tensor(value, dtype=counts.known.dtype, device=counts.known.device).expand_as(counts.known)
