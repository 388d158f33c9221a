"""The Check tensors tab: the loaded data's tensors at first, then any pair that is described or uploaded."""

import io

import numpy as np
import pytest
import torch

from dashboard.ui.losses.tensor_check import tensor_of
from tests.app.conftest import dataset_of, degenerate_datasets, table_of

TAB = {"losses_tab": "Check tensors"}
WRONG, RAISES, ACCEPTS = "⚠ silently wrong", "✕ raises", "✓ accepts"


@pytest.fixture
def dataset():
    rng = np.random.default_rng(3)
    return dataset_of(rng.normal(size=(50, 4)).astype(np.float32), (rng.random((50, 4)) < 0.4).astype(np.int8))


def _verdicts(at):
    return table_of(at, "tensor_verdicts").set_index("loss")


def test_the_loaded_datas_tensors_are_described_at_first(visit, dataset):
    at = visit("losses", dataset, **TAB)
    assert at.text_input(key="check_x_shape").value == at.text_input(key="check_y_shape").value == "(50, 4)"
    found = _verdicts(at)
    assert found.loc["BCEWithLogitsLoss", "verdict"] == RAISES
    assert found.loc["BCEWithLogitsLoss", "mend"] == "F.binary_cross_entropy_with_logits(x, y.to(x.dtype))"
    assert found.loc["MultiLabelSoftMarginLoss", "verdict"] == ACCEPTS


def test_what_is_described_is_checked_and_comes_from_the_address(visit, dataset):
    address = {"check_x_shape": "(32,)", "check_y_shape": "(32, 1)", "check_y_dtype": "float32"}
    found = _verdicts(visit("losses", dataset, **TAB, **address))
    assert found.loc["MultiLabelSoftMarginLoss", "verdict"] == WRONG
    assert "broadcast to (32, 32)" in found.loc["MultiLabelSoftMarginLoss", "what happens"]


def test_a_shape_that_is_none_is_told_in_a_sentence(visit, dataset):
    at = visit("losses", dataset, **TAB)
    at.text_input(key="check_x_shape").set_value("ten").run()
    assert "a shape must be whole numbers" in at.error[0].value
    assert not at.exception


def test_files_are_read_and_refused_with_a_sentence():
    def saved(array):
        file = io.BytesIO()
        np.save(file, array)
        return file.getvalue()

    assert torch.equal(tensor_of("y.npy", saved(np.arange(3))), torch.arange(3))
    archive = io.BytesIO()
    np.savez(archive, a=np.zeros(2), b=np.zeros(2))
    for content, said in (
        (b"no array", "cannot be read"),
        (b"", "cannot be read"),
        (saved(np.array(["a"])), "must have a dtype of torch"),
        (np.array([object()]).dumps(), "cannot be read"),
        (archive.getvalue(), "must hold one array, has 2 arrays"),
        (saved(np.zeros(3_000_000)), "must hold at most 20 MB"),
    ):
        with pytest.raises(ValueError, match=said):
            tensor_of("y.npy", content)


@pytest.mark.parametrize("name", degenerate_datasets())
def test_edge_inputs_do_not_break_it(visit, name):
    at = visit("losses", degenerate_datasets()[name], **TAB)
    assert not at.exception, at.exception
    assert len(_verdicts(at)) == 6
