import numpy as np
import pandas as pd
import pytest

from tests.unit.inputs.reading import read, refusal, written

TABLE = pd.DataFrame({"id": ["a", "b"], "dog": [0.1, 2.0], "cat": [1, 0]})


def columns(data, name="a.csv") -> dict:
    return read(data, name).table.to_dict("list")


def test_read_csv_keeps_every_bit_of_float64():
    bits = np.random.default_rng(0).integers(0, 2**63, 2000, dtype=np.uint64)
    values = bits.view(np.float64)[np.isfinite(bits.view(np.float64))]
    text = "x,y\n" + "".join(f"{value!r},{-value:.17g}\n" for value in values.tolist())
    table = read(text, "a.csv").table
    assert table["x"].to_numpy().tobytes() == values.tobytes()
    assert table["y"].to_numpy().tobytes() == (-values).tobytes()


def test_read_csv_keeps_float32_that_was_written_shortest():
    values = np.random.default_rng(0).normal(size=100).astype(np.float32)
    table = read(pd.DataFrame({"x": values}).to_csv(index=False), "a.csv").table
    assert table["x"].to_numpy().astype(np.float32).tobytes() == values.tobytes()


def test_read_csv_keeps_the_kinds_of_columns():
    table = read("i,b,f,t\n1,True,1.0,x\n2,False,2.5,y\n", "a.csv").table
    assert [table[name].dtype for name in "ibf"] == [np.int64, bool, np.float64]
    assert table["t"].dtype == "str"


