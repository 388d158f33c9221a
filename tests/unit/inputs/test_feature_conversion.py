"""Features read in a process: the table of direct reading, the same sentences and questions, and bounds of its own."""

import dataclasses
import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.core.feature_table import FeatureTable
from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.bounded_reading import RefusedFiles
from dashboard.inputs.feature_conversion import QUICK_BYTES, FeatureConversion, are_quick
from dashboard.inputs.features import FeatureFiles, read_features
from dashboard.inputs.limits import DEFAULT_LIMITS
from tests.unit.inputs.feature_contents import npz
from tests.unit.inputs.test_features_arff import MULAN, XML

HEAD = "id,height,site,split,tall,heavy"
ROWS = [f"s{i},{i / 3},{'xyz'[i % 3]},train,{i % 2},{i % 3 == 0:d}" for i in range(9)]
CSV = "\n".join([HEAD, *ROWS, "t1,,,test,1,0"]).encode()
IMAGES = npz(images=np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5), labels=np.eye(3, dtype=np.int8))
LABELS, TRAIN, TEST = b"a,b\n1,0\n0,1\n1,1\n0,\n", b"x,a\n1,0\n2,1\n", b"x,a\n9,1\n"


def parquet() -> bytes:
    frame = pd.DataFrame({"x": [1.0, None, 3.0], "c": ["u", None, "v"], "a": [1, 0, 1]})
    stored = io.BytesIO()
    frame.to_parquet(stored)
    return stored.getvalue()


CASES = {
    "csv": ({"features": ("ürgs.csv", CSV)}, {"label_columns": ("tall", "heavy"), "group_columns": ("site",)}),
    "csv, nominal": ({"features": ("people.csv", CSV)}, {"n_labels": 2}),
    "arff and xml": ({"features": ("birds.arff", MULAN.encode()), "xml": ("birds.xml", XML[1])}, {}),
    "images": ({"features": ("scans.npz", IMAGES)}, {}),
    "parquet": ({"features": ("d.parquet", parquet())}, {"n_labels": 1}),
    "labels apart": ({"features": ("x.npz", npz(X=np.eye(4))), "labels": ("y.csv", LABELS)}, {}),
    "a file for each part": ({"features": ("x.csv", TRAIN), "test": ("t.csv", TEST)}, {"n_labels": 1}),
}


def written(folder: Path, files: dict[str, tuple[str, bytes]]) -> dict[str, tuple[str, Path]]:
    """As the upload store keeps them: under names that tell nothing."""
    paths = {role: folder / f"{position:016x}.file" for position, role in enumerate(files)}
    for role, (_, content) in files.items():
        paths[role].write_bytes(content)
    return {role: (name, paths[role]) for role, (name, _) in files.items()}


def converted(folder: Path, files, options=None, **limits) -> FeatureTable:
    limits = dataclasses.replace(DEFAULT_LIMITS, **limits)
    with FeatureConversion(written(folder, files), options or {}, limits=limits, scratch=folder) as conversion:
        return conversion.table()


def assert_same(found, wanted):
    assert type(found) is type(wanted)
    if isinstance(wanted, np.ndarray):
        assert (found.dtype, found.shape) == (wanted.dtype, wanted.shape)
        np.testing.assert_array_equal(found, wanted)
    elif isinstance(wanted, dict):
        assert list(found) == list(wanted)
        for name, values in wanted.items():
            assert_same(found[name], values)
    else:
        assert found == wanted


@pytest.mark.parametrize("case", CASES)
def test_the_table_is_that_of_direct_reading_and_outlives_its_folder(tmp_path, case):
    files, options = CASES[case]
    found = converted(tmp_path, files, options)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{i:016x}.file" for i in range(len(files))]
    wanted = read_features(FeatureFiles(**files), **options)
    for each in dataclasses.fields(FeatureTable):
        assert_same(getattr(found, each.name), getattr(wanted, each.name))


@pytest.mark.parametrize(
    "files",
    [
        {"features": ("x.csv", b"x,a\n1,0\n2,1\n3,9\n")},
        {"features": ("x.csv", b"x,a\n1,0\n2,1,7\n")},
        {"features": ("x.npz", b"PK\x03\x04 not really")},
        {"features": ("b.arff", (MULAN + "much,YES,1,1,a,1,0\n").encode()), "xml": ("b.xml", XML[1])},
        {"features": ("b.arff", MULAN.encode()), "xml": ("b.xml", b"<labels><label")},
    ],
)
def test_the_sentence_of_a_fault_is_that_of_direct_reading(tmp_path, files):
    options = {} if "xml" in files else {"n_labels": 1}
    with pytest.raises(InputError) as wanted:
        read_features(FeatureFiles(**files), **options)
    with pytest.raises(InputError) as found:
        converted(tmp_path, files, options)
    assert str(found.value) == str(wanted.value)
    assert not isinstance(found.value, ChoiceNeeded)


def test_a_question_comes_back_with_its_choices(tmp_path):
    with pytest.raises(ChoiceNeeded) as wanted:
        read_features(FeatureFiles(("people.csv", CSV)))
    with pytest.raises(ChoiceNeeded) as found:
        converted(tmp_path, {"features": ("people.csv", CSV)})
    assert (str(found.value), found.value.option) == (str(wanted.value), "label_columns")
    assert found.value.choices == wanted.value.choices
    again = RefusedFiles.of(found.value).error()
    assert (str(again), again.option, again.choices) == (str(found.value), found.value.option, found.value.choices)
    assert type(RefusedFiles.of(InputError("no")).error()) is InputError


def test_too_much_memory_is_a_sentence(tmp_path):
    archive, header = io.BytesIO(), npz(X=np.zeros(0, np.float32))
    with zipfile.ZipFile(io.BytesIO(header)) as small:
        start = small.read("X.npy").replace(b"(0,), }" + b" " * 13, b"(250000000,1), }" + b" " * 4)
    with (
        zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as large,
        large.open("X.npy", "w") as member,
    ):
        member.write(start)
        for _ in range(100):
            member.write(bytes(10_000_000))
    files = {"features": ("x.npz", archive.getvalue()), "labels": ("y.csv", b"a\n1\n")}
    with pytest.raises(InputError, match=r"^'x\.npz', 'y\.csv' must be readable within 1 GB of memory"):
        converted(tmp_path, files, max_conversion_bytes=1_000_000_000, max_ratio=2_000)


def test_too_much_time_is_a_sentence(tmp_path):
    with pytest.raises(InputError, match=r"'people\.csv' must be readable within 0\.01 seconds"):
        converted(tmp_path, {"features": ("people.csv", CSV)}, max_conversion_seconds=0.01)


@pytest.mark.parametrize("case", CASES)
def test_are_quick_only_where_nothing_unpacks(tmp_path, case):
    paths = [path for _, path in written(tmp_path, CASES[case][0]).values()]
    assert are_quick(paths) == (case in ("csv", "csv, nominal", "arff and xml", "a file for each part"))


def test_are_quick_only_if_all_together_are_small_and_not_sparse(tmp_path):
    for content, quick in (
        (b"1\n" * (QUICK_BYTES // 4), True),
        (b"1\n" * (QUICK_BYTES // 4 + 1), False),
        (b"@relation r\n@data\n {0 1}\n", False),
    ):
        paths = [tmp_path / name for name in "ab"]
        for path in paths:
            path.write_bytes(content)
        assert are_quick(paths) == quick
