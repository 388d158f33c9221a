"""Arrays by their names: features or images, labels, parts; what cannot be told is asked for."""

import io

import numpy as np
import pytest

from tests.unit.inputs.feature_contents import choice, named, npz, plain, read, refusal

X = np.array([[1.5, 2.0], [3.0, np.nan], [5.0, 6.0]])
Y = np.array([[1, 0], [0, 1], [1, -1]])


@pytest.mark.parametrize(("x", "y"), [("features", "labels"), ("X", "y"), ("inputs", "targets")])
def test_usual_names_are_known(x, y):
    names = {"feature_names": ["f", "g"], "class_names": ["a", "b"], "ids": ["s1", "s2", "s3"]}
    table = read(npz(**{x: X, y: Y}, **names))
    assert plain(table.numbers) == {"f": [1.5, 3, 5], "g": [2, None, 6]}
    assert table.class_names == ("a", "b")
    assert table.labels.tolist() == Y.tolist()
    assert table.ids.tolist() == ["s1", "s2", "s3"]


def test_names_are_made_where_there_are_none():
    table = read(npz(X=X, y=Y))
    assert (list(table.numbers), table.class_names) == (["feature 0", "feature 1"], ("class 0", "class 1"))


@pytest.mark.parametrize(
    "names",
    [("train_features", "train_labels", "test_features", "test_labels"), ("X_train", "y_train", "X_test", "y_test")],
)
def test_parts_by_the_names_of_arrays(names):
    table = read(npz(**dict(zip(names, (X, Y, X[:2] + 1, Y[:2]), strict=True))))
    assert table.parts.tolist() == ["train"] * 3 + ["test"] * 2
    assert table.numbers["feature 0"].tolist() == [1.5, 3, 5, 2.5, 4]


def test_an_array_of_parts():
    assert read(npz(X=X, y=Y, split=["train", "val", "test"])).parts.tolist() == ["train", "validation", "test"]


@pytest.mark.parametrize(
    ("images", "shape", "dtype"),
    [
        (np.full((3, 4, 5), 7, np.uint8), (3, 4, 5), np.uint8),
        (np.full((3, 4, 5), 7, np.int64), (3, 4, 5), np.uint8),
        (np.full((3, 4, 5, 3), 0.5), (3, 4, 5, 3), np.float32),
        (np.full((3, 3, 4, 5), 127.5), (3, 4, 5, 3), np.float32),
    ],
)
def test_images(images, shape, dtype):
    table = read(npz(images=images, labels=Y))
    assert table.images.shape == shape
    assert table.images.dtype == dtype
    assert table.numbers == {}
    if dtype == np.float32:
        assert (table.images == 0.5).all()


def test_features_or_images_is_asked_for():
    both = npz(images=np.zeros((3, 4, 5), np.uint8), features=X, labels=Y)
    assert choice(both) == ("inputs", ["features", "images"])
    assert read(both, inputs="images").images is not None
    assert read(both, inputs="features").images is None


def test_arrays_of_unknown_names_are_offered():
    assert choice(npz(emb=X, labels=Y)) == ("inputs", ["emb"])
    assert list(read(npz(emb=X, labels=Y), inputs="emb").numbers) == ["feature 0", "feature 1"]
    assert choice(npz(X=X, gold=Y)) == ("labels_array", ["gold"])
    assert read(npz(X=X, gold=Y), labels_array="gold").labels.tolist() == Y.tolist()


def test_what_is_neither_is_left_out_and_said():
    table = read(npz(X=X, y=Y, extra=np.zeros(3)))
    assert "Arrays of 'data.npz' that are neither features nor labels were left out: 'extra'." in table.notices


def test_a_lone_array_with_a_file_of_labels():
    stored = io.BytesIO()
    np.save(stored, X)
    assert read(("x.npy", stored.getvalue()), labels="a,b\n1,0\n0,1\n1,\n").labels.tolist() == Y.tolist()


def test_labels_in_an_archive_of_their_own_are_joined_by_id():
    table = read("id,x\ns1,1\ns2,2\ns3,3\n", labels=named(npz(labels=Y[::-1], ids=["s3", "s2", "s1"])))
    assert table.labels.tolist() == Y.tolist()


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"X": X, "y": Y[:2]}, "found 3 in 'X' and 2 in 'y' of 'data.npz'"),
        ({"X": X, "y": Y, "feature_names": ["f"]}, "a name per feature, found 1 names for 2 columns"),
        ({"X": X, "y": Y, "class_names": ["a"]}, "a class name per column of labels, found 1 names for 2 columns"),
        ({"X": X, "y": Y, "ids": ["a", "b"]}, "must have one of the ids per sample, found 2 for 3"),
        ({"X": X, "y": Y, "ids": ["a", "b", "a"]}, "Sample ids must be distinct"),
        ({"X": X * np.inf, "y": Y}, "row 1, column 'feature 0' of 'data.npz' holds inf"),
        ({"X": X, "y": Y + 2}, "Labels must be 0, 1, -1 or missing"),
        ({"X": np.zeros((3, 2, 2, 2, 2)), "y": Y}, "has shape (3, 2, 2, 2, 2)"),
        ({"X": X, "y": np.zeros((3, 2, 2))}, "'y' of 'data.npz' has shape (3, 2, 2)"),
        ({"images": np.zeros((3, 9, 4, 5)), "y": Y}, "Images must have 1, 3 or 4 channels"),
        ({"images": np.full((3, 4, 5), 300), "y": Y}, "Pixels must lie from 0 to 1 or from 0 to 255"),
        ({"images": np.full((3, 4, 5), np.nan), "y": Y}, "Images must be finite numbers"),
        ({"X": X}, "must have an array of labels"),
        ({"y": Y}, "must have an array of features"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(arrays, sentence):
    assert sentence in refusal(npz(**arrays))


def test_an_array_of_text_is_categories():
    table = read(npz(X=np.array([["a", "1"], ["b", "2"], ["a", ""]]), y=Y))
    assert plain(table.nominals) == {"feature 0": ["a", "b", "a"]}
    assert plain(table.numbers) == {"feature 1": [1, 2, None]}


def test_pickled_objects_are_never_loaded():
    assert "pickled Python objects" in refusal(npz(X=np.array([{"a": 1}] * 3), y=Y))


def test_groups_and_what_is_left_out_by_feature_name():
    table = read(npz(X=X, y=Y, feature_names=["f", "g"]), group_columns=["f"])
    assert list(table.numbers) == ["g"]
    assert table.columns["f"].tolist() == ["1.5", "3", "5"]
    assert list(read(npz(X=X, y=Y), left_out=["feature 0"]).numbers) == ["feature 1"]
    assert "must have the features that are named, but 'q'" in refusal(npz(X=X, y=Y), group_columns=["q"])
