"""No cell of a CSV file that the app writes acts as a formula in a spreadsheet."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd

from dashboard.core import Predictions, ThresholdSet
from dashboard.reviews import threshold_csv
from dashboard.ui.tables import to_csv

ROOT = Path(__file__).parents[2]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "a\r=1", '=HYPERLINK("http://evil.example")']


def acts(cell: str) -> bool:
    """Whether a spreadsheet takes the cell for a formula; a number is none."""
    return cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) and not re.fullmatch(r"-?[\d.]+(e-?\d+)?|-inf", cell)


def cells_of(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def exports() -> list[str]:
    p = Predictions(np.zeros((2, len(FORMULAS))), np.zeros((2, len(FORMULAS))), class_names=FORMULAS)
    table = pd.DataFrame({"class": FORMULAS, "=kind": pd.Categorical(FORMULAS), "value": -1.5})
    return [to_csv(table).decode(), threshold_csv(ThresholdSet.from_unit(p, 0.5))]


def test_no_cell_acts():
    for text in exports():
        assert len(cells_of(text)) > len(FORMULAS)
        assert not [cell for cell in cells_of(text) if acts(cell)]


def test_without_the_quote_they_would(monkeypatch):
    for module in ("dashboard.ui.tables", "dashboard.reviews.threshold_exports"):
        monkeypatch.setattr(f"{module}.for_spreadsheet", lambda cell: cell)
    assert all(any(acts(cell) for cell in cells_of(text)) for text in exports())


def test_whoever_writes_csv_neutralises_it():
    writers = re.compile(r"\.to_csv\(|csv\.(Dict)?[wW]riter\(")
    allowed = {"training/sample_files.py"}  # the sample data, which we make
    for path in (ROOT / "dashboard").rglob("*.py"):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT / "dashboard").as_posix()
        if writers.search(text) and name not in allowed and "table.to_csv(path, decimal" not in text:
            assert "for_spreadsheet" in text, f"{name} writes CSV"
