"""Parquet files to a table. Does not know which columns are scores, labels or ids."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.inputs.formats.files import Reading, SourceFile
from dashboard.inputs.formats.parquet_batches import ParquetBatches, damage_as_input_error, is_string
from dashboard.inputs.formats.rehearsal import rehearse
from dashboard.inputs.formats.tables import new_table
from dashboard.inputs.limits import Limits
from dashboard.inputs.names import quoted


def read_parquet(file: SourceFile, limits: Limits) -> Reading:
    """The columns of numbers, booleans, text and lists; columns of other kinds are named in a note and left out.

    Whole numbers and booleans with missing values become float64 with NaN; dates become text.
    """
    if limits.rehearses_parquet:
        rehearse(file, limits)
    batches = ParquetBatches(file.handle, str(file), limits)
    if not limits.rehearses_parquet:
        batches.check_expansion()
    notes = tuple(
        f"Column {quoted(name)} of {file} holds values of type {quoted(type)} and was left out."
        for name, type in batches.types.items()
        if name not in batches.kinds
    )
    with damage_as_input_error(str(file)):
        pieces = {name: [_piece(pa.array([], batches.types[name]), kind)] for name, kind in batches.kinds.items()}
        for batch in batches:
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                pieces[name].append(_piece(column, batches.kinds[name]))
        columns = [_joined(pieces.pop(name), kind) for name, kind in batches.kinds.items()]
    return Reading(table=new_table(list(batches.kinds), columns, file), notes=notes)


def _piece(array, kind):
    if kind == "number":
        return _numbers(array)
    return _texts(array) if kind == "text" else _cells(array)


def _numbers(array):
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    is_plain = pa.types.is_integer(array.type) or pa.types.is_boolean(array.type)
    if not pa.types.is_floating(array.type) and (array.null_count or not is_plain):
        array = array.cast(pa.float64(), safe=False)
    return array.to_numpy(zero_copy_only=False)


def _texts(array):
    if pa.types.is_dictionary(array.type):
        distinct = array.dictionary.cast(pa.large_string())
        array = pa.DictionaryArray.from_arrays(array.indices, distinct).dictionary_decode()
    return array.cast(pa.large_string())


def _cells(array):
    lengths = pc.list_value_length(array)
    ends = np.cumsum(pc.fill_null(lengths, 0).to_numpy(zero_copy_only=False), dtype=np.int64)
    values = array.flatten()
    values = _shared_texts(values) if is_string(values.type) else _numbers(values)
    cells = np.empty(len(array), dtype=object)
    start = 0
    for row, (end, present) in enumerate(zip(ends.tolist(), lengths.is_valid().to_pylist(), strict=True)):
        cells[row] = values[start:end] if present else None
        start = end
    return cells


def _shared_texts(array):
    """A list of str that takes one object per distinct text; a missing text is empty."""
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    distinct = [text or "" for text in array.dictionary.to_pylist()]
    return ["" if code is None else distinct[code] for code in array.indices.to_pylist()]


def _joined(pieces, kind):
    if kind == "text":
        return pd.array(pa.chunked_array(pieces), dtype="str")
    return np.concatenate(pieces[1:] or pieces)
