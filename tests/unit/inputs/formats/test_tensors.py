import zipfile

import numpy as np
import pytest
import torch

from dashboard.inputs.formats import tensors
from tests.unit.inputs.reading import read, refusal, written

RANDOM = torch.Generator().manual_seed(0)


def pt(value, **options) -> bytes:
    return written(lambda stream: torch.save(value, stream, **options))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "int64", "uint8", "uint16", "bool"])
def test_read_pt_keeps_every_bit(dtype):
    tensor = (torch.randn(5, 3, generator=RANDOM) * 2).abs().to(getattr(torch, dtype))
    result = read(pt(tensor), "a.pt").arrays[""]
    assert result.dtype == np.dtype(dtype)
    assert result.tobytes() == tensor.numpy().tobytes()


def test_read_pt_widens_bfloat16_exactly():
    tensor = torch.arange(-(2**15), 2**15, dtype=torch.int16).view(torch.bfloat16)  # every bfloat16 there is
    result = read(pt(tensor), "a.pt").arrays[""]
    assert result.dtype == np.float32
    assert (result.view(np.uint32) >> 16).astype(np.uint16).tobytes() == tensor.view(torch.int16).numpy().tobytes()


def test_read_pt_of_a_dict_gives_named_arrays():
    content = read(pt({"scores": torch.ones(2, 3), "class_names": ["a", "b", "c"], "weights": [0.5, 1.0]}), "a.pth")
    assert content.arrays["scores"].shape == (2, 3)
    assert content.arrays["class_names"].tolist() == ["a", "b", "c"]
    assert content.arrays["weights"].tolist() == [0.5, 1.0]


def test_read_pt_notes_what_is_no_array():
    content = read(pt({"scores": torch.ones(2), "model": "resnet", "config": {}}), "a.pt")
    assert [note.split(" ")[0] for note in content.notes] == ["'model'", "'config'"]


def test_read_pt_of_a_parameter_and_a_transposed_tensor():
    content = read(pt({"p": torch.nn.Parameter(torch.ones(2)), "t": torch.arange(6).reshape(2, 3).T}), "a.pt")
    assert content.arrays["p"].tolist() == [1, 1]
    assert content.arrays["t"].tolist() == [[0, 3], [1, 4], [2, 5]]


def test_read_pt_copies_a_small_part_of_a_large_storage():
    result = read(pt(torch.arange(1000.0)[:2]), "a.pt").arrays[""]
    assert result.flags.owndata


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (torch.ones(3).to_sparse(), "sparse"),
        (torch.empty(3, device="meta"), "without values"),
        ({"x": np.ones(3)}, "NumPy array"),
        (torch.nn.Linear(2, 2), "asks for Python code ('torch.nn.modules.linear Linear')"),
        (torch.ones(2, dtype=torch.complex64), "complex64"),
        (torch.ones(1).expand(1000, 1000), "stores 4 of 4,000,000 bytes"),
        ({"x": torch.ones(1).expand(1000, 1000)}, "'x' in 'a.pt' must store each"),
        ([torch.ones(3)], "Python type list"),
        ({"x": [1, "a"]}, "Python type list"),
        ({}, "holds none"),
        (bytearray(3), "bytearray"),
    ],
)
def test_read_pt_refuses(value, found):
    assert found in refusal(pt(value), "a.pt")


def test_read_pt_refuses_quantized_tensors(monkeypatch):
    data = pt(torch._make_per_tensor_quantized_tensor(torch.ones(3, dtype=torch.int8), 0.1, 0))
    assert "a quantized tensor" in refusal(data, "a.pt")


def test_read_pt_refuses_names_before_torch_sees_them(monkeypatch):
    monkeypatch.setattr(tensors, "_loaded", lambda file: pytest.fail("torch saw the file"))
    refusal(pt({"x": bytearray(3)}), "a.pt")


def test_read_pt_refuses_old_files_as_pickles():
    assert "PyTorch 1.6" in refusal(pt(torch.ones(3), _use_new_zipfile_serialization=False), "a.pt")


def test_read_pt_refuses_a_truncated_file():
    assert "truncated" in refusal(pt(torch.ones(1000))[:2000], "a.pt")


def test_read_pt_refuses_packed_archives(tmp_path):
    (tmp_path / "a.pt").write_bytes(pt(torch.zeros(1000)))
    with zipfile.ZipFile(tmp_path / "a.pt") as source:
        members = {member.filename: source.read(member) for member in source.infolist()}

    def write(stream):
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, data in members.items():
                packed.writestr(name, data)

    assert "uncompressed" in refusal(written(write), "a.pt")


def test_read_pt_counts_tensors_that_share_one_storage():
    storage = torch.zeros(1000)
    data = pt({str(start): storage[start:] for start in range(100)})
    assert "100 of 380 kB" in refusal(data, "a.pt", max_array_bytes=100_000)
