import pytest

from dashboard.errors import InputError
from dashboard.inputs.classes import read_class_groups, read_class_names
from tests.unit.inputs.contents import array, headerless, table


@pytest.mark.parametrize("text", ['["cat", "dog"]', "cat\ndog\n", "cat, dog", "cat\tdog", "cat;dog"])
def test_read_class_names_pasted_text(text):
    assert read_class_names(text) == ("cat", "dog")


def test_read_class_names_lines_may_hold_commas():
    assert read_class_names("a, b\nc") == ("a, b", "c")


@pytest.mark.parametrize("nothing", [None, "", "  \n"])
def test_read_class_names_nothing_is_none(nothing):
    assert read_class_names(nothing) is None


@pytest.mark.parametrize(
    "content",
    [
        array(["cat", "dog"]),
        table({"class": ["cat", "dog"]}),
        table({"cat": ["dog"]}),
        table({"cat": [], "dog": []}),
        headerless([["cat", "dog"]]),
    ],
    ids=["array", "column with a title", "column without", "one line", "one line as data"],
)
def test_read_class_names_from_a_file(content):
    assert read_class_names(content) == ("cat", "dog")


def test_read_class_names_refuses_repeated_names():
    with pytest.raises(InputError, match="must be distinct, but 'cat'"):
        read_class_names("cat,cat")


@pytest.mark.parametrize("text", ["[broken", '[["a"]]'])
def test_read_class_names_refuses_broken_json(text):
    with pytest.raises(InputError, match="JSON list"):
        read_class_names(text)


def test_read_class_names_refuses_a_table():
    with pytest.raises(InputError, match="2 rows of 2 columns"):
        read_class_names(table({"a": [1, 2], "b": [3, 4]}))


def test_read_class_groups_from_two_columns():
    assert read_class_groups(table({"class": ["cat", "oak"], "family": ["animal", "plant"]})) == {
        "cat": "animal",
        "oak": "plant",
    }


def test_read_class_groups_refuses_three_columns():
    with pytest.raises(InputError, match="two columns, the class and its group, found 3"):
        read_class_groups(table({"a": ["x"], "b": ["y"], "c": ["z"]}))
