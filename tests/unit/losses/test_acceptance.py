"""Every verdict is proved by running torch's own loss, and every mend by running it."""

import itertools
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dashboard.losses.acceptance import ACCEPTS, FUNCTIONS, RAISES, WRONG, check, check_described
from dashboard.losses.described import DTYPES, INPUTS, TARGETS, Described, make_pair, parse_shape
from dashboard.losses.facts import guessed_meaning

MODULES = {
    "BCELoss": nn.BCELoss(),
    "BCEWithLogitsLoss": nn.BCEWithLogitsLoss(),
    "MultiLabelSoftMarginLoss": nn.MultiLabelSoftMarginLoss(),
    "MultiLabelMarginLoss": nn.MultiLabelMarginLoss(),
    "CrossEntropyLoss": nn.CrossEntropyLoss(),
    "NLLLoss": nn.NLLLoss(),
}
SHAPES = [
    ((5, 4), (5, 4)),
    ((5, 4), (5,)),
    ((5,), (5, 1)),
    ((5, 1), (5,)),
    ((5, 4), (4,)),
    ((5, 1), (5, 1)),
    ((5,), (5,)),
]


def _by_loss(x, y):
    return {each.loss: each for each in check_described(Described(*x), Described(*y))}


def _described(shapes, x_dtype, y_dtype, input_is, target_is):
    return Described(shapes[0], x_dtype, input_is), Described(shapes[1], y_dtype, target_is)


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("input_is", INPUTS)
def test_verdicts_are_what_torch_does(shapes, input_is):
    for target_is, y_dtype in itertools.product(TARGETS, ("float32", "float64", "int64", "int8", "bool")):
        described = _described(shapes, "float32", y_dtype, input_is, target_is)
        x, y, _ = make_pair(*described)
        for verdict in check_described(*described):
            try:
                value = MODULES[verdict.loss](x, y)
            except (RuntimeError, ValueError, IndexError) as error:
                assert verdict.verdict == RAISES and verdict.happens == str(error).splitlines()[0]
                assert verdict.value is None
            else:
                assert verdict.verdict in (ACCEPTS, WRONG)
                assert verdict.value == pytest.approx(float(value), nan_ok=True)
            if verdict.mend:
                mended = eval(verdict.mend, {"F": F, "torch": torch, "x": x, "y": y})  # noqa: S307
                assert float(mended) == verdict.mended and math.isfinite(verdict.mended)
            else:
                assert verdict.mended is None


L, S, P = "logits", "softmax", "probabilities"
WRONG_CASES = [
    # loss, shapes, dtypes, contents, part of what is said, what was meant
    ("BCEWithLogitsLoss", ((6, 4), (6, 4)), ("float32", "float32"), (L, "unknown"), "-1 is not left out",
     lambda x, y: F.binary_cross_entropy_with_logits(x[y >= 0], y[y >= 0])),
    ("BCEWithLogitsLoss", ((6, 4), (6, 4)), ("float32", "float32"), (L, "signs"), "falls without end",
     lambda x, y: F.binary_cross_entropy_with_logits(x, (y > 0).float())),
    ("BCEWithLogitsLoss", ((6, 4), (6, 4)), ("float32", "float32"), (P, "multi_hot"), "sigmoid would be taken twice",
     F.binary_cross_entropy),
    ("BCEWithLogitsLoss", ((6, 4), (6, 4)), ("float32", "float16"), (L, "multi_hot"), "float16, with fewer digits",
     lambda x, y: F.binary_cross_entropy_with_logits(x, y.float())),
    ("MultiLabelSoftMarginLoss", ((6,), (6, 1)), ("float32", "float32"), (L, "multi_hot"), "broadcast to (6, 6)",
     lambda x, y: F.binary_cross_entropy_with_logits(x, y[:, 0])),
    ("MultiLabelSoftMarginLoss", ((6, 1), (6,)), ("float32", "float32"), (L, "multi_hot"), "broadcast to (6, 6)",
     lambda x, y: F.binary_cross_entropy_with_logits(x[:, 0], y)),
    ("MultiLabelMarginLoss", ((6, 4), (6, 4)), ("float32", "int64"), (L, "multi_hot"), "as indices", None),
    ("CrossEntropyLoss", ((6, 4), (6,)), ("float32", "int64"), (S, "indices"), "softmax would be taken twice",
     lambda x, y: -x[torch.arange(6), y].log().mean()),
    ("CrossEntropyLoss", ((6, 4), (6, 4)), ("float32", "float32"), (L, "multi_hot"), "do not sum to 1", None),
    ("CrossEntropyLoss", ((6, 1), (6, 1)), ("float32", "float32"), (L, "multi_hot"), "the loss always 0",
     F.binary_cross_entropy_with_logits),
    ("CrossEntropyLoss", ((6,), (6,)), ("float32", "float32"), (L, "multi_hot"), "one sample with N classes",
     F.binary_cross_entropy_with_logits),
    ("NLLLoss", ((6, 4), (6,)), ("float32", "int64"), (L, "indices"), "does not check", F.cross_entropy),
    ("BCEWithLogitsLoss", ((6, 4), (6, 4)), ("float32", "float32"), (L, "nan"), "not finite",
     lambda x, y: F.binary_cross_entropy_with_logits(x[~y.isnan()], y[~y.isnan()])),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG_CASES, ids=lambda case: f"{case[0]} {case[3]} {case[1]}")
