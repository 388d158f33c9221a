"""Reads a file of any supported format into plain content: named arrays, or one table.

Does not know which array holds scores and which labels, nor what NaN means.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from dashboard.inputs.formats.arrays import read_npy, read_npz
from dashboard.inputs.formats.files import open_source
from dashboard.inputs.formats.parquet import read_parquet
from dashboard.inputs.formats.records import read_json, read_jsonl
from dashboard.inputs.formats.safetensors import read_safetensors
from dashboard.inputs.formats.sniffing import find_format, mismatch_note
from dashboard.inputs.formats.tables import read_csv, read_txt
from dashboard.inputs.formats.tensors import read_pt
from dashboard.inputs.limits import DEFAULT_LIMITS, Limits

_READERS = {
    "npy": read_npy,
    "npz": read_npz,
    "csv": read_csv,
    "txt": read_txt,
    "parquet": read_parquet,
    "pt": read_pt,
    "safetensors": read_safetensors,
    "json": read_json,
    "jsonl": read_jsonl,
}


@dataclass(frozen=True, eq=False)
class FileContent:
    """What a file holds, without a meaning: either `arrays` or a `table`.

    A list in one cell (Parquet, JSON) is a 1-D array of numbers, a list of str, or None; rows of unequal length in a
    JSON list arrive as a 1-D object array of such cells. A list written as text in a CSV cell stays text.
    """

    name: str  # the file's name as the user knows it, for messages
    format: str  # "npy", "npz", "csv", "parquet", "pt", "safetensors", "json", "jsonl", "txt"
    arrays: dict[str, np.ndarray]  # of any dimension (a lone array is named ""); {} for a table
    table: pd.DataFrame | None  # csv, tsv, parquet, JSON records: columns as in the file; None for arrays
    has_header: bool  # False: the table's columns are named "column 0", "column 1", ...
    notes: tuple[str, ...]  # sentences about what was understood (separator, first row taken as data, ...)


def read_file(
    source: Path | bytes | BinaryIO, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> FileContent:
    """The content of a file, recognised by its first bytes rather than its name.

    Arrays own their memory, are of native byte order and keep their dtype (bfloat16 becomes float32); NaN stays NaN.
    Raises InputError for anything that cannot be read safely and completely.
    """
    with open_source(source, name, limits) as file:
        format = find_format(file, limits)
        file.handle.seek(0)
        reading = _READERS[format](file, limits)
        mismatch = mismatch_note(file, format)
    notes = reading.notes if mismatch is None else (mismatch, *reading.notes)
    return FileContent(file.name, format, reading.arrays, reading.table, reading.has_header, notes)
