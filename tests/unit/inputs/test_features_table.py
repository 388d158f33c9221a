"""Tables of features: which columns are labels is told, never guessed; every other column is understood and said."""

import numpy as np
import pandas as pd
import pytest

from tests.unit.inputs.feature_contents import choice, plain, read, refusal

BOTH = "id,length,colour,a,b\ns1,1.5,red,1,0\ns2,?,blue,0,1\ns3,3,,1,\n"


@pytest.mark.parametrize(
    "told", [{"label_columns": ["a", "b"]}, {"n_labels": 2}, {"labels": "id,a,b\ns3,1,\ns1,1,0\ns2,0,1\n"}]
)
def test_labels_are_told_by_name_by_number_or_by_a_file(told):
    features = BOTH if "labels" not in told else "\n".join(",".join(line.split(",")[:3]) for line in BOTH.split("\n"))
    table = read(features, **told)
    assert table.class_names == ("a", "b")
    assert table.labels.tolist() == [[1, 0], [0, 1], [1, -1]]
    assert plain(table.numbers) == {"length": [1.5, None, 3.0]}
    assert plain(table.nominals) == {"colour": ["red", "blue", None]}
    assert table.ids.tolist() == ["s1", "s2", "s3"]
    assert table.parts is None
    assert "The column 'id' of 'data.csv' was taken for the samples' ids." in table.notices


@pytest.mark.parametrize("id", ["p{}", "{}"])
def test_ids_that_repeat_are_no_feature_unless_they_are_named(id):
    rows = [f"{id.format(row // 2)},{row},{row % 2}" for row in range(60)]
    content = "\n".join(["patient_id,x,a", *rows, ""])
    table = read(content, label_columns=["a"])
    assert list(table.numbers) == ["x"] and not table.nominals and table.ids is None
    assert any(
        "'patient_id' of 'data.csv' has the name of ids, but its values repeat" in each for each in table.notices
    )
    for told in ({"group_columns": ["patient_id"]}, {"nominal_columns": ["patient_id"]}):
        assert not any("repeat" in each for each in read(content, label_columns=["a"], **told).notices)


def test_a_column_called_id_of_few_values_is_a_feature():
    rows = "\n".join(f"{row % 3},{row},{row % 2}" for row in range(60))
    assert list(read(f"scanner_id,x,a\n{rows}\n", label_columns=["a"]).numbers) == ["scanner_id", "x"]


def test_labels_by_a_prefix():
    table = read("x,is cat,is dog\n1,1,0\n2,0,1\n", label_prefix="is ")
    assert table.class_names == ("is cat", "is dog")
    assert list(table.numbers) == ["x"]


def test_without_a_word_about_labels_the_columns_of_0_and_1_are_offered():
    assert choice(BOTH) == ("label_columns", ["a", "b"])


def test_a_table_without_columns_of_0_and_1_needs_a_file_of_labels():
    assert "none holds only these: name the columns, or give a file of labels" in refusal("x,y\n1,2\n3,4\n")


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"label_columns": ["z"]}, "Columns of labels must be in 'data.csv', but 'z' is not among"),
        ({"n_labels": 4}, "The number of labels must leave a feature of the 4 columns of 'data.csv', got 4"),
        ({"label_prefix": "is "}, "Columns of labels must begin with 'is', but none of 'data.csv' does"),
        ({"label_prefix": "a", "n_labels": 1}, "Labels must be told in one way, got n_labels and label_prefix"),
        ({"n_labels": 1, "left_out": ["q"]}, "must have the columns that are named, but 'q' is none of"),
        ({"label_columns": ["length"]}, "Labels must be 0, 1, -1 or missing, or have a meaning chosen for each value"),
    ],
)
def test_what_is_told_must_fit_the_file(told, sentence):
    assert sentence in refusal(BOTH, **told)


def test_other_label_values_are_refused_with_their_place():
    assert "row 2, column 'a' of 'data.csv' holds '2'" in refusal("x,a\n1,1\n2,2\n", n_labels=1)


def test_minus_one_is_asked_for_where_it_could_be_either():
    content = "x,a\n1,1\n2,-1\n"
    assert choice(content, n_labels=1) == ("minus_one", ["negative", "unknown"])
    assert read(content, n_labels=1, minus_one="negative").labels.tolist() == [[1], [0]]


def test_soft_labels_need_a_cut():
    content = "x,a\n1,0.2\n2,0.9\n"
    assert choice(content, n_labels=1)[0] == "soft_cut"
    assert read(content, n_labels=1, soft_cut=0.5).labels.tolist() == [[0], [1]]


def test_words_for_labels_are_known():
    assert read("x,a\n1,yes\n2,no\n3,?\n", n_labels=1).labels.tolist() == [[1], [0], [-1]]


def test_a_column_that_lists_the_true_classes():
    table = read("x,tags\n1,cat|dog\n2,dog\n3,\n", label_columns=["tags"], label_layout="names")
    assert table.class_names == ("cat", "dog")
    assert table.labels.tolist() == [[1, 1], [0, 1], [-1, -1]]


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ("a\n1\n0\n", "must have a row per sample, found 3 rows in 'data.csv' and 2 in 'data.csv'"),
        ("id,a\nq1,1\nq2,0\nq3,1\n", "Sample ids must agree, but none of 's1', 's2', 's3'"),
        ("id\ns1\ns2\ns3\n", "must have a column of labels, but has only ids"),
    ],
)
def test_a_file_of_labels_must_belong_to_the_features(labels, sentence):
    assert sentence in refusal("id,x\ns1,1\ns2,2\ns3,3\n", labels=labels)


