"""ARFF as Weka, MULAN and MEKA write it: quotes, cases, comments, gaps, sparse rows; and where a fault is."""

from dataclasses import replace

import numpy as np
import pytest

from dashboard.errors import InputError
from dashboard.inputs.formats.arff import is_arff, read_arff
from dashboard.inputs.formats.arff_header import Attribute
from dashboard.inputs.formats.files import open_source
from dashboard.inputs.limits import DEFAULT_LIMITS

HEADER = "@relation r\n@attribute x numeric\n@attribute k {a,b}\n@data\n"
NAN = np.nan


def read(text, limits=DEFAULT_LIMITS, encoding="utf-8"):
    with open_source(text.encode(encoding), "f.arff", limits) as file:
        return read_arff(file, limits)


def refused(text, limits=DEFAULT_LIMITS):
    with pytest.raises(InputError) as caught:
        read(text, limits)
    return str(caught.value)


def values(text):
    return read(text).values.tolist()


def test_numbers_and_positions_of_nominal_values():
    assert values(HEADER + "1.5,a\n-2e3,b\n") == [[1.5, -2000], [0, 1]]


@pytest.mark.parametrize(
    ("line", "attribute"),
    [
        ("@attribute x numeric", Attribute("x", "number")),
        ("@ATTRIBUTE x REAL", Attribute("x", "number")),
        ("@Attribute\tx\tInteger", Attribute("x", "number")),
        ("@attribute x numeric % a comment", Attribute("x", "number")),
        ("@attribute 'a name, quoted' real", Attribute("a name, quoted", "number")),
        ('@attribute "it\'s" real', Attribute("it's", "number")),
        (r"@attribute 'it\'s' real", Attribute("it's", "number")),
        ("@attribute a name without quotes real", Attribute("a name without quotes", "number")),
        ("@attribute 50% numeric", Attribute("50%", "number")),
        ("@attribute x {0,1}", Attribute("x", "nominal", ("0", "1"))),
        ("@attribute x{ 0, 1 }", Attribute("x", "nominal", ("0", "1"))),
        ("@attribute x { 'a b', \"c,d\", e}", Attribute("x", "nominal", ("a b", "c,d", "e"))),
        ("@attribute 'x y' {1}", Attribute("x y", "nominal", ("1",))),
        ("@attribute x string", Attribute("x", "text")),
        ("@attribute x date 'yyyy-MM-dd'", Attribute("x", "text")),
        ("@attribute ünïcode numeric", Attribute("ünïcode", "number")),
    ],
)
def test_attributes_as_people_declare_them(line, attribute):
    arff = read(f"@relation r\n{line}\n@attribute last numeric\n@data\n?,1\n")
    assert arff.attributes[0] == attribute


def test_keywords_comments_blank_lines_and_carriage_returns():
    text = "% made by hand\n\n@RELATION 'my data: -C 2'\n@ATTRIBUTE x REAL\n% more\n@DATA\n1\n% no\n\n2\n"
    arff = read(text.replace("\n", "\r\n"))
    assert arff.relation == "my data: -C 2"
    assert arff.values.tolist() == [[1, 2]]


@pytest.mark.parametrize("row", ["1,b", "1, b", " 1 ,\tb ", "1\tb", "1  b", "1,'b'", '1,"b"', "1,b,{3}"])
def test_rows_as_people_separate_them(row):
    assert values(HEADER + row + "\n0,a\n") == [[1, 0], [1, 0]]


@pytest.mark.parametrize("cell", ["?", "NaN", "", " ?"])
def test_missing_numbers_are_nan(cell):
    assert np.isnan(read(HEADER + f"{cell},a\n1,?\n").values[0, 0])


def test_missing_categories_are_nan_unless_declared():
    arff = read("@relation r\n@attribute k {None,b}\n@attribute x real\n@data\nNone,1\n?,2\n")
    assert arff.values[0, 0] == 0
    assert np.isnan(arff.values[0, 1])


def test_a_number_written_another_way_is_the_declared_value():
    assert values("@relation r\n@attribute k {0,1}\n@attribute x real\n@data\n1.0,1\n0,1\n")[0] == [1, 0]


def test_texts_are_kept_with_commas_quotes_and_gaps():
    arff = read("@relation r\n@attribute s string\n@attribute x real\n@data\n'a, b',1\n\"it's\",2\n?,3\n'c\\'d',4\n")
    assert arff.texts[0].tolist() == ["a, b", "it's", None, "c'd"]
    assert arff.values[1].tolist() == [1, 2, 3, 4]


def test_sparse_rows_leave_out_zeros_and_first_values():
    text = "@relation r\n@attribute x real\n@attribute k {a,'b c'}\n@attribute s string\n@data\n"
    arff = read(text + "{0 1.5, 1 'b c'}\n{}\n{ 2 \"x, y\" }\n{0 ?,1 a}\n{0\t3}\n")
    assert arff.values[0].tolist()[:3] == [1.5, 0, 0]
    assert np.isnan(arff.values[0, 3])
    assert arff.values[0, 4] == 3
    assert arff.values[1].tolist() == [1, 0, 0, 0, 0]
    assert arff.texts[2].tolist() == [None, None, "x, y", None, None]


