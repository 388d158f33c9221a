"""Verdicts from a file that the worklist wrote before: each must name a sample and a class of the data in view."""

import csv
import io

from dashboard.core import Predictions
from dashboard.errors import InputError

COLUMNS = ("row", "sample", "class", "outcome", "verdict", "note", "run")
NEEDED = ("row", "class", "verdict")
MOST_BYTES = 20_000_000


def read_verdicts(content: bytes, p: Predictions, allowed) -> list[dict[str, str]]:
    """One dict per line, with the keys of COLUMNS; raises InputError for a line not about this data.

    allowed: what a verdict may be.
    """
    if len(content) > MOST_BYTES:
        raise InputError(f"A file of verdicts must be smaller than {MOST_BYTES:,} bytes, got {len(content):,}.")
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        names, lines = table.fieldnames or [], list(table)
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"A file of verdicts must be a UTF-8 CSV file: {error}.") from None
    if any(name not in names for name in NEEDED):
        found = ", ".join(names) or "nothing"
        raise InputError(f"A file of verdicts must have the columns {', '.join(NEEDED)}, got {found}.")
    classes = set(p.class_names)
    return [_checked(line, number, p, classes, allowed) for number, line in enumerate(lines, start=2)]


def _checked(line, number, p, classes, allowed) -> dict[str, str]:
    line = {name: _as_written(line.get(name) or "") for name in COLUMNS}
    row, name = line["row"], line["class"]
    if not (row.isdecimal() and len(row) < 12 and 1 <= int(row) <= p.n_samples):
        raise InputError(f"Line {number} must name a row from 1 to {p.n_samples:,}, got {row!r}.")
    if name not in classes:
        raise InputError(f"Line {number} must name a class of this data, got {name!r}.")
    if line["verdict"] not in allowed:
        raise InputError(f"Line {number} must have one of {', '.join(allowed)} as verdict, got {line['verdict']!r}.")
    held = "" if p.sample_ids is None else str(p.sample_ids[int(row) - 1])
    if line["sample"] and held and line["sample"] != held:
        raise InputError(
            f"Line {number} must be about the sample in row {row}, {held!r}, got {line['sample']!r}: these are "
            "verdicts on other data."
        )
    return line


def _as_written(cell: str) -> str:
    """Without the quote that keeps a spreadsheet from taking a text for a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r" else cell
