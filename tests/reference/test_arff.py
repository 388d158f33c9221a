"""ARFF files read as scipy reads dense ones, and as scikit-learn's reader of OpenML files reads sparse ones."""

import io

import numpy as np
import pytest
from scipy.io import arff as scipy_arff
from sklearn.externals import _arff as openml_arff

from dashboard.inputs.formats.arff import read_arff
from dashboard.inputs.formats.files import open_source
from dashboard.inputs.limits import DEFAULT_LIMITS

HEADER = "% comment\n@RELATION r\n@attribute x numeric\n@attribute 'y z' REAL\n@attribute k {a, 'b c', d}\n@DATA\n"
CATEGORIES = ("a", "b c", "d")
PLAIN = ("a", "bc", "d")  # scipy guesses the quotes of each row and may guess wrong


def ours(text):
    with open_source(text.encode(), "f.arff", DEFAULT_LIMITS) as file:
        return read_arff(file, DEFAULT_LIMITS).values


def problem(seed, n_samples=60):
    rng = np.random.default_rng(seed)
    numbers = rng.normal(scale=10.0 ** rng.integers(-8, 8, (n_samples, 2)))
    numbers[rng.random(numbers.shape) < 0.3] = 0
    return numbers, rng.integers(0, 3, n_samples), rng.random((n_samples, 3)) < 0.1


@pytest.mark.parametrize("seed", range(10))
def test_dense_files_equal_scipys(seed):
    numbers, codes, is_missing = problem(seed)
    rows = []
    for (x, y), code, gaps in zip(numbers.tolist(), codes, is_missing, strict=True):
        cells = [repr(x), repr(y), PLAIN[code]]
        rows.append(", ".join("?" if gap else cell for gap, cell in zip(gaps, cells, strict=True)))
    text = HEADER.replace("'b c'", PLAIN[1]) + "\n".join(rows) + "\n"
    data, _ = scipy_arff.loadarff(io.StringIO(text))
    found = ours(text)
    assert np.array_equal(found[0], data["x"], equal_nan=True)
    assert np.array_equal(found[1], data["y z"], equal_nan=True)
    positions = {name.encode(): code for code, name in enumerate(PLAIN)} | {b"?": np.nan}
    assert np.array_equal(found[2], [positions[value] for value in data["k"]], equal_nan=True)


@pytest.mark.parametrize("seed", range(10))
def test_sparse_files_equal_scikit_learns(seed):
    numbers, codes, _ = problem(seed)
    rows = []
    for (x, y), code in zip(numbers.tolist(), codes, strict=True):
        pairs = [f"{i} {value!r}" for i, value in ((0, x), (1, y)) if value]
        rows.append("{" + ",".join([*pairs, *([f"2 {CATEGORIES[code]!r}"] if code else [])]) + "}")
    text = HEADER + "\n".join(rows) + "\n"
    decoded = openml_arff.load(io.StringIO(text), return_type=openml_arff.LOD)["data"]
    found = ours(text)
    for row, cells in enumerate(decoded):
        assert found[:2, row].tolist() == [cells.get(0, 0.0), cells.get(1, 0.0)]
        assert CATEGORIES[int(found[2, row])] == cells.get(2, "a")