def test_sparse_and_dense_rows_may_take_turns():
    assert values(HEADER + "1,b\n{0 2}\n3,a\n") == [[1, 2, 3], [1, 0, 0]]


def test_latin_1_is_read_and_said():
    with open_source(
        "@relation r\n@attribute größe real\n@data\n1\n".encode("latin-1"), "f.arff", DEFAULT_LIMITS
    ) as file:
        arff = read_arff(file, DEFAULT_LIMITS)
    assert arff.attributes[0].name == "größe"
    assert "was read as Windows-1252" in arff.notes[0]


def test_many_sparse_attributes_are_read_in_several_blocks():
    n_attributes, n_rows = 2_000, 1_200
    header = "@relation r\n" + "".join(f"@attribute a{i} numeric\n" for i in range(n_attributes)) + "@data\n"
    found = read(header + "".join(f"{{{row} {row + 1}}}\n" for row in range(n_rows))).values
    assert found.shape == (n_attributes, n_rows)
    assert np.array_equal(found[:n_rows].diagonal(), np.arange(1, n_rows + 1))
    assert np.count_nonzero(found) == n_rows


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEADER + "1,a\nabc,b\n", "row 2 (line 6), column 'x' of 'f.arff' holds 'abc'"),
        (HEADER + "1,a\n1_000,b\n", "row 2 (line 6), column 'x' of 'f.arff' holds '1_000'"),
        (HEADER + "1,c\n", "one of its values ('a', 'b') or ?, but row 1 (line 5), column 'k' of 'f.arff' holds 'c'"),
        (HEADER + "1,a\n1\n", "must have 2 values, one per attribute, but line 6 has 1"),
        (HEADER + "1,a,b,2\n", "must have 2 values, one per attribute, but line 5 has 4"),
        (HEADER + "{0 1\n", "must end in a brace, but line 5"),
        (HEADER + "{0 1} 7 x\n", "alone on its line, but line 5"),
        (HEADER + "{2 1}\n", "pairs of an attribute's position (0 to 1) and its value, but line 5"),
        (HEADER + "{-1 1}\n", "but line 5 of 'f.arff' holds '-1 1'"),
        (HEADER + "{0}\n", "but line 5 of 'f.arff' holds '0'"),
        (HEADER + "{0 q}\n", "row 1 (line 5), column 'x' of 'f.arff' holds 'q'"),
        (HEADER + "{1 z}\n", "row 1 (line 5), column 'k' of 'f.arff' holds 'z'"),
        (HEADER, "must have rows after @data"),
        ("@relation r\n@attribute x numeric\n1\n", "but line 3 is '1'"),
        ("@relation r\n@attribute x numeric\n", "must have a line @data"),
        ("@relation r\n@data\n1\n", "must have attributes"),
        ("@relation r\n@attribute x relational\n@data\n1\n", "line 2 of 'f.arff' says 'x relational'"),
        ("@relation r\n@attribute x\n@data\n1\n", "line 2 of 'f.arff' says 'x'"),
        ("@relation r\n@attribute x {a,b\n@data\na\n", "must end with a brace, but not in line 2"),
        ("@relation r\n@attribute x real\n@attribute 'x' real\n@data\n1,2\n", "must be distinct, but 'x'"),
        (HEADER + "1,a\0\n", "line 5 holds a NUL character"),
    ],
)
def test_faults_are_told_with_their_place(text, sentence):
    assert sentence in refused(text)


def test_a_few_bytes_that_stand_for_gigabytes_are_refused_before_they_are_unpacked():
    header = "@relation r\n" + "".join(f"@attribute a{i} numeric\n" for i in range(5_000)) + "@data\n"
    assert "must unpack to at most 200 times its size" in refused(header + "{}\n" * 4_000)


def test_limits_on_lines_columns_and_cells():
    small = replace(DEFAULT_LIMITS, max_line_bytes=30, max_columns=3, max_cells=8)
    assert "must have lines under 30 bytes, but line 5" in refused(HEADER + "1" * 40 + ",a\n", small)
    assert "at most 3 attributes" in refused(
        "@relation r\n" + "".join(f"@attribute a{i} real\n" for i in range(4)), small
    )
    assert "at most 8 cells" in refused(HEADER + "1,a\n" * 5, small)


@pytest.mark.parametrize(
    ("name", "head", "answer"),
    [
        ("data.arff", b"x", True),
        ("data", b"@relation r", True),
        ("data.txt", b"\xef\xbb\xbf% hello\r\n% more\n@RELATION r", True),
        ("data.csv", b"a,b\n1,2\n", False),
        ("data.csv", b"@relation_id,b\n1,2\n", False),
    ],
)
def test_arff_is_known_by_its_name_or_its_beginning(name, head, answer):
    with open_source(head, name, DEFAULT_LIMITS) as file:
        assert is_arff(file) is answer