def test_silent_traps_give_another_number_than_was_meant(case):
    loss, shapes, dtypes, contents, said, meant = case
    described = _described(shapes, *dtypes, *contents)
    verdict = {each.loss: each for each in check_described(*described)}[loss]
    assert verdict.verdict == WRONG and said in verdict.happens and verdict.mend
    assert verdict.value != verdict.mended
    if meant is not None:
        x, y, _ = make_pair(*described)
        assert verdict.mended == pytest.approx(float(meant(x, y)), rel=1e-6)


def test_multi_hot_into_margin_loss_is_mended_to_the_hinge_over_pairs():
    x, y = torch.tensor([[0.2, 1.0, -0.5], [0.0, 0.3, 2.0]]), torch.tensor([[0, 1, 0], [1, 0, 1]])
    verdict = {each.loss: each for each in check(x, y)}["MultiLabelMarginLoss"]
    pairs = [(0, 1, 0), (0, 1, 2), (1, 0, 1), (1, 2, 1)]
    hinge = sum(max(0.0, 1 - float(x[row, j] - x[row, i])) for row, j, i in pairs) / 3 / 2
    assert verdict.verdict == WRONG and verdict.mended == pytest.approx(hinge)
    assert verdict.value != pytest.approx(hinge)


@pytest.mark.parametrize("loss", [title for title, _ in FUNCTIONS.values()])
def test_each_loss_accepts_what_it_is_made_for(loss):
    made_for = {
        "BCELoss": (((6, 4), "float32", P), ((6, 4), "float32", "multi_hot")),
        "BCEWithLogitsLoss": (((6, 4), "float32", L), ((6, 4), "float32", "soft")),
        "MultiLabelSoftMarginLoss": (((6, 4), "float32", L), ((6, 4), "int64", "multi_hot")),
        "MultiLabelMarginLoss": (((6, 4), "float32", L), ((6, 4), "int64", "padded")),
        "CrossEntropyLoss": (((6, 4), "float32", L), ((6,), "int64", "indices")),
        "NLLLoss": (((6, 4), "float32", "log_softmax"), ((6,), "int64", "indices")),
    }
    verdict = _by_loss(*made_for[loss])[loss]
    assert (verdict.verdict, verdict.mend) == (ACCEPTS, "")


def test_messages_name_the_sizes_that_were_described_and_nothing_large_is_made():
    x, y = ((4_000_000_000, 80), "float32", L), ((80, 4_000_000_000), "float32", "multi_hot")
    found = _by_loss(x, y)
    assert "torch.Size([80, 4000000000])" in found["BCEWithLogitsLoss"].happens
    assert "(80)" in found["CrossEntropyLoss"].happens and "(4000000000)" in found["CrossEntropyLoss"].happens
    assert all(tensor.numel() < 10_000 for tensor in make_pair(Described(*x), Described(*y))[:2])


def test_indices_out_of_range_and_ignored():
    out = _by_loss(((6, 4), "float32", L), ((6,), "int64", "indices_from_1"))["CrossEntropyLoss"]
    assert (out.verdict, out.happens) == (RAISES, "Target 4 is out of bounds.") and "- 1" in out.mend
    unknown = _by_loss(((6, 4), "float32", L), ((6,), "int64", "indices_unknown"))["CrossEntropyLoss"]
    assert unknown.verdict == RAISES and "ignore_index=-1" in unknown.mend
    ignored = _by_loss(((6, 4), "float32", L), ((6,), "int64", "indices_ignored"))["CrossEntropyLoss"]
    assert ignored.verdict == ACCEPTS and "left out" in ignored.happens


def test_float16_scores_that_round_to_0_have_no_gradient():
    x = torch.tensor([[0.0, 0.5], [0.7, 1.0]], dtype=torch.float16)
    verdict = check(x, torch.tensor([[0.0, 1], [1, 1]], dtype=torch.float16))[0]
    assert verdict.verdict == WRONG and "The gradient is not finite" in verdict.happens and "float()" in verdict.mend


@pytest.mark.parametrize("dtype", DTYPES)
def test_any_dtype_has_a_verdict_and_empty_tensors_too(dtype):
    for shape in ((0, 3), (3, 0), (), (2, 3, 4)):
        for target_is in TARGETS:
            assert len(check_described(Described(shape, "float32", L), Described(shape, dtype, target_is))) == 6
    assert len(check_described(Described((3, 2), dtype, L), Described((3, 2), "float32", "soft"))) == 6


def test_meanings_are_guessed():
    x = torch.zeros(4, 3)
    for y, meaning in (
        ([[0, 1, 1]] * 4, "multi_hot"),
        ([[0, 1, 0]] * 4, "one_hot"),
        ([[0, 1, -1]] * 4, "unknown"),
        ([[-1, 1, -1]] * 4, "signs"),
        ([[0, 2, -1]] * 4, "padded"),
        ([[0.2, 1, 0]] * 4, "soft"),
        ([0, 1, 2, 2], "indices"),
        ([1, 2, 3, 3], "indices_from_1"),
        ([0, 1, -1, 2], "indices_unknown"),
        ([0, 1, -100, 2], "indices_ignored"),
    ):
        assert guessed_meaning(x, torch.tensor(y)) == meaning


def test_shapes_are_read():
    for text in ("(32, 10)", "32,10", "32 x 10", "torch.Size([32, 10])"):
        assert parse_shape(text) == (32, 10)
    assert parse_shape("()") == () and parse_shape("(5,)") == (5,)
    for text in ("(a, 3)", "(-1, 2)", "1,1,1,1,1"):
        with pytest.raises(ValueError, match="a shape must"):
            parse_shape(text)


def test_numpy_arrays_become_the_same_verdicts():
    x, y = np.zeros((4, 3), np.float32), np.ones((4, 3), np.int8)
    assert check(torch.from_numpy(x), torch.from_numpy(y))[0].verdict == RAISES
