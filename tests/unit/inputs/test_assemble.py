from dataclasses import replace

import numpy as np
import pytest

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.assemble import assemble
from dashboard.inputs.assemble_labels import label_values
from dashboard.inputs.mapping import Sources
from dashboard.inputs.propose import propose_mapping
from tests.unit.inputs.contents import array, arrays, headerless, sources, table

SCORES = np.array([[0.5, -1.5, 3.0], [2.5, 0.5, 1.0], [1.5, -0.5, 2.0]])
LABELS = np.array([[0, 1, 0], [1, 0, 0], [1, 1, 1]])
CLASSES = ("cat", "dog", "fox")
IDS = ["p", "q", "r"]


def wide(values, classes=CLASSES, **columns):
    return {**columns, **{name: values[:, i] for i, name in enumerate(classes)}}


def load(found, kind="logits", **labels):
    mapping = propose_mapping(found).with_score_kind(kind)
    return assemble(found, mapping.with_labels(**labels) if labels else mapping)


def test_assemble_gives_one_run_of_predictions():
    p = load(sources(table(wide(SCORES)), table(wide(LABELS)))).runs["scores"]
    assert (p.scores == SCORES).all()
    assert (p.labels == LABELS).all()
    assert p.class_names == CLASSES


def test_assemble_joins_classes_and_samples_and_keeps_the_order_of_the_scores():
    labels = table(wide(LABELS[::-1, ::-1], CLASSES[::-1], id=IDS[::-1]))
    p = load(sources(table(wide(SCORES, id=IDS)), labels)).first_run
    assert (p.labels == LABELS).all()
    assert p.sample_ids.tolist() == IDS


def test_assemble_ids_as_numbers_and_as_text_are_the_same():
    p = load(sources(table(wide(SCORES, id=[1, 2, 3])), table(wide(LABELS[::-1], id=["3", "2", "1"])))).first_run
    assert (p.labels == LABELS).all()


def test_assemble_keeps_the_common_samples_and_lists_the_others():
    labels = table(wide(LABELS, id=["q", "x", "p"]))
    dataset = load(sources(table(wide(SCORES, id=IDS)), labels))
    assert dataset.first_run.sample_ids.tolist() == ["p", "q"]
    assert (dataset.first_run.labels == LABELS[[2, 0]]).all()
    assert any("'r'" in notice for notice in dataset.notices)
    assert any("'x'" in notice for notice in dataset.notices)


def test_assemble_repeated_ids_name_both_rows():
    with pytest.raises(InputError, match="'p' is in rows 1 and 3"):
        load(sources(table(wide(SCORES, id=["p", "q", "p"])), table(wide(LABELS, id=IDS))))


def test_assemble_missing_id_names_the_row():
    with pytest.raises(InputError, match=r"row 2 of the id column 'id' of 'data.csv' \(scores\) has none"):
        load(sources(table(wide(SCORES, id=["p", None, "r"])), table(wide(LABELS, id=IDS))))


def test_assemble_takes_given_class_names_for_unnamed_columns():
    p = load(sources(array(SCORES), array(LABELS), class_names="cat,dog,fox")).first_run
    assert p.class_names == CLASSES


def test_assemble_given_class_names_order_unnamed_scores_for_named_labels():
    found = sources(array(SCORES), table(wide(LABELS[:, ::-1], CLASSES[::-1])), class_names="cat,dog,fox")
    p = load(found).first_run
    assert (p.labels == LABELS).all()


def test_assemble_refuses_another_number_of_class_names():
    with pytest.raises(InputError, match="one class name for each of the 3 columns"):
        load(sources(array(SCORES), array(LABELS), class_names="cat,dog"))


def test_assemble_headerless_tables_take_the_names_of_the_other():
    assert load(sources(headerless(SCORES), table(wide(LABELS)))).first_run.class_names == CLASSES


