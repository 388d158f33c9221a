"""Throws generated and mutated files of every format at the reader: only content or an InputError may come out."""

import io
import json
import os
import pickle
import zipfile
from functools import cache

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save as save_safetensors

from dashboard.errors import InputError
from dashboard.inputs.content import FileContent, read_file
from dashboard.inputs.limits import Limits


@pytest.fixture(scope="module", autouse=True)
def _parquet_read_here():
    """Without the process that reads a Parquet file first: it takes half a second per file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dashboard.inputs.formats.parquet.rehearse", lambda file, limits: None)
        yield


EXTENSIONS = (
    "npy",
    "npz",
    "csv",
    "tsv",
    "txt",
    "parquet",
    "pt",
    "pth",
    "safetensors",
    "json",
    "jsonl",
    "pkl",
    "bin",
    "",
)
SMALL = Limits(max_array_bytes=50_000_000, max_cells=5_000_000, max_unpacked_freely=10_000_000)
BOUNDED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    max_examples=int(os.environ.get("READER_EXAMPLES", "400")),
)
INTERESTING = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1, 2**40, 2**62, 2**63, 2**64 - 1]


def _written(write) -> bytes:
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


@cache
def _valid_files() -> dict[str, bytes]:
    random = np.random.default_rng(1)
    scores = random.normal(size=(6, 3)).astype(np.float32)
    labels = random.integers(0, 2, size=(6, 3))
    names = np.array(["dog", "cat", "wörd"])
    table = pd.DataFrame(scores, columns=list(names)).assign(id=list("abcdef"), known=[True, False] * 3)
    lists = pd.DataFrame({"scores": list(scores), "labels": [["dog"], [], ["cat", "dog"], None, ["dog"], []]})
    tensors = {
        "scores": torch.from_numpy(scores).bfloat16(),
        "labels": torch.from_numpy(labels),
        "names": names.tolist(),
    }
    records = table.to_dict("records")
    return {
        "float32.npy": _written(lambda stream: np.save(stream, scores)),
        "big_endian.npy": _written(lambda stream: np.save(stream, np.asfortranarray(scores.astype(">f8")))),
        "text.npy": _written(lambda stream: np.save(stream, names)),
        "arrays.npz": _written(lambda stream: np.savez(stream, scores=scores, labels=labels, names=names)),
        "packed.npz": _written(lambda stream: np.savez_compressed(stream, scores=scores, labels=labels > 0)),
        "table.csv": table.to_csv(index=False).encode(),
        "quoted.csv": b'id,labels,"a ""b"""\n"x, 1","[""dog""]",0.5\n"y\n2","a|b",\n',
        "semicolons.csv": table.to_csv(sep=";").encode("utf-16"),
        "spaces.txt": _written(lambda stream: np.savetxt(stream, scores)),
        "names.txt": "dog\ncat\nwörd\n".encode("latin-1"),
        "table.tsv": table.to_csv(sep="\t", header=False).encode("utf-8-sig"),
        "table.parquet": _written(table.to_parquet),
        "lists.parquet": _written(lists.to_parquet),
        "tensor.pt": _written(lambda stream: torch.save(torch.from_numpy(scores), stream)),
        "tensors.pt": _written(lambda stream: torch.save(tensors, stream)),
        "tensors.safetensors": save_safetensors({"scores": scores, "labels": labels > 0}),
        "lists.json": json.dumps(
            {"scores": scores.tolist(), "labels": [["dog"], []], "names": names.tolist()}
        ).encode(),
        "records.json": json.dumps(records).encode(),
        "records.jsonl": "\n".join(map(json.dumps, records)).encode(),
        "rows.jsonl": "\n".join(map(json.dumps, scores.tolist())).encode(),
    }


@st.composite
def mutated_files(draw) -> tuple[bytes, str]:
    """One of the valid files after some damage, under its own or another extension."""
    files = _valid_files()
    name = draw(st.sampled_from(sorted(files)))
    data = bytearray(files[name])
    for _ in range(draw(st.integers(1, 4))):
        _damage(draw, data, files)
    extension = draw(st.one_of(st.just(name.rpartition(".")[2]), st.sampled_from(EXTENSIONS)))
    return bytes(data), f"file.{extension}"


def _damage(draw, data, files):
    kind = draw(st.sampled_from(("flip", "set", "number", "cut", "delete", "insert", "splice", "header")))
    at = draw(st.integers(0, max(len(data) - 1, 0)))
    if kind == "flip" and data:
        data[at] ^= 1 << draw(st.integers(0, 7))
    elif kind == "set" and data:
        data[at] = draw(st.sampled_from(b"\x00\xff\"',;|\t\n\r []{}0-9.eNO\\"))
    elif kind == "number":
        width = draw(st.sampled_from((1, 2, 4, 8)))
        value = draw(st.sampled_from(INTERESTING)) % (1 << 8 * width)
        data[at : at + width] = value.to_bytes(width, draw(st.sampled_from(("little", "big"))))
    elif kind == "cut":
        del data[at:]
    elif kind == "delete":
        del data[at : at + draw(st.integers(1, 40))]
    elif kind == "insert":
        data[at:at] = draw(st.binary(min_size=1, max_size=20))
    else:
        other = files[draw(st.sampled_from(sorted(files)))]
        length = draw(st.integers(1, 200))
        start = 0 if kind == "header" else draw(st.integers(0, len(other) - 1))
        data[(0 if kind == "header" else at) : at + length] = other[start : start + length]


