import json

import numpy as np
import pytest

from tests.unit.inputs.reading import read, refusal


def arrays(value, name="a.json") -> dict:
    return read(json.dumps(value), name).arrays


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([[0.1, 2], [3, 4]], np.float64),
        ([[1, 2], [3, 4]], np.int64),
        ([[True, False]], bool),
        ([2**63], np.uint64),
        ([2**80], np.float64),
        ([[[1.5]]], np.float64),
    ],
)
def test_read_json_of_nested_lists_gives_an_array(values, dtype):
    result = arrays(values)[""]
    assert result.dtype == dtype
    assert result.tolist() == values


def test_read_json_keeps_every_bit_of_float64():
    values = np.random.default_rng(0).normal(size=(50, 3)) * 1e-7
    assert arrays(values.tolist())[""].tobytes() == values.tobytes()


def test_read_json_reads_null_and_nan_as_nan():
    np.testing.assert_array_equal(read("[1, null, NaN, -Infinity]", "a.json").arrays[""], [1, np.nan, np.nan, -np.inf])


def test_read_json_of_texts_gives_names():
    assert arrays(["dog", "cät"])[""].tolist() == ["dog", "cät"]


def test_read_json_of_an_object_gives_named_arrays_and_notes_the_rest():
    content = read(json.dumps({"scores": [[0.5]], "class_names": ["a"], "epoch": 3}), "a.json")
    assert list(content.arrays) == ["scores", "class_names"]
    assert content.notes == ("'epoch' in 'a.json' is no list and was left out.",)


def test_read_json_of_lists_of_different_lengths_gives_list_cells():
    cells = arrays({"labels": [["dog"], [], None, ["cat", "dog"]]})["labels"]
    assert cells.dtype == object
    assert [cell if cell is None else list(cell) for cell in cells] == [["dog"], [], None, ["cat", "dog"]]


def test_read_json_of_records_gives_a_table():
    table = read(json.dumps([{"id": "a", "x": 1, "s": [1, 2]}, {"id": "b", "y": True, "s": None}]), "a.json").table
    assert table.columns.tolist() == ["id", "x", "s", "y"]
    assert table["id"].tolist() == ["a", "b"]
    np.testing.assert_array_equal(table["x"], [1, np.nan])
    np.testing.assert_array_equal(table["y"], [np.nan, 1])
    assert table["s"].iloc[0].tolist() == [1, 2]
    assert table["s"].iloc[1] is None


def test_read_json_keeps_a_number_column_with_one_text_as_text():
    assert read('[{"x": 0.5}, {"x": "oops"}]', "a.json").table["x"].tolist() == ["0.5", "oops"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json"])
def test_read_jsonl_of_records_gives_a_table(name):
    assert read('{"a": 1}\n\n{"a": 2}\n', name).table["a"].tolist() == [1, 2]


def test_read_jsonl_of_lists_gives_an_array():
    assert read("[1, 2]\n[3, 4]\n", "a.jsonl").arrays[""].tolist() == [[1, 2], [3, 4]]


def test_read_jsonl_of_one_json_value_reads_it():
    assert read("[\n[1, 2],\n[3, 4]\n]", "a.jsonl").arrays[""].tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_read_json_in_other_encodings(encoding):
    assert read('["é"]'.encode(encoding), "a.json").arrays[""].tolist() == ["é"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[[1, 2], [3, 4]", "line 1, character 16"),
        ("[" * 100_000, "nested"),
        ("[" * 20 + "]" * 20, "at most 8 deep"),
        ('[[1, 2], ["x", 4]]', "'x' at position 2, 1"),
        ("[[1, 2], 3]", "must hold"),
        ("[[[1], [2, 3]]]", "equal lengths"),
        ('[[1], ["x", 2]]', "row 2 holds"),
        ('{"a": [1], "a": [2]}', "'a' occurs twice"),
        ('[{"a": {"b": 1}}]', "record 1 holds an object"),
        ('{"a": {"b": 1}}', 'orient="records"'),
        ("[]", "must hold a list"),
        ("3", "must hold a list"),
        ("[" + "1" * 5000 + "]", "thousands of digits"),
        ("[1" + "0" * 400 + "]", "value 1 is larger"),
        ('["\\ud800"]', "Unicode"),
    ],
)
def test_read_json_refuses(text, found):
    assert found in refusal(text, "a.json")


def test_read_jsonl_refuses_a_damaged_line_with_its_number():
    assert "line 3, character 7" in refusal('{"a": 1}\n{"a": 2}\n{"a": \n', "a.jsonl")


def test_read_jsonl_refuses_long_lines():
    assert "Line 2" in refusal("[1]\n[" + "1, " * 500 + "1]\n", "a.jsonl", max_line_bytes=1000)


def test_read_json_refuses_files_over_its_own_limit():
    assert "at most 100 bytes as JSON, but has 200 bytes" in refusal(" " * 200, "a.json", max_json_bytes=100)


def test_read_json_refuses_texts_that_make_a_huge_array():
    value = ["x" * 100_000] + ["y"] * 1000
    assert "shorten the longest" in refusal(json.dumps(value), "a.json", max_unpacked_freely=10_000_000)
