import io
import zipfile

import numpy as np
import pytest

from dashboard.inputs.content import read_file
from tests.unit.inputs.reading import read, refusal, written


def npy(array, **options) -> bytes:
    return written(lambda stream: np.save(stream, array, **options))


def npz(**arrays) -> bytes:
    return written(lambda stream: np.savez(stream, **arrays))


def claiming(shape) -> bytes:
    """An .npy file of 168 bytes of values whose header claims a shape."""
    header = written(
        lambda stream: np.lib.format.write_array_header_1_0(
            stream, {"descr": "<f8", "fortran_order": False, "shape": shape}
        )
    )
    return header + SCORES.tobytes()


SCORES = np.random.default_rng(0).normal(size=(7, 3))


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"])
def test_read_npy_keeps_every_bit(dtype):
    array = SCORES.astype(dtype)
    result = read(npy(array), "a.npy").arrays[""]
    assert result.dtype == array.dtype
    assert result.tobytes() == array.tobytes()


def test_read_npy_keeps_nan_and_infinity():
    array = np.array([[np.nan, np.inf], [-np.inf, -0.0]])
    assert read(npy(array), "a.npy").arrays[""].tobytes() == array.tobytes()


@pytest.mark.parametrize("dtype", [">f4", ">i8", ">U3"])
def test_read_npy_turns_foreign_byte_order_native(dtype):
    array = np.array([[1, 2], [3, 40]]).astype(dtype)
    result = read(npy(array), "a.npy").arrays[""]
    assert result.dtype.isnative
    np.testing.assert_array_equal(result, array)


def test_read_npy_accepts_fortran_order():
    np.testing.assert_array_equal(read(npy(np.asfortranarray(SCORES)), "a.npy").arrays[""], SCORES)


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (3, 0), (2, 3, 4)])
def test_read_npy_accepts_any_shape(shape):
    assert read(npy(np.ones(shape)), "a.npy").arrays[""].shape == shape


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_read_npy_accepts_header_version(version):
    data = written(lambda stream: np.lib.format.write_array(stream, SCORES, version=version))
    np.testing.assert_array_equal(read(data, "a.npy").arrays[""], SCORES)


def test_read_npy_of_text_gives_names():
    assert read(npy(np.array(["dog", "wörd"])), "a.npy").arrays[""].tolist() == ["dog", "wörd"]


def test_read_npy_from_a_path_is_ordinary_writeable_memory(tmp_path):
    np.save(tmp_path / "a.npy", SCORES)
    result = read_file(tmp_path / "a.npy").arrays[""]
    assert not isinstance(result, np.memmap)
    assert result.flags.writeable
    np.testing.assert_array_equal(result, SCORES)


def test_read_npy_refuses_pickled_objects_and_says_how_to_convert():
    sentence = refusal(npy(np.array([1, "a"], dtype=object), allow_pickle=True), "a.npy")
    assert "pickled Python objects" in sentence
    assert "np.save(path, array.astype('float32'))" in sentence


def test_read_npy_refuses_a_truncated_file_with_both_sizes():
    sentence = refusal(npy(SCORES)[:-8], "a.npy")
    assert "168 bytes" in sentence
    assert "160 bytes follow the header" in sentence
    assert "truncated" in sentence


def test_read_npy_refuses_a_truncated_header():
    assert "truncated" in refusal(npy(SCORES)[:40], "a.npy")


def test_read_npy_refuses_a_second_array_after_the_first():
    assert "in a file of its own" in refusal(npy(SCORES) + npy(SCORES), "a.npy")


@pytest.mark.parametrize("shape", [(5 * 10**9, 1000), (10**20 - 1, 2), (0, 10**18)])
def test_read_npy_refuses_a_header_that_claims_more_than_the_limit(shape):
    assert "claims" in refusal(claiming(shape), "a.npy")


def test_read_npy_refuses_a_header_that_claims_more_than_the_file():
    assert "truncated" in refusal(claiming((7000, 3)), "a.npy")


@pytest.mark.parametrize("dtype", ["c16", "M8[s]", [("x", "f4")], "V3"])
def test_read_npy_refuses_other_dtypes(dtype):
    assert "must be of dtype" in refusal(npy(np.zeros(3, dtype)), "a.npy")


def test_read_npy_refuses_booleans_other_than_0_and_1():
    data = bytearray(npy(np.array([True, False, True])))
    data[-2] = 7
    assert "byte 1 is 7" in refusal(bytes(data), "a.npy")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_read_npz_keeps_names_dtypes_and_bits(save):
    arrays = {"scores": SCORES.astype("f4"), "labels": SCORES > 0, "class names": np.array(["a", "b", "c"])}
    content = read(written(lambda stream: save(stream, **arrays)), "a.npz")
    assert content.format == "npz"
    assert list(content.arrays) == list(arrays)
    for name, array in arrays.items():
        assert content.arrays[name].dtype == array.dtype
        assert content.arrays[name].tobytes() == array.tobytes()


def test_read_npz_refuses_pickled_objects_by_name():
    sentence = refusal(npz(scores=SCORES, ids=np.array([None, 1], dtype=object)), "a.npz")
    assert "'ids' in 'a.npz'" in sentence


def test_read_npz_notes_members_that_are_no_arrays():
    data = written(lambda stream: stream.write(npz(scores=SCORES)))
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("readme.txt", "hello")
    content = read(stream.getvalue(), "a.npz")
    assert list(content.arrays) == ["scores"]
    assert "'readme.txt'" in content.notes[0]


def test_read_npz_refuses_one_without_arrays():
    assert "holds none" in refusal(npz(), "a.npz")
