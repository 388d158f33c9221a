"""The Data page: uploads of every kind of trouble, corrections, and numbers that change only when they should."""

import io

import numpy as np
import pandas as pd
import pytest

from dashboard.inputs import Dataset, read_predictions
from dashboard.inputs.sample import SAMPLE_FOLDER
from tests.app.conftest import degenerate_datasets, table_of


def _csv(array, names, ids=None) -> bytes:
    table = pd.DataFrame(array, columns=names)
    if ids is not None:
        table.insert(0, "id", ids)
    return table.to_csv(index=False).encode()


def _npy(array) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@pytest.fixture
def scores():
    return np.random.default_rng(1).normal(size=(40, 3)).round(3)


@pytest.fixture
def labels(scores):
    return (scores + np.random.default_rng(2).normal(size=scores.shape) > 0.5).astype(int)


def _upload(at, scores: dict[str, bytes], labels: bytes | None = None, kind: str | None = "logits"):
    for name, content in scores.items():
        at.file_uploader(key="upload_scores").upload(name, content)
    if labels is not None:
        at.file_uploader(key="upload_labels").upload("labels.csv", labels)
    at.run()
    assert not at.exception, at.exception
    if kind is not None:
        for radio in [each for each in at.radio if each.key.startswith("kind_")]:
            radio.set_value(kind)
        at.run()
        assert not at.exception, at.exception
    return at


def _use(at):
    at.button(key="use_data").click().run()
    assert not at.exception, at.exception
    return at


def test_an_upload_is_checked_then_used(visit, scores, labels):
    names = ["a", "b", "c"]
    scores_csv, labels_csv = _csv(scores, names), _csv(labels, names)
    at = _upload(visit("data"), {"scores.csv": scores_csv}, labels_csv)
    assert table_of(at, "offered_classes")["positives"].tolist() == labels.sum(axis=0).tolist()
    used = _use(at)
    p = read_predictions(scores_csv, labels_csv, "logits")
    digest = Dataset("scores.csv", {"scores": p}).digest
    assert any(digest[:12] in each.value and "40 samples" in each.value for each in used.caption)
    assert used.query_params["data"] == digest[:32]


def test_nothing_loads_before_the_kind_is_declared(visit, scores, labels):
    at = _upload(visit("data"), {"scores.csv": _csv(scores, list("abc"))}, _csv(labels, list("abc")), kind=None)
    assert "must be declared" in at.warning[0].value
    assert not [button for button in at.button if button.key == "use_data"]
    assert any("look like logits" in each.value for each in at.caption)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00}\x94.", "ickle"),
        (b"a,b,c\n" + b"1,2,3\n" * 39 + b"1,2,x\n", "'x'"),
        (b"\x93NUMPY\x01\x00", "scores"),
    ],
)
def test_a_bad_file_shows_one_sentence_and_keeps_what_was_loaded(visit, labels, content, words):
    at = visit("data")
    before = table_of(at, "in_view_classes")
    _upload(at, {"scores.csv": content}, _csv(labels, list("abc")))
    assert len(at.error) == 1 and words in at.error[0].value.replace("\\", "")
    assert table_of(at, "in_view_classes").equals(before)


def test_minus_one_without_zero_is_asked(visit, scores, labels):
    signs = np.where(labels == 1, 1, -1)
    at = _upload(visit("data"), {"scores.npy": _npy(scores)}, _csv(signs, list("abc")))
    assert "-1 means negative or unknown" in at.warning[0].value.replace("\\", "")
    question = next(radio for radio in at.radio if radio.key.startswith("ask_minus_one"))
    question.set_value("negative").run()
    assert table_of(at, "offered_classes")["negatives"].tolist() == (labels == 0).sum(axis=0).tolist()


def test_soft_labels_are_cut_where_the_user_says(visit, scores):
    soft = np.random.default_rng(4).random(scores.shape).round(2)
    at = _upload(visit("data"), {"scores.npy": _npy(scores)}, _csv(soft, list("abc")))
    question = next(field for field in at.number_input if field.key.startswith("ask_soft_cut"))
    question.set_value(0.7).run()
    assert table_of(at, "offered_classes")["positives"].tolist() == (soft >= 0.7).sum(axis=0).tolist()


def test_class_indices_are_taken_as_such_only_when_said(visit, scores):
    index = np.random.default_rng(5).integers(0, 3, len(scores))
    index[:3] = [0, 1, 2]
    at = _upload(visit("data"), {"scores.npy": _npy(scores)}, _csv(index[:, None], ["label"]))
    question = next(radio for radio in at.radio if radio.key.startswith("ask_label_layout"))
    question.set_value("index").run()
    assert not at.exception
    assert table_of(at, "offered_classes")["positives"].tolist() == np.bincount(index).tolist()


def test_rows_and_columns_are_joined_by_name(visit, scores, labels):
    ids = np.array([f"s{i}" for i in range(len(scores))])
    shuffled = np.random.default_rng(6).permutation(len(scores))
    labels_csv = _csv(labels[shuffled][:, [2, 0, 1]], ["c", "a", "b"], ids[shuffled])
    at = _upload(visit("data"), {"scores.csv": _csv(scores, list("abc"), ids)}, labels_csv)
    shown = table_of(at, "offered_classes").set_index("class")["positives"]
    assert shown.to_dict() == dict(zip("abc", labels.sum(axis=0), strict=True))


def test_two_runs_share_the_labels(visit, scores, labels):
    files = {"first.npy": _npy(scores), "second.npy": _npy(scores + 1)}
    used = _use(_upload(visit("data"), files, _csv(labels, list("abc"))))
    assert used.selectbox(key="run_choice").options == ["first", "second"]


def test_back_to_the_sample(visit, scores, labels):
    used = _use(_upload(visit("data"), {"scores.npy": _npy(scores)}, _csv(labels, list("abc"))))
    used.switch_page("app_pages/data.py").run()
    used.button(key="sample_validation").click().run()
    assert any("handwritten digits" in each.value for each in used.markdown)


def test_the_templates_load_as_they_are(visit):
    at = visit("data")
    scores = (SAMPLE_FOLDER / "validation_scores_bce.csv").read_bytes()
    _upload(at, {"scores.csv": scores}, (SAMPLE_FOLDER / "validation_labels.csv").read_bytes())
    offered, in_view = table_of(at, "offered_classes"), table_of(at, "in_view_classes")
    assert offered["positives"].tolist() == in_view["positives"].tolist()


def test_a_class_hardly_known_is_warned_of_on_every_page(visit):
    dataset = degenerate_datasets()["partly unknown"]
    for page in ("overview", "classes", "data"):
        at = visit(page, dataset=dataset)
        assert any("Under half of the labels are known for 1 class" in each.value for each in at.warning)


def test_data_opened_before_is_a_click_away(visit):
    at = visit("data")
    first = at.session_state["data"]
    at.button(key="sample_test").click().run()
    at.switch_page("app_pages/data.py").run()
    assert at.session_state["data"] != first
    at.button(key=f"opened_{first}").click().run()
    assert at.session_state["data"] == first
    at.switch_page("app_pages/data.py").run()
    assert not [button for button in at.button if button.key == f"opened_{first}"]
