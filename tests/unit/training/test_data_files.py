"""What is written comes back the same, to the last byte, and holds no pickle."""

import numpy as np
import pytest

from dashboard.training.data import DataPart, TrainingData
from dashboard.training.data_files import load_data, save_data
from dashboard.training.data_sets import make_data
from dashboard.training.plan import DataPlan

PART = DataPart(
    np.array([[1.5, 2.0], [0.1, 3.0], [0.0, 4.0]]),
    np.array([[1, 0], [0, -1], [1, 1]], dtype=np.int8),
    np.array(["s1", "s2", 's"3'], dtype=object),
    {
        "site|U": np.array(["A", None, "ß/B"], dtype=object),
        "age": np.array([1, 2, 3]),
        "day": np.array(["x", "y", "z"]),
    },
)
TEXTS = TrainingData(
    "birds & bees", ("blackbird", "größer/kleiner"), PART, PART, PART, ("One notice.",), {"left_out": {}}
)


def assert_equal(first, second):
    assert (first is None) == (second is None)
    if first is not None:
        assert first.dtype.kind == second.dtype.kind
        assert np.array_equal(first, second, equal_nan=first.dtype.kind == "f")


def made(kind):
    sizes = {"n_train": 30, "n_validation": 10, "n_test": 10} if kind == "digits" else {"n_samples": 60}
    return TEXTS if kind == "texts" else make_data(DataPlan(kind, sizes))


@pytest.mark.parametrize("kind", ["digits", "generated", "texts"])
def test_data_come_back_the_same(kind, tmp_path):
    data = made(kind)
    save_data(data, tmp_path / "data.npz")
    again = load_data(tmp_path / "data.npz")
    assert again.digest == data.digest
    assert (again.name, again.class_names, again.notices) == (data.name, data.class_names, data.notices)
    assert again.preparation == data.preparation
    for name, part in data.parts.items():
        for field in ("inputs", "labels", "ids", "images"):
            assert_equal(getattr(part, field), getattr(again.parts[name], field))
        assert list(part.columns) == list(again.parts[name].columns)
        for column in part.columns:
            assert_equal(part.columns[column], again.parts[name].columns[column])


def test_no_array_of_objects_is_written(tmp_path):
    save_data(TEXTS, tmp_path / "data.npz")
    with np.load(tmp_path / "data.npz", allow_pickle=False) as stored:
        assert all(stored[name].dtype != object for name in stored.files)
