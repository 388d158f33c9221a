"""Several files as one table: parts by files, columns by name, classes by name; what differs is refused or said."""

import numpy as np

from dashboard.inputs.features import FeatureFiles, read_features
from tests.unit.inputs.feature_contents import plain, read, refusal

TRAIN = "id,x,colour,a,b\ns1,1,red,1,0\ns2,2,blue,0,1\n"
TEST = ("test.csv", b"id,colour,x,b,a\nt1,green,5,1,0\n")


def test_a_file_for_each_part():
    table = read(TRAIN, label_columns=["a", "b"], validation="id,x,colour,a,b\nv1,9,red,1,1\n", test=TEST)
    assert table.parts.tolist() == ["train", "train", "validation", "test"]
    assert plain(table.numbers) == {"x": [1, 2, 9, 5]}
    assert plain(table.nominals) == {"colour": ["red", "blue", "red", "green"]}
    assert table.labels.tolist() == [[1, 0], [0, 1], [1, 1], [0, 1]]
    assert table.ids.tolist() == ["s1", "s2", "v1", "t1"]


def test_one_file_of_labels_by_id_serves_all_parts():
    labels = ("l.csv", b"id,a\nt1,1\ns2,0\ns1,1\n")
    table = read("id,x\ns1,1\ns2,2\n", labels=labels, test=("t.csv", b"id,x\nt1,3\n"))
    assert table.labels.ravel().tolist() == [1, 0, 1]


def test_each_part_may_have_its_own_labels():
    table = read("x\n1\n2\n", labels="a\n1\n0\n", test=("t.csv", b"x\n3\n"), test_labels=("tl.csv", b"a\n1\n"))
    assert table.labels.ravel().tolist() == [1, 0, 1]
    assert table.parts.tolist() == ["train", "train", "test"]


def test_features_of_a_part_that_lack_a_column_are_refused():
    assert (
        "All files must have the same features, but 'colour' of 'data.csv' is not in 't.csv', which has 'x'"
        in refusal(TRAIN, label_columns=["a", "b"], test=("t.csv", b"x,a,b\n1,0,1\n"))
    )


def test_features_that_only_a_part_has_are_left_out_and_said():
    table = read("x,a\n1,0\n2,1\n", label_columns=["a"], test=("t.csv", b"x,y,a\n1,2,0\n"))
    assert list(table.numbers) == ["x"]
    assert "1 feature of 't.csv' left out, not in 'data.csv': 'y'." in table.notices


def test_text_in_a_part_where_training_has_numbers_is_refused_with_its_place():
    assert "The feature 'x' must hold numbers or be missing, but row 1 of 't.csv' holds 'red'" in refusal(
        "x,a\n1,0\n2,1\n", n_labels=1, test=("t.csv", b"x,a\nred,0\nblue,1\n")
    )


def test_numbers_in_a_part_where_training_has_categories_are_categories():
    table = read("x,a\nred,0\nblue,1\n", n_labels=1, test=("t.csv", b"x,a\n7,0\n8,1\n"))
    assert plain(table.nominals) == {"x": ["red", "blue", "7", "8"]}


def test_other_classes_in_a_part_are_refused():
    assert "All files must have the same classes, found 'a' and 'b' in 'data.csv' and 't.csv'" in refusal(
        "x,a\n1,0\n2,1\n", n_labels=1, test=("t.csv", b"x,b\n1,0\n")
    )


def test_a_part_twice_is_refused():
    content = "x,split,a\n1,train,0\n2,test,1\n"
    assert "Parts must be told by files or by a column" in refusal(content, n_labels=1, test=("t.csv", b"x,a\n1,0\n"))


def test_a_sample_in_two_parts_is_said():
    table = read(TRAIN, label_columns=["a", "b"], test=("t.csv", b"id,x,colour,a,b\ns2,2,blue,0,1\n"))
    assert any("1 sample in more than one part by their ids" in notice and "'s2'" in notice for notice in table.notices)


def test_the_name_is_the_files_and_paths_are_read(tmp_path):
    path = tmp_path / "my birds.csv"
    path.write_text(TRAIN)
    for source in (path, str(path)):
        assert read_features(FeatureFiles(source), n_labels=2).name == "my birds"


def test_a_class_may_be_unknown_throughout():
    labels = read("x,a,b\n1,1,\n2,0,\n", n_labels=2).labels
    assert np.array_equal(labels, [[1, -1], [0, -1]])


def test_classes_in_another_order_are_joined_by_name():
    table = read("x,a,b\n1,1,0\n2,0,1\n", n_labels=2, test=("t.csv", b"x,b,a\n3,1,0\n"))
    assert table.class_names == ("a", "b")
    assert table.labels[-1].tolist() == [0, 1]
