import numpy as np
import pytest

from dashboard.inputs.mapping import Sources
from dashboard.inputs.propose import propose_mapping
from tests.unit.inputs.contents import array, arrays, headerless, sources, table

SCORES = [[0.5, -1.5], [2.5, 0.5], [1.5, -0.5]]
LABELS = [[0, 1], [1, 0], [1, 1]]


def roles(mapping, file):
    return {part: use.role for part, use in mapping.files[file].items()}


def classes(mapping, file, role):
    return {part: use.class_name for part, use in mapping.files[file].items() if use.role == role}


def wide(values, **columns):
    return {**columns, "cat": [row[0] for row in values], "dog": [row[1] for row in values]}


def test_propose_mapping_never_declares_a_kind():
    mapping = propose_mapping(sources(array(SCORES), array(LABELS)))
    assert (mapping.scores["scores"].kind, mapping.scores["scores"].suggested) == (None, "logits")


def test_propose_mapping_suggests_a_kind_from_all_columns():
    probabilities = wide([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
    assert propose_mapping(sources(table(probabilities), array(LABELS))).scores["scores"].suggested == "probabilities"
    probabilities["dog"][2] = 1.25
    assert propose_mapping(sources(table(probabilities), array(LABELS))).scores["scores"].suggested == "logits"


def test_propose_mapping_gives_a_reason_for_every_part():
    labels = table(wide(LABELS, id=["a", "b", "c"], sex=["F", "M", "F"], note=["x" * 50, "y" * 50, "z" * 50]))
    mapping = propose_mapping(sources(table(wide(SCORES, id=["a", "b", "c"])), labels))
    assert all(use.reason.endswith(".") for uses in mapping.files.values() for use in uses.values())


@pytest.mark.parametrize("name", ["id", "ID", "sample_id", "key"])
def test_propose_mapping_takes_an_id_by_its_name(name):
    mapping = propose_mapping(sources(table(wide(SCORES, **{name: [7, 8, 9]})), array(LABELS)))
    assert roles(mapping, "scores: scores")[name] == "sample id"


def test_propose_mapping_takes_a_distinct_column_named_like_an_id():
    mapping = propose_mapping(sources(table(wide(SCORES, image_id=[7, 8, 9])), array(LABELS)))
    assert roles(mapping, "scores: scores")["image_id"] == "sample id"


def test_propose_mapping_takes_a_text_that_both_files_share_for_an_id():
    page = {"page": ["p", "q", "r"]}
    mapping = propose_mapping(sources(table(wide(SCORES, **page)), table(wide(LABELS, **page))))
    assert (roles(mapping, "scores: scores")["page"], roles(mapping, "labels")["page"]) == ("sample id", "sample id")


@pytest.mark.parametrize("name", ["", "column 0", "Unnamed: 0"])
def test_propose_mapping_leaves_a_count_of_the_rows_out(name):
    mapping = propose_mapping(sources(table({name: [0, 1, 2], **wide(SCORES)}), array(LABELS)))
    assert mapping.files["scores: scores"][name].role == "left out"
    assert "counts the rows" in mapping.files["scores: scores"][name].reason


def test_propose_mapping_leaves_a_count_of_the_rows_out_without_a_header():
    scores = headerless([[i, *row] for i, row in enumerate(SCORES)])
    assert roles(propose_mapping(sources(scores, array(LABELS))), "scores: scores")["column 0"] == "left out"


def test_propose_mapping_takes_a_shuffled_index_for_an_id_in_both_files():
    scores, labels = table({"column 0": [2, 0, 1], **wide(SCORES)}), table({"column 0": [0, 1, 2], **wide(LABELS)})
    mapping = propose_mapping(sources(scores, labels))
    assert roles(mapping, "scores: scores")["column 0"] == "sample id"
    assert roles(mapping, "labels")["column 0"] == "sample id"


def test_propose_mapping_takes_the_parquet_index_for_an_id_when_it_is_no_count():
    scores = table({**wide(SCORES), "__index_level_0__": ["x", "y", "z"]}, format="parquet")
    assert roles(propose_mapping(sources(scores, array(LABELS))), "scores: scores")["__index_level_0__"] == "sample id"


@pytest.mark.parametrize("first", ["scores", "labels"])
def test_propose_mapping_pairs_prefixes_in_one_table(first):
    columns = {"label_cat": [0, 1, 1], "logit_cat": [0.5, -1, 2.5], "logit_dog": [1.5, 1, 2], "label_dog": [1, 0, 1]}
    columns = columns if first == "labels" else dict(reversed(columns.items()))
    mapping = propose_mapping(sources(table(columns)))
    assert classes(mapping, "scores: scores", "scores") == {"logit_cat": "cat", "logit_dog": "dog"}
    assert classes(mapping, "scores: scores", "labels") == {"label_cat": "cat", "label_dog": "dog"}


def test_propose_mapping_pairs_prefixes_across_two_files():
    scores = table({"logit_cat": [0.5, 1, 2], "logit_dog": [0.5, 1, 3]})
    mapping = propose_mapping(sources(scores, table(wide(LABELS))))
    assert classes(mapping, "scores: scores", "scores") == {"logit_cat": "cat", "logit_dog": "dog"}


def test_propose_mapping_a_column_that_both_files_repeat_describes_the_samples():
    mapping = propose_mapping(sources(table(wide(SCORES, age=[30, 40, 50])), table(wide(LABELS, age=[30, 40, 50]))))
    assert (roles(mapping, "scores: scores")["age"], roles(mapping, "labels")["age"]) == ("group", "group")
    assert classes(mapping, "labels", "labels") == {"cat": "cat", "dog": "dog"}


def test_propose_mapping_takes_an_unmatched_column_of_scores_that_looks_like_the_others():
    mapping = propose_mapping(sources(table({**wide(SCORES), "fox": [0.5, 0.25, -3]}), table(wide(LABELS))))
    assert roles(mapping, "scores: scores")["fox"] == "scores"


def test_propose_mapping_leaves_a_column_of_the_labels_that_looks_different_to_the_samples():
    mapping = propose_mapping(sources(table(wide(SCORES)), table(wide(LABELS, age=[30, 40, 50]))))
    assert roles(mapping, "labels")["age"] == "group"


@pytest.mark.parametrize(
    ("values", "layout"),
    [
        (["cat|dog", "dog", "cat"], "names"),
        (["[0, 1]", "[1]", "[]"], "names"),
        (["[0, 1]", "[1, 1]", "[1, 0]"], "list"),
    ],
)
def test_propose_mapping_tells_the_layout_of_lists(values, layout):
    mapping = propose_mapping(sources(array(SCORES), table({"labels": values})))
    assert mapping.labels.layout == layout


def test_propose_mapping_a_text_column_names_classes():
    mapping = propose_mapping(sources(table(wide(SCORES)), table({"animal": ["cat", "dog", "cat"]})))
    assert (mapping.labels.layout, roles(mapping, "labels")["animal"]) == ("names", "labels")


def test_propose_mapping_a_column_of_yes_and_no_is_one_class():
    mapping = propose_mapping(sources(array([0.5, 1.5, 2.5]), table({"ill": ["yes", "no", "no"]})))
    assert mapping.labels.layout == "wide"


def test_propose_mapping_tells_arrays_by_name():
    content = arrays(truth=np.array(SCORES) > 0, output=SCORES)
    assert roles(propose_mapping(sources(content)), "scores: scores") == {"truth": "labels", "output": "scores"}


def test_propose_mapping_prefers_a_named_vector_to_an_unnamed_matrix():
    content = arrays(logits=SCORES, features=SCORES, label=[0, 1, 0], age=[3, 4, 5])
    found = roles(propose_mapping(sources(content)), "scores: scores")
    assert (found["label"], found["features"], found["age"]) == ("labels", "left out", "group")


def test_propose_mapping_takes_the_only_array_whatever_its_name_says():
    mapping = propose_mapping(sources(arrays(labels=SCORES), arrays(scores=LABELS)))
    assert roles(mapping, "scores: scores") == {"labels": "scores"}
    assert roles(mapping, "labels") == {"scores": "labels"}


def test_propose_mapping_does_not_take_labels_for_scores():
    assert roles(propose_mapping(sources(arrays(labels=LABELS))), "scores: scores") == {"labels": "labels"}


def test_propose_mapping_tells_arrays_by_value_when_the_names_say_nothing():
    assert roles(propose_mapping(sources(arrays(a=LABELS, b=SCORES))), "scores: scores") == {
        "a": "labels",
        "b": "scores",
    }


def test_propose_mapping_takes_one_dimensional_arrays_for_what_they_are():
    content = arrays(
        scores=SCORES,
        labels=LABELS,
        class_names=["cat", "dog"],
        ids=["p", "q", "r"],
        hospital=["A", "B", "A"],
        extra=[1, 2],
    )
    found = roles(propose_mapping(sources(content)), "scores: scores")
    assert (found["class_names"], found["ids"], found["hospital"], found["extra"]) == (
        "class names",
        "sample id",
        "group",
        "left out",
    )


def test_propose_mapping_takes_the_array_with_the_name_of_the_run():
    content = arrays(model_a=SCORES, model_b=SCORES)
    mapping = propose_mapping(Sources({"model_a": content, "model_b": content}, array(LABELS)))
    assert roles(mapping, "scores: model_a")["model_a"] == "scores"
    assert roles(mapping, "scores: model_b")["model_b"] == "scores"


@pytest.mark.parametrize(
    ("name", "values", "role", "bins"),
    [
        ("sex", ["F", "M"] * 50, "group", "values"),
        ("age", list(range(100)), "group", "round"),
        ("stage", [1, 2, 3, 4] * 25, "group", "values"),
        ("patient", [f"p{i // 2}" for i in range(100)], "unit", "values"),
        ("comment", [f"a longer text about sample number {i} of all" for i in range(100)], "text", "values"),
        ("picture", [f"img/{i}.PNG" for i in range(100)], "image", "values"),
        ("sound", [f"https://x.org/{i}.wav?x=1" for i in range(100)], "audio", "values"),
        ("nothing", [np.nan] * 100, "left out", "values"),
    ],
)
def test_propose_mapping_roles_of_extra_columns(name, values, role, bins):
    scores = np.random.default_rng(0).normal(size=(100, 2))
    mapping = propose_mapping(sources(array(scores), array(scores > 0), columns=table({name: values})))
    assert (mapping.files["columns"][name].role, mapping.files["columns"][name].bins) == (role, bins)


def test_mapping_with_role_changes_one_part_and_says_who():
    mapping = propose_mapping(sources(table(wide(SCORES, age=[1, 2, 3])), table(wide(LABELS))))
    changed = mapping.with_role("scores: scores", "age", "left out").files["scores: scores"]
    assert (changed["age"].role, changed["age"].reason) == ("left out", "chosen by you")
    assert changed["cat"] == mapping.files["scores: scores"]["cat"]


def test_mapping_with_labels_adds_to_the_values_chosen_before():
    mapping = propose_mapping(sources(array(SCORES), array(LABELS)))
    mapping = mapping.with_labels(values={"-1": "negative"}).with_labels(values={"NaN": "negative"}, soft_cut=0.5)
    assert mapping.labels.values == {"-1": "negative", "NaN": "negative"}
    assert mapping.labels.soft_cut == 0.5
