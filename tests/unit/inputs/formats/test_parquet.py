import datetime
import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.inputs.content import read_file
from tests.unit.inputs.reading import read, refusal, written


def parquet(columns: dict, **options) -> bytes:
    return written(lambda stream: pq.write_table(pa.table(columns), stream, **options))


@pytest.fixture
def without_rehearsal(monkeypatch):
    """Reads at once: the process that reads a file first takes half a second."""
    monkeypatch.setattr("dashboard.inputs.formats.parquet.rehearse", lambda file, limits: None)


def column(values, **options) -> pd.Series:
    return read(parquet({"x": values}, **options), "a.parquet").table["x"]


@pytest.mark.usefixtures("without_rehearsal")
class TestRead:
    @pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i1", "i2", "i8", "u1", "u8", "?"])
    def test_read_parquet_keeps_every_bit(self, dtype):
        values = np.random.default_rng(0).normal(size=100).astype(dtype)
        result = column(values).to_numpy()
        assert result.dtype == values.dtype
        assert result.tobytes() == values.tobytes()

    def test_read_parquet_joins_row_groups_in_order(self):
        assert column(np.arange(1000), row_group_size=64).tolist() == list(range(1000))

    def test_read_parquet_keeps_text(self):
        series = column(["a", "é", "a"])
        assert series.dtype == "str"
        assert series.tolist() == ["a", "é", "a"]

    def test_read_parquet_reads_categories_as_text(self):
        assert column(pa.array(["u", "v", "u"]).dictionary_encode()).tolist() == ["u", "v", "u"]

    @pytest.mark.parametrize("values", [[1, None, 0], [True, None, False], [1.0, None, 0.0]])
    def test_read_parquet_reads_missing_numbers_as_nan(self, values):
        np.testing.assert_array_equal(column(values).to_numpy(), [1, np.nan, 0])

    def test_read_parquet_reads_missing_text_as_missing(self):
        assert column(["a", None]).isna().tolist() == [False, True]

    def test_read_parquet_reads_lists_of_numbers_as_arrays(self):
        cells = column([[1.5, 2.0], None, [], [3.0, None]]).tolist()
        assert cells[1] is None
        np.testing.assert_array_equal(np.concatenate([cells[0], cells[2], cells[3]]), [1.5, 2, 3, np.nan])
        assert cells[0].dtype == np.float64

    def test_read_parquet_reads_lists_of_fixed_size(self):
        cells = column(pa.array([[1, 2], None, [3, 4]], pa.list_(pa.int64(), 2))).tolist()
        assert cells[0].tolist() == [1, 2]
        assert cells[1] is None
        assert cells[2].tolist() == [3, 4]

    def test_read_parquet_reads_lists_of_text(self):
        assert column([["dog", "cat"], [], None, ["dog"]]).tolist() == [["dog", "cat"], [], None, ["dog"]]

    def test_read_parquet_reads_decimals_and_dates(self):
        table = read(parquet({"d": [decimal.Decimal("1.25")], "t": [datetime.date(2020, 1, 2)]}), "a.parquet").table
        assert table["d"].tolist() == [1.25]
        assert table["t"].tolist() == ["2020-01-02"]

    def test_read_parquet_notes_columns_of_other_kinds(self):
        content = read(parquet({"x": [1], "image": [{"bytes": b"..."}]}), "a.parquet")
        assert content.table.columns.tolist() == ["x"]
        assert "'image'" in content.notes[0]

    def test_read_parquet_of_no_rows_keeps_the_dtype(self):
        assert column(np.empty(0, np.float32)).dtype == np.float32

    def test_read_parquet_refuses_a_truncated_file(self):
        assert "truncated" in refusal(parquet({"x": [1.0]})[:-20], "a.parquet")

    def test_read_parquet_refuses_equal_column_names(self):
        data = written(lambda stream: pq.write_table(pa.table([[1], [2]], names=["a", "a"]), stream))
        assert "'a' stands at positions 1 and 2" in refusal(data, "a.parquet")

    def test_read_parquet_refuses_too_many_cells(self):
        assert "300 rows" in refusal(parquet({"x": np.zeros(300)}), "a.parquet", max_cells=200)

    def test_read_parquet_refuses_text_that_expands_beyond_the_limit(self):
        data = parquet({"x": pa.array(["x" * 10_000] * 20_000)})
        assert len(data) < 20_000
        assert "at most 100 MB, but takes at least 200 MB" in refusal(data, "a.parquet", max_array_bytes=100_000_000)

    def test_read_parquet_refuses_lists_that_expand_beyond_the_limit(self):
        data = parquet({"x": pa.array([np.zeros(2_000_000)])}, compression="zstd")
        assert len(data) < 2_000
        assert "at most 10 MB" in refusal(data, "a.parquet", max_array_bytes=10_000_000)


def test_read_parquet_rehearses_a_path_and_bytes_alike(tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet({"x": [1.5, 2.5]}))
    assert read_file(path).table["x"].tolist() == [1.5, 2.5]
    assert read(path.read_bytes(), "a.parquet").table["x"].tolist() == [1.5, 2.5]


def test_rehearse_passes_the_sentence_on():
    data = parquet({"x": np.zeros(300)})
    assert "300 rows" in refusal(data, "a.parquet", max_cells=200)


def test_rehearse_ends_a_read_that_takes_too_much_memory():
    data = parquet({"x": pa.array([np.zeros(50_000_000)])}, compression="zstd")
    assert len(data) < 2_000
    assert "must fit into memory" in refusal(data, "a.parquet", max_rehearsal_bytes=1_000_000_000)
    assert read(parquet({"x": [1.0]}), "a.parquet", max_rehearsal_bytes=1_000_000_000).table.shape == (1, 1)


def test_rehearse_counts_repeated_text_without_writing_it_out():
    repeated = pa.DictionaryArray.from_arrays(np.zeros(65_000, np.int32), ["x" * 30_000])
    data = parquet({"x": repeated}, store_schema=False)
    limits = {"max_array_bytes": 100_000_000, "max_rehearsal_bytes": 1_000_000_000}  # 2 GB written out
    assert "takes at least 1.95 GB" in refusal(data, "a.parquet", **limits)


def test_rehearse_turns_the_end_of_its_process_into_a_sentence(monkeypatch):
    monkeypatch.setattr("sys.executable", "/bin/false")
    assert "breaks off (status 1)" in refusal(parquet({"x": [1.0]}), "a.parquet")


def test_rehearse_ends_a_read_that_takes_too_long():
    assert "within 0.01 seconds" in refusal(parquet({"x": [1.0]}), "a.parquet", max_rehearsal_seconds=0.01)


def test_read_parquet_from_any_working_directory(tmp_path, monkeypatch):
    path = tmp_path / "scores.parquet"
    pd.DataFrame({"a": [0.25, 0.5]}).to_parquet(path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert read_file(path).table["a"].tolist() == [0.25, 0.5]