def test_assemble_names_row_column_and_value_of_text_among_numbers():
    columns = wide(SCORES.astype(object))
    columns["dog"] = ["0.5", "oops", "1.5"]
    with pytest.raises(InputError, match=r"found 'oops' in row 2, column 'dog' of 'data.csv' \(scores\)"):
        load(sources(table(columns), table(wide(LABELS))))


def test_assemble_names_of_classes_in_one_cell():
    cells = ["dog", "cat", "cat|dog|fox"]
    assert (load(sources(table(wide(SCORES)), table({"labels": cells}))).first_run.labels == LABELS).all()


def test_assemble_unknown_names_are_listed():
    dataset = load(sources(table(wide(SCORES)), table({"labels": ["dog", "cat|owl", "cat|dog|fox"]})))
    assert (dataset.first_run.labels == LABELS).all()
    assert any("'owl'" in notice for notice in dataset.notices)


def test_assemble_names_without_names_of_the_columns_ask_for_them():
    with pytest.raises(InputError, match="give the class names"):
        load(sources(array(SCORES), table({"labels": ["dog", "cat", "cat|dog|fox"]})))


def test_assemble_names_that_are_no_class_at_all_are_an_error():
    with pytest.raises(InputError, match="'owl', 'elk'"):
        load(sources(table(wide(SCORES)), table({"labels": ["owl|elk", "owl", "elk"]})))


def test_assemble_an_empty_list_in_a_csv_is_no_label_and_said():
    dataset = load(sources(table(wide(SCORES)), table({"labels": ["dog", None, "cat|fox"]})))
    assert dataset.first_run.labels[1].tolist() == [0, 0, 0]
    assert "1 empty cell of 'data.csv' (labels) taken for samples without any label." in dataset.notices


def test_assemble_a_missing_list_elsewhere_is_unknown():
    labels = table({"labels": ["dog", None, "cat|fox"]}, format="parquet")
    assert load(sources(table(wide(SCORES)), labels)).first_run.labels[1].tolist() == [-1, -1, -1]


def test_assemble_an_empty_list_takes_the_chosen_meaning():
    found = sources(table(wide(SCORES)), table({"labels": ["dog", None, "cat|fox"]}))
    dataset = load(found, values={"NaN": "unknown"})
    assert dataset.first_run.labels[1].tolist() == [-1, -1, -1]
    assert "1 empty cell of 'data.csv' (labels) taken for samples whose labels are unknown." in dataset.notices


def test_assemble_class_index_under_a_name_needs_to_be_declared():
    with pytest.raises(ChoiceNeeded) as needed:
        load(sources(table(wide(SCORES)), table({"label": [2, 0, 1]})))
    assert list(needed.value.choices) == ["index"]


def test_assemble_class_index_needs_to_be_declared():
    with pytest.raises(ChoiceNeeded, match="whole numbers from 0 to 2"):
        load(sources(array(SCORES), array([2, 0, 1])))


@pytest.mark.parametrize("indices", [[2, 0, 1], [[2], [0], [1]], [2.0, 0.0, 1.0]])
def test_assemble_class_index_becomes_multi_hot(indices):
    p = load(sources(array(SCORES), array(indices)), layout="index").first_run
    assert p.labels.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_assemble_class_index_may_start_at_one():
    p = load(sources(array(SCORES), array([3, 1, 2])), layout="index", first_index=1).first_run
    assert p.labels.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


@pytest.mark.parametrize("missing", [-1, np.nan])
def test_assemble_missing_class_index_is_an_unknown_row(missing):
    p = load(sources(array(SCORES), array([2, missing, 1])), layout="index").first_run
    assert p.labels[1].tolist() == [-1, -1, -1]


def test_assemble_class_index_beyond_the_classes_is_an_error_with_a_hint():
    with pytest.raises(InputError, match=r"from 0 to 2, but .* holds 3: if the first class is 1, say so"):
        load(sources(array(SCORES), array([3, 1, 2])), layout="index")


def test_assemble_several_classes_in_the_index_layout_are_an_error():
    with pytest.raises(InputError, match="found 2 in row 1"):
        load(sources(table(wide(SCORES)), table({"labels": ["dog|cat", "cat", "fox"]})), layout="index")


