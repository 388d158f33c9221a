"""Every format, layout and label encoding of the same data gives the same digest, or the right sentence."""

import json
from itertools import product

import numpy as np
import pandas as pd
import pytest

from dashboard.core import Predictions
from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs import read_predictions
from tests.unit.inputs.files_written import ARRAY_WRITERS, CLASSES, IDS, SCORES, TABLE_WRITERS, TRUTH, table_of

PLAIN = Predictions(SCORES, TRUTH, class_names=CLASSES).digest
WITH_IDS = Predictions(SCORES, TRUTH, class_names=CLASSES, sample_ids=np.array(IDS)).digest
UNNAMED = Predictions(SCORES, TRUTH).digest


@pytest.fixture(autouse=True)
def no_rehearsal(monkeypatch):
    """Parquet files are not rehearsed in a process of their own (a second each): that has its own tests."""
    monkeypatch.setattr("dashboard.inputs.formats.parquet.rehearse", lambda file, limits: None)


def pairs(first, second):
    return list(product(first, second))


def written(tmp_path, name, writer, values):
    path = tmp_path / name
    writer(path, values)
    return path


@pytest.mark.parametrize(("scores", "labels"), pairs(ARRAY_WRITERS, ARRAY_WRITERS))
def test_read_predictions_any_two_array_formats(tmp_path, scores, labels):
    score_path = written(tmp_path, f"scores.{scores}", ARRAY_WRITERS[scores], SCORES)
    label_path = written(tmp_path, f"labels.{labels}", ARRAY_WRITERS[labels], TRUTH)
    assert read_predictions(score_path, label_path, "logits").digest == UNNAMED


@pytest.mark.parametrize(("scores", "labels"), pairs(ARRAY_WRITERS, TABLE_WRITERS))
def test_read_predictions_array_of_scores_takes_names_of_label_table(tmp_path, scores, labels):
    score_path = written(tmp_path, f"scores.{scores}", ARRAY_WRITERS[scores], SCORES)
    label_path = written(tmp_path, f"labels_.{labels}", TABLE_WRITERS[labels], table_of(TRUTH))
    assert read_predictions(score_path, label_path, "logits").digest == PLAIN


@pytest.mark.parametrize(("scores", "labels"), pairs(TABLE_WRITERS, TABLE_WRITERS))
def test_read_predictions_any_two_tables_join_by_name_and_id(tmp_path, scores, labels):
    shuffled = table_of(TRUTH, ids=True, order=[3, 1, 7, 0, 2, 6, 5, 4])
    score_path = written(tmp_path, f"scores.{scores}", TABLE_WRITERS[scores], table_of(SCORES, ids=True))
    label_path = written(tmp_path, f"labels.{labels}", TABLE_WRITERS[labels], shuffled)
    assert read_predictions(score_path, label_path, "logits").digest == WITH_IDS


MULTI_HOT = {
    "bool": TRUTH.astype(bool),
    "int8": TRUTH.astype(np.int8),
    "uint8": TRUTH.astype(np.uint8),
    "int64": TRUTH,
    "float32": TRUTH.astype(np.float32),
    "float64": TRUTH.astype(np.float64),
}


@pytest.mark.parametrize(
    ("kind", "format"), [*pairs(MULTI_HOT, ["npy", "npz", "pt", "safetensors"]), *pairs(["bool", "float64"], ["json"])]
)
def test_read_predictions_multi_hot_of_any_dtype(tmp_path, kind, format):
    score_path = written(tmp_path, "scores.npy", np.save, SCORES)
    label_path = written(tmp_path, f"labels.{format}", ARRAY_WRITERS[format], MULTI_HOT[kind])
    assert read_predictions(score_path, label_path, "logits").digest == UNNAMED


@pytest.mark.parametrize(("kind", "format"), pairs(MULTI_HOT, TABLE_WRITERS))
def test_read_predictions_multi_hot_tables_of_any_dtype(tmp_path, kind, format):
    score_path = written(tmp_path, "scores.npy", np.save, SCORES)
    label_path = written(tmp_path, f"labels.{format}", TABLE_WRITERS[format], table_of(MULTI_HOT[kind]))
    assert read_predictions(score_path, label_path, "logits").digest == PLAIN


