"""Downloads carry full precision and nothing that a spreadsheet would execute."""

import io

import pandas as pd

from dashboard.ui.tables import to_csv


def test_to_csv_keeps_every_digit():
    value = 0.1 + 0.2
    read = pd.read_csv(io.BytesIO(to_csv(pd.DataFrame({"value": [value]}))))
    assert read["value"][0] == value


def test_to_csv_disarms_formulas_in_cells_and_headers():
    table = pd.DataFrame({"class": ["=HYPERLINK(1)", "@SUM", "+1", "-2", "\tx", "plain"], "=bad": [1.5] * 6})
    text = to_csv(table).decode()
    assert text.splitlines()[0] == "class,'=bad"
    cells = pd.read_csv(io.StringIO(text))["class"].tolist()
    assert cells == ["'=HYPERLINK(1)", "'@SUM", "'+1", "'-2", "'\tx", "plain"]


def test_to_csv_leaves_negative_numbers_alone():
    assert to_csv(pd.DataFrame({"change": [-0.5]})).decode().splitlines()[1] == "-0.5"
