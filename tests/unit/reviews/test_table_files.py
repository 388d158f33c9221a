"""Tables as CSV, Parquet and zip: every digit, no formula."""

import csv
import io
import zipfile

import numpy as np
import pyarrow.parquet
import pytest

from dashboard.reviews.report import Column, Estimate, Table
from dashboard.reviews.table_files import table_csv, table_file, table_parquet, zipped

VALUES = [1 / 3, float("nan"), 0.1]
TABLE = Table(
    "t",
    "T",
    (
        Column("=class", ["=1+1", "@x", 'plain, "quoted"\nline']),
        Column("support", np.array([3, 0, 12]), "count"),
        Column("F1", [Estimate(1 / 3, 0.1, 0.5), float("nan"), None], "rate"),
        Column("support", VALUES, "rate"),
        Column("mixed", ["always", 0.25, None], "threshold"),
    ),
)
TITLES = ["=class", "support", "F1", "F1 low", "F1 high", "support (2)", "mixed"]


def test_csv_has_every_digit_and_no_formula():
    rows = list(csv.reader(io.StringIO(table_csv(TABLE))))
    assert rows[0] == ["'=class", *TITLES[1:]]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'@x", 'plain, "quoted"\nline']
    assert rows[1][1:] == ["3", repr(1 / 3), "0.1", "0.5", repr(1 / 3), "always"]
    assert rows[2][1:] == ["0", "", "", "", "", "0.25"] and rows[3][1:] == ["12", "", "", "", "0.1", ""]


def test_parquet_has_the_same_with_types():
    table = pyarrow.parquet.read_table(io.BytesIO(table_parquet(TABLE)))
    assert table.column_names == TITLES
    assert table["support"].to_pylist() == [3, 0, 12] and table["support"].type == "int64"
    assert table["F1 low"].to_pylist() == [0.1, None, None] and table["support (2)"].to_pylist() == [1 / 3, None, 0.1]
    assert table["=class"].to_pylist()[0] == "=1+1" and table["mixed"].to_pylist() == ["always", "0.25", None]


def test_only_known_forms():
    with pytest.raises(ValueError, match="csv, parquet"):
        table_file(TABLE, "xlsx")


def test_the_same_files_give_the_same_zip():
    files = {"a/b.txt": "ü\n", "c.bin": b"\x00"}
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "a/b.txt": "ü\n".encode(),
            "c.bin": b"\x00",
        }
    assert zipped(files) == zipped(files)