def test_assemble_a_ragged_list_of_scores_names_the_row():
    scores = table({"scores": ["[0.5, 1.5, 2]", "[1.5, 2.5]", "[1, 2, 3]"]})
    with pytest.raises(InputError, match="as the first, 3, but row 2 lists 2"):
        load(sources(scores, array(LABELS)))


def test_assemble_a_malformed_list_of_scores_names_the_row():
    scores = table({"scores": ["[0.5, 1.5, 2]", "[1.5, 2.5, x]", "[1, 2, 3]"]})
    found = sources(scores, array(LABELS))
    mapping = propose_mapping(found).with_score_kind("logits").with_role("scores: scores", "scores", "scores")
    with pytest.raises(InputError, match=r"found .* in row 2"):
        assemble(found, mapping)


def test_assemble_soft_labels_are_kept_in_the_order_of_the_scores():
    soft = np.where(LABELS == 1, 0.75, 0.25)
    dataset = load(sources(table(wide(SCORES, id=IDS)), table(wide(soft[::-1], id=IDS[::-1]))), soft_cut=0.5)
    assert (dataset.soft_labels == soft).all()
    assert (dataset.first_run.labels == LABELS).all()
    assert dataset.soft_cut == 0.5


def test_assemble_without_soft_labels_has_no_cut():
    assert load(sources(array(SCORES), array(LABELS)), soft_cut=0.5).soft_cut is None


def test_assemble_a_class_hardly_known_brings_a_notice():
    labels = LABELS.astype(float)
    labels[:2, 1] = np.nan
    dataset = load(sources(table(wide(SCORES)), table(wide(labels))))
    assert "Under half of the samples are labelled for 1 class: 'dog'." in dataset.notices


def test_assemble_a_class_half_known_brings_no_notice():
    labels = LABELS.astype(float)
    labels = np.vstack([labels, labels[:1]])
    labels[:2, 1] = np.nan
    assert load(sources(array(np.vstack([SCORES, SCORES[:1]])), array(labels))).notices == ()


def test_assemble_says_what_was_left_out_and_why():
    dataset = load(sources(table({"column 0": [0, 1, 2], **wide(SCORES)}), array(LABELS)))
    assert any(
        notice.startswith("'column 0' of 'data.csv' was left out: the index column") for notice in dataset.notices
    )


def test_assemble_hands_the_notes_of_the_readers_on():
    scores = replace(array(SCORES), notes=("A note.",))
    assert "A note." in load(sources(scores, array(LABELS))).notices


# several runs


def test_assemble_runs_share_samples_and_classes_in_the_order_of_the_first():
    second = table(wide(SCORES[::-1, ::-1] + 1, CLASSES[::-1], id=IDS[::-1]))
    dataset = load(Sources({"a": table(wide(SCORES, id=IDS)), "b": second}, table(wide(LABELS, id=IDS))))
    assert list(dataset.runs) == ["a", "b"]
    assert (dataset.runs["b"].scores == SCORES + 1).all()
    assert dataset.runs["b"].class_names == CLASSES


def test_assemble_further_runs_and_readers_may_name_their_columns_with_a_prefix():
    second = table(wide(SCORES + 1, tuple(f"logit_{name}" for name in CLASSES)))
    reader = table(wide(LABELS, tuple(f"label_{name}" for name in CLASSES)))
    dataset = load(Sources({"a": table(wide(SCORES)), "b": second}, table(wide(LABELS)), readers={"ann": reader}))
    assert (dataset.runs["b"].scores == SCORES + 1).all()
    assert (dataset.readers["ann"] == LABELS).all()


def test_assemble_a_further_run_with_counted_columns_goes_by_position():
    second = table(wide(SCORES + 1, ("0", "1", "2")))
    dataset = load(Sources({"a": table(wide(SCORES)), "b": second}, table(wide(LABELS))))
    assert (dataset.runs["b"].scores == SCORES + 1).all()


