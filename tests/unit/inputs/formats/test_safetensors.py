import json
import struct

import numpy as np
import pytest
import torch
from safetensors.numpy import save
from safetensors.torch import save as save_torch

from tests.unit.inputs.reading import read, refusal


def raw(header, values: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + values


def tensor(dtype="F32", shape=(2,), begin=0, end=8) -> dict:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"])
def test_read_safetensors_keeps_every_bit(dtype):
    array = np.abs(np.random.default_rng(0).normal(size=(5, 3)) * 3).astype(dtype)
    result = read(save({"x": array, "other": np.ones(3)}), "a.safetensors").arrays
    assert result["x"].dtype == array.dtype
    assert result["x"].tobytes() == array.tobytes()
    assert result["other"].tolist() == [1, 1, 1]


def test_read_safetensors_widens_bfloat16_exactly():
    values = torch.arange(-(2**15), 2**15, dtype=torch.int16).view(torch.bfloat16)  # every bfloat16 there is
    result = read(save_torch({"x": values}), "a.safetensors").arrays["x"]
    assert result.dtype == np.float32
    assert (result.view(np.uint32) >> 16).astype(np.uint16).tobytes() == values.view(torch.int16).numpy().tobytes()


def test_read_safetensors_ignores_metadata():
    assert list(read(save({"x": np.ones(2)}, {"format": "pt"}), "a.safetensors").arrays) == ["x"]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (raw({"x": tensor()}, b"1234567"), "holds 7 bytes"),
        (raw({"x": tensor()}, b"123456789"), "holds 9 bytes"),
        (raw({"x": tensor(shape=(3,))}, b"12345678"), "must take 12 bytes"),
        (raw({"x": tensor(), "y": tensor()}, b"12345678"), "'y' begins at byte 0 instead of 8"),
        (raw({"x": tensor(begin=8, end=16)}, b"1" * 16), "begins at byte 8 instead of 0"),
        (raw({"x": tensor(shape=(10**12, 10**12), end=4 * 10**24)}, b""), "claims"),
        (raw({"x": tensor(shape=(-2,))}, b"12345678"), "must state its shape"),
        (raw({"x": tensor(shape=(True, 2))}, b"12345678"), "must state its shape"),
        (raw({"x": tensor(dtype="F8_E4M3")}, b"12345678"), "'F8_E4M3'"),
        (raw({"x": tensor(dtype="BOOL", end=2)}, b"\x01\x07"), "byte 1 is 7"),
        (raw({"x": 3}, b""), "must be described"),
        (raw({}, b""), "holds 0"),
        (raw(b"{" * 20_000, b""), "JSON"),
        (raw(b'{"x": ', b""), "JSON"),
        (raw(b"{\xff}", b""), "UTF-8"),
        (struct.pack("<Q", 2**63) + b"{}", "claims over a million TB"),
    ],
)
def test_read_safetensors_refuses(data, found):
    assert found in refusal(data, "a.safetensors")
