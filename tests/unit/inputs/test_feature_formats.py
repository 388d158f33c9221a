"""The same samples give the same table from every format."""

import io

import numpy as np
import pandas as pd
import pytest

from tests.unit.inputs.feature_contents import plain, read

NAMES = ["length, mm", "größe", "kind", "cat", "dog"]


def frame(seed):
    rng = np.random.default_rng(seed)
    numbers = rng.normal(scale=1e3, size=(40, 2))
    numbers[rng.random(numbers.shape) < 0.2] = np.nan
    kinds = rng.choice(["red", "light blue", None], 40)
    labels = rng.integers(0, 2, (40, 2))
    return pd.DataFrame(dict(zip(NAMES, [*numbers.T, kinds, *labels.T], strict=True)))


def csv(made):
    return ("d.csv", made.to_csv(index=False).encode())


def tsv(made):
    return ("d.tsv", made.to_csv(index=False, sep="\t", lineterminator="\r\n").encode("cp1252"))


def parquet(made):
    stored = io.BytesIO()
    made.to_parquet(stored)
    return ("d.parquet", stored.getvalue())


def dense_arff(made):
    return ("d.arff", (_header() + "\n".join(", ".join(map(_cell, row)) for row in made.values.tolist())).encode())


def sparse_arff(made):
    rows = [", ".join(f"{i} {_cell(cell)}" for i, cell in enumerate(row) if cell != 0) for row in made.values.tolist()]
    return ("d.arff", (_header() + "\n".join(f"{{{row}}}" for row in rows)).encode())


def _header():
    kinds = ["numeric", "REAL", "{red, 'light blue'}", "{0,1}", "{ 0, 1 }"]
    lines = [f"@attribute '{name}' {kind}" for name, kind in zip(NAMES, kinds, strict=True)]
    return "\n".join(["@relation 'made: -C -2'", *lines, "@data", ""])


def _cell(cell):
    if cell is None or cell != cell:
        return "?"
    return f"'{cell}'" if isinstance(cell, str) else repr(cell)


@pytest.mark.parametrize("write", [csv, tsv, parquet, dense_arff, sparse_arff])
@pytest.mark.parametrize("seed", [0, 1])
def test_every_format_gives_the_same_table(write, seed):
    made = frame(seed)
    table = read(write(made), n_labels=2)
    assert table.class_names == ("cat", "dog")
    assert np.array_equal(table.labels, made[["cat", "dog"]])
    for name in NAMES[:2]:
        assert np.array_equal(table.numbers[name], made[name], equal_nan=True)
    assert plain(table.nominals) == {"kind": [None if kind != kind else kind for kind in made["kind"].tolist()]}
