"""Tables as files: CSV in which no cell acts as a formula, Parquet, and many files as one zip. Nothing is rounded.

Knows nothing of screens and of what the tables are about.
"""

import csv
import io
import math
import zipfile
from collections.abc import Mapping

from dashboard.escape import for_spreadsheet
from dashboard.reviews.report.tables import Column, Estimate, Table

FORMS = ("csv", "parquet")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same content gives the same zip


def table_csv(table: Table) -> str:
    """A heading and a row per row; what is undefined or missing is empty. An interval takes two columns more."""
    columns = plain_columns(table)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([for_spreadsheet(title) for title in columns])
    writer.writerows(zip(*(map(_csv_cell, values) for values in columns.values()), strict=True))
    return text.getvalue()


def table_parquet(table: Table) -> bytes:
    """The same columns; null where CSV is empty. Numbers keep their type, text is text."""
    import pyarrow  # the server's start does not wait for it
    import pyarrow.parquet

    columns = {title: _arrow_cells(values) for title, values in plain_columns(table).items()}
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), file)
    return file.getvalue()


def table_file(table: Table, form: str) -> bytes:
    """In one of FORMS."""
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}, got {form!r}")
    return table_parquet(table) if form == "parquet" else table_csv(table).encode()


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Name -> content, as one zip; text as UTF-8."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content.encode() if isinstance(content, str) else content)
    return made.getvalue()


def plain_columns(table: Table) -> dict[str, list]:
    """Title -> values without intervals; those come as columns of their own, "F1 low" and "F1 high"."""
    found = {}
    for column in table.columns:
        parts = _parts(column)
        for title, values in parts.items():
            found[_free(title, found)] = values
    return found


def _parts(column: Column) -> dict[str, list]:
    values = column.plain_values()
    if not any(isinstance(value, Estimate) for value in values):
        return {column.title: values}
    estimates = [value if isinstance(value, Estimate) else Estimate(value) for value in values]
    return {
        column.title: [each.value for each in estimates],
        f"{column.title} low": [each.low for each in estimates],
        f"{column.title} high": [each.high for each in estimates],
    }


def _free(title, taken) -> str:
    """The title, a number behind it where a class or group of that name has come before."""
    free, number = title, 2
    while free in taken:
        free, number = f"{title} ({number})", number + 1
    return free


def _csv_cell(value):
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return repr(value) if isinstance(value, float) else for_spreadsheet(value)


def _arrow_cells(values) -> list:
    """One type per column: whole numbers beside fractions are fractions, numbers beside text are text."""
    some = [value for value in values if value is not None]
    if any(isinstance(value, str) for value in some):
        return [None if value is None else str(value) for value in values]
    if any(isinstance(value, float) for value in some):
        return [None if value is None or math.isnan(value) else float(value) for value in values]
    return values
