"""The content of a file in a folder and back, exactly: what one process reads, another maps into memory.

Arrays are .npy files; a table's numbers are one array per dtype, a row per column; its texts one Arrow file. No pickle.
Knows nothing of processes or limits.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from dashboard.inputs.content import FileContent
from dashboard.inputs.stored_cells import load_cells, mapped_array, store_cells


def store_content(content: FileContent, folder: Path) -> None:
    """Writes the content into an existing empty folder."""
    header = {"name": content.name, "format": content.format, "has_header": content.has_header}
    header |= {"notes": content.notes, "arrays": list(content.arrays), "columns": None}
    for position, array in enumerate(content.arrays.values()):
        _store_array(array, folder / f"array-{position}")
    if content.table is not None:
        header["columns"] = _store_table(content.table, folder)
        header["n_rows"] = len(content.table)
    (folder / "content.json").write_text(json.dumps(header), encoding="utf-8")


def load_content(folder: Path) -> FileContent:
    """What `store_content` wrote. Arrays are read-only and mapped: the folder may be removed, but never changed."""
    header = json.loads((folder / "content.json").read_text(encoding="utf-8"))
    arrays = {name: _load_array(folder / f"array-{k}") for k, name in enumerate(header["arrays"])}
    table = None if header["columns"] is None else _load_table(header["columns"], header["n_rows"], folder)
    return FileContent(header["name"], header["format"], arrays, table, header["has_header"], tuple(header["notes"]))


def _store_array(array, path):
    if array.dtype == object:
        store_cells(array, path)
    else:
        np.save(path.with_suffix(".npy"), array, allow_pickle=False)


def _load_array(path):
    return load_cells(path) if path.is_dir() else mapped_array(path.with_suffix(".npy"))


def _store_table(table: pd.DataFrame, folder: Path) -> list[list]:
    """Each column's name, where its values are ("texts", "cells" or a dtype) and its number there."""
    columns, numbers, texts = [], {}, []
    for position, name in enumerate(table.columns):
        values = table.iloc[:, position]
        if values.dtype == object:
            store_cells(values.to_numpy(), folder / f"cells-{position}")
            columns.append([name, "cells", position])
        elif values.dtype == "str":
            columns.append([name, "texts", len(texts)])
            texts.append(pa.array(values.array, type=pa.large_string()))
        else:
            same = numbers.setdefault(values.to_numpy().dtype.str, [])
            columns.append([name, values.dtype.str, len(same)])
            same.append(position)
    for dtype, positions in numbers.items():
        _store_numbers(table, positions, np.dtype(dtype), folder / f"numbers-{dtype[1:]}.npy")
    if texts:
        _store_texts(texts, folder / "texts.arrow")
    return columns


def _store_numbers(table, positions, dtype, path):
    shape = (len(positions), len(table))
    block = np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=shape)
    for row, position in enumerate(positions):
        block[row] = table.iloc[:, position]
    block.flush()


def _store_texts(texts, path):
    table = pa.table(texts, names=[str(position) for position in range(len(texts))])
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def _load_table(columns, n_rows, folder):
    blocks = {path.stem: mapped_array(path) for path in folder.glob("numbers-*.npy")}
    texts = None
    if (folder / "texts.arrow").exists():
        texts = pa.ipc.open_file(pa.memory_map(str(folder / "texts.arrow"))).read_all()
    values = {}
    for name, place, number in columns:
        if place == "cells":
            values[name] = load_cells(folder / f"cells-{number}")
        elif place == "texts":
            values[name] = pd.array(texts.column(number), dtype="str")
        else:
            values[name] = blocks[f"numbers-{place[1:]}"][number]
    return pd.DataFrame(values, index=pd.RangeIndex(n_rows), copy=False)
