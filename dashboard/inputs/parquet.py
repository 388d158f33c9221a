"""Parquet files to a table, batch by batch: nothing in the file's own claims decides how much memory is taken.

Does not know which columns are scores, labels or ids.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dashboard.errors import InputError
from dashboard.inputs.files import Reading, SourceFile
from dashboard.inputs.limits import Limits, as_size
from dashboard.inputs.names import check_distinct, printable, quoted
from dashboard.inputs.tables import new_table

_BATCH_CELLS = 1_000_000
_BYTES_PER_LIST = 120  # a view or a Python list per row
_DAMAGED = (pa.ArrowException, OSError, ValueError, TypeError, KeyError, IndexError, OverflowError, RuntimeError)


def read_parquet(file: SourceFile, limits: Limits) -> Reading:
    """The columns of numbers, booleans, text and lists; columns of other kinds are named in a note and left out.

    Whole numbers and booleans with missing values become float64 with NaN; dates become text.
    """
    try:
        return _read(file, limits)
    except InputError:
        raise
    except _DAMAGED as error:
        raise InputError(
            f"{file} must be a complete Parquet file, but cannot be read ({printable(error)}): "
            "it is truncated or damaged, save or upload it again."
        ) from None


def _read(file, limits):
    bounds = {
        "thrift_string_size_limit": limits.max_header_bytes,
        "thrift_container_size_limit": limits.max_header_bytes,
    }
    with pq.ParquetFile(file.handle, **bounds) as parquet:
        _check_metadata(parquet.metadata, file, limits)
        schema, leaves = parquet.schema_arrow, [parquet.schema.column(i) for i in range(parquet.metadata.num_columns)]
    check_distinct(schema.names, f"column names of {file}")
    # Texts stay dictionary-encoded while they are read: 21 MB can stand for 200 GB of them.
    texts = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
    kept = [field for field in schema if _kind(field.type)]
    with pq.ParquetFile(file.handle, read_dictionary=texts, **bounds) as parquet:
        columns = _columns(parquet, kept, file, limits)
    notes = tuple(
        f"Column {quoted(field.name)} of {file} holds values of type {quoted(field.type)} and was left out."
        for field in schema
        if not _kind(field.type)
    )
    return Reading(table=new_table([field.name for field in kept], columns, file), notes=notes)


def _check_metadata(metadata, file, limits):
    limits.check_table(metadata.num_rows, metadata.num_columns, str(file))
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    chunks = [group.column(index) for group in groups for index in range(group.num_columns)]
    limits.check_shape((sum(max(chunk.num_values, 0) for chunk in chunks),), 1, str(file))  # lists count each element
    _check_bytes(sum(max(chunk.total_uncompressed_size, 0) for chunk in chunks), file, limits)


def _check_bytes(n_bytes, file, limits):
    if n_bytes > limits.max_array_bytes:
        raise InputError(
            f"{file} must unpack to at most {as_size(limits.max_array_bytes)}, but takes at least {as_size(n_bytes)}: "
            "load fewer samples or columns."
        )


def _columns(parquet, fields, file, limits):
    pieces = {field.name: [_piece(pa.array([], field.type))] for field in fields}
    batch_rows = max(1, min(65_536, _BATCH_CELLS // max(len(fields), 1)))
    n_bytes = n_rows = 0
    for batch in parquet.iter_batches(batch_size=batch_rows, columns=list(pieces), use_threads=False):
        n_rows += batch.num_rows
        n_bytes += sum(_unpacked_bytes(column) for column in batch.columns)
        _check_bytes(n_bytes, file, limits)
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            pieces[name].append(_piece(column))
    if fields and n_rows != parquet.metadata.num_rows:
        raise InputError(
            f"{file} must hold the {parquet.metadata.num_rows:,} rows that it claims, but holds {n_rows:,}: save "
            "it again."
        )
    return [_joined(pieces.pop(field.name), _kind(field.type)) for field in fields]


def _kind(type):
    """ "number", "text", "list" for what is read, else None."""
    if pa.types.is_dictionary(type):
        return _kind(type.value_type) if _kind(type.value_type) in ("number", "text") else None
    if pa.types.is_list(type) or pa.types.is_large_list(type) or pa.types.is_fixed_size_list(type):
        return "list" if _kind(type.value_type) == "number" or _is_string(type.value_type) else None
    if pa.types.is_integer(type) or pa.types.is_floating(type) or pa.types.is_boolean(type) or pa.types.is_null(type):
        return "number"
    if pa.types.is_decimal(type):
        return "number"
    return "text" if _is_string(type) or pa.types.is_date(type) or pa.types.is_timestamp(type) else None


def _is_string(type):
    if pa.types.is_dictionary(type):
        return _is_string(type.value_type)
    return pa.types.is_string(type) or pa.types.is_large_string(type) or pa.types.is_string_view(type)


def _unpacked_bytes(array):
    """The bytes of an array with every dictionary written out, computed without writing it out."""
    if _kind(array.type) == "list":
        return len(array) * _BYTES_PER_LIST + _unpacked_bytes(array.flatten())
    if not pa.types.is_dictionary(array.type) or not _is_string(array.type):
        return array.nbytes
    lengths = pc.fill_null(pc.binary_length(array.dictionary.cast(pa.large_string())), 0)
    return 8 * len(array) + (pc.sum(lengths.take(array.indices)).as_py() or 0)


def _piece(array):
    kind = _kind(array.type)
    if kind == "number":
        return _numbers(array)
    return _texts(array) if kind == "text" else _cells(array)


def _numbers(array):
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if not pa.types.is_floating(array.type) and (array.null_count or not _is_plain(array.type)):
        array = array.cast(pa.float64(), safe=False)
    return array.to_numpy(zero_copy_only=False)


def _is_plain(type):
    return pa.types.is_integer(type) or pa.types.is_boolean(type)


def _texts(array):
    if pa.types.is_dictionary(array.type):
        array = pa.DictionaryArray.from_arrays(
            array.indices, array.dictionary.cast(pa.large_string())
        ).dictionary_decode()
    return array.cast(pa.large_string())


def _cells(array):
    lengths = pc.list_value_length(array)
    ends = np.cumsum(pc.fill_null(lengths, 0).to_numpy(zero_copy_only=False), dtype=np.int64)
    values = array.flatten()
    values = _shared_texts(values) if _is_string(values.type) else _numbers(values)
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
