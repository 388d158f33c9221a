"""What is written comes back the same, to the last byte, and holds no pickle."""

import numpy as np
import pytest

from dashboard.core.feature_table import FeatureTable
from dashboard.training.data_files import load_data, load_table, save_data, save_table
from dashboard.training.data_sets import make_data
from dashboard.training.plan import DataPlan

TABLE = FeatureTable(
    "birds & bees",
    np.array([[1, 0], [0, -1], [1, 1]], dtype=np.int8),
    ("blackbird", "größer/kleiner"),
    {"x": np.array([1.5, np.nan, 3.0]), "a/b|U": np.array([1.0, 2.0, 3.0])},
    {"colour": np.array(["red", None, 'b"lue'], dtype=object)},
    None,
    np.array(["train", "test", "train"]),
    np.array(["s1", "s2", "s3"], dtype=object),
    {"site": np.array(["A", "B", "A"], dtype=object), "age": np.array([1, 2, 3])},
    ("One notice.",),
)


def assert_equal(first, second):
    assert (first is None) == (second is None)
    if first is not None:
        assert first.dtype.kind == second.dtype.kind
        assert np.array_equal(first, second, equal_nan=first.dtype.kind == "f")


@pytest.mark.parametrize("kind", ["digits", "generated"])
def test_data_come_back_the_same(kind, tmp_path):
    sizes = {"n_train": 30, "n_validation": 10, "n_test": 10} if kind == "digits" else {"n_samples": 60}
    data = make_data(DataPlan(kind, sizes))
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


def test_a_table_comes_back_the_same(tmp_path):
    save_table(TABLE, tmp_path / "table.npz")
    again = load_table(tmp_path / "table.npz")
    assert (again.name, again.class_names, again.notices) == (TABLE.name, TABLE.class_names, TABLE.notices)
    for field in ("labels", "parts", "ids", "images"):
        assert_equal(getattr(TABLE, field), getattr(again, field))
    for field in ("numbers", "nominals", "columns"):
        assert list(getattr(again, field)) == list(getattr(TABLE, field))
        for name, values in getattr(TABLE, field).items():
            assert_equal(values, getattr(again, field)[name])


def test_a_table_of_images_comes_back_the_same(tmp_path):
    images = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    save_table(FeatureTable("i", np.eye(2, dtype=np.int8), ("a", "b"), images=images), tmp_path / "t.npz")
    again = load_table(tmp_path / "t.npz")
    assert_equal(again.images, images)
    assert again.numbers == {}


def test_no_array_of_objects_is_written(tmp_path):
    save_table(TABLE, tmp_path / "table.npz")
    with np.load(tmp_path / "table.npz", allow_pickle=False) as stored:
        assert all(stored[name].dtype != object for name in stored.files)
