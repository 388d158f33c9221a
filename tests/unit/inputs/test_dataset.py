import numpy as np
import pytest

from dashboard.core import Predictions
from dashboard.inputs.dataset import Dataset

N = 6


@pytest.fixture
def dataset():
    rng = np.random.default_rng(0)
    labels = (rng.random((N, 2)) < 0.5).astype(np.int8)
    columns = {"writer": np.array(list("aabbca")), "text": np.array(list("uvwxyz"))}
    ids = np.arange(100, 100 + N)
    runs = {name: Predictions(rng.normal(size=(N, 2)), labels, sample_ids=ids, columns=columns) for name in "xy"}
    readers = {"somebody": 1 - labels}
    soft, images = rng.random((N, 2)), rng.integers(0, 255, (N, 3, 3), dtype=np.uint8)
    roles = {"writer": "group", "text": "text"}
    return Dataset("all", runs, readers, roles, {"class 0": "odd"}, soft, 0.5, images, ("a notice",))


def test_take_takes_the_rows_of_everything(dataset):
    rows = np.array([4, 1])
    taken = dataset.take(rows)
    for name, run in dataset.runs.items():
        assert taken.runs[name].digest == run.take(rows).digest
    assert np.array_equal(taken.readers["somebody"], dataset.readers["somebody"][rows])
    assert np.array_equal(taken.soft_labels, dataset.soft_labels[rows])
    assert np.array_equal(taken.images, dataset.images[rows])
    assert (taken.column_roles, taken.class_groups, taken.notices) == (
        dataset.column_roles,
        dataset.class_groups,
        dataset.notices,
    )


def test_take_keeps_the_rows_of_what_was_loaded(dataset):
    assert dataset.rows is None
    taken = dataset.take(np.array([True, False, True, True, False, True]))
    assert taken.rows.tolist() == [0, 2, 3, 5]
    assert taken.take([3, 1]).rows.tolist() == [5, 2]


def test_group_columns_are_those_with_that_role(dataset):
    assert dataset.group_columns == ["writer"]


def test_other_words_leave_the_arrays_and_the_digest(dataset):
    digest = dataset.digest
    told = dataset.in_words({"name": "theirs", "notices": ("odd",), "trained_with": {"run": "focal"}})
    assert (told.name, told.notices, told.trained_with) == ("theirs", ("odd",), {"run": "focal"})
    assert told.first_run is dataset.first_run and vars(told)["digest"] == digest
    assert dataset.in_words(dataset.words) is dataset
