"""What floating point does to BCE: BCELoss on a sigmoid and BCEWithLogitsLoss, run in torch on the CPU.

Nothing here is known beforehand: breakdown points are found by looking at one logit after the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch.nn.functional import binary_cross_entropy, binary_cross_entropy_with_logits

DTYPES = {"float64": torch.float64, "float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
STEP, FARTHEST = 1e-4, 120.0  # of the search for breakdown points
AT_ONCE = 25_000  # logits: fewer than torch shares between threads, which wait for each other on a busy machine
TOLERANCE = 0.01  # error from which a value (relative) or a gradient (absolute) is called off


class BceForms:
    """Both forms at the same logits, each computed when it is asked for.

    x: (n,) in the dtype. logits: the same as float64. Every other property: (n,) float64. Gradients are of the sum.
    exact_*: at the logits as rounded, in a form without cancellation.
    """

    def __init__(self, logits: torch.Tensor, target: int, dtype: torch.dtype):
        """logits: (n,) float64; they are rounded to the dtype. target: 0 or 1."""
        self.x = logits.to(dtype)
        self.logits = self.x.to(torch.float64)
        self._targets = torch.full_like(self.x, target)
        self._exact_targets = torch.full_like(self.logits, target)

    @cached_property
    def sigmoid(self) -> torch.Tensor:
        return torch.sigmoid(self.x).to(torch.float64)

    @cached_property
    def bce_value(self) -> torch.Tensor:
        return self._bce(self.x).to(torch.float64)

    @cached_property
    def bce_gradient(self) -> torch.Tensor:
        return self._gradient(self._bce)

    @cached_property
    def with_logits_value(self) -> torch.Tensor:
        return self._with_logits(self.x).to(torch.float64)

    @cached_property
    def with_logits_gradient(self) -> torch.Tensor:
        return self._gradient(self._with_logits)

    @cached_property
    def exact_value(self) -> torch.Tensor:
        return exact_bce(self.logits, self._exact_targets)

    @cached_property
    def exact_gradient(self) -> torch.Tensor:
        return exact_gradient(self.logits, self._exact_targets)

    def _bce(self, x):
        return binary_cross_entropy(torch.sigmoid(x), self._targets, reduction="none")

    def _with_logits(self, x):
        return binary_cross_entropy_with_logits(x, self._targets, reduction="none")

    def _gradient(self, loss) -> torch.Tensor:
        x = self.x.clone().requires_grad_()
        values = loss(x)
        return torch.autograd.grad(values, x, torch.ones_like(values))[0].to(torch.float64)


def exact_bce(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """y relu(-x) + (1-y) relu(x) + log1p(exp(-|x|)): accurate on both easy sides; infinite only where it should be."""
    missed = torch.where(y > 0, y * torch.relu(-x), 0.0)
    false = torch.where(y < 1, (1 - y) * torch.relu(x), 0.0)
    return missed + false + torch.log1p(torch.exp(-x.abs()))


def exact_gradient(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """(1-y) sigmoid(x) - y sigmoid(-x): without the cancellation of sigmoid(x) - y."""
    return (1 - y) * torch.sigmoid(x) - y * torch.sigmoid(-x)


@dataclass(frozen=True)
class Effect:
    """Something that floating point does from some logit on, outwards.

    target, sign: the cells it concerns, of target 0 or 1 with positive (+1) or negative (-1) logits; target None: both.
    happens: (BceForms) -> bool (n,).
    """

    name: str
    title: str
    target: int | None
    sign: int
    happens: Callable[[BceForms], torch.Tensor]

    @property
    def cells(self) -> str:
        """The cells it concerns in words: a false alarm is a negative with a positive logit."""
        if self.target is None:
            return f"both, logit {'>' if self.sign > 0 else '<'} 0"
        if self.target:
            return "positives, right" if self.sign > 0 else "positives, missed"
        return "negatives, false alarm" if self.sign > 0 else "negatives, right"


def _value_off(value, exact) -> torch.Tensor:
    """Relative; NaN is off as well."""
    return ~((value - exact).abs() <= TOLERANCE * exact.abs())


def _bce_value_off(forms):
    return _value_off(forms.bce_value, forms.exact_value)


def _bce_gradient_off(forms):
    """Absolute, since gradients lie between -1 and 1: bfloat16 alone rounds by almost 1 %."""
    return ~((forms.bce_gradient - forms.exact_gradient).abs() <= TOLERANCE)


def _bce_gradient_nan(forms):
    return forms.bce_gradient.isnan()


EFFECTS = (
    Effect("sigmoid_one", "sigmoid is exactly 1", None, 1, lambda forms: forms.sigmoid == 1),
    Effect("sigmoid_zero", "sigmoid is exactly 0", None, -1, lambda forms: forms.sigmoid == 0),
    Effect("bce_false_value", "BCELoss: value off by over 1 %", 0, 1, _bce_value_off),
    Effect("bce_false_gradient", "BCELoss: gradient off by over .01", 0, 1, _bce_gradient_off),
    Effect("bce_missed_value", "BCELoss: value off by over 1 %", 1, -1, _bce_value_off),
    Effect("bce_missed_gradient", "BCELoss: gradient off by over .01", 1, -1, _bce_gradient_off),
    Effect("bce_missed_infinite", "BCELoss: gradient infinite", 1, -1, lambda forms: forms.bce_gradient.isinf()),
    Effect("bce_false_nan", "BCELoss: gradient NaN", 0, 1, _bce_gradient_nan),
    Effect("bce_easy_nan", "BCELoss: gradient NaN", 0, -1, _bce_gradient_nan),
    Effect("bce_right_nan", "BCELoss: gradient NaN", 1, 1, _bce_gradient_nan),
    Effect("bce_missed_nan", "BCELoss: gradient NaN", 1, -1, _bce_gradient_nan),
    Effect(
        "with_logits_easy_value",
        "BCEWithLogits: value off by over 1 %",
        0,
        -1,
        lambda forms: _value_off(forms.with_logits_value, forms.exact_value),
    ),
    Effect(
        "with_logits_easy_zero",
        "BCEWithLogits: value exactly 0",
        0,
        -1,
        lambda forms: forms.with_logits_value == 0,
    ),
    Effect(
        "with_logits_right_gradient",
        "BCEWithLogits: gradient exactly 0",
        1,
        1,
        lambda forms: forms.with_logits_gradient == 0,
    ),
)


def breakdown_points(dtype: torch.dtype) -> dict[str, float | None]:
    """Name of each of EFFECTS -> the first |logit|, in steps of STEP and rounded to the dtype, at which it is seen.

    None: not up to FARTHEST.
    """
    found: dict[str, float | None] = {effect.name: None for effect in EFFECTS}
    for start in range(0, round(FARTHEST / STEP), AT_ONCE):
        steps = torch.arange(start, min(start + AT_ONCE, round(FARTHEST / STEP)), dtype=torch.float64) * STEP
        sizes = torch.unique(steps.to(dtype)).to(torch.float64)
        for target, sign in ((0, 1), (0, -1), (1, 1), (1, -1)):
            looked_for = [e for e in EFFECTS if (e.target or 0, e.sign) == (target, sign) and found[e.name] is None]
            if not looked_for:
                continue
            forms = BceForms(sign * sizes, target, dtype)
            for effect in looked_for:
                at = torch.nonzero(effect.happens(forms) & (sizes > 0))
                found[effect.name] = float(sizes[at[0]]) if len(at) else None
    return found
