"""A Parquet file as a stream of batches whose unpacked size is counted before anything is unpacked.

Does not build a table. Asks only the file reader itself: pyarrow's accessors for the metadata of row groups end the
process on damaged files.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dashboard.errors import InputError
from dashboard.inputs.limits import Limits, as_size
from dashboard.inputs.names import check_distinct, printable

_BATCH_ROWS = 65_536
_BATCH_CELLS = 1_000_000
_BYTES_PER_LIST = 120  # a view or a Python list per row
_DAMAGED = (pa.ArrowException, OSError, ValueError, TypeError, KeyError, IndexError, OverflowError, RuntimeError)


class ParquetBatches:
    """The columns that can be read, by name, and their batches in order. `what` names the file in messages."""

    def __init__(self, handle: BinaryIO, what: str, limits: Limits):
        self._handle, self._what, self._limits = handle, what, limits
        self._bounds = {
            "thrift_string_size_limit": limits.max_header_bytes,
            "thrift_container_size_limit": limits.max_header_bytes,
        }
        with damage_as_input_error(what), self._open() as parquet:
            self._schema, self._n_rows = parquet.schema_arrow, parquet.metadata.num_rows
            leaves = [parquet.schema.column(index) for index in range(len(parquet.schema.names))]
            # Texts stay dictionary-encoded while they are read: 21 MB can stand for 200 GB of them.
            self._text_paths = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
            limits.check_table(self._n_rows, len(leaves), what)
            check_distinct(self._schema.names, f"column names of {what}")
        self.kinds = {field.name: kind for field in self._schema if (kind := kind_of(field.type))}
        self.types = {field.name: field.type for field in self._schema}

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        n_rows = 0
        for batch in self._counted(list(self.kinds)):
            n_rows += batch.num_rows
            yield batch
        if self.kinds and n_rows != self._n_rows:
            raise InputError(
                f"{self._what} must hold the {self._n_rows:,} rows that it claims, but holds {n_rows:,}: save it again."
            )

    def check_expansion(self) -> None:
        """InputError where texts and lists stand for more than is allowed: read once, with nothing kept of them."""
        for _ in self._counted([name for name, kind in self.kinds.items() if kind != "number"]):
            pass

    def _counted(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        """Batches of these columns; InputError as soon as they unpack to more than is allowed."""
        if not names:
            return
        batch_rows = max(1, min(_BATCH_ROWS, _BATCH_CELLS // len(names)))
        n_bytes = 0
        with damage_as_input_error(self._what), self._open(read_dictionary=self._text_paths) as parquet:
            for batch in parquet.iter_batches(batch_size=batch_rows, columns=names, use_threads=False):
                n_bytes += sum(map(_unpacked_bytes, batch.columns))
                self._check_bytes(n_bytes)
                yield batch

    def _open(self, **options):
        self._handle.seek(0)
        return pq.ParquetFile(self._handle, **self._bounds, **options)

    def _check_bytes(self, n_bytes):
        if n_bytes > self._limits.max_array_bytes:
            raise InputError(
                f"{self._what} must unpack to at most {as_size(self._limits.max_array_bytes)}, but takes at least "
                f"{as_size(n_bytes)}: load fewer samples or columns."
            )


@contextmanager
def damage_as_input_error(what: str) -> Iterator[None]:
    """Everything that pyarrow raises on damaged files as one sentence."""
    try:
        yield
    except InputError:
        raise
    except MemoryError:
        raise InputError(f"{what} must fit into memory, but does not: load fewer samples or columns.") from None
    except _DAMAGED as error:
        raise InputError(
            f"{what} must be a complete Parquet file, but cannot be read ({printable(error)}): "
            "it is truncated or damaged, save or upload it again."
        ) from None


def kind_of(type: pa.DataType) -> str | None:
    """What a column is read as: "number" (also booleans), "text" (also dates), "list", or None if it is left out."""
    types = pa.types
    if types.is_dictionary(type):
        kind = kind_of(type.value_type)
        return kind if kind != "list" else None
    if types.is_list(type) or types.is_large_list(type) or types.is_fixed_size_list(type):
        return "list" if kind_of(type.value_type) == "number" or is_string(type.value_type) else None
    if any(is_kind(type) for is_kind in (types.is_integer, types.is_floating, types.is_boolean, types.is_null)):
        return "number"
    if types.is_decimal(type):
        return "number"
    return "text" if is_string(type) or types.is_date(type) or types.is_timestamp(type) else None


def is_string(type: pa.DataType) -> bool:
    """Whether values of the type are text, dictionary-encoded or not."""
    if pa.types.is_dictionary(type):
        return is_string(type.value_type)
    return pa.types.is_string(type) or pa.types.is_large_string(type) or pa.types.is_string_view(type)


def _unpacked_bytes(array):
    """The bytes of an array with every dictionary written out, computed without writing it out."""
    if kind_of(array.type) == "list":
        return len(array) * _BYTES_PER_LIST + _unpacked_bytes(array.flatten())
    if not pa.types.is_dictionary(array.type) or not is_string(array.type):
        return array.nbytes
    lengths = pc.fill_null(pc.binary_length(array.dictionary.cast(pa.large_string())), 0)
    return 8 * len(array) + (pc.sum(lengths.take(array.indices)).as_py() or 0)
