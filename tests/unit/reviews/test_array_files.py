import io
from pathlib import Path

import numpy as np
import pytest

from dashboard.reviews.array_files import BLOCK_BYTES, ArrayFile, ArrayRef, check_file, read_array
from dashboard.reviews.review_errors import DamagedReview

ARRAYS = {
    "float32": np.linspace(-3, 3, 12, dtype=np.float32).reshape(4, 3),
    "float64": np.array([np.inf, -np.inf, np.nan, -0.0]),
    "float16": np.array([1, 2], dtype=np.float16),
    "int8": np.array([[-1, 0, 1]], dtype=np.int8),
    "bool": np.array([True, False]),
    "dates": np.array(["2020-01-01", "NaT"], dtype="datetime64[D]"),
    "three axes": np.arange(24, dtype=np.uint8).reshape(2, 3, 4),
    "no samples": np.zeros((0, 5), dtype=np.float32),
    "no classes": np.zeros((5, 0), dtype=np.float32),
    "a number": np.array(2.5),
    "text": np.array(["a", "b\0c", "", "\ud800", "日本"]),
    "objects": np.array(["a", None, 3, 2.5, True, float("inf")], dtype=object),
    "no objects": np.array([], dtype=object),
    "more than a block": np.arange(BLOCK_BYTES // 4 + 1000).astype(np.float64),
}


def content_of(file):
    return b"".join(bytes(piece) for piece in file.pieces())


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_comes_back_from_its_file(name):
    array = ARRAYS[name]
    file = ArrayFile.of(array)
    content = content_of(file)
    assert len(content) == file.ref.size
    found = read_array(io.BytesIO(content), file.ref)
    assert (found.dtype, found.shape, found.flags.writeable) == (array.dtype, array.shape, False)
    np.testing.assert_array_equal(found, array)


def test_the_file_is_one_that_numpy_reads():
    array = ARRAYS["float32"]
    np.testing.assert_array_equal(np.load(io.BytesIO(content_of(ArrayFile.of(array))), allow_pickle=False), array)


@pytest.mark.parametrize(
    "order", [np.asfortranarray, lambda array: array[::-1][::-1], lambda array: array.astype(">f4")]
)
def test_the_same_values_have_the_same_name_in_any_order_of_memory(order):
    array = np.random.default_rng(0).normal(size=(50_000, 30)).astype(np.float32)
    assert ArrayFile.of(order(array)).ref == ArrayFile.of(array).ref


def test_other_values_shapes_and_dtypes_have_other_names():
    array = np.zeros((4, 3), dtype=np.float32)
    changed = array.copy()
    changed[3, 2] = 1
    others = [changed, array.reshape(3, 4), array.astype(np.int32), array[:3]]
    assert len({ArrayFile.of(each).ref.digest for each in [array, *others]}) == 5


@pytest.mark.parametrize("cell", [Path("x"), {1, 2}, b"bytes", object()])
def test_cells_that_only_pickle_could_keep_are_refused(cell):
    with pytest.raises(TypeError, match="cells must be text, numbers or None to be kept, got"):
        ArrayFile.of(np.array([cell], dtype=object))


@pytest.mark.parametrize("change", ["cut", "longer", "bit", "empty", "head", "other"])
def test_a_file_that_is_not_as_it_was_is_refused(change):
    file = ArrayFile.of(ARRAYS["float32"])
    content = bytearray(content_of(file))
    if change == "bit":
        content[-1] ^= 1
    if change == "head":
        content = content.replace(b"(4, 3)", b"(4, 4)")
    others = {"cut": content[:-1], "longer": content + b"x", "empty": b"", "other": b"nothing of this kind"}
    with pytest.raises(DamagedReview):
        read_array(io.BytesIO(others.get(change, content)), file.ref)
    with pytest.raises(DamagedReview):
        check_file(io.BytesIO(others.get(change, content)), file.ref)


def test_a_head_that_claims_too_much_takes_no_memory():
    head = content_of(ArrayFile.of(ARRAYS["float32"])).replace(b"(4, 3), }", b"(4000000000000, 3), }")
    with pytest.raises(DamagedReview):
        read_array(io.BytesIO(head), ArrayRef("0" * 64, len(head)))


def test_a_pickle_is_never_loaded(tmp_path):
    content = io.BytesIO()
    np.save(content, np.array([Path(tmp_path)], dtype=object), allow_pickle=True)
    with pytest.raises(DamagedReview):
        read_array(io.BytesIO(content.getvalue()), ArrayRef("0" * 64, 10**9))