@pytest.mark.parametrize(
    ("format", "meaning"), pairs(["npy", "npz", "pt", "safetensors", "json"], ["negative", "unknown"])
)
def test_read_predictions_minus_one_and_one_needs_a_choice_and_takes_it(tmp_path, format, meaning):
    score_path = written(tmp_path, "scores.npy", np.save, SCORES)
    label_path = written(tmp_path, f"labels.{format}", ARRAY_WRITERS[format], 2 * TRUTH - 1)
    with pytest.raises(ChoiceNeeded) as needed:
        read_predictions(score_path, label_path, "logits")
    assert needed.value.option == "minus_one"
    assert list(needed.value.choices) == ["negative", "unknown"]
    p = read_predictions(score_path, label_path, "logits", minus_one=meaning)
    assert (p.labels == np.where(TRUTH == 1, 1, 0 if meaning == "negative" else -1)).all()


@pytest.mark.parametrize("format", TABLE_WRITERS)
def test_read_predictions_minus_one_and_one_in_tables_needs_a_choice(tmp_path, format):
    score_path = written(tmp_path, "scores.npy", np.save, SCORES)
    label_path = written(tmp_path, f"labels.{format}", TABLE_WRITERS[format], table_of(2 * TRUTH - 1))
    with pytest.raises(ChoiceNeeded, match="choose whether -1 means negative or unknown"):
        read_predictions(score_path, label_path, "logits")
    assert read_predictions(score_path, label_path, "logits", minus_one="negative").digest == PLAIN


@pytest.mark.parametrize("format", ["npy", "npz", "pt", "safetensors", "json", "csv", "txt"])
def test_read_predictions_missing_and_minus_one_are_unknown_beside_zero_and_one(tmp_path, format):
    labels = TRUTH.astype(np.float64)
    labels[2, 1], labels[5, 3] = np.nan, -1
    score_path = written(tmp_path, "scores.npy", np.save, SCORES)
    if format in ("csv", "txt"):
        label_path = tmp_path / f"labels.{format}"
        np.savetxt(label_path, labels, fmt="%g", delimiter="," if format == "csv" else " ")
    else:
        label_path = written(tmp_path, f"labels.{format}", ARRAY_WRITERS[format], labels)
    expected = TRUTH.copy()
    expected[2, 1] = expected[5, 3] = -1
    assert (read_predictions(score_path, label_path, "logits").labels == expected).all()
    settled = read_predictions(score_path, label_path, "logits", minus_one="negative", missing="positive").labels
    assert (settled[5, 3], settled[2, 1]) == (0, 1)


@pytest.mark.parametrize("format", TABLE_WRITERS)
def test_read_predictions_empty_cells_are_unknown(tmp_path, format):
    table = table_of(TRUTH.astype(np.float64))
    table.loc[2, "dog"] = np.nan
    score_path = written(tmp_path, "scores.npy", np.save, SCORES)
    label_path = written(tmp_path, f"labels.{format}", TABLE_WRITERS[format], table)
    assert read_predictions(score_path, label_path, "logits").labels[2].tolist() == [0, -1, 1, 0]


@pytest.mark.parametrize("format", ["npy", "npz", "pt", "safetensors", "json"])
def test_read_predictions_class_index_where_declared(tmp_path, format):
    indices = np.array([0, 3, 1, 2, 2, 0, 1, 3])
    score_path = written(tmp_path, "scores.npy", np.save, SCORES)
    label_path = written(tmp_path, f"labels.{format}", ARRAY_WRITERS[format], indices)
    with pytest.raises(ChoiceNeeded) as needed:
        read_predictions(score_path, label_path, "logits")
    assert needed.value.option == "label_layout"
    p = read_predictions(score_path, label_path, "logits", label_layout="index")
    assert (p.labels == np.eye(4, dtype=np.int8)[indices]).all()


@pytest.mark.parametrize("format", TABLE_WRITERS)
def test_read_predictions_class_index_column_joined_by_id(tmp_path, format):
    table = pd.DataFrame({"id": IDS[::-1], "label": [0, 3, 1, 2, 2, 0, 1, 3]})
    score_path = written(tmp_path, "scores.csv", TABLE_WRITERS["csv"], table_of(SCORES, ids=True))
    label_path = written(tmp_path, f"labels.{format}", TABLE_WRITERS[format], table)
    p = read_predictions(score_path, label_path, "logits", label_layout="index")
    assert (p.labels[::-1] == np.eye(4, dtype=np.int8)[table["label"]]).all()


def as_cells(writer, rows):
    """One column of lists: real lists where the format has them, else text."""
    return pd.DataFrame({"id": IDS, "labels": [writer(row) for row in rows]})