def _read(data: bytes, name: str) -> FileContent | None:
    """The content where the file can be read; None after an InputError. Anything else propagates."""
    try:
        content = read_file(data, name=name, limits=SMALL)
    except InputError as error:
        assert str(error).strip()
        return None
    _assert_plain(content)
    return content


def _assert_plain(content):
    assert (content.table is None) == bool(content.arrays)
    for array in content.arrays.values():
        assert type(array) is np.ndarray
        assert array.dtype.isnative
        assert array.dtype.kind in "biufU" or (array.dtype == object and array.ndim == 1)
        assert array.dtype != bool or array.view(np.uint8).max(initial=0) <= 1
        array.tolist()  # text with impossible code points raises here


@pytest.mark.parametrize("name", sorted(_valid_files()))
def test_read_file_opens_each_undamaged_file(name):
    assert _read(_valid_files()[name], name) is not None


@BOUNDED
@given(mutated_files())
def test_read_file_of_a_mutated_file_gives_content_or_input_error(file):
    _read(*file)


@BOUNDED
@given(st.binary(max_size=300), st.sampled_from(EXTENSIONS))
def test_read_file_of_random_bytes_gives_content_or_input_error(data, extension):
    _read(data, f"file.{extension}")


@BOUNDED
@given(
    st.text(alphabet=st.sampled_from("ab019.-+eE,;|\t\n\r \"'[]{}:\\#NaInf\x00\ufeffé"), max_size=120),
    st.sampled_from(EXTENSIONS),
)
def test_read_file_of_text_like_a_table_gives_content_or_input_error(text, extension):
    _read(text.encode(), f"file.{extension}")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(max_size=3), values, max_size=4),
    max_leaves=20,
)


@BOUNDED
@given(JSON_VALUES, st.sampled_from(("json", "jsonl", "txt")))
def test_read_file_of_any_json_gives_content_or_input_error(value, extension):
    _read(json.dumps(value).encode(), f"file.{extension}")


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(torch.ones(2, 3))
PT_VALUES = st.recursive(
    PLAIN | st.just(torch.ones(3)[1:]) | st.just(torch.ones(2, 2, dtype=torch.complex64)),
    lambda values: (
        st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=3) | st.integers(), values, max_size=3)
    ),
    max_leaves=6,
)


@BOUNDED
@given(PT_VALUES)
def test_read_file_of_any_saved_python_value_gives_content_or_input_error(value):
    _read(_written(lambda stream: torch.save(value, stream)), "file.pt")


class _Marker:
    """Unpickling an instance creates a folder: the proof that code ran."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


def _files_with_code(path):
    marker = _Marker(path)
    objects = np.array([marker], dtype=object)
    in_zip = io.BytesIO()
    with zipfile.ZipFile(in_zip, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(marker, protocol=2))
        archive.writestr("archive/version", "3\n")
    return {
        "npy": _written(lambda stream: np.save(stream, objects, allow_pickle=True)),
        "npz": _written(lambda stream: np.savez(stream, scores=objects, allow_pickle=True)),
        "pt": _written(lambda stream: torch.save({"scores": marker}, stream)),
        "old pt": _written(lambda stream: torch.save(marker, stream, _use_new_zipfile_serialization=False)),
        "zip": in_zip.getvalue(),
        **{f"pickle {protocol}": pickle.dumps(marker, protocol=protocol) for protocol in range(6)},
    }


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_read_file_never_runs_code(tmp_path, extension):
    marker = tmp_path / "ran"
    for data in _files_with_code(marker).values():
        _read(data, f"file.{extension}")
    assert not marker.exists()


def test_planted_code_would_be_noticed(tmp_path):
    marker = tmp_path / "ran"
    np.load(io.BytesIO(_files_with_code(marker)["npy"]), allow_pickle=True)
    assert marker.exists()


@settings(BOUNDED, suppress_health_check=[*BOUNDED.suppress_health_check, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_read_file_of_a_mutated_file_with_code_runs_none(tmp_path, data):
    marker = tmp_path / "ran"
    files = _files_with_code(marker)
    damaged = bytearray(files[data.draw(st.sampled_from(sorted(files)))])
    for _ in range(data.draw(st.integers(1, 3))):
        _damage(data.draw, damaged, _valid_files())
    _read(bytes(damaged), f"file.{data.draw(st.sampled_from(EXTENSIONS))}")
    assert not marker.exists()
