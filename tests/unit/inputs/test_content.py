import io

import numpy as np
import pytest

from dashboard.errors import InputError
from dashboard.inputs.content import read_file
from dashboard.inputs.limits import Limits
from tests.unit.inputs.reading import refusal, written

NPY = written(lambda stream: np.save(stream, np.ones((2, 2))))


def test_read_file_takes_a_path_and_its_name(tmp_path):
    (tmp_path / "scores.npy").write_bytes(NPY)
    assert read_file(tmp_path / "scores.npy").name == "scores.npy"


def test_read_file_takes_bytes_and_a_given_name():
    assert read_file(NPY, name="folder/mine.npy").name == "mine.npy"


def test_read_file_takes_an_open_file_and_leaves_it_open():
    stream = io.BytesIO(NPY)
    assert read_file(stream, name="a.npy").arrays[""].shape == (2, 2)
    assert not stream.closed


def test_read_file_leaves_an_open_text_file_open():
    stream = io.BytesIO(b"a,b\n1,2\n")
    read_file(stream, name="a.csv")
    assert not stream.closed


def test_read_file_reads_a_stream_that_cannot_seek():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    assert read_file(Pipe(NPY), name="a.npy").arrays[""].shape == (2, 2)


def test_read_file_removes_what_cannot_be_seen_from_the_name():
    assert read_file(NPY, name="a\u202e\x00b.npy").name == "ab.npy"


def test_read_file_refuses_an_empty_file():
    assert "is empty (0 bytes)" in refusal(b"", "a.csv")


def test_read_file_refuses_a_file_over_the_limit():
    assert "at most 100 bytes, but has 160 bytes" in refusal(NPY, "a.npy", max_file_bytes=100)


def test_read_file_refuses_an_endless_stream_at_the_limit():
    class Endless(io.RawIOBase):
        def seekable(self):
            return False

        def read(self, size=-1):
            assert size >= 0
            return b"1" * size

    with pytest.raises(InputError, match="at most 1 kB"):
        read_file(Endless(), name="a.csv", limits=Limits(max_file_bytes=1000))


def test_read_file_refuses_a_missing_path(tmp_path):
    with pytest.raises(InputError, match=r"none\.npy' must be an existing file"):
        read_file(tmp_path / "none.npy")


def test_read_file_refuses_a_folder(tmp_path):
    with pytest.raises(InputError, match="folder or device"):
        read_file(tmp_path)
