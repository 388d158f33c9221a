import json

import numpy as np
import pytest

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs import DataFiles, read_dataset, read_predictions

SCORES = np.array([[0.5, -1.5], [2.5, 0.5], [1.5, -0.5]])
LABELS = np.array([[0, 1], [1, 0], [1, 1]])


@pytest.fixture
def files(tmp_path):
    np.save(tmp_path / "scores.npy", SCORES)
    np.save(tmp_path / "labels.npy", LABELS)
    return tmp_path


def as_source(path, kind):
    return {
        "path": lambda: path,
        "text": lambda: str(path),
        "bytes": path.read_bytes,
        "handle": lambda: path.open("rb"),
    }[kind]()


@pytest.mark.parametrize("kind", ["path", "text", "bytes", "handle"])
def test_read_predictions_takes_paths_bytes_and_handles(files, kind):
    p = read_predictions(as_source(files / "scores.npy", kind), as_source(files / "labels.npy", kind), "logits")
    assert (p.labels == LABELS).all()


def test_read_predictions_needs_the_kind_first(files):
    with pytest.raises(ChoiceNeeded) as needed:
        read_predictions(files / "scores.npy", files / "labels.npy")
    assert needed.value.option == "score_kind"


@pytest.mark.parametrize(
    "options",
    [
        {"score_kind": "odds"},
        {"minus_one": "absent"},
        {"missing": ""},
        {"label_values": {"2": "maybe"}},
        {"label_layout": "tall"},
        {"roles": {"a": "colour"}},
        {"roles": {"nowhere": "group"}},
    ],
)
def test_read_predictions_refuses_an_unknown_choice(files, options):
    with pytest.raises(InputError, match="must be"):
        read_predictions(files / "scores.npy", files / "labels.npy", **({"score_kind": "logits"} | options))


def test_read_predictions_refuses_an_unknown_option(files):
    with pytest.raises(TypeError):
        read_predictions(files / "scores.npy", files / "labels.npy", "logits", threshold=0.5)


@pytest.mark.parametrize("names", ["cat,dog", ("cat", "dog"), "file"])
def test_read_predictions_takes_class_names(files, names):
    path = files / "names.json"
    path.write_text(json.dumps(["cat", "dog"]))
    names = path if names == "file" else names
    p = read_predictions(files / "scores.npy", files / "labels.npy", "logits", class_names=names)
    assert p.class_names == ("cat", "dog")


def test_read_predictions_takes_the_meaning_of_any_value(files):
    np.save(files / "labels.npy", LABELS + 1)
    values = {"1": "negative", "2": "positive"}
    p = read_predictions(files / "scores.npy", files / "labels.npy", "logits", label_values=values)
    assert (p.labels == LABELS).all()


def test_read_dataset_takes_runs_readers_columns_and_groups(files):
    np.save(files / "second.npy", SCORES + 1)
    (files / "meta.csv").write_text("age,sex\n30,F\n40,M\n50,F\n")
    (files / "groups.csv").write_text("class,kind\ncat,animal\ndog,animal\n")
    found = DataFiles(
        {"first": files / "scores.npy", "second": files / "second.npy"},
        files / "labels.npy",
        files / "meta.csv",
        {"ann": files / "labels.npy"},
        ("cat", "dog"),
        files / "groups.csv",
    )
    dataset = read_dataset(found, "logits", name="mine", roles={"age": "left out"})
    assert dataset.name == "mine"
    assert list(dataset.runs) == ["first", "second"]
    assert (dataset.readers["ann"] == LABELS).all()
    assert dataset.column_roles == {"sex": "group"}
    assert dataset.class_groups == {"cat": "animal", "dog": "animal"}


def test_read_dataset_takes_a_kind_per_run(files):
    np.save(files / "second.npy", np.clip(SCORES, 0, 1))
    found = DataFiles({"a": files / "scores.npy", "b": files / "second.npy"}, files / "labels.npy")
    dataset = read_dataset(found, {"a": "logits", "b": "probabilities"})
    assert [run.score_kind for run in dataset.runs.values()] == ["logits", "probabilities"]


def test_read_dataset_needs_a_file():
    with pytest.raises(InputError, match="at least one file of scores"):
        read_dataset(DataFiles({}), "logits")


@pytest.mark.parametrize("token", ["²", "--1", "1_0", "٣", "9" * 12])
@pytest.mark.parametrize("layout", ["names", "index"])
def test_read_predictions_of_odd_numerals_as_classes_is_a_sentence(tmp_path, token, layout):
    (tmp_path / "scores.csv").write_text("a,b\n1,2\n3,4\n")
    (tmp_path / "labels.csv").write_text(f"label\n{token}\n1\n", encoding="utf-8")
    with pytest.raises(InputError):
        read_predictions(tmp_path / "scores.csv", tmp_path / "labels.csv", "logits", label_layout=layout)


def test_read_predictions_refuses_another_first_index(tmp_path):
    with pytest.raises(InputError, match="must be 0 or 1, got 5"):
        read_predictions(tmp_path / "scores.csv", score_kind="logits", first_index=5)


def test_read_predictions_of_a_folder_says_one_sentence(tmp_path):
    with pytest.raises(InputError, match=r"must be a file, but is a folder or device: name the file itself\.$"):
        read_predictions(tmp_path, score_kind="logits")


def test_read_predictions_without_rows_says_so(tmp_path):
    (tmp_path / "scores.csv").write_text("id,a,b\n")
    (tmp_path / "labels.csv").write_text("id,a,b\n1,0,1\n")
    with pytest.raises(InputError, match="must hold at least one sample"):
        read_predictions(tmp_path / "scores.csv", tmp_path / "labels.csv", "logits")


def test_read_predictions_keeps_long_names_apart(tmp_path):
    names = ["a very long class name " * 8 + end for end in ("one", "two")]
    (tmp_path / "scores.csv").write_text(",".join(names) + "\n1.5,2.5\n0.5,-1\n")
    (tmp_path / "labels.csv").write_text(",".join(names) + "\n1,0\n0,1\n")
    p = read_predictions(tmp_path / "scores.csv", tmp_path / "labels.csv", "logits")
    assert p.class_names == tuple(names)


def test_read_predictions_suggests_from_all_columns(tmp_path):
    (tmp_path / "scores.csv").write_text("a,b,c\n0.1,-14,3\n0.2,2,9.5\n")
    (tmp_path / "labels.csv").write_text("a,b,c\n1,0,1\n0,1,0\n")
    with pytest.raises(ChoiceNeeded, match=r"reach from -14 to 9\.5"):
        read_predictions(tmp_path / "scores.csv", tmp_path / "labels.csv")
