"""A table of features in a folder and back, exactly: what one process reads, another maps into memory.

Numbers are one array, a row per column; texts the distinct ones with an index per cell. No pickle. Knows nothing of
processes and formats.
"""

import json
from pathlib import Path

import numpy as np

from dashboard.core.feature_table import FeatureTable
from dashboard.inputs.stored_cells import mapped_array

_TEXTS, _CODES = "texts.json", "codes.npy"


def store_features(table: FeatureTable, folder: Path) -> None:
    """Writes the table into an existing empty folder."""
    header = {"name": table.name, "class_names": table.class_names, "notices": table.notices}
    header |= {"numbers": list(table.numbers), "nominals": list(table.nominals), "columns": list(table.columns)}
    np.save(folder / "labels.npy", table.labels)
    if table.images is not None:
        np.save(folder / "images.npy", table.images)
    if table.numbers:
        _store_numbers(list(table.numbers.values()), table.n_samples, folder / "numbers.npy")
    for kind in ("nominals", "columns"):
        for position, cells in enumerate(getattr(table, kind).values()):
            _store_texts(cells, folder / f"{kind}-{position}")
    for name in ("parts", "ids"):
        if getattr(table, name) is not None:
            _store_texts(getattr(table, name), folder / name)
    (folder / "features.json").write_text(json.dumps(header), encoding="utf-8")


def load_features(folder: Path) -> FeatureTable:
    """What `store_features` wrote. Arrays are read-only and mapped: the folder may be removed, but never changed."""
    header = json.loads((folder / "features.json").read_text(encoding="utf-8"))
    numbers = mapped_array(folder / "numbers.npy") if header["numbers"] else ()
    texts = {
        kind: {name: _load_texts(folder / f"{kind}-{position}") for position, name in enumerate(header[kind])}
        for kind in ("nominals", "columns")
    }
    return FeatureTable(
        header["name"],
        mapped_array(folder / "labels.npy"),
        tuple(header["class_names"]),
        dict(zip(header["numbers"], numbers, strict=True)),
        images=mapped_array(folder / "images.npy") if (folder / "images.npy").exists() else None,
        parts=_load_texts(folder / "parts"),
        ids=_load_texts(folder / "ids"),
        notices=tuple(header["notices"]),
        **texts,
    )


def _store_numbers(columns, n_samples, path) -> None:
    """A column at a time: together they may be as large as all that this process may hold."""
    block = np.lib.format.open_memmap(path, mode="w+", dtype=np.float64, shape=(len(columns), n_samples))
    for row, values in enumerate(columns):
        block[row] = values
    block.flush()


def _store_texts(cells: np.ndarray, folder: Path) -> None:
    """Cells of text or None; an array of text of one width comes back as such."""
    folder.mkdir()
    distinct: dict[str, int] = {}
    codes = np.fromiter(
        (-1 if cell is None else distinct.setdefault(str(cell), len(distinct)) for cell in cells.tolist()),
        dtype=np.int32,
        count=len(cells),
    )
    np.save(folder / _CODES, codes)
    header = {"texts": list(distinct), "dtype": None if cells.dtype == object else cells.dtype.str}
    (folder / _TEXTS).write_text(json.dumps(header), encoding="utf-8")


def _load_texts(folder: Path) -> np.ndarray | None:
    if not folder.exists():
        return None
    stored = json.loads((folder / _TEXTS).read_text(encoding="utf-8"))
    cells = np.array([*stored["texts"], None], dtype=object)[np.load(folder / _CODES)]
    return cells if stored["dtype"] is None else cells.astype(stored["dtype"])
