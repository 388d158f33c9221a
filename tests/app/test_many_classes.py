"""With 1,200 classes a page shows a hundred rows; sorting, ticks, filters and downloads are of all of them."""

import io

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import classification_report, precision_recall_fscore_support

from dashboard.core import Predictions
from dashboard.inputs.dataset import Dataset
from dashboard.ui.tables import to_csv
from tests.app.conftest import table_of
from tests.app.test_classes import _drawn, _text, _tick

N_CLASSES = 1_200


@pytest.fixture(scope="module")
def dataset():
    rng = np.random.default_rng(5)
    labels = (rng.random((40, N_CLASSES)) < np.linspace(0.6, 0.0, N_CLASSES)).astype(np.int8)
    scores = (rng.normal(size=labels.shape) + labels).astype(np.float32)
    groups = {f"class {i}": "even" if i % 2 == 0 else "odd" for i in range(N_CLASSES)}
    return Dataset("many", {"run": Predictions(scores, labels, "logits")}, class_groups=groups)


@pytest.fixture
def downloads(monkeypatch):
    """Key of a table -> the function that makes its CSV."""
    made = {}
    for module in ("paged_table", "tables"):
        monkeypatch.setattr(f"dashboard.ui.{module}.show_download", lambda make, key, name: made.update({key: make}))
    return made


def _f1(dataset, threshold=0.5):
    p = dataset.first_run
    predicted = p.scores >= np.float32(np.log(threshold / (1 - threshold)))
    return precision_recall_fscore_support(p.labels, predicted, zero_division=np.nan)[2]


def _sort(at, by, direction):
    at.selectbox(key="class_table_sort").select(by).run()
    return at.segmented_control(key="class_table_direction").set_value(direction).run()


def _names(at, key="class_table", column="class"):
    return table_of(at, key)[column].tolist()


def test_classes_come_a_hundred_at_a_time_most_positives_first(visit, dataset):
    order = np.argsort(-dataset.first_run.support, kind="stable")
    at = visit("classes", dataset)
    assert _names(at) == [f"class {i}" for i in order[:100]]
    at.pagination[0].select(12).run()
    assert _names(at) == [f"class {i}" for i in order[1100:]]


@pytest.mark.parametrize(("direction", "sign"), [("descending", -1), ("ascending", 1)])
def test_sorting_by_a_metric_is_over_all_classes_and_follows_the_threshold(visit, dataset, direction, sign):
    at = _sort(visit("classes", dataset), "F1", direction)
    for threshold in (0.5, 0.8):
        at.slider[0].set_value(threshold).run()
        f1 = _f1(dataset)
        f1[dataset.first_run.class_names.index(_focus(at))] = _f1(dataset, threshold)[_index(dataset, _focus(at))]
        shown = table_of(at, "class_table")["F1"].to_numpy()
        np.testing.assert_allclose(shown, sign * np.sort(sign * f1)[:100], rtol=1e-12)


def _focus(at):
    return f"class {at.selectbox(key='focus_class').value}"


def _index(dataset, name):
    return dataset.first_run.class_names.index(name)


def test_ticks_on_one_page_keep_those_on_another(visit, dataset):
    first = int(np.argmax(dataset.first_run.support))
    at = visit("classes", dataset, classes=str(first))
    at.pagination[0].select(2).run()
    names = _names(at)
    one, other = (_index(dataset, names[row]) for row in (0, 5))
    _tick(at, names[0], names[5])
    assert _drawn(at) == [first, one, other] and at.pagination[0].value == 2
    _tick(at, names[5])
    assert _drawn(at) == [first, other]
    at.pagination[0].select(1).run()
    assert at.session_state["class_table_rows"]["selection"]["rows"] == [0]
    _tick(at)
    assert _drawn(at) == [other]


def test_ticks_stay_with_their_classes_when_the_table_is_sorted(visit, dataset):
    at = _sort(visit("classes", dataset, classes="3"), "class", "ascending")
    assert _names(at)[:3] == ["class 0", "class 1", "class 10"]
    _tick(at, "class 10", *({"class 3"} & set(_names(at))))
    assert _drawn(at) == [3, 10]


def test_a_filter_leads_to_the_first_page_and_the_search_is_over_all_pages(visit, dataset):
    at = visit("classes", dataset)
    at.pagination[0].select(5).run()
    at.selectbox(key="class_group").select("odd").run()
    assert at.pagination[0].value == 1 and at.pagination[0].num_pages == 6
    at.text_input(key="class_search").set_value("class 119").run()
    assert set(_names(at)) == {"class 119", "class 1191", "class 1193", "class 1195", "class 1197", "class 1199"}
    assert not at.pagination


def test_a_page_is_kept_while_a_threshold_moves(visit, dataset):
    at = visit("classes", dataset)
    at.pagination[0].select(3).run()
    shown = _names(at)
    at.slider[0].set_value(0.7).run()
    assert at.pagination[0].value == 3 and _names(at) == shown


def test_the_csv_of_classes_is_whole_filtered_and_sorted(visit, dataset, downloads):
    at = visit("classes", dataset)
    at.selectbox(key="class_group").select("odd").run()
    at = _sort(at, "F1", "ascending")
    whole = pd.read_csv(io.BytesIO(to_csv(downloads["class_table"]())))
    assert len(whole) == 600 and set(whole["group"]) == {"odd"}
    np.testing.assert_array_equal(whole["F1"], np.sort(_f1(dataset)[1::2]))


def test_the_report_is_paged_with_its_averages_and_downloaded_whole(visit, dataset, downloads):
    p = dataset.first_run
    at = visit(dataset=dataset)
    shown = table_of(at, "report").set_index("class or average")
    assert list(shown.index[4:]) == list(p.class_names[:100])
    expected = classification_report(p.labels, p.scores >= 0, output_dict=True, zero_division=0)
    for average in ("micro avg", "macro avg", "weighted avg", "samples avg"):
        assert shown.loc[average, "F1"] == pytest.approx(expected[average]["f1-score"], rel=1e-6)
    assert len(pd.read_csv(io.BytesIO(to_csv(downloads["report"]())))) == N_CLASSES + 4
    assert not at.code, "a text of 1,200 lines was drawn unasked"


def test_the_report_sorted_by_a_metric_starts_with_the_worst_of_all_classes(visit, dataset):
    at = visit(dataset=dataset)
    at.selectbox(key="report_sort").select("support").run()
    at.segmented_control(key="report_direction").set_value("ascending").run()
    shown = table_of(at, "report")["support"].to_numpy()[4:]
    np.testing.assert_array_equal(shown, np.sort(dataset.first_run.support)[:100])


def test_the_input_check_is_paged(visit, dataset, downloads):
    at = visit("data", dataset)
    assert _names(at, "in_view_classes") == [f"class {i}" for i in range(100)]
    assert "Rows 1 to 100 of 1,200." in _text(at)
    assert len(pd.read_csv(io.BytesIO(to_csv(downloads["in_view_classes"]())))) == N_CLASSES


def test_the_field_of_drawn_classes_does_not_send_every_name(visit, dataset):
    at = visit("classes", dataset, classes="7,900")
    field = at.multiselect(key="drawn_classes")
    assert (field.value, field.options) == ([7, 900], ["class 7", "class 900"])
    field.set_value([900]).run()
    assert _drawn(at) == [900]
