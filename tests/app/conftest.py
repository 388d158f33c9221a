"""Pages without a browser, each visitor fresh, with any data put under an address as an upload would."""

import json
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from dashboard.core import Predictions
from dashboard.inputs.dataset import Dataset
from dashboard.ui import cache
from dashboard.ui.arrays import shared_arrays
from dashboard.ui.reviews.kept import review_store
from dashboard.ui.seats import all_seats

MAIN = str(Path(__file__).parents[2] / "dashboard" / "ui" / "main.py")
PAGES = {"overview": None} | {
    name: f"app_pages/{name}.py" for name in ("classes", "thresholds", "compare", "losses", "train", "data", "reviews")
}


@pytest.fixture(autouse=True)
def _empty_caches(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_REVIEW_FOLDER", str(tmp_path / "reviews"))
    review_store.cache_clear()
    st.cache_data.clear()
    st.cache_resource.clear()
    shared_arrays.cache_clear()
    all_seats.cache_clear()


@pytest.fixture
def visit():
    """visit(page, dataset=None, **address) -> the page after its first run."""

    def open_at(page="overview", dataset: Dataset | None = None, **address) -> AppTest:
        at = AppTest.from_file(MAIN, default_timeout=60)
        if dataset is not None:
            address["data"] = cache.keep(dataset).digest[:32]
        for name, value in address.items():
            at.query_params[name] = value
        at.run()
        if PAGES[page]:
            at.switch_page(PAGES[page]).run()
        assert not at.exception, at.exception
        return at

    return open_at


def table_of(at: AppTest, key: str):
    """The DataFrame that `tables.show_table` drew under `key`."""
    return at.container(key=key).dataframe[0].value


def charts_of(at: AppTest) -> dict[str, dict]:
    """Key of each chart on the page -> what the browser gets of it, with its "revision"."""
    found = {}
    for component in at.get("bidi_component"):
        if component.proto.bytes:
            revision, _, text = component.proto.bytes.partition(b"\n")
            content = json.loads(text)
            found[content["key"]] = content | {"revision": revision.decode()}
    return found


def marks_of(at: AppTest, chart: str) -> dict[str, dict]:
    """Id of each handle of a chart -> where it lies."""
    sent = [json.loads(component.proto.json) for component in at.get("bidi_component") if component.proto.json]
    marks = next(each for each in sent if each.get("chart") == chart)["marks"]
    return {mark["id"]: mark for mark in marks}


def let_go(at: AppTest, chart: str, **release) -> AppTest:
    """Release a handle of a chart as the browser does."""
    hand = next(c for c in at.get("bidi_component") if c.proto.json and json.loads(c.proto.json).get("chart") == chart)
    revision = release.pop("revision", charts_of(at)[chart]["revision"])
    sent = {"revision": revision, "releases": [release]}
    states = at._tree.get_widget_states()
    payload = json.dumps({"event": "release", "value": sent})
    states.widgets.append(WidgetState(id=_make_trigger_id(hand.proto.id, "events"), json_trigger_value=payload))
    at._run(states)
    assert not at.exception, at.exception
    return at


def dataset_of(scores, labels, score_kind="logits", **options) -> Dataset:
    return Dataset(
        "made for a test", {"run": Predictions(np.asarray(scores), np.asarray(labels), score_kind)}, **options
    )


def degenerate_datasets() -> dict[str, Dataset]:
    """Legal inputs at the edge of meaning."""
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(12, 3))
    labels = (rng.random((12, 3)) < 0.4).astype(np.int8)
    infinite = scores.copy()
    infinite[0], infinite[1] = np.inf, -np.inf
    partly = labels.copy()
    partly[:9, 1] = -1
    return {
        "one sample": dataset_of(scores[:1], labels[:1]),
        "one class": dataset_of(scores[:, :1], labels[:, :1]),
        "one cell": dataset_of([[0.3]], [[1]], "probabilities"),
        "no positives": dataset_of(scores, np.zeros_like(labels)),
        "no negatives": dataset_of(scores, np.ones_like(labels)),
        "all equal": dataset_of(np.zeros((12, 3)), labels),
        "all unknown": dataset_of(scores, np.full_like(labels, -1)),
        "infinite": dataset_of(infinite, labels),
        "huge": dataset_of(scores * 1e30, labels),
        "as large as floats get": dataset_of(np.where(scores > 0, 1.7e308, -1.7e308), labels),
        "float32": dataset_of(scores.astype(np.float32) * 40, labels),
        "partly unknown": dataset_of(scores, partly),
        "saturated": dataset_of((scores > 0).astype(np.float32), labels, "probabilities"),
    }
