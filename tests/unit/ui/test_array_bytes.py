"""Bytes of arrays, each buffer once."""

import numpy as np
import pandas as pd
import pytest

from dashboard.core import Predictions, RankedScores
from dashboard.inputs.dataset import Dataset
from dashboard.ui.array_bytes import buffers_of

ARRAY = np.zeros((100, 10))


def n_bytes(value) -> int:
    return sum(buffers_of(value).values())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ARRAY, 8_000),
        (ARRAY[:1], 8_000),  # a view keeps all of it
        ([ARRAY, {"a": ARRAY.T}, (ARRAY[1:],)], 8_000),
        ([ARRAY, ARRAY.copy()], 16_000),
        (pd.DataFrame({"a": np.zeros(10)}), 80),
        (["a", "b"], 0),
        (np.array(["long text"] * 10, dtype=object), 1_000),
        (None, 0),
    ],
)
def test_bytes(value, expected):
    assert n_bytes(value) == expected


def test_a_dataset_counts_labels_that_its_runs_share_once():
    labels = np.zeros((100, 10), np.int8)
    runs = {name: Predictions(np.full((100, 10), k, np.float32), labels) for k, name in enumerate("ab")}
    assert n_bytes(Dataset("made", runs)) == 2 * 4_000 + 1_000


def test_a_ranking_counts_beside_its_data_only_what_it_adds():
    p = Predictions(np.random.default_rng(0).normal(size=(1000, 4)), np.zeros((1000, 4), np.int8))
    added = buffers_of(RankedScores.from_predictions(p)).items() - buffers_of(p).items()
    assert 32_000 <= sum(size for _, size in added) < 34_000


def test_a_tensor_counts_its_storage():
    torch = pytest.importorskip("torch")
    tensor = torch.zeros(100, dtype=torch.float64)
    assert n_bytes([tensor, tensor[:3]]) == 800