NAMES = [[CLASSES[i] for i in np.flatnonzero(row)] for row in TRUTH]
INDICES = [np.flatnonzero(row).tolist() for row in TRUTH]
CELLS = {
    "names, JSON": as_cells(json.dumps, NAMES),
    "names, bars": as_cells("|".join, NAMES),
    "names, Python": as_cells(str, NAMES),
    "indices, JSON": as_cells(json.dumps, INDICES),
    "indices, bars": as_cells(lambda row: "|".join(map(str, row)), INDICES),
    "multi-hot, JSON": as_cells(json.dumps, TRUTH.tolist()),
    "multi-hot, bars": as_cells(lambda row: "|".join(map(str, row)), TRUTH.tolist()),
    "multi-hot, numpy": as_cells(str, list(TRUTH)),
}
REAL_LISTS = {
    "names": as_cells(list, NAMES),
    "indices": as_cells(list, INDICES),
    "multi-hot": as_cells(list, TRUTH.tolist()),
    "multi-hot, floats": as_cells(list, TRUTH.astype(np.float64).tolist()),
}


@pytest.mark.parametrize(("cells", "format"), pairs(CELLS, TABLE_WRITERS))
def test_read_predictions_lists_as_text_in_one_cell(tmp_path, cells, format):
    score_path = written(tmp_path, "scores.csv", TABLE_WRITERS["csv"], table_of(SCORES, ids=True))
    label_path = written(tmp_path, f"labels.{format}", TABLE_WRITERS[format], CELLS[cells].iloc[::-1])
    assert read_predictions(score_path, label_path, "logits").digest == WITH_IDS


@pytest.mark.parametrize(("cells", "format"), pairs(REAL_LISTS, ["parquet", "json", "jsonl"]))
def test_read_predictions_real_lists_in_one_cell(tmp_path, cells, format):
    score_path = written(tmp_path, "scores.csv", TABLE_WRITERS["csv"], table_of(SCORES, ids=True))
    label_path = written(tmp_path, f"labels.{format}", TABLE_WRITERS[format], REAL_LISTS[cells].iloc[::-1])
    assert read_predictions(score_path, label_path, "logits").digest == WITH_IDS


@pytest.mark.parametrize(
    ("as_cell", "format"),
    [
        *pairs([json.dumps, lambda row: "|".join(map(repr, row)), str], TABLE_WRITERS),
        *pairs([list], ["parquet", "json", "jsonl"]),
    ],
)
def test_read_predictions_scores_as_lists_take_names_of_labels(tmp_path, as_cell, format):
    table = pd.DataFrame({"id": IDS, "logits": [as_cell(row) for row in SCORES.tolist()]})
    score_path = written(tmp_path, f"scores.{format}", TABLE_WRITERS[format], table)
    label_path = written(tmp_path, "labels.csv", TABLE_WRITERS["csv"], table_of(TRUTH, ids=True).iloc[::-1])
    assert read_predictions(score_path, label_path, "logits").digest == WITH_IDS


@pytest.mark.parametrize("format", TABLE_WRITERS)
@pytest.mark.parametrize(
    ("score_name", "label_name"),
    [
        ("logit_{}", "label_{}"),
        ("{}_prob", "{}_true"),
        ("{}_score", "{}"),
        ("y_score_{}", "y_true_{}"),
        ("pred.{}", "gt.{}"),
    ],
)
def test_read_predictions_one_table_with_pairs_of_columns(tmp_path, format, score_name, label_name):
    table = pd.DataFrame({"id": IDS})
    for i, name in reversed(list(enumerate(CLASSES))):
        table[label_name.format(name)] = TRUTH[:, i]
    for i, name in enumerate(CLASSES):
        table[score_name.format(name)] = SCORES[:, i]
    path = written(tmp_path, f"both.{format}", TABLE_WRITERS[format], table)
    assert read_predictions(path, score_kind="logits").digest == WITH_IDS


@pytest.mark.parametrize("format", ["parquet", "json", "jsonl"])
@pytest.mark.parametrize("labels", [TRUTH.tolist(), INDICES])
def test_read_predictions_one_table_with_two_lists(tmp_path, format, labels):
    table = pd.DataFrame({"id": IDS, "labels": labels, "scores": SCORES.tolist()})
    path = written(tmp_path, f"both.{format}", TABLE_WRITERS[format], table)
    expected = Predictions(SCORES, TRUTH, sample_ids=np.array(IDS)).digest
    assert read_predictions(path, score_kind="logits").digest == expected


