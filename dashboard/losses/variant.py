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

    A number is finite and within [minimum, maximum]. per_class: a number for each class is legal too, and so are the
    names in `choices`, which stand for a rule that gives one. step: of a slider; None for a hundredth of the range.
    """

    name: str
    title: str
    default: float | bool | str
    minimum: float = -math.inf
    maximum: float = math.inf
    choices: Mapping[str, str] = field(default_factory=dict)
    per_class: bool = False
    explanation: str = ""
    step: float | None = None

    def check(self, value):
        """The value, or ValueError with a sentence."""
        if isinstance(self.default, bool):
            if not isinstance(value, bool):
                raise ValueError(f"{self.name} must be true or false, got {value!r}")
        elif isinstance(value, str) or self._is_choice:
            if value not in self.choices:
                raise ValueError(f"{self.name} must be {self._legal()}, got {value!r}")
        else:
            self._check_numbers(value)
        return value

    def _check_numbers(self, value) -> None:
        if not self.per_class and (isinstance(value, bool) or not isinstance(value, (int, float))):
            raise ValueError(f"{self.name} must be one number, got {value!r}")
        numbers = torch.as_tensor(value, dtype=torch.float64)
        if not ((numbers >= self.minimum) & (numbers <= self.maximum) & numbers.isfinite()).all():
            raise ValueError(f"{self.name} must be {self._legal()}, got {value!r}")

    @property
    def _is_choice(self) -> bool:
        return isinstance(self.default, str) and not self.per_class

    def _legal(self) -> str:
        words = [] if self._is_choice else [self._range()]
        return " or ".join([*words, *([f"one of {', '.join(self.choices)}"] if self.choices else [])])

    def _range(self) -> str:
        if math.isinf(self.maximum):
            return "a number" if math.isinf(self.minimum) else f"a number from {self.minimum:g} up"
        return f"a number from {self.minimum:g} to {self.maximum:g}"


@dataclass(frozen=True, eq=False)
class Cells:
    """What the function of a loss gets. logits, targets: (n_samples, n_classes), 0 in unknown cells; known: bool.

    counts: the class counts as they came, in float64: in float16 they would overflow.
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
    is_first: drawn when the page opens. uses_counts: whether the function looks at class counts. note: what the loss
    does at the edges, where the official code is not finite or loses its gradient, and how ours differs.
    counted: (targets, **parameters) -> bool: the cells or, for losses per row, the rows that count; None for the known
    cells and the rows with one. All others have value 0, no gradient and no part in the mean.
    couples_rows: of a loss per cell, whether a cell's value can depend on other rows.
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
    counted: Callable[..., torch.Tensor] | None = None
    couples_rows: bool = False

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
        check_shapes(logits, targets)
        self.check(parameters)
        chosen = self._counted(targets, parameters)
        cells = make_cells(logits, targets, counts, chosen if self.unit == "cell" else None)
        values = self.function(cells, **self.arguments(parameters, cells.counts, logits))
        return values if chosen is None else torch.where(chosen, values, 0.0)

    def reduced(self, logits, targets, reduction: Reduction | None = None, **arguments) -> torch.Tensor:
        """The values, their sum, or their mean over the cells or rows that count; the official default if None."""
        values = self.values(logits, targets, **arguments)
        arguments.pop("counts", None)
        chosen = self._counted(targets, arguments)
        return reduce(values, 1 if chosen is None else chosen.sum(), reduction or self.reduction)

    def counted_in(self, targets: torch.Tensor, **parameters) -> torch.Tensor | None:
        """The cells (n_samples, n_classes) or rows (n_samples,) that count, bool; None for a loss of the batch."""
        self.check(parameters)
        return self._counted(targets, parameters)

    def _counted(self, targets: torch.Tensor, parameters: Mapping) -> torch.Tensor | None:
        """The units that count; None for a loss of the batch."""
        if self.counted is not None:
            return self.counted(targets, **(self.defaults | dict(parameters) if self.parameters else {}))
        if self.unit == "batch":
            return None
        return targets >= 0 if self.unit == "cell" else (targets >= 0).any(1)

    def arguments(self, parameters: Mapping, counts: ClassCounts, logits: torch.Tensor) -> dict:
        """The function's arguments: with defaults, per class as tensors (n_classes,) in the logits' dtype."""
        return {
            each.name: _resolved(each, parameters.get(each.name, each.default), counts, logits)
            for each in self.parameters
        }

    def check(self, parameters: Mapping) -> None:
        """Raises ValueError, with a sentence, for names and values that are not legal."""
        by_name = {each.name: each for each in self.parameters}
        for name, value in parameters.items():
            if name not in by_name:
                allowed = ", ".join(by_name) or "none"
                raise ValueError(f"{self.name} has no parameter {name!r}; its parameters are: {allowed}")
            by_name[name].check(value)

    def _couples(self) -> str:
        return self.coupling.rstrip(".")[:1].lower() + self.coupling.rstrip(".")[1:] or "it is not a sum over cells"


def check_shapes(logits: torch.Tensor, targets: torch.Tensor) -> None:
    """Raises ValueError unless both are (n_samples, n_classes)."""
    if logits.ndim != 2 or logits.shape != targets.shape:
        raise ValueError(
            f"logits and targets must have the same shape (n_samples, n_classes), got {tuple(logits.shape)} and "
            f"{tuple(targets.shape)}"
        )


def make_cells(logits, targets, counts: ClassCounts | None = None, counted=None) -> Cells:
    """Cells of the dtype of the logits. counted: (n_samples, n_classes) cells to keep; None for the known ones."""
    check_shapes(logits, targets)
    known = targets >= 0
    counts = counts or ClassCounts.of_targets(targets)
    # `where` before and after: an infinite value times zero, and its gradient, would be NaN.
    kept = torch.where(known if counted is None else counted, logits, 0.0)
    return Cells(kept, torch.where(known, targets, 0).to(logits.dtype), known, counts)


def reduce(values: torch.Tensor, n: int | torch.Tensor, reduction: Reduction) -> torch.Tensor:
    """none, sum, or the sum by n: NaN where n is 0."""
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"reduction must be one of none, mean, sum, got {reduction!r}")
    if reduction == "none":
        return values
    return values.sum() if reduction == "sum" else values.sum() / n


def _resolved(parameter: Parameter, value, counts: ClassCounts, logits: torch.Tensor):
    if not parameter.per_class:
        return value
    if isinstance(value, str):
        return POS_WEIGHTS[value][1](counts).to(logits)
    numbers, n_classes = torch.as_tensor(value, dtype=torch.float64).to(logits), logits.shape[1]
    if numbers.shape not in ((), (n_classes,)):
        raise ValueError(
            f"{parameter.name} must be one number or one for each of {n_classes} classes, got {tuple(numbers.shape)}"
        )
    return numbers.expand(n_classes)
