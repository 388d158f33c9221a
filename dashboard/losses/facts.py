"""What can be seen in a pair of tensors that are meant for a loss: shapes, ranges, and what the target seems to be."""

from dataclasses import dataclass
from functools import cached_property

import torch

_NEAR = 1e-2  # rows of float16 and bfloat16 sum to 1 within this


@dataclass(frozen=True, eq=False)
class Facts:
    """x: the input, y: the target. input_is: in INPUTS of `described`, or empty; meaning: in TARGETS."""

    x: torch.Tensor
    y: torch.Tensor
    input_is: str
    meaning: str

    @classmethod
    def of(cls, x: torch.Tensor, y: torch.Tensor, input_is: str = "", meaning: str = "") -> "Facts":
        return cls(x, y, input_is, meaning or guessed_meaning(x, y))

    @property
    def same_shape(self) -> bool:
        return self.x.shape == self.y.shape

    @property
    def is_index(self) -> bool:
        return self.meaning.startswith("indices")

    @property
    def is_multi_hot(self) -> bool:
        return self.meaning in ("multi_hot", "one_hot")

    @property
    def has_negative_targets(self) -> bool:
        return bool((self.y < 0).any())

    @property
    def is_finite(self) -> bool:
        return bool(self.x.isfinite().all() and self.y.isfinite().all())

    @cached_property
    def is_squashed(self) -> bool:
        """Every input in [0, 1], as after sigmoid or softmax."""
        if self.input_is:
            return self.input_is in ("probabilities", "softmax")
        return bool(self.x.numel()) and bool(((self.x >= 0) & (self.x <= 1)).all())

    @cached_property
    def is_softmax(self) -> bool:
        if self.input_is:
            return self.input_is == "softmax"
        return self.is_squashed and _sum_to_one(self.x)

    @cached_property
    def is_log_softmax(self) -> bool:
        if self.input_is:
            return self.input_is == "log_softmax"
        return self.x.ndim > 0 and bool((self.x <= 0).all()) and _sum_to_one(self.x.double().exp())

    @cached_property
    def rows_sum_to_one(self) -> bool:
        return _sum_to_one(self.y)

    @property
    def loses_precision(self) -> bool:
        return self.y.is_floating_point() and self.x.is_floating_point() and self.y.itemsize < self.x.itemsize

    @property
    def broadcast_text(self) -> str:
        return str(tuple(torch.broadcast_shapes(self.x.shape, self.y.shape)))

    def shape_text(self, which: str) -> str:
        return str(tuple(getattr(self, which).shape))

    def dtype_text(self, which: str) -> str:
        return str(getattr(self, which).dtype).removeprefix("torch.")


def guessed_meaning(x: torch.Tensor, y: torch.Tensor) -> str:
    """A key of TARGETS: what values and shapes suggest. {-1, 1} are signs, {-1, 0, 1} multi-hot with unknown cells."""
    if y.is_floating_point() and y.isnan().any():
        return "nan"
    values = y.double()
    whole = bool((values == values.round()).all())
    if x.ndim == y.ndim + 1 or (y.ndim == 2 and y.shape[1] == 1 and x.ndim == 2 and x.shape[1] > 1):
        return _guessed_index(values, x) if whole else "soft"
    if not whole:
        return "soft"
    if bool((values > 1).any()) or bool((values < -1).any()):
        return "padded"
    if bool((values < 0).any()):
        return "unknown" if bool((values == 0).any()) else "signs"
    return "one_hot" if y.ndim > 1 and y.shape[1] > 1 and _sum_to_one(values) else "multi_hot"


def _guessed_index(values: torch.Tensor, x: torch.Tensor) -> str:
    if bool((values == -1).any()):
        return "indices_unknown"
    if bool((values == -100).any()):
        return "indices_ignored"
    from_1 = values.numel() and x.ndim > 1 and values.min() >= 1 and values.max() == x.shape[1]
    return "indices_from_1" if from_1 else "indices"


def _sum_to_one(values: torch.Tensor) -> bool:
    if not values.ndim or not values.numel():
        return False
    return bool(((values.double().sum(1 if values.ndim > 1 else -1) - 1).abs() < _NEAR).all())
