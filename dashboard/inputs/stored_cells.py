"""Columns of Python objects (missing cells, texts, lists) on disk and back, exactly and without pickle.

A cell is None, NaN, a str, a list of str, or a 1-D array of numbers, as `FileContent` says. Numbers lie end to end in
one array per dtype, texts as indices into the distinct ones. Knows nothing of tables.
"""

import json
import math
from pathlib import Path

import numpy as np

_NONE, _NAN, _TEXT, _TEXTS, _NUMBERS = range(5)  # numbers of the k-th dtype are _NUMBERS + k


def store_cells(cells: np.ndarray, folder: Path) -> None:
    """Writes a 1-D object array into a new folder; TypeError for a cell of any other kind."""
    folder.mkdir()
    kinds, lengths = np.empty(len(cells), np.uint8), np.zeros(len(cells), np.int64)
    codes, texts, numbers = [], {}, {}
    for row, cell in enumerate(cells):
        kinds[row] = _kind(cell, numbers)
        if kinds[row] >= _NUMBERS:
            numbers[cell.dtype.str].append(cell)
            lengths[row] = len(cell)
        elif kinds[row] in (_TEXT, _TEXTS):
            found = [cell] if kinds[row] == _TEXT else cell
            codes += [texts.setdefault(text, len(texts)) for text in found]
            lengths[row] = len(found)
    np.save(folder / "kinds.npy", kinds)
    np.save(folder / "lengths.npy", lengths)
    np.save(folder / "codes.npy", np.array(codes, np.int64))
    for position, arrays in enumerate(numbers.values()):
        np.save(folder / f"numbers-{position}.npy", np.concatenate(arrays))
    (folder / "texts.json").write_text(json.dumps({"texts": list(texts), "dtypes": list(numbers)}), encoding="utf-8")


def load_cells(folder: Path) -> np.ndarray:
    """The cells that `store_cells` wrote; arrays of numbers are views of mapped files."""
    stored = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    kinds, lengths = np.load(folder / "kinds.npy").tolist(), np.load(folder / "lengths.npy").tolist()
    codes, texts = np.load(folder / "codes.npy").tolist(), stored["texts"]
    numbers = [mapped_array(folder / f"numbers-{position}.npy") for position in range(len(stored["dtypes"]))]
    starts = [0] * (_NUMBERS + len(numbers))
    cells = np.empty(len(kinds), dtype=object)
    for row, (kind, length) in enumerate(zip(kinds, lengths, strict=True)):
        place = kind if kind >= _NUMBERS else _TEXT
        start, starts[place] = starts[place], starts[place] + length
        if kind == _NAN:
            cells[row] = math.nan
        elif kind == _TEXT:
            cells[row] = texts[codes[start]]
        elif kind == _TEXTS:
            cells[row] = [texts[code] for code in codes[start : start + length]]
        elif kind >= _NUMBERS:
            cells[row] = numbers[kind - _NUMBERS][start : start + length]
    return cells


def mapped_array(path: Path) -> np.ndarray:
    """An .npy file as a read-only array whose values stay on disk until they are used."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _kind(cell, numbers: dict[str, list]) -> int:
    """The number that stands for the cell's kind; a new dtype gets its place in `numbers`."""
    if cell is None:
        return _NONE
    if type(cell) is float and math.isnan(cell):
        return _NAN
    if type(cell) is str:
        return _TEXT
    if type(cell) is list and all(type(text) is str for text in cell):
        return _TEXTS
    if isinstance(cell, np.ndarray) and cell.ndim == 1 and cell.dtype.kind in "biuf":
        numbers.setdefault(cell.dtype.str, [])
        return _NUMBERS + list(numbers).index(cell.dtype.str)
    raise TypeError(f"a cell must be None, NaN, str, a list of str or a 1-D array of numbers, got {type(cell)}")
