"""A file of verdicts is taken whole or refused with the line at fault."""

import numpy as np
import pandas as pd
import pytest

from dashboard.core import Predictions
from dashboard.errors import InputError
from dashboard.inputs.verdict_files import COLUMNS, read_verdicts
from dashboard.ui.tables import to_csv
from dashboard.ui.verdicts import VERDICTS

P = Predictions(
    np.zeros((3, 2)), np.zeros((3, 2), dtype=np.int8), "logits", ["=ant", "bee"], np.array(["a", "-b", "c"])
)


def test_what_goes_out_comes_back_formulas_and_lines_included():
    rows = [
        (2, "-b", "=ant", "false alarm", "label wrong", '=1+1, said\nhe; "no"', "run"),
        (3, "c", "bee", "", "unsure", "'quoted'", "+run"),
        (1, "a", "bee", "missed", "model wrong", "-", ""),
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    found = read_verdicts(to_csv(table), P, VERDICTS)
    assert [tuple(line.values()) for line in found] == [(str(row[0]), *row[1:]) for row in rows]


def test_only_row_class_and_verdict_are_needed():
    (line,) = read_verdicts("\ufeffverdict,row,class\nunsure,1,bee\n".encode(), P, VERDICTS)
    assert (line["row"], line["class"], line["verdict"], line["note"]) == ("1", "bee", "unsure", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must have the columns"),
        ("row,class\n1,bee\n", "must have the columns row, class, verdict, got row, class"),
        ("row,class,verdict\n1,bee,unsure\n4,bee,unsure\n", "Line 3 must name a row from 1 to 3, got '4'"),
        ("row,class,verdict\n0,bee,unsure\n", "Line 2 must name a row"),
        ("row,class,verdict\n²,bee,unsure\n", "Line 2 must name a row"),
        ("row,class,verdict\n1.5,bee,unsure\n", "Line 2 must name a row"),
        ("row,class,verdict\n1,cat,unsure\n", "Line 2 must name a class of this data, got 'cat'"),
        ("row,class,verdict\n1,bee,maybe\n", "got 'maybe'"),
        ("row,class,verdict,sample\n1,bee,unsure,z\n", "verdicts on other data"),
        ("row,class,verdict\n1\n", "Line 2 must name a class"),
    ],
)
def test_a_file_about_something_else_is_refused(text, said):
    with pytest.raises(InputError, match=said.replace("(", r"\(")):
        read_verdicts(text.encode(), P, VERDICTS)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00r", b"\x00" * 10, b"row,class,verdict\n" + b"a" * 200_000 + b",bee,unsure\n"]
)
def test_what_is_no_table_is_refused(content):
    with pytest.raises(InputError):
        read_verdicts(content, P, VERDICTS)