def test_assemble_a_run_without_a_sample_is_an_error():
    second = table(wide(SCORES[:2], id=IDS[:2]))
    with pytest.raises(InputError, match=r"same samples, but .* lacks 1 of 3 \('r'\)"):
        load(Sources({"a": table(wide(SCORES, id=IDS)), "b": second}, table(wide(LABELS, id=IDS))))


def test_assemble_a_run_without_a_class_is_an_error():
    second = table(wide(SCORES[:, :2], CLASSES[:2], id=IDS))
    with pytest.raises(InputError, match=r"same classes, but .* lacks 1 of 3 \('fox'\)"):
        load(Sources({"a": table(wide(SCORES, id=IDS)), "b": second}, table(wide(LABELS, id=IDS))))


def test_assemble_a_run_with_more_samples_is_cut_with_a_notice():
    second = table(wide(np.vstack([SCORES[:1] + 9, SCORES + 1]), id=["x", *IDS]))
    dataset = load(Sources({"a": table(wide(SCORES, id=IDS)), "b": second}, table(wide(LABELS, id=IDS))))
    assert (dataset.runs["b"].scores == SCORES + 1).all()
    assert any("'x'" in notice for notice in dataset.notices)


def test_assemble_a_run_of_other_length_without_ids_is_an_error():
    with pytest.raises(InputError, match=r"must have the same shape, found \(3, 3\) and \(2, 3\)"):
        load(Sources({"a": array(SCORES), "b": array(SCORES[:2])}, array(LABELS)))


def test_assemble_a_run_without_ids_needs_them_when_the_others_differ_in_order():
    labels = table(wide(LABELS[::-1], id=IDS[::-1]))
    with pytest.raises(InputError, match="in different orders: add the id column"):
        load(Sources({"a": table(wide(SCORES, id=IDS)), "b": array(SCORES)}, labels))


def test_assemble_kinds_differ_by_run():
    found = Sources({"a": array(SCORES), "b": array(1 / (1 + np.exp(-SCORES)))}, array(LABELS))
    mapping = propose_mapping(found).with_score_kind("logits", "a").with_score_kind("probabilities", "b")
    assert [run.score_kind for run in assemble(found, mapping).runs.values()] == ["logits", "probabilities"]


# readers


def test_assemble_reader_is_joined_by_id_and_name():
    reader = table(wide(LABELS[::-1, ::-1], CLASSES[::-1], id=IDS[::-1]))
    dataset = load(sources(table(wide(SCORES, id=IDS)), table(wide(LABELS, id=IDS)), readers={"ann": reader}))
    assert dataset.readers["ann"].dtype == np.int8
    assert (dataset.readers["ann"] == LABELS).all()
    assert dataset.notices == ()


def test_assemble_reader_without_a_sample_or_class_has_no_decision_there():
    reader = table(wide(LABELS[:2, :2], CLASSES[:2], id=IDS[:2]))
    dataset = load(sources(table(wide(SCORES, id=IDS)), table(wide(LABELS, id=IDS)), readers={"ann": reader}))
    expected = LABELS.copy()
    expected[2, :] = expected[:, 2] = -1
    assert (dataset.readers["ann"] == expected).all()
    assert any("no decisions on 1 sample" in notice for notice in dataset.notices)
    assert any("no decisions on 1 class: 'fox'" in notice for notice in dataset.notices)


def test_assemble_reader_must_decide():
    with pytest.raises(InputError, match=r"0 or 1|between 0 and 1"):
        load(sources(array(SCORES), array(LABELS), readers={"ann": array(LABELS * 0.5)}))


def test_assemble_reader_of_lists():
    reader = table({"labels": ["dog", "cat", "cat|dog|fox"]})
    dataset = load(sources(table(wide(SCORES)), table(wide(LABELS)), readers={"ann": reader}))
    assert (dataset.readers["ann"] == LABELS).all()


# extra columns