@pytest.mark.parametrize(
    ("separator", "name"), [(",", "a.csv"), ("\t", "a.tsv"), (";", "a.csv"), ("|", "a.csv"), (";", "a.tsv")]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_read_csv_finds_separator_encoding_and_newline(separator, name, encoding, newline):
    text = TABLE.rename(columns={"dog": "hünd"}).to_csv(sep=separator, index=False, lineterminator=newline)
    assert columns(text.encode(encoding), name) == {"id": ["a", "b"], "hünd": [0.1, 2.0], "cat": [1, 0]}


def test_read_csv_reads_latin_1_with_a_note():
    content = read("hünd,n\n1,2\n".encode("latin-1"), "a.csv")
    assert content.table.columns.tolist() == ["hünd", "n"]
    assert "not UTF-8" in content.notes[0]


def test_read_csv_finds_an_accent_far_behind_the_start():
    text = "id,x\n" + "a,1\n" * 50_000 + "é,2\n"
    assert read(text.encode("latin-1"), "a.csv").table["id"].iloc[-1] == "é"


def test_read_csv_separated_by_spaces_says_so():
    content = read(written(lambda stream: np.savetxt(stream, [[0.5, 1], [2, 3]])), "a.csv")
    assert content.table.to_numpy().tolist() == [[0.5, 1], [2, 3]]
    assert not content.has_header
    assert any("separated by spaces" in note for note in content.notes)


def test_read_csv_leaves_out_a_comment_line_of_savetxt():
    data = written(lambda stream: np.savetxt(stream, [[0.5, 1], [2, 3]], header="made by us", delimiter=","))
    assert columns(data) == {"column 0": [0.5, 2], "column 1": [1, 3]}


def test_read_csv_without_header_numbers_the_columns():
    content = read("0.5,1\n2,3\n", "a.csv")
    assert not content.has_header
    assert content.table.to_dict("list") == {"column 0": [0.5, 2.0], "column 1": [1, 3]}
    assert "no header" in content.notes[0]


@pytest.mark.parametrize("first", ["img1,0.3,0.2", "img1,1,1", "1,0,1,0", "nan,0.5"])
def test_read_csv_takes_a_first_row_of_values_as_data(first):
    assert not read(f"{first}\n{first}\n", "a.csv").has_header


@pytest.mark.parametrize("first", ["id,0,1", "0,1,2", "1,2,3", ",0,1", "id,dog", "id,2020,2021"])
def test_read_csv_takes_a_first_row_of_names_as_header(first):
    rest = ",".join(["0.5"] * (first.count(",") + 1))
    assert read(f"{first}\n{rest}\n", "a.csv").has_header


def test_read_csv_names_an_empty_name_by_position():
    assert list(columns(",a\n7,0.5\n")) == ["column 0", "a"]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_read_csv_adds_the_name_that_r_leaves_out(separator):
    text = '"a","b"\n"r1",1,2\n"r2",3,4\n'.replace(",", separator)
    assert columns(text) == {"column 0": ["r1", "r2"], "a": [1, 3], "b": [2, 4]}


@pytest.mark.parametrize("missing", ["", "NA", "NaN", "nan", "null", "None", "N/A"])
def test_read_csv_reads_missing_numbers_as_nan(missing):
    np.testing.assert_array_equal(columns(f"a,b\n1,2\n{missing},3\n")["a"], [1, np.nan])


def test_read_csv_keeps_na_and_none_in_text_columns():
    assert columns("country,x\nNA,1\nDE,2\nNone,3\n")["country"] == ["NA", "DE", "None"]


def test_read_csv_reads_missing_booleans_as_nan():
    column = read("a,b\nTrue,1\n,2\nFalse,3\n", "a.csv").table["a"]
    assert column.dtype == np.float64
    np.testing.assert_array_equal(column, [1, np.nan, 0])


def test_read_csv_reads_infinities():
    assert columns("a,b\ninf,1\n-Infinity,2\n")["a"] == [np.inf, -np.inf]


def test_read_csv_keeps_leading_zeros_of_ids():
    assert columns("id,x\n007,1\n012,2\n")["id"] == ["007", "012"]


def test_read_csv_keeps_cells_as_written_when_text_comes_late():
    text = "id,x\n" + "".join(f"{number},1\n" for number in range(300_000)) + "1.50,1\nA7,1\n"
    column = read(text, "a.csv").table["id"]
    assert column.iloc[[0, 262_144, -2, -1]].tolist() == ["0", "262144", "1.50", "A7"]


def test_read_csv_reads_quoted_cells():
    text = 'id,labels,x\n"a, ""b""","[""dog"", ""cat""]",1\n"two\nlines",,2\n'
    assert columns(text)["id"] == ['a, "b"', "two\nlines"]
    assert columns(text)["labels"][0] == '["dog", "cat"]'


def test_read_csv_takes_a_quote_within_a_cell_literally():
    assert columns('id,x\n5" pipe,1\n6" pipe,2\n')["id"] == ['5" pipe', '6" pipe']


def test_read_csv_drops_spaces_after_separators():
    assert columns('id, x\n"a", 0.5\nb, "1"\n') == {"id": ["a", "b"], "x": [0.5, 1.0]}


def test_read_csv_of_a_header_alone_has_no_rows():
    assert read("a,b\n", "a.csv").table.shape == (0, 2)


def test_read_csv_skips_blank_lines():
    assert columns("a,b\n\n1,2\n  \n3,4\n\n")["a"] == [1, 3]


@pytest.mark.parametrize("row", ["1", "1,2,3"])
def test_read_csv_refuses_ragged_rows_with_line_and_counts(row):
    sentence = refusal("a,b\n" + "1,2\n" * 500 + f"{row}\n", "a.csv")
    assert "must have 2 cells" in sentence
    assert f"line 502 has {row.count(',') + 1}" in sentence


def test_read_csv_counts_lines_within_quotes():
    assert "line 4 has 3" in refusal('a,b\n"1\n1",2\n1,2,3\n', "a.csv")


@pytest.mark.parametrize("n_before", [3, 1000])
def test_read_csv_refuses_an_open_quote_with_its_line(n_before):
    assert f"quote opened in line {n_before + 2:,} " in refusal("a,b\n" + "1,2\n" * n_before + '1,"2\n3,4\n', "a.csv")


@pytest.mark.parametrize("n_before", [0, 1000])
def test_read_csv_refuses_nul_characters_with_the_line(n_before):
    assert f"line {n_before + 2:,} holds a NUL" in refusal("a,b\n" + "1,2\n" * n_before + "1,\0\n", "a.csv")


def test_read_csv_refuses_long_lines():
    assert "line 2 is longer" in refusal("a,b\n" + "1" * 2000 + ",2\n", "a.csv", max_line_bytes=1000)


def test_read_csv_refuses_long_quoted_records():
    assert "quote opened in line 2" in refusal('a,b\n"' + "1\n" * 2000 + '",2\n', "a.csv", max_line_bytes=1000)


def test_read_csv_refuses_too_many_columns():
    assert "at most 100 columns, but has 101" in refusal(",".join(["0"] * 101) + "\n", "a.csv", max_columns=100)


def test_read_csv_refuses_too_many_cells():
    assert "2,000 rows" in refusal("a,b\n" + "1,2\n" * 2000, "a.csv", max_cells=3000)


def test_read_csv_refuses_decimal_commas_with_the_cell():
    sentence = refusal("id;x\na;0,51234\nb;1\n", "a.csv")
    assert "row 1, column 'x' holds '0,51234'" in sentence
    assert "decimal" in sentence


def test_read_csv_does_not_take_lists_of_indices_for_decimal_commas():
    assert columns("id;labels\na;3,17\nb;5\n")["labels"] == ["3,17", "5"]


def test_read_csv_refuses_equal_column_names():
    assert "'dog' stands at positions 2 and 3" in refusal("id,dog,dog\na,1,2\n", "a.csv")


def test_read_csv_refuses_blank_files():
    assert "only blank" in refusal("\n\n  \n", "a.csv")


def test_read_txt_of_names_gives_one_per_line():
    content = read("dog\n cat fish \n\nwörd, big\n", "names.txt")
    assert content.format == "txt"
    assert content.arrays[""].tolist() == ["dog", "cat fish", "wörd, big"]


def test_read_txt_of_numbers_gives_a_table():
    assert read("0.5 1\n2 3\n", "a.txt").table.to_numpy().tolist() == [[0.5, 1], [2, 3]]


def test_read_txt_of_names_with_numbers_gives_names():
    assert read("grade 1\ngrade 2\n", "a.txt").arrays[""].tolist() == ["grade 1", "grade 2"]


def test_read_txt_with_ids_and_numbers_gives_a_table():
    assert read("id,x\na,1\nb,2\n", "a.txt").table["x"].tolist() == [1, 2]


def test_read_txt_refuses_a_ragged_table():
    assert "line 3 has 2" in refusal("1 2 3\n4 5 6\n7 8\n", "a.txt")
