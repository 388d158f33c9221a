"""What is written for another process comes back exactly: values, dtypes, missing cells of both kinds, notes."""

import math
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.errors import InputError
from dashboard.inputs.content import FileContent, read_file
from dashboard.inputs.stored_content import load_content, store_content
from tests.unit.inputs.contents import arrays, table
from tests.unit.inputs.files_written import ARRAY_WRITERS, SCORES, TABLE_WRITERS, TRUTH, table_of
from tests.unit.inputs.test_reader_properties import BOUNDED, SMALL, _valid_files, mutated_files


@pytest.fixture(autouse=True, scope="module")
def _parquet_read_here():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dashboard.inputs.formats.parquet.rehearse", lambda file, limits: None)
        yield


def round_trip(content: FileContent) -> FileContent:
    """The content after its folder is gone, as the server keeps it."""
    with tempfile.TemporaryDirectory() as folder:
        store_content(content, Path(folder))
        return load_content(Path(folder))


def assert_equal(found: FileContent, wanted: FileContent) -> None:
    plain = ("name", "format", "has_header", "notes")
    assert [getattr(found, name) for name in plain] == [getattr(wanted, name) for name in plain]
    assert list(found.arrays) == list(wanted.arrays)
    for name, array in wanted.arrays.items():
        assert_values_equal(found.arrays[name], array)
    assert (found.table is None) == (wanted.table is None)
    if wanted.table is not None:
        assert found.table.columns.tolist() == wanted.table.columns.tolist()
        assert found.table.columns.dtype == wanted.table.columns.dtype
        pd.testing.assert_index_equal(found.table.index, wanted.table.index, exact=True)
        for position in range(wanted.table.shape[1]):
            assert_columns_equal(found.table.iloc[:, position], wanted.table.iloc[:, position])


def assert_columns_equal(found, wanted):
    assert found.dtype == wanted.dtype
    if wanted.dtype == "str":
        assert found.array.dtype.storage == wanted.array.dtype.storage
        pd.testing.assert_series_equal(found, wanted)
    else:
        assert_values_equal(found.to_numpy(), wanted.to_numpy())


def assert_values_equal(found, wanted):
    assert (found.dtype, found.shape) == (wanted.dtype, wanted.shape)
    if wanted.dtype != object:
        assert found.tobytes() == wanted.tobytes()
        return
    for one, other in zip(found, wanted, strict=True):
        assert type(one) is type(other)
        if isinstance(other, np.ndarray):
            assert_values_equal(one, other)
        else:
            assert one == other or (math.isnan(one) and math.isnan(other))


def cells_of(*values) -> np.ndarray:
    cells = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        cells[row] = value
    return cells


@pytest.mark.parametrize("name", sorted(_valid_files()))
def test_every_format_comes_back(name):
    content = read_file(_valid_files()[name], name=name)
    assert_equal(round_trip(content), content)


@pytest.mark.parametrize("extension", ARRAY_WRITERS)
@pytest.mark.parametrize("values", [SCORES, TRUTH], ids=["scores", "labels"])
def test_arrays_written_by_others_come_back(tmp_path, extension, values):
    path = tmp_path / f"values.{extension}"
    ARRAY_WRITERS[extension](path, values)
    content = read_file(path)
    assert_equal(round_trip(content), content)


@pytest.mark.parametrize("extension", TABLE_WRITERS)
def test_tables_written_by_others_come_back(tmp_path, extension):
    path = tmp_path / f"values.{extension}"
    TABLE_WRITERS[extension](path, table_of(SCORES, ids=True))
    content = read_file(path)
    assert_equal(round_trip(content), content)


@given(file=mutated_files())
@BOUNDED
def test_whatever_a_damaged_file_reads_as_comes_back(file):
    data, name = file
    try:
        content = read_file(data, name=name, limits=SMALL)
    except InputError:
        return
    assert_equal(round_trip(content), content)


NUMBERS = st.sampled_from(["f2", "f4", "f8", "i1", "i8", "u8", "?"]).flatmap(
    lambda dtype: st.lists(st.integers(0, 1), max_size=4).map(lambda values: np.array(values, dtype))
)
CELLS = st.one_of(st.none(), st.just(math.nan), st.text(), st.lists(st.text(max_size=3), max_size=3), NUMBERS)


@given(cells=st.lists(CELLS, max_size=12))
@BOUNDED
def test_any_cells_come_back(cells):
    content = table({"cells": cells_of(*cells), "row": np.arange(len(cells))})
    assert_equal(round_trip(content), content)


def test_none_and_nan_stay_apart():
    found = round_trip(table({"x": cells_of(None, math.nan, "", [], np.empty(0))})).table["x"].tolist()
    assert found[0] is None
    assert math.isnan(found[1])
    assert found[2:4] == ["", []]
    assert found[4].shape == (0,)


def test_halves_of_characters_come_back():
    content = FileContent("a\ud800", "json", {"\udc00": cells_of("\ud800", ["\udfff"])}, None, True, ("\ud800",))
    assert_equal(round_trip(content), content)


@pytest.mark.parametrize(
    "array",
    [np.empty((0, 3)), np.empty((2, 0), "U3"), np.array(5.0), np.array(["", ""]), np.asfortranarray(np.ones((3, 4)))],
    ids=["no rows", "no columns", "no axis", "no letters", "by columns"],
)
def test_arrays_at_the_edge_come_back(array):
    content = arrays(x=array)
    assert_equal(round_trip(content), content)


def test_a_table_of_many_columns_is_one_file_of_numbers(tmp_path):
    content = table({f"c{position}": np.full(2, position) for position in range(3000)})
    store_content(content, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    assert_equal(load_content(tmp_path), content)


def test_arrays_are_mapped_and_read_only():
    array = round_trip(arrays(x=np.arange(10.0))).arrays["x"]
    assert isinstance(array.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


def test_an_object_of_another_kind_is_loud(tmp_path):
    with pytest.raises(TypeError, match="dict"):
        store_content(table({"x": cells_of({}, {})}), tmp_path)
