"""JSON and JSON lines: nested lists to arrays, an object of lists to named arrays, records to a table.

Does not know what the values mean.
"""

import json

import numpy as np
import pandas as pd

from dashboard.errors import InputError
from dashboard.inputs.formats.files import Reading, SourceFile
from dashboard.inputs.formats.json_text import parsed_json
from dashboard.inputs.formats.nested import NUMBERS, list_cells, nested_array, number_array
from dashboard.inputs.formats.tables import new_table
from dashboard.inputs.formats.text import decoded
from dashboard.inputs.limits import Limits, as_size
from dashboard.inputs.names import printable, quoted


def read_json(file: SourceFile, limits: Limits) -> Reading:
    """The content of a .json file; several JSON values, one per line, are read as .jsonl."""
    text, notes = _text(file, limits)
    first_line, _, rest = text.lstrip().partition("\n")
    if rest.strip() and _is_json(first_line):
        return _reading(
            _lines(text, file, limits), file, limits, (*notes, f"{file} was read as one JSON value per line.")
        )
    return _reading(parsed_json(text, str(file)), file, limits, notes)


def read_jsonl(file: SourceFile, limits: Limits) -> Reading:
    """The lines of a .jsonl file as records (a table) or lists (an array)."""
    text, notes = _text(file, limits)
    first_line = text.lstrip().partition("\n")[0]
    if _is_json(first_line):
        return _reading(_lines(text, file, limits), file, limits, notes)
    return _reading(parsed_json(text, str(file)), file, limits, notes)


def _text(file, limits):
    if file.size > limits.max_json_bytes:
        raise InputError(
            f"{file} must be at most {as_size(limits.max_json_bytes)} as JSON, but has {as_size(file.size)}: "
            "save it as .npy or .parquet."
        )
    return decoded(file)


def _is_json(line):
    try:
        return isinstance(json.loads(line), (list, dict))
    except (ValueError, RecursionError):
        return False


def _lines(text, file, limits):
    values = []
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > limits.max_line_bytes:
            raise InputError(
                f"Line {number:,} of {file} must be under {as_size(limits.max_line_bytes)}, but is longer."
            )
        if line.strip():
            values.append(parsed_json(line, str(file), first_line=number))
    return values


def _reading(value, file, limits, notes):
    if isinstance(value, dict) and value:
        return _named_arrays(value, file, limits, notes)
    if isinstance(value, list) and value:
        if all(isinstance(record, dict) for record in value):
            return Reading(table=_records_table(value, file, limits), notes=notes)
        return Reading({"": nested_array(value, str(file), limits)}, notes=notes)
    raise InputError(
        f"{file} must hold a list of lists of numbers, a list of records or an object of lists, but holds "
        f"{quoted(json.dumps(value))}: write it as one of these."
    )


def _named_arrays(value, file, limits, notes):
    if len(value) > limits.max_members:
        raise InputError(
            f"{file} must hold at most {limits.max_members:,} lists, but holds {len(value):,}: use records."
        )
    arrays, notes = {}, list(notes)
    for key, element in value.items():
        what = f"{quoted(key)} in {file}"
        if isinstance(element, list):
            arrays[printable(key)] = nested_array(element, what, limits)
        else:
            notes.append(f"{what} is no list and was left out.")
    if not arrays:
        raise InputError(
            f'{file} must hold lists under names such as "scores" and "labels", or a list of records, but holds '
            "neither: "
            'save a table with table.to_json(path, orient="records").'
        )
    return Reading(arrays, notes=tuple(notes))


def _records_table(records, file, limits):
    names = list(dict.fromkeys(name for record in records for name in record))
    limits.check_table(len(records), len(names), str(file))
    columns = [_column([record.get(name) for record in records], f"{quoted(name)} in {file}") for name in names]
    return new_table(names, columns, file)


def _column(values, what):
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= NUMBERS:
        return number_array(values, what) if kinds else np.full(len(values), np.nan)
    if list in kinds:
        return list_cells(values, what)
    if dict in kinds:
        row = next(row for row, value in enumerate(values, start=1) if isinstance(value, dict))
        raise InputError(f"{what} must hold a number, a text or a list per record, but record {row:,} holds an object.")
    return pd.array([value if isinstance(value, str | None) else json.dumps(value) for value in values], dtype="str")
