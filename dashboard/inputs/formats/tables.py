"""Text tables (.csv, .tsv, .txt) to columns of numbers and text, and what every table has in common.

Does not know which columns are scores, labels or ids.
"""

import csv
import warnings

import numpy as np
import pandas as pd

from dashboard.errors import InputError
from dashboard.inputs.cells import MISSING, has_decimal_commas, is_text_column
from dashboard.inputs.formats.delimited import SPACES, Layout, find_layout, holds_numbers
from dashboard.inputs.formats.files import Reading, SourceFile
from dashboard.inputs.formats.nested import text_array
from dashboard.inputs.formats.text import decoded, open_text
from dashboard.inputs.limits import Limits
from dashboard.inputs.names import check_distinct, printable, quoted


def read_csv(file: SourceFile, limits: Limits) -> Reading:
    """A text table: integers and booleans keep their kind, other numbers are float64, exactly as written."""
    layout = find_layout(file, limits)
    _check_decimal_points(layout, file)
    names = layout.header or tuple(f"column {position}" for position in range(layout.n_columns))
    table = _parsed(file, layout)
    table.columns = column_names(names, file)
    return Reading(table=table, has_header=layout.header is not None, notes=layout.notes)


def read_txt(file: SourceFile, limits: Limits) -> Reading:
    """A .txt file: a table where it has columns of numbers, else one name per line as an array."""
    if holds_numbers(file, limits):
        return read_csv(file, limits)
    text, notes = decoded(file)
    names = [line.strip() for line in text.split("\n") if line.strip()]
    if not names:
        raise InputError(f"{file} must hold names or a table, but has only blank lines: save it again.")
    return Reading({"": text_array(names, str(file), limits)}, notes=notes)


def new_table(names, columns, file: SourceFile) -> pd.DataFrame:
    """A table of columns under the names of `column_names`."""
    return pd.DataFrame(dict(zip(column_names(names, file), columns, strict=True)), copy=False)


def column_names(names, file: SourceFile) -> list[str]:
    """Distinct names as in the file; an empty name becomes "column k" (k from 0)."""
    names = [str(name) if printable(name) else f"column {position}" for position, name in enumerate(names)]
    check_distinct(names, f"column names of {file}")
    return names


def _check_decimal_points(layout, file):
    for position, cells in enumerate(zip(*layout.sample, strict=True)):
        if has_decimal_commas(cells):
            name = layout.header[position] if layout.header else f"column {position}"
            row, cell = next((row, cell) for row, cell in enumerate(cells, start=1) if "," in cell)
            raise InputError(
                f"Numbers in {file} must have a decimal point, but row {row}, column {quoted(name)} holds "
                f"{quoted(cell)}: "
                "export it with decimal points, from a spreadsheet by choosing English number formats before saving."
            )


def _parsed(file, layout: Layout):
    if layout.n_rows == 0:
        return pd.DataFrame({position: np.empty(0) for position in range(layout.n_columns)})
    texts = [p for p, cells in enumerate(zip(*layout.sample, strict=True)) if is_text_column(cells)]
    table = _parsed_columns(file, layout, range(layout.n_columns), texts)
    late = [position for position in table.columns if table[position].dtype == object]
    late_texts = [position for position in late if not _is_boolean(table[position])]
    for position in set(late) - set(late_texts):  # True, False and missing
        table[position] = table[position].astype(np.float64)
    if late_texts:  # text appears after rows of numbers: read again, so that each cell stays as written
        table[late_texts] = _parsed_columns(file, layout, late_texts, late_texts)
    if len(table) != layout.n_rows:
        raise InputError(
            f"{file} must be a table with a row per line, but its {layout.n_rows:,} lines read as {len(table):,} rows: "
            "check its quotes, or save it as .parquet."
        )
    return table


def _parsed_columns(file, layout, positions, texts):
    missing = {position: ([""] if position in set(texts) else list(MISSING)) for position in positions}
    with open_text(file, layout.encoding) as text, warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.DtypeWarning)  # mixed columns are read again as text
        for _ in range(layout.skipped_lines):
            text.readline()
        try:
            return pd.read_csv(
                text,
                sep=r"\s+" if layout.separator == SPACES else layout.separator,
                quoting=csv.QUOTE_NONE if layout.separator == SPACES else csv.QUOTE_MINIMAL,
                header=None,
                names=range(layout.n_columns),
                usecols=list(positions),
                dtype=dict.fromkeys(texts, "str"),
                na_values=missing,
                keep_default_na=False,
                skipinitialspace=True,
            )
        except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError, OverflowError) as error:
            raise InputError(
                f"{file} must be a regular table, but cannot be parsed ({printable(error)}): save it again."
            ) from None


def _is_boolean(column):
    return column.dropna().map(type).eq(bool).all()
