"""Reads a file of any supported format into plain content: named arrays, or one table.

Does not know which array holds scores and which labels, nor what NaN means.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from dashboard.inputs.limits import Limits


@dataclass(frozen=True, eq=False)
class FileContent:
    """What a file holds, without a meaning: either `arrays` or a `table`."""

    name: str  # the file's name as the user knows it, for messages
    format: str  # "npy", "npz", "csv", "parquet", "pt", "safetensors", "json", "jsonl", "txt"
    arrays: dict[str, np.ndarray]  # of any dimension (a lone array is named ""); {} for a table
    table: pd.DataFrame | None  # csv, tsv, parquet, JSON records: columns as in the file; None for arrays
    has_header: bool  # False: the table's columns are named "column 0", "column 1", ...
    notes: tuple[str, ...]  # sentences about what was understood (separator, first row taken as data, ...)


def read_file(source: Path | bytes | BinaryIO, *, name: str | None = None, limits: Limits = Limits()) -> FileContent:  # noqa: B008
    """The content of a file, recognised by its first bytes rather than its name.

    Arrays own their memory, are of native byte order and keep their dtype (bfloat16 becomes float32); NaN stays NaN.
    Raises InputError for anything that cannot be read safely and completely.
    """
    raise NotImplementedError
