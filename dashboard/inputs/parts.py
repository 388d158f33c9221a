"""What a file consists of: its arrays or columns, each with its shape and the sort of values found in all of it.

Does not know what a part means; `propose` draws conclusions from what is described here.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.inputs.content import FileContent
from dashboard.inputs.list_cells import looks_like_list, numbers_in, parsed_list
from dashboard.inputs.names import check_distinct

ZERO_ONE, NUMBERS, TEXT, NUMBER_LISTS, NAME_LISTS, NOTHING = (
    "0/1 values",
    "numbers",
    "text",
    "lists of numbers",
    "lists of names",
    "no values",
)
LIST_SAMPLE = 1_000  # cells looked at to tell the kind of a list; the reading itself looks at all of them


@dataclass(frozen=True)
class Part:
    """An array or a column: its shape, the sort of its values, and whether all its numbers are whole."""

    shape: tuple[int, ...]
    holds: str
    is_whole: bool = False


@dataclass(frozen=True, eq=False)
class FileView:
    """A file with the description of its parts, in the order of the file."""

    content: FileContent
    parts: dict[str, Part]

    @classmethod
    def of(cls, content: FileContent) -> "FileView":
        return cls(content, describe_parts(content))

    def values(self, name: str) -> np.ndarray:
        return part_values(self.content, name)

    @property
    def is_table(self) -> bool:
        return self.content.table is not None

    def holding(self, sorts: tuple[str, ...], without: Collection[str] = ()) -> list[str]:
        """The parts whose values are of one of the sorts."""
        return [name for name, part in self.parts.items() if part.holds in sorts and name not in without]


def describe_parts(content: FileContent) -> dict[str, Part]:
    """Each array or column of a file; the whole of every part is looked at (lists: the first 1,000 cells)."""
    if content.table is not None:
        check_distinct(list(content.table.columns), f"columns of {content.name}")
    return {name: describe_values(part_values(content, name)) for name in part_names(content)}


def part_names(content: FileContent) -> list[str]:
    return list(content.arrays) if content.table is None else list(content.table.columns)


def part_values(content: FileContent, name: str) -> np.ndarray:
    """The values of one part: numbers and booleans as they are, everything else as objects (missing ones are NA)."""
    if content.table is None:
        values = content.arrays[name]
        return values.astype(object) if values.dtype.kind in "US" else values
    return column_values(content.table[name])


def column_values(column: pd.Series) -> np.ndarray:
    """One column as numpy: numbers and booleans as they are, everything else as objects."""
    is_number = isinstance(column.dtype, np.dtype) and column.dtype.kind in "biuf"
    return column.to_numpy() if is_number else column.to_numpy(dtype=object)


def describe_values(values: np.ndarray) -> Part:
    if values.ndim == 0:
        return Part(values.shape, NOTHING)
    if values.dtype == bool:
        return Part(values.shape, ZERO_ONE, True)
    if values.dtype.kind in "iuf":
        return _describe_numbers(values)
    if values.dtype.kind not in "OUS":
        return Part(values.shape, TEXT)
    present = values.ravel()[~pd.isna(values.ravel())]
    return Part(values.shape, *_describe_objects(present))


def _describe_numbers(values):
    if values.size == 0:
        return Part(values.shape, NOTHING)
    is_whole = values.dtype.kind in "iu"
    zero_one, any_known = True, is_whole
    for block in np.array_split(values, max(1, values.size // 4_000_000)):
        known = block if is_whole or values.dtype.kind in "iu" else block[np.isfinite(block)]
        any_known |= known.size > 0
        zero_one &= bool(((known == 0) | (known == 1) | (known == -1)).all()) and not np.isinf(block).any()
    if not is_whole:
        is_whole = zero_one or all(
            _is_whole(block) for block in np.array_split(values, max(1, values.size // 4_000_000))
        )
    return Part(values.shape, (ZERO_ONE if zero_one else NUMBERS) if any_known else NOTHING, is_whole)


def _is_whole(block):
    finite = block[np.isfinite(block)]
    return bool((finite == np.trunc(finite)).all())


def _describe_objects(present):
    if not len(present):
        return NOTHING, False
    if sum(looks_like_list(cell) for cell in present[:LIST_SAMPLE]) > 0:
        return _describe_lists(present[:LIST_SAMPLE]), False
    numbers = pd.to_numeric(pd.Series(present), errors="coerce").to_numpy(dtype=np.float64)
    known = numbers[~np.isnan(numbers)]
    if 2 * len(known) < len(present) or not len(known):
        return TEXT, False
    return (ZERO_ONE if np.isin(known, (-1, 0, 1)).all() else NUMBERS), _is_whole(known)


def _describe_lists(cells):
    try:
        lists = [parsed_list(cell) for cell in cells]
    except ValueError:
        return TEXT
    numbers = [numbers_in(items) for items in lists]
    if any(items is None for items in numbers):
        return NAME_LISTS
    return NAME_LISTS if _are_indices(numbers) else NUMBER_LISTS


def _are_indices(lists):
    """Whether lists of numbers read as the indices of true classes rather than as one number per class."""
    values = np.array([value for items in lists for value in items])
    if not len(values) or not (values >= 0).all() or not _is_whole(values):
        return False
    are_distinct = all(len(set(items)) == len(items) for items in lists)
    return are_distinct and (len({len(items) for items in lists}) > 1 or values.max() > 1)
