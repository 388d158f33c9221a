"""Files that try to fill memory, run code or leave their folder; small to write, each of a kind seen in the wild."""

import io
import json
import os
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch

BOMB_BYTES = 1_020_000_000
ROWS, TEXT = 1_000_000, "x" * 1_000  # a Parquet file of ten times so many rows of this text stands for 10 GB
LINE_BYTES = 60_000_000


class _RunsACommand:
    def __init__(self, marker: Path):
        self.marker = marker

    def __reduce__(self):
        return os.system, (f"touch {self.marker}",)


def write_sound(folder: Path) -> list[Path]:
    """One small file of each format that can be read."""
    folder.mkdir()
    values = np.ones((3, 2), np.float32)
    np.save(folder / "a.npy", values)
    np.savez(folder / "a.npz", values)
    torch.save(torch.ones(3, 2), folder / "a.pt")
    pq.write_table(pa.table({"a": [1.0], "text": ["a"]}), folder / "a.parquet")
    (folder / "a.csv").write_text("a,b\n1,2\n")
    (folder / "a.json").write_text('[{"a": 1}]')
    _write_safetensors(
        folder / "a.safetensors", {"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, b"\0" * 4
    )
    return sorted(folder.iterdir())


def write_hostile_files(folder: Path, marker: Path) -> list[Path]:
    """marker: a file that is there afterwards if any of them ran its code."""
    folder.mkdir()
    for write in (_bombs, _lying_headers, _code, _tensors, _parquet, _safetensors, _texts):
        write(folder, marker)
    return sorted(folder.iterdir())


def _npy_header(shape, dtype="<f4") -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": dtype, "fortran_order": False, "shape": shape})
    return stream.getvalue()


def _write_bomb(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("scores.npy", "w", force_zip64=True) as member,
    ):
        member.write(_npy_header((BOMB_BYTES // 4,)))
        block = bytes(10_000_000)
        for _ in range(BOMB_BYTES // len(block)):
            member.write(block)


def _bombs(folder, marker):
    _write_bomb(folder / "bomb.npz")
    small = io.BytesIO()
    with zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("scores.npy", _npy_header((100,)) + bytes(150_000_000))
    lying = bytearray(small.getvalue())  # its directory claims 528 bytes, the member goes on for 150 MB
    entry = lying.rindex(b"PK\x01\x02")
    struct.pack_into("<I", lying, entry + 24, len(_npy_header((100,))) + 400)
    (folder / "lying_directory.npz").write_bytes(lying)
    with zipfile.ZipFile(folder / "outside.npz", "w") as archive:
        archive.writestr(f"../../{marker.name}", b"escaped")
        archive.writestr(str(marker), b"escaped")


def _lying_headers(folder, marker):
    (folder / "40_terabytes.npy").write_bytes(_npy_header((10**7, 10**6)) + bytes(100))
    (folder / "16_gigabytes.npy").write_bytes(_npy_header((4 * 10**9,)) + bytes(100))
    (folder / "negative.npy").write_bytes(_npy_header((1,)).replace(b"(1,)", b"(-1,)") + bytes(100))


def _code(folder, marker):
    np.save(folder / "objects.npy", np.array([_RunsACommand(marker)], dtype=object), allow_pickle=True)
    np.savez(folder / "objects.npz", scores=np.array([_RunsACommand(marker)], dtype=object))
    torch.save({"scores": _RunsACommand(marker)}, folder / "command.pt")
    torch.save(_RunsACommand(marker), folder / "old.pt", _use_new_zipfile_serialization=False)
    (folder / "renamed.csv").write_bytes(pickle.dumps(_RunsACommand(marker)))
    (folder / "pickle.pkl").write_bytes(pickle.dumps(_RunsACommand(marker)))


def _tensors(folder, marker):
    torch.save(torch.zeros(1).expand(10**4, 3 * 10**4), folder / "stride_0.pt")
    torch.save(torch.empty(10**6, 10**5, device="meta"), folder / "meta.pt")


def _parquet(folder, marker):
    repeated = pa.table({"x": pa.DictionaryArray.from_arrays(np.zeros(ROWS, np.int32), [TEXT])})
    with pq.ParquetWriter(folder / "dictionary.parquet", repeated.schema, store_schema=False) as writer:
        for _ in range(10):
            writer.write_table(repeated)


def _write_safetensors(path, header: dict, data: bytes) -> None:
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def _safetensors(folder, marker):
    huge = {"a": {"dtype": "F32", "shape": [10**6, 10**5], "data_offsets": [0, 4 * 10**11]}}
    _write_safetensors(folder / "shape.safetensors", huge, bytes(16))
    over = {name: {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]} for name in "ab"}
    _write_safetensors(folder / "overlap.safetensors", over, bytes(16))
    (folder / "header.safetensors").write_bytes(struct.pack("<Q", 1 << 62) + b'{"a":' + bytes(100))


def _texts(folder, marker):
    (folder / "endless_line.csv").write_bytes(b"a,b\n1,2\n" + b"1" * LINE_BYTES)
    (folder / "endless_quote.csv").write_bytes(b'a,b\n1,2\n"' + b"1\n" * (LINE_BYTES // 6))
    for number, (name, separator) in enumerate({"csv": b",", "txt": b"\t"}.items()):
        (folder / f"many_columns_{number}.{name}").write_bytes((separator.join([b"1"] * 1_500_000) + b"\n") * 3)
    (folder / "deep.json").write_bytes(b"[" * 1_000_000)