def test_assemble_columns_are_joined_by_id():
    extra = table({"id": IDS[::-1], "sex": ["F", "M", "X"]})
    dataset = load(sources(table(wide(SCORES, id=IDS)), table(wide(LABELS, id=IDS)), columns=extra))
    assert dataset.first_run.columns["sex"].tolist() == ["X", "M", "F"]
    assert dataset.column_roles == {"sex": "group"}


def test_assemble_columns_without_ids_go_by_order_and_say_so():
    dataset = load(sources(array(SCORES), array(LABELS), columns=table({"sex": ["F", "M", "X"]}, "meta.csv")))
    assert dataset.first_run.columns["sex"].tolist() == ["F", "M", "X"]
    assert "The rows of 'meta.csv' were matched to the samples by their order." in dataset.notices


@pytest.mark.parametrize(("sexes", "expected"), [("FMX", ["M", "X"]), ("YZ", ["Z", "Y"])])
def test_assemble_columns_without_ids_go_by_the_file_of_their_length(sexes, expected):
    labels = table(wide(LABELS[:2], id=["r", "q"]))
    found = sources(table(wide(SCORES, id=IDS)), labels, columns=table({"sex": list(sexes)}))
    assert load(found).first_run.columns["sex"].tolist() == expected


def test_assemble_columns_of_another_length_are_an_error():
    with pytest.raises(InputError, match="must have the same shape"):
        load(sources(array(SCORES), array(LABELS), columns=table({"sex": ["F", "M"]})))


def test_assemble_columns_missing_for_a_sample_are_a_group_of_their_own():
    extra = table({"id": IDS[:2], "sex": ["F", "M"]})
    dataset = load(sources(table(wide(SCORES, id=IDS)), table(wide(LABELS, id=IDS)), columns=extra))
    assert dataset.first_run.columns["sex"].tolist() == ["F", "M", "(missing)"]
    assert any("nothing about 1 sample" in notice for notice in dataset.notices)


def test_assemble_one_dimensional_arrays_are_columns():
    dataset = load(sources(arrays(scores=SCORES, labels=LABELS, hospital=["A", "B", "A"])))
    assert dataset.first_run.columns["hospital"].tolist() == ["A", "B", "A"]


def test_assemble_columns_of_the_labels_follow_their_rows():
    labels = table(wide(LABELS[::-1], id=IDS[::-1], sex=["X", "M", "F"]))
    assert load(sources(table(wide(SCORES, id=IDS)), labels)).first_run.columns["sex"].tolist() == ["F", "M", "X"]


def test_assemble_columns_that_differ_keep_both():
    labels = table(wide(LABELS, sex=["F", "M", "X"]), "labels.csv")
    columns = table({"sex": ["F", "F", "X"]}, "meta.csv")
    dataset = load(sources(array(SCORES), labels, columns=columns))
    assert list(dataset.first_run.columns) == ["sex", "sex (meta.csv)"]


def test_assemble_class_groups_keep_the_known_and_list_the_others():
    groups = table({"class": ["cat", "oak"], "family": ["animal", "plant"]})
    dataset = load(sources(table(wide(SCORES)), table(wide(LABELS)), class_groups=groups))
    assert dataset.class_groups == {"cat": "animal"}
    assert any("'oak'" in notice for notice in dataset.notices)


def test_assemble_nothing_taken_for_labels_asks_for_them():
    found = sources(table(wide(SCORES)))
    with pytest.raises(InputError, match="must have a part that holds the labels"):
        load(found)


def test_label_values_lists_each_value():
    labels = LABELS.astype(float)
    labels[0, 0] = np.nan
    found = sources(array(SCORES), array(labels))
    assert [(v.value, v.count, v.meaning) for v in label_values(found, propose_mapping(found))] == [
        ("1", 5, "positive"),
        ("0", 3, "negative"),
        ("NaN", 1, "unknown"),
    ]


def test_label_values_of_lists_are_the_cells_that_name_no_class():
    found = sources(table(wide(SCORES)), table({"labels": ["dog", None, "cat|fox"]}))
    assert [(v.value, v.count, v.meaning) for v in label_values(found, propose_mapping(found))] == [
        ("NaN", 1, "negative")
    ]
