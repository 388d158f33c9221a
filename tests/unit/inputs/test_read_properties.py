"""Whatever files hold and whatever is chosen: Predictions or InputError, never another failure."""

import io
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dashboard.core import Predictions
from dashboard.errors import InputError
from dashboard.inputs import read_predictions
from dashboard.inputs.assemble import assemble
from dashboard.inputs.assemble_labels import label_values
from dashboard.inputs.content import FileContent
from dashboard.inputs.input_check import check_predictions
from dashboard.inputs.mapping import BINS, LAYOUTS, MEANINGS, ROLES, Sources
from dashboard.inputs.propose import propose_mapping

NAMES = ["id", "column 0", "cat", "dog", "logit_cat", "label_cat", "labels", "scores", "y", "age", "a|b", "0", "1"]
NUMBERS = st.one_of(st.integers(-2, 3), st.floats(-2, 2), st.sampled_from([np.nan, np.inf, -np.inf, 2**60, 1e300]))
TEXTS = st.sampled_from(
    ["", "cat", "cat|dog", "[0, 1]", "['cat']", "[[1]]", "[", "0|1", "1", "-1", "0.5", "yes", "NA", "1e999"]
)
DTYPES = st.sampled_from([bool, np.int8, np.int64, np.uint64, np.float16, np.float32, np.float64])


@st.composite
def columns(draw, n_rows):
    kind = draw(st.sampled_from(["number", "text", "mixed", "lists", "count", "whole"]))
    if kind == "lists":
        item = st.one_of(
            st.none(),
            st.lists(st.sampled_from(["cat", "dog", "x"]), max_size=3),
            hnp.arrays(float, st.integers(0, 3), elements=NUMBERS),
        )
        cells = np.empty(n_rows, dtype=object)
        for i in range(n_rows):
            cells[i] = draw(item)
        return pd.Series(cells, dtype=object)
    if kind == "count":
        return pd.Series(np.arange(n_rows))
    if kind == "whole":
        return pd.Series(draw(hnp.arrays(np.int64, n_rows, elements=st.integers(-1, 2))))
    if kind == "mixed":
        return pd.Series(
            [draw(st.one_of(NUMBERS, TEXTS, st.none(), st.booleans())) for _ in range(n_rows)], dtype=object
        )
    cells = [draw(NUMBERS if kind == "number" else TEXTS) for _ in range(n_rows)]
    return pd.Series(cells, dtype="str" if kind == "text" else np.float64)


@st.composite
def tables(draw):
    n_rows = draw(st.integers(0, 5))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    table = pd.DataFrame({name: draw(columns(n_rows)) for name in names})
    if draw(st.booleans()):
        return FileContent("t.csv", "csv", {}, table, True, ())
    table.columns = [f"column {i}" for i in range(len(names))]
    return FileContent("t.csv", "csv", {}, table, False, ())


@st.composite
def array_files(draw):
    shapes = st.one_of(
        st.tuples(st.integers(0, 4)), st.tuples(st.integers(0, 4), st.integers(0, 4)), st.just((2, 2, 2)), st.just(())
    )
    numbers = DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, shapes))
    texts = hnp.arrays("U9", st.tuples(st.integers(0, 4)), elements=TEXTS)
    names = st.sampled_from(["", "scores", "labels", "ids", "class_names", "group"])
    arrays = draw(st.dictionaries(names, st.one_of(numbers, texts), min_size=1, max_size=4))
    return FileContent("a.npz", "npz", arrays, None, True, ())


@st.composite
def likely_scores(draw, n_rows):
    """Two columns of numbers, as an array or under the names of the classes, with odd values here and there."""
    numbers = st.one_of(st.floats(-3, 3), st.floats(0, 1), st.integers(-2, 2), st.sampled_from([np.inf, 1e300]))
    values = draw(
        hnp.arrays(
            draw(st.sampled_from([np.float64, np.float32, np.float16])),
            (n_rows, 2),
            elements=st.floats(-3, 3, width=16),
        )
    )
    if draw(st.booleans()):
        return FileContent("s.npz", "npz", {"scores": values, "group": np.arange(n_rows)}, None, True, ())
    table = pd.DataFrame(values.astype(np.float64), columns=["cat", "dog"])
    if n_rows and draw(st.booleans()):
        table.iloc[-1, 0] = draw(numbers)
    return FileContent("s.csv", "csv", {}, with_extras(draw, table, n_rows), draw(st.booleans()), ())


@st.composite
def likely_labels(draw, n_rows):
    """0/1 columns, lists or indices for the same two classes."""
    kind = draw(st.sampled_from(["array", "table", "names", "index", "soft"]))
    elements = st.sampled_from([0, 1, 1, 0, np.nan, -1]) if kind != "soft" else st.sampled_from([0, 0.25, 0.5, 1])
    values = draw(hnp.arrays(np.float64, (n_rows, 2), elements=elements))
    if kind == "array":
        return FileContent("l.npy", "npy", {"": values}, None, True, ())
    if kind == "index":
        return FileContent(
            "l.npy", "npy", {"": draw(hnp.arrays(np.int64, n_rows, elements=st.integers(-1, 1)))}, None, True, ()
        )
    table = pd.DataFrame(values, columns=["dog", "cat"])
    if kind == "names":
        cells = st.sampled_from(["cat", "dog", "cat|dog", '["cat"]', "[]", None])
        table = pd.DataFrame({"labels": pd.Series([draw(cells) for _ in range(n_rows)], dtype="str")})
    return FileContent("l.csv", "csv", {}, with_extras(draw, table, n_rows), True, ())


