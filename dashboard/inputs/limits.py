"""How much a file may hold before it is refused. Knows nothing of formats."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds that every reader checks before it allocates; a file over one of them is an InputError."""

    max_file_bytes: int = 4_000_000_000
    max_array_bytes: int = 8_000_000_000  # of all arrays of a file together, as they lie in memory
    max_cells: int = 2_000_000_000  # rows x columns of a table, or elements of all arrays together
    max_columns: int = 20_000  # of a text or Parquet table
    max_line_bytes: int = 4_000_000
    max_text_bytes: int = 100_000_000  # of all text cells of a Parquet table or a JSON file together
    max_json_bytes: int = 500_000_000
    max_json_depth: int = 16
    max_members: int = 1_000  # of a zip archive, a tensor file or a JSON object at the top
    max_ratio: int = 200  # unpacked bytes per packed byte in a zip archive
