import pytest
import torch

from dashboard.losses.signs import from_signs


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.int64, torch.int8])
def test_from_signs(dtype):
    found = from_signs(torch.tensor([[1, -1, 0], [-1, -1, 1]], dtype=dtype))
    assert found.tolist() == [[1, 0, -1], [0, 0, 1]]
    assert found.dtype == dtype


@pytest.mark.parametrize(("value", "said"), [(0.5, "0.5"), (2.0, "2"), (float("nan"), "nan")])
def test_from_signs_rejects(value, said):
    with pytest.raises(ValueError, match=f"must be -1, 0 or \\+1, got {said}"):
        from_signs(torch.tensor([[1.0, value]]))


def test_from_signs_of_nothing():
    assert from_signs(torch.zeros(0, 3)).shape == (0, 3)
