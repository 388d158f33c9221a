import gzip
import pickle

import numpy as np
import pandas as pd
import pytest

from tests.unit.inputs.reading import read, refusal, written

NPY = written(lambda stream: np.save(stream, np.ones((2, 2))))


def test_find_format_reads_an_npy_named_csv_and_says_so():
    content = read(NPY, "model.csv")
    assert content.format == "npy"
    assert content.notes == ("'model.csv' is really an .npy file and was read as one.",)


def test_find_format_reads_text_under_an_unknown_extension():
    assert read("a,b\n1,2\n", "scores.data").table.columns.tolist() == ["a", "b"]


def test_find_format_gives_no_note_when_the_name_fits():
    assert read(NPY, "model.npy").notes == ()


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("name", ["a.pkl", "a.npy", "a.csv", "a.pt"])
def test_find_format_refuses_pickles_under_any_name(protocol, name):
    assert "pickle" in refusal(pickle.dumps({"a": [1]}, protocol=protocol), name)


@pytest.mark.parametrize("name", ["a.pkl", "a.pickle", "a.joblib"])
def test_find_format_refuses_pickle_extensions_and_says_how_to_convert(name):
    assert "np.save(path, array)" in refusal(b"anything", name)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (gzip.compress(b"a,b\n", mtime=0), "gzip"),
        (b"\x89HDF\r\n\x1a\n....", "HDF5"),
        (b"%PDF-1.7 ....", "PDF"),
        (b"\xd0\xcf\x11\xe0....", "Excel"),
        (b"@relation x\n", "ARFF"),
        (bytes(range(256)) * 4, "unknown binary"),
    ],
)
def test_find_format_names_what_is_not_supported(data, found):
    assert found in refusal(data, "a.csv")


def test_find_format_refuses_workbooks():
    import io
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
    assert "Excel workbook" in refusal(stream.getvalue(), "a.xlsx")


@pytest.mark.parametrize("name", ["a.npy", "a.npz", "a.pt", "a.safetensors", "a.parquet"])
def test_find_format_refuses_text_named_as_a_binary_file(name):
    assert "does not" in refusal("a,b\n1,2\n", name)


def test_find_format_reads_parquet_named_json():
    data = written(pd.DataFrame({"a": [1.5]}).to_parquet)
    assert read(data, "a.json").format == "parquet"
