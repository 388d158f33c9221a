"""Small tensors that behave as a described pair of tensors would: the same dtypes, equal sizes equal, 1 and 0 kept."""

import re
from dataclasses import dataclass

import torch

DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        torch.float32,
        torch.float64,
        torch.float16,
        torch.bfloat16,
        torch.int64,
        torch.int32,
        torch.int8,
        torch.uint8,
        torch.bool,
    )
}
INPUTS = {
    "logits": "logits, any real numbers",
    "probabilities": "after sigmoid, in [0, 1]",
    "softmax": "after softmax, rows sum to 1",
    "log_softmax": "after log_softmax",
    "nan": "logits, some of them NaN",
}
TARGETS = {
    "multi_hot": "multi-hot, 0 and 1",
    "unknown": "multi-hot, -1 where unknown",
    "signs": "-1 and +1",
    "soft": "between 0 and 1",
    "one_hot": "one-hot",
    "indices": "class indices, from 0",
    "indices_from_1": "class indices, from 1",
    "indices_unknown": "class indices, -1 where unknown",
    "indices_ignored": "class indices, -100 where ignored",
    "padded": "class indices of each row, padded with -1",
    "nan": "multi-hot, some of them NaN",
}
MOST_DIMENSIONS = 4
SMALL = 8  # sizes up to this stay as they are
_STAND_INS = (11, 13, 17, 19, 23, 29, 31, 37)  # for larger ones: rare in messages, so that they can be put back


@dataclass(frozen=True)
class Described:
    """shape: sizes, of any magnitude. dtype: in DTYPES. content: in INPUTS or TARGETS."""

    shape: tuple[int, ...]
    dtype: str
    content: str


def parse_shape(text: str) -> tuple[int, ...]:
    """(32, 10) or 32 x 10, () for a scalar. Raises ValueError, with a sentence."""
    plain = text.strip().removeprefix("torch.Size").strip("()[] \t")
    parts = [part.strip() for part in re.split(r"[,x× ]+", plain) if part.strip()]
    if not all(part.isdecimal() and len(part) <= 12 for part in parts):
        raise ValueError(f"a shape must be whole numbers like (32, 10), got {text!r}: write one number per dimension")
    if len(parts) > MOST_DIMENSIONS:
        raise ValueError(f"a shape must have at most {MOST_DIMENSIONS} dimensions, got {len(parts)}: leave some out")
    return tuple(int(part) for part in parts)


def stand_ins(*shapes: tuple[int, ...]) -> dict[int, int]:
    """Size -> the small one that stands for it."""
    large = sorted({size for shape in shapes for size in shape if size > SMALL})
    return dict(zip(large, _STAND_INS, strict=False))


def make_pair(x: Described, y: Described) -> tuple[torch.Tensor, torch.Tensor, dict[int, int]]:
    """Input, target, and the sizes that were replaced. Fixed numbers, the same each time."""
    smaller = stand_ins(x.shape, y.shape)
    shapes = [tuple(smaller.get(size, size) for size in each.shape) for each in (x, y)]
    n_classes = shapes[0][1] if len(shapes[0]) > 1 else 2
    generator = torch.Generator().manual_seed(0)
    return (
        _input(shapes[0], x.content, generator).to(DTYPES[x.dtype]),
        _target(shapes[1], y.content, n_classes, generator).to(DTYPES[y.dtype]),
        smaller,
    )


def _input(shape, content: str, generator) -> torch.Tensor:
    logits = torch.randn(shape, generator=generator, dtype=torch.float64) * 2
    dim = 1 if len(shape) > 1 else -1
    if content == "probabilities":
        return logits.sigmoid()
    if content == "softmax":
        return logits.softmax(dim) if shape else logits.sigmoid()
    if content == "log_softmax":
        return logits.log_softmax(dim) if shape else -logits.abs()
    if content == "nan":
        logits.view(-1)[:1] = torch.nan
    return logits


def _target(shape, content: str, n_classes: int, generator) -> torch.Tensor:
    random = torch.rand(shape, generator=generator, dtype=torch.float64)
    if content == "padded":
        return _padded(shape)
    if content.startswith("indices"):
        return _indices(random, content, n_classes)
    if content == "one_hot":
        hot = torch.zeros(shape, dtype=torch.float64)
        return hot.index_fill(-1, torch.tensor(0), 1.0) if shape and shape[-1] else hot
    y = (random < 0.4).double()
    y.view(-1)[:2] = torch.tensor([1.0, 0.0], dtype=torch.float64)[: y.numel()]
    if content == "signs":
        return 2 * y - 1
    if content == "soft":
        return random
    if content in ("unknown", "nan"):
        y.view(-1)[-1:] = -1.0 if content == "unknown" else torch.nan
    return y


def _padded(shape) -> torch.Tensor:
    """Class 0 and, where there are more than two places, the last one; then -1."""
    y = torch.full(shape, -1.0, dtype=torch.float64)
    if shape and shape[-1]:
        y[..., 0] = 0
        if shape[-1] > 2:
            y[..., 1] = shape[-1] - 1
    return y


def _indices(random: torch.Tensor, content: str, n_classes: int) -> torch.Tensor:
    y = (random * n_classes).floor()
    y.view(-1)[:1] = max(n_classes - 1, 0)
    if content == "indices_from_1":
        return y + 1
    if content in ("indices_unknown", "indices_ignored"):
        y.view(-1)[-1:] = -1 if content == "indices_unknown" else -100
    return y


def with_real_sizes(message: str, smaller: dict[int, int]) -> str:
    """The sizes of the description in place of those that stood for them."""
    real = {str(small): str(size) for size, small in smaller.items()}
    return re.sub(r"\b\d+\b", lambda found: real.get(found[0], found[0]), message)
