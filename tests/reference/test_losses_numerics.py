"""Numerics of BCE against numbers computed apart from this code: torch element by element, exact by mpmath."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from dashboard.losses.extremes import infinite_logits, loss_caps
from dashboard.losses.numerics import DTYPES, BceForms, breakdown_points

REFERENCE = json.loads((Path(__file__).parent / "losses_numerics.json").read_text())
# One rounding of the dtype: torch's vectorised kernels may round a last digit otherwise than one element alone.
ULP = {"float64": 2.3e-16, "float32": 1.2e-7, "bfloat16": 7.9e-3, "float16": 9.8e-4}


@pytest.fixture(scope="module", params=list(DTYPES))
def dtype(request):
    return request.param


def _rows(dtype, target):
    content = REFERENCE["extreme_logits"]
    rows = np.array([[float(cell) for cell in row] for row in content["rows"][dtype]])
    return dict(zip(content["columns"], rows[rows[:, 1] == target].T, strict=True))


@pytest.mark.parametrize("target", [0, 1])
def test_forms_are_torchs_own_at_every_logit(dtype, target):
    rows = _rows(dtype, target)
    forms = BceForms(torch.tensor(rows["x"]), target, DTYPES[dtype])
    np.testing.assert_array_equal(forms.logits, rows["x"])
    # BCEWithLogits subtracts numbers as large as the logit: its error is one of the logit's roundings
    loose = 2 * ULP[dtype] * np.abs(rows["x"])
    for name, column, atol in (
        ("bce_value", "bceloss_value", 2 * ULP[dtype]),
        ("bce_gradient", "bceloss_grad", 2 * ULP[dtype]),
        ("with_logits_value", "bcewithlogits_value", loose),
        ("with_logits_gradient", "bcewithlogits_grad", ULP[dtype]),
    ):
        found, expected = getattr(forms, name).numpy(), rows[column]
        finite = np.isfinite(expected)
        np.testing.assert_array_equal(found[~finite], expected[~finite], err_msg=name)
        allowed = 4 * ULP[dtype] * np.abs(expected[finite]) + np.broadcast_to(atol, finite.shape)[finite]
        assert (np.abs(found[finite] - expected[finite]) <= allowed).all(), name


@pytest.mark.parametrize("target", [0, 1])
def test_exact_forms_are_exact(dtype, target):
    rows = _rows(dtype, target)
    forms = BceForms(torch.tensor(rows["x"]), target, DTYPES[dtype])
    # below 1e-300 doubles have fewer digits
    np.testing.assert_allclose(forms.exact_value, rows["exact_value"], rtol=1e-14, atol=1e-300)
    np.testing.assert_allclose(forms.exact_gradient, rows["exact_grad"], rtol=1e-14, atol=1e-300)


def test_breakdown_points_are_found(dtype):
    found = breakdown_points(DTYPES[dtype])
    for name, expected in REFERENCE["breakdown_points"][dtype].items():
        assert found[name] == (None if expected is None else pytest.approx(expected, rel=1e-12)), name


def test_the_two_sides_of_bceloss_die_apart():
    """The brief's figures: false positives at 16.6, misses at 27.6."""
    found = breakdown_points(torch.float32)
    assert (round(found["bce_false_gradient"], 1), round(found["bce_missed_gradient"], 1)) == (16.6, 27.6)


def test_infinite_logits():
    expected = {(float(row["x"]), row["y"]): row for row in REFERENCE["infinite_logits"]}
    found = infinite_logits()
    assert len(found) == 4
    for each in found:
        row = expected[each.logit, each.target]
        names = ("bce_value", "bce_gradient", "with_logits_value", "with_logits_gradient")
        columns = ("bceloss_value", "bceloss_grad", "bcewithlogits_value", "bcewithlogits_grad")
        np.testing.assert_array_equal([getattr(each, n) for n in names], [float(row[c]) for c in columns])
        assert each.exact == (math.inf if (each.logit > 0) != each.target else 0)


def test_loss_caps():
    caps, expected = loss_caps(), REFERENCE["loss_caps"]
    assert caps == pytest.approx(
        {
            "torch BCELoss": expected["torch_BCELoss"],
            "torch BCEWithLogitsLoss": math.inf,
            "scikit-learn log_loss, float64": expected["sklearn_log_loss_float64"],
            "scikit-learn log_loss, float32": expected["sklearn_log_loss_float32"],
            "Keras, epsilon 1e-7": expected["keras_eps_1e7"],
            "ASL, eps 1e-8": expected["ASL_eps_1e8"],
        },
        rel=1e-12,
    )