def test_read_predictions_one_npz_with_names_and_ids(tmp_path):
    path = tmp_path / "both.npz"
    np.savez(path, y_true=TRUTH, y_score=SCORES, class_names=np.array(CLASSES), ids=np.array(IDS))
    assert read_predictions(path, score_kind="logits").digest == WITH_IDS


def test_read_predictions_one_npz_with_any_names(tmp_path):
    path = tmp_path / "both.npz"
    np.savez(path, b=TRUTH, a=SCORES)
    assert read_predictions(path, score_kind="logits").digest == UNNAMED


def test_read_predictions_one_json_object(tmp_path):
    path = tmp_path / "both.json"
    path.write_text(json.dumps({"labels": TRUTH.tolist(), "logits": SCORES.tolist(), "classes": CLASSES}))
    assert read_predictions(path, score_kind="logits").digest == PLAIN


@pytest.mark.parametrize("score_format", ARRAY_WRITERS)
@pytest.mark.parametrize("label_format", ["npy", "json"])
def test_read_predictions_transposed_labels_say_so(tmp_path, score_format, label_format):
    score_path = written(tmp_path, f"scores.{score_format}", ARRAY_WRITERS[score_format], SCORES)
    label_path = written(tmp_path, f"labels.{label_format}", ARRAY_WRITERS[label_format], TRUTH.T)
    with pytest.raises(InputError, match=r"found \(8, 4\) and \(4, 8\): one of them is transposed"):
        read_predictions(score_path, label_path, "logits")


@pytest.mark.parametrize(("name", "values"), [("(n, 1)", TRUTH[:, :1]), ("(n,)", TRUTH[:, 0])])
@pytest.mark.parametrize("format", ["npy", "npz", "pt", "safetensors", "json"])
def test_read_predictions_one_column_against_several_says_so(tmp_path, format, name, values):
    score_path = written(tmp_path, "scores.npy", np.save, SCORES)
    label_path = written(tmp_path, f"labels.{format}", ARRAY_WRITERS[format], values)
    with pytest.raises(InputError, match=r"found \(8, 4\) and \(8, 1\)"):
        read_predictions(score_path, label_path, "logits")


@pytest.mark.parametrize("shape", [(8,), (8, 1)])
@pytest.mark.parametrize("format", ["npy", "npz", "pt", "safetensors", "json"])
def test_read_predictions_one_class_in_one_or_two_dimensions(tmp_path, format, shape):
    score_path = written(tmp_path, "scores.npy", np.save, SCORES[:, 0])
    label_path = written(tmp_path, f"labels.{format}", ARRAY_WRITERS[format], TRUTH[:, 0].reshape(shape))
    assert read_predictions(score_path, label_path, "logits").digest == Predictions(SCORES[:, :1], TRUTH[:, :1]).digest


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int8, np.int16, np.int32, np.int64, np.uint8])
@pytest.mark.parametrize("format", ["npy", "npz", "pt", "safetensors"])
def test_read_predictions_scores_of_any_width_stay_exact(tmp_path, format, dtype):
    scores = (SCORES * 10).astype(dtype)
    score_path = written(tmp_path, f"scores.{format}", ARRAY_WRITERS[format], scores)
    label_path = written(tmp_path, "labels.npy", np.save, TRUTH)
    p = read_predictions(score_path, label_path, "logits")
    assert p.scores.dtype in (np.float32, np.float64)
    assert (p.scores == scores).all()


SOFT = np.where(TRUTH == 1, 0.75, 0.25)


@pytest.mark.parametrize("format", ["npy", "npz", "pt", "safetensors", "json", "csv", "txt"])
def test_read_predictions_soft_labels_need_a_cut_and_take_it(tmp_path, format):
    score_path = written(tmp_path, "scores.npy", np.save, SCORES)
    label_path = written(tmp_path, f"labels.{format}", ARRAY_WRITERS[format], SOFT)
    with pytest.raises(ChoiceNeeded) as needed:
        read_predictions(score_path, label_path, "logits")
    assert needed.value.option == "soft_cut"
    assert read_predictions(score_path, label_path, "logits", soft_cut=0.75).digest == UNNAMED
    assert (read_predictions(score_path, label_path, "logits", soft_cut=0.25).labels == 1).all()