def test_labels_without_ids_are_matched_by_row_and_that_is_said():
    table = read("x\n1\n2\n", labels=("l.csv", b"a\n1\n0\n"))
    assert table.labels.tolist() == [[1], [0]]
    assert "The rows of 'l.csv' were matched with those of 'data.csv' by their order." in table.notices


def test_samples_without_labels_are_left_out_and_said():
    table = read("id,x\ns1,1\ns2,2\ns3,3\n", labels=("l.csv", b"id,a\ns3,1\ns1,0\n"))
    assert plain(table.numbers) == {"x": [1, 3]}
    assert table.labels.tolist() == [[0], [1]]
    assert any("1 sample of 'data.csv' left out, not found in 'l.csv': 's2'" in notice for notice in table.notices)


def test_text_among_numbers_is_refused_with_row_column_and_value():
    assert "The feature 'x' must hold numbers or be missing, but row 3 of 'data.csv' holds 'n.a'" in refusal(
        "x,a\n1,0\n2,1\nn.a,0\n", n_labels=1
    )


def test_text_among_numbers_may_be_taken_for_categories():
    table = read("x,a\n1,0\n2,1\nother,0\n", n_labels=1, nominal_columns=["x"])
    assert plain(table.nominals) == {"x": ["1", "2", "other"]}


def test_numbers_may_be_codes_of_categories():
    assert plain(read("x,a\n1,0\n2,1\n,0\n", n_labels=1, nominal_columns=["x"]).nominals) == {"x": ["1", "2", None]}


@pytest.mark.parametrize("value", ["inf", "-Infinity", "1e999", "1e39"])
def test_infinities_are_refused_with_row_and_column(value):
    assert "row 2, column 'x' of 'data.csv' holds" in refusal(f"x,a\n1,0\n{value},1\n", n_labels=1)


def test_the_index_that_pandas_writes_is_no_feature():
    table = read(",x,a\n0,1.5,0\n1,2.5,1\n2,3.5,1\n", n_labels=1)
    assert list(table.numbers) == ["x"]
    assert "The first column of 'data.csv' counts the rows and was left out." in table.notices


def test_whole_numbers_with_a_name_like_an_ids_are_a_feature():
    assert list(read("body mass index,a\n21,0\n34,1\n", n_labels=1).numbers) == ["body mass index"]


def test_a_column_of_parts_is_taken_and_said():
    table = read("x,split,a\n1,train,0\n2,Val,1\n3,TEST,1\n", n_labels=1)
    assert table.parts.tolist() == ["train", "validation", "test"]
    assert "The column 'split' of 'data.csv' says which part a sample belongs to." in table.notices


def test_a_named_column_of_parts_must_hold_parts():
    assert "The part of a sample must be train, validation, test, but row 2, column 'p'" in refusal(
        "x,p,a\n1,train,0\n2,other,1\n", n_labels=1, part_column="p"
    )


def test_groups_are_kept_beside_the_features():
    table = read("x,site,a\n1,A,0\n2,,1\n", n_labels=1, group_columns=["site"])
    assert table.columns["site"].tolist() == ["A", "(missing)"]
    assert list(table.numbers) == ["x"]


@pytest.mark.parametrize(
    "content",
    [
        '"odd, name";"größe ""m""";a\n1;2;0\n3;4;1\n'.encode("cp1252"),
        '"odd, name"\t"größe ""m"""\ta\r\n1\t2\t0\r\n3\t4\t1\r\n'.encode(),
        '\ufeff"odd, name","größe ""m""",a\n1,2,0\n3,4,1\n'.encode(),
        '"odd, name","größe ""m""",a\n1,2,0\n3,4,1\n'.encode("utf-16"),
    ],
)
def test_odd_headers_separators_and_encodings(content):
    table = read(("odd.csv", content), n_labels=1)
    assert plain(table.numbers) == {"odd, name": [1, 3], 'größe "m"': [2, 4]}


def test_parquet_with_booleans_gaps_and_categories(tmp_path):
    frame = pd.DataFrame({"x": [1.0, None, 3.0], "f": [True, False, True], "c": ["u", None, "v"], "a": [1, 0, 1]})
    frame.astype({"c": "category"}).to_parquet(tmp_path / "d.parquet")
    table = read_path(tmp_path / "d.parquet", n_labels=1)
    assert plain(table.numbers) == {"x": [1, None, 3], "f": [1, 0, 1]}
    assert plain(table.nominals) == {"c": ["u", None, "v"]}
    assert table.labels.tolist() == [[1], [0], [1]]


def read_path(path, **options):
    from dashboard.inputs.features import FeatureFiles, read_features

    return read_features(FeatureFiles(path), **options)


def test_a_list_in_a_cell_is_no_feature(tmp_path):
    pd.DataFrame({"x": [[1.0, 2.0], [3.0, 4.0]], "a": [0, 1]}).to_parquet(tmp_path / "d.parquet")
    from dashboard.errors import InputError

    with pytest.raises(InputError, match=r"'x' of 'd\.parquet' holds a list in row 1"):
        read_path(tmp_path / "d.parquet", n_labels=1)


def test_a_table_without_a_header_is_told_by_position():
    table = read("1.5,2.5,0\n3.5,4.5,1\n", n_labels=1)
    assert list(table.numbers) == ["column 0", "column 1"]
    assert table.class_names == ("column 2",)


def test_class_names_can_be_given():
    assert read("x,a\n1,0\n2,1\n", n_labels=1, class_names=["cat"]).class_names == ("cat",)
    assert "a name for each of the 1 classes" in refusal("x,a\n1,0\n2,1\n", n_labels=1, class_names=["cat", "dog"])


def test_columns_of_nothing_are_numbers_that_are_all_missing():
    assert np.isnan(read("x,y,a\n1,,0\n2,,1\n", n_labels=1).numbers["y"]).all()
