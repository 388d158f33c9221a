"""How much a file may hold before it is refused, checked before anything of that size is allocated.

Knows nothing of formats.
"""

from dataclasses import dataclass
from math import prod

from dashboard.errors import InputError


@dataclass(frozen=True)
class Limits:
    """Bounds that every reader keeps; a file over one of them is an InputError."""

    max_file_bytes: int = 4_000_000_000
    max_array_bytes: int = 8_000_000_000  # everything a file unpacks to, as it lies in memory
    max_cells: int = 2_000_000_000  # rows x columns of a table, or elements of an array
    max_columns: int = 20_000  # of a table
    max_dimensions: int = 8
    max_line_bytes: int = 4_000_000  # of a text file; also of one quoted record over several lines
    max_header_bytes: int = 10_000_000  # descriptions inside binary files
    max_json_bytes: int = 200_000_000  # Python objects take up to 25 times the text
    max_members: int = 1_000  # arrays in one file
    max_ratio: int = 200  # unpacked bytes per packed byte, once a file unpacks to over max_unpacked_freely
    max_unpacked_freely: int = 1_000_000_000
    max_rehearsal_bytes: int = 12_000_000_000  # address space of the process that reads a Parquet file first
    max_rehearsal_seconds: int = 300
    rehearses_parquet: bool = True  # needless in a process that is bounded itself
    max_conversion_bytes: int = 20_000_000_000  # address space of the process that reads an upload
    max_conversion_seconds: float = 600

    def check_shape(self, shape: tuple[int, ...], itemsize: int, what: str) -> int:
        """The bytes that an array of this shape takes; `what` names it in the message; InputError if too many."""
        if len(shape) > self.max_dimensions:
            raise InputError(f"{what} must have at most {self.max_dimensions} dimensions, but has {len(shape)}.")
        extent = prod(max(length, 1) for length in shape)  # an axis of length 0 must not hide a huge one
        if extent > self.max_cells or extent * itemsize > self.max_array_bytes:
            raise InputError(
                f"{what} must hold at most {self.max_cells:,} values and {as_size(self.max_array_bytes)}, but its "
                "shape "
                f"{shape_text(shape)} claims {extent:,} values and {as_size(extent * itemsize)}: load fewer samples or "
                "classes."
            )
        return prod(shape) * itemsize

    def check_table(self, n_rows: int, n_columns: int, name: str) -> None:
        """Raises InputError when a table has too many columns or cells."""
        if n_columns > self.max_columns:
            raise InputError(
                f"{name} must have at most {self.max_columns:,} columns, but has {n_columns:,}: "
                "save an array of that width as .npy."
            )
        if n_rows * n_columns > self.max_cells or n_rows * n_columns * 8 > self.max_array_bytes:
            raise InputError(
                f"{name} must hold at most {min(self.max_cells, self.max_array_bytes // 8):,} cells, but its "
                f"{n_rows:,} "
                f"rows and {n_columns:,} columns make {n_rows * n_columns:,}: load fewer samples or classes."
            )


DEFAULT_LIMITS = Limits()


def as_size(n_bytes: int) -> str:
    """Bytes as people say them: 312 bytes, 4.2 MB, 40 TB (powers of ten)."""
    if n_bytes < 1_000:
        return f"{n_bytes} bytes"
    for unit, factor in (("kB", 10**3), ("MB", 10**6), ("GB", 10**9)):
        if n_bytes < 1_000 * factor:
            return f"{n_bytes / factor:.3g} {unit}"
    return f"{n_bytes / 10**12:,.3g} TB" if n_bytes < 10**18 else "over a million TB"


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape for a message, short even where its numbers are absurd."""
    return "(" + ", ".join(str(length) if length < 10**15 else "over 10^15" for length in shape) + ")"
