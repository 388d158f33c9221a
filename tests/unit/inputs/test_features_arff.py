"""MULAN and MEKA files as they are found: labels by XML, by the relation, by choice; dense and sparse."""

import numpy as np
import pytest

from tests.unit.inputs.feature_contents import arff, choice, plain, read, refusal

MULAN = """% comments first
@RELATION birds
@attribute audio-ssd1 numeric
@ATTRIBUTE 'has clips' {YES,NO}
@attribute hour {1,2,3}
@attribute flag {0,1}
@attribute location string
@attribute 'Brown Creeper' {0, 1}
@attribute Hermit\\ Warbler {0,1}
@DATA
0.5,YES,?,1,'a, b',1,0
?,NO,3,0,c,0,1
"""
MULAN = MULAN.replace("Hermit\\ Warbler", '"Hermit Warbler"')
XML = ("birds.xml", b'<labels><label name="Hermit Warbler"/><label name="Brown Creeper"></label></labels>')


def test_mulan_with_nominals_gaps_and_quoted_names():
    table = read(arff(MULAN), xml=XML)
    assert table.class_names == ("Brown Creeper", "Hermit Warbler")  # as the file has its columns, not the list
    assert table.labels.tolist() == [[1, 0], [0, 1]]
    assert plain(table.numbers) == {"audio-ssd1": [0.5, None], "flag": [1, 0]}
    assert plain(table.nominals) == {"has clips": ["YES", "NO"], "hour": [None, "3"], "location": ["a, b", "c"]}


@pytest.mark.parametrize(
    ("count", "order", "which"), [(2, "{labels}{features}", "first"), (-2, "{features}{labels}", "last")]
)
def test_meka_says_the_number_of_labels_in_the_relation(count, order, which):
    lines = {"labels": "@attribute a {0,1}\n@attribute b {0,1}\n", "features": "@attribute x numeric\n"}
    rows = "1,0,2.5\n0,1,3.5\n" if count > 0 else "2.5,1,0\n3.5,0,1\n"
    table = read(arff(f"@relation 'music: -C {count} -split-percentage 67'\n{order.format(**lines)}@data\n{rows}"))
    assert table.class_names == ("a", "b")
    assert table.labels.tolist() == [[1, 0], [0, 1]]
    assert plain(table.numbers) == {"x": [2.5, 3.5]}
    assert f"The {which} 2 attributes of 'data.arff' are labels, as its relation says (-C {count})." in table.notices


def test_without_a_list_of_labels_the_attributes_of_0_and_1_are_offered():
    assert choice(arff(MULAN)) == ("label_columns", ["flag", "Brown Creeper", "Hermit Warbler"])
    assert read(arff(MULAN), n_labels=2).class_names == ("Brown Creeper", "Hermit Warbler")


@pytest.mark.parametrize(
    ("kind", "cells"),
    [("numeric", ("1", "0")), ("{0,1}", ("1", "0")), ("{FALSE,TRUE}", ("TRUE", "FALSE")), ("{1,0}", "10")],
)
def test_labels_as_numbers_and_as_words(kind, cells):
    text = f"@relation r\n@attribute x real\n@attribute a {kind}\n@data\n1,{cells[0]}\n2,{cells[1]}\n3,?\n"
    assert read(arff(text), n_labels=1).labels.tolist() == [[1], [0], [-1]]


def test_sparse_files_with_thousands_of_attributes():
    n_features, n_labels, n_samples = 2_000, 20, 50
    header = "@relation enron\n" + "".join(f"@attribute w{i} {{0,1}}\n" for i in range(n_features))
    header += "".join(f"@attribute c{i} {{0,1}}\n" for i in range(n_labels)) + "@data\n"
    rng = np.random.default_rng(0)
    truth = rng.random((n_samples, n_features + n_labels)) < 0.02
    rows = "\n".join("{" + ",".join(f"{i} 1" for i in np.flatnonzero(row)) + "}" for row in truth)
    table = read(arff(header + rows), n_labels=n_labels)
    assert np.array_equal(np.column_stack(list(table.numbers.values())), truth[:, :n_features])
    assert np.array_equal(table.labels, truth[:, n_features:])


def test_labels_of_the_list_must_be_attributes():
    xml = ("l.xml", b'<labels><label name="flag"/><label name="Robin"/></labels>')
    assert "Every label of the .xml file must be an attribute of 'data.arff', but 'Robin' is not" in refusal(
        arff(MULAN), xml=xml
    )


def test_a_relation_that_counts_more_labels_than_attributes_is_refused():
    text = "@relation 'r: -C 3'\n@attribute a {0,1}\n@attribute b {0,1}\n@data\n1,0\n"
    assert "says -C 3 of 2 attributes" in refusal(arff(text))


def test_text_in_a_numeric_attribute_is_refused_with_its_place():
    text = "@relation r\n@attribute x real\n@attribute a {0,1}\n@data\n1,0\nhigh,1\n"
    assert "row 2 (line 6), column 'x' of 'data.arff' holds 'high'" in refusal(arff(text), n_labels=1)


def test_ids_parts_groups_and_what_is_left_out_can_be_named():
    text = "@relation r\n@attribute id string\n@attribute p {train,test}\n@attribute site {A,B}\n@attribute x real\n"
    text += "@attribute y real\n@attribute a {0,1}\n@data\ns1,train,A,1,5,0\ns2,test,?,2,6,1\n"
    table = read(arff(text), n_labels=1, id_column="id", part_column="p", group_columns=["site"], left_out=["y"])
    assert table.ids.tolist() == ["s1", "s2"]
    assert table.parts.tolist() == ["train", "test"]
    assert table.columns["site"].tolist() == ["A", "(missing)"]
    assert list(table.numbers) == ["x"]


def test_labels_in_an_arff_file_of_their_own():
    features = arff("@relation r\n@attribute x real\n@data\n1\n2\n", "x.arff")
    labels = arff("@relation r\n@attribute a {0,1}\n@attribute b {0,1}\n@data\n1,0\n0,1\n", "y.arff")
    assert read(features, labels=labels).labels.tolist() == [[1, 0], [0, 1]]


def test_an_infinite_number_is_refused():
    text = "@relation r\n@attribute x real\n@attribute a {0,1}\n@data\n1,0\n1e400,1\n"
    assert "row 2, column 'x' of 'data.arff' holds inf" in refusal(arff(text), n_labels=1)
