"""Writes the same scores and labels in every format and layout with the ordinary libraries; used by the cross tests."""

import json

import numpy as np
import pandas as pd
import torch
from safetensors.numpy import save_file

CLASSES = ("cat", "dog", "a, b", "ünïcode")
IDS = tuple(f"s{i}" for i in range(8))

RNG = np.random.default_rng(0)
SCORES = RNG.normal(size=(len(IDS), len(CLASSES))).round(3)
TRUTH = np.array(
    [[0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 1, 0], [1, 1, 1, 1], [0, 1, 0, 1], [1, 0, 0, 0]]
)


def write_npy(path, values):
    np.save(path, values)


def write_npz(path, values):
    np.savez(path, values=values)


def write_pt(path, values):
    torch.save(torch.from_numpy(np.ascontiguousarray(values)), path)


def write_pth(path, values):
    torch.save({"values": torch.from_numpy(np.ascontiguousarray(values))}, path)


def write_safetensors(path, values):
    save_file({"values": np.ascontiguousarray(values)}, path)


def write_json(path, values):
    path.write_text(json.dumps(values.tolist()))


def write_csv_without_header(path, values):
    np.savetxt(path, values, delimiter=",", fmt="%.17g" if values.dtype.kind == "f" else "%d")


def write_txt_with_spaces(path, values):
    np.savetxt(path, values, fmt="%.17g" if values.dtype.kind == "f" else "%d")


ARRAY_WRITERS = {
    "npy": write_npy,
    "npz": write_npz,
    "pt": write_pt,
    "pth": write_pth,
    "safetensors": write_safetensors,
    "json": write_json,
    "csv": write_csv_without_header,
    "txt": write_txt_with_spaces,
}

TABLE_WRITERS = {
    "csv": lambda path, table: table.to_csv(path, index=False),
    "tsv": lambda path, table: table.to_csv(path, index=False, sep="\t"),
    "parquet": lambda path, table: table.to_parquet(path, index=False),
    "json": lambda path, table: table.to_json(path, orient="records", double_precision=15),
    "jsonl": lambda path, table: table.to_json(path, orient="records", lines=True, double_precision=15),
}


def table_of(values, *, ids=False, order=None):
    """A wide table; `order` permutes the rows (with their ids) and reverses the columns."""
    table = pd.DataFrame(values, columns=list(CLASSES))
    if ids:
        table.insert(0, "id", list(IDS))
    if order is not None:
        table = table.iloc[list(order)]
        table = table[[*(["id"] if ids else []), *reversed(CLASSES)]]
    return table