def with_extras(draw, table, n_rows):
    if draw(st.booleans()):
        ids = draw(st.permutations(range(n_rows)))
        table.insert(0, draw(st.sampled_from(["id", "column 0"])), ids)
    if draw(st.booleans()):
        table["age"] = draw(columns(n_rows))
    return table


BOUNDED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    max_examples=int(os.environ.get("READER_EXAMPLES", "250")),
)
ANY = st.one_of(tables(), array_files())


@st.composite
def loads(draw):
    """The files of a load: mostly such that they fit together."""
    n_rows = draw(st.integers(1, 5))
    is_wild = draw(st.integers(0, 4)) == 0
    scores, labels = (ANY, ANY) if is_wild else (likely_scores(n_rows), likely_labels(n_rows))
    extra = st.one_of(st.none(), tables() if is_wild else columns(n_rows).map(lambda column: as_table(sex=column)))
    return Sources(
        {"a": draw(scores)} | ({"b": draw(scores)} if draw(st.booleans()) else {}),
        draw(st.one_of(st.none(), labels)) if is_wild else draw(labels),
        draw(extra),
        {"r": draw(labels)} if draw(st.booleans()) else {},
        draw(st.sampled_from([None, "cat,dog", "cat"])) if is_wild else draw(st.sampled_from([None, "cat,dog"])),
        draw(st.one_of(st.none(), tables())) if is_wild else None,
    )


def as_table(**found):
    return FileContent("x.csv", "csv", {}, pd.DataFrame(found), True, ())


@st.composite
def changed(draw, mapping):
    corrected = draw(st.booleans())
    for file, uses in mapping.files.items():
        for part in uses:
            if corrected and draw(st.integers(0, 4)) == 0:
                mapping = mapping.with_role(
                    file, part, draw(st.sampled_from(ROLES)), bins=draw(st.sampled_from(list(BINS)))
                )
    values = draw(
        st.dictionaries(st.sampled_from(["-1", "NaN", "2", "cat"]), st.sampled_from(list(MEANINGS)), max_size=2)
    )
    mapping = mapping.with_labels(values=values, soft_cut=draw(st.sampled_from([None, 0.5])))
    if corrected and draw(st.booleans()):
        mapping = mapping.with_labels(layout=draw(st.sampled_from(list(LAYOUTS))), first_index=draw(st.integers(0, 1)))
    return mapping.with_score_kind(draw(st.sampled_from([None, *["logits"] * 5, "probabilities"])))


@BOUNDED
@given(st.data())
def test_assemble_any_content_and_any_mapping(data):
    found = data.draw(loads())
    try:
        mapping = data.draw(changed(propose_mapping(found)))
        label_values(found, mapping)
        dataset = assemble(found, mapping)
    except InputError as error:
        assert "\n" not in str(error)
        return
    for run in dataset.runs.values():
        assert isinstance(run, Predictions)
        check_predictions(run)


def as_bytes(save):
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


SCORES = np.array([[0.5, -1.5], [2.5, 0.5], [1.5, -0.5]])
SOUND_SCORES = {
    "npy": as_bytes(lambda file: np.save(file, SCORES)),
    "csv": b"id,cat,dog\np,0.5,-1.5\nq,2.5,0.5\nr,1.5,-0.5\n",
    "json": b'{"scores": [[0.5, -1.5], [2.5, 0.5], [1.5, -0.5]], "class_names": ["cat", "dog"]}',
    "lists": b'id\tscores\np\t"[0.5, -1.5]"\nq\t2.5|0.5\nr\t[1.5 -0.5]\n',
}
SOUND_LABELS = {
    "npy": as_bytes(lambda file: np.save(file, (SCORES > 0).astype(int))),
    "npz": as_bytes(lambda file: np.savez(file, scores=SCORES, labels=(SCORES > 0).astype(int))),
    "csv": b"id,dog,cat,age\nr,0,1,30\nq,1,1,\np,,1,50\n",
    "lists": b'id,labels\np,"[""cat""]"\nq,cat|dog\nr,\n',
    "jsonl": b'{"id": "p", "labels": ["cat"]}\n{"id": "q", "labels": []}\n{"id": "r", "labels": null}\n',
}


@st.composite
def mutated(draw, sound):
    found = bytearray(sound[draw(st.sampled_from(list(sound)))])
    for _ in range(draw(st.integers(0, 2))):
        position = draw(st.integers(0, len(found) - 1))
        change = draw(st.sampled_from(["set", "cut", "insert", "repeat"]))
        if change == "set":
            found[position] = draw(st.integers(0, 255))
        elif change == "cut":
            del found[position : position + draw(st.integers(1, 20))]
        elif change == "insert":
            found[position:position] = draw(
                st.sampled_from([b"\n", b",", b'"', b"nan", b"[", b"|", b"\x00", b"-1", b"\xff"])
            )
        else:
            found[position:position] = found[max(0, position - 12) : position]
        found = found or bytearray(b"0")
    return bytes(found)


@BOUNDED
@given(
    mutated(SOUND_SCORES),
    mutated(SOUND_LABELS),
    st.sampled_from(["logits", "probabilities"]),
    st.sampled_from([None, "negative"]),
)
def test_read_predictions_mutated_files(scores, labels, kind, minus_one):
    try:
        assert isinstance(read_predictions(scores, labels, kind, minus_one=minus_one), Predictions)
    except InputError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    "cell", ["__import__('os').abort()", "[__import__('os').abort()]", "['a'.__class__]", "{{7*7}}"]
)
def test_read_predictions_runs_nothing_of_a_cell(cell):
    labels = f'labels\n"{cell}"\ncat\ndog\n'.encode()
    with pytest.raises(InputError):
        read_predictions(SOUND_SCORES["npy"], labels, "logits")
