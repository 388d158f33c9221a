"""Training on a visitor's own files: what has to be said first, what was understood, and what reaches the training."""

import io

import numpy as np
import pytest
import streamlit as st

from dashboard.inputs.feature_conversion import FeatureConversion
from dashboard.ui import state, upload_cache
from dashboard.ui.file_upload.settings import UploadSettings
from dashboard.ui.file_upload.store import UploadStore
from dashboard.ui.training import own_tables
from tests.app.test_train import ID, _says
from tests.app.trainings import StandIn

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(60, 2)).round(3)
LABELS = (FEATURES + RNG.normal(size=(60, 2)) > 0).astype(int)


def _csv(features=FEATURES) -> bytes:
    rows = [
        f"{a},{b},{'xyz'[row % 3]},{p},{q}" for row, ((a, b), (p, q)) in enumerate(zip(features, LABELS, strict=True))
    ]
    return "\n".join(["height,weight,site,tall,heavy", *rows]).encode()


@pytest.fixture
def registry(monkeypatch):
    made = StandIn()
    monkeypatch.setattr("dashboard.training.jobs.job_registry", lambda: made)
    return made


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    made = UploadStore(UploadSettings(folder=tmp_path))
    for module in ("training.own_files", "training.own_tables", "training.file_fields", "panels.large_files"):
        monkeypatch.setattr(f"dashboard.ui.{module}.upload_store", lambda: made)
    yield made
    made.close()


def _upload(at, role, name, content):
    at.file_uploader(key=f"train_upload_{role}_0").upload(name, content).run()
    assert not at.exception, at.exception


def _button(at, label):
    return next(each for each in at.button if each.label == label)


@pytest.fixture
def page(visit, registry):
    at = visit("train")
    at.segmented_control(key="train_data").set_value("files").run()
    return at


def _small_batches(at):
    at.number_input(key="train_mlp.batch_size").set_value(8).run()


def _choose_labels(at):
    _small_batches(at)
    next(each for each in at.multiselect if each.label == "Columns that are labels").set_value(["tall", "heavy"]).run()
    _button(at, "These are the labels").click().run()


def test_a_table_asks_for_its_labels_and_then_trains(page, registry):
    assert page.button(key="train_start").disabled
    _upload(page, "features", "people.csv", _csv())
    assert _says(page, "which columns of 'people.csv' are labels")
    assert page.button(key="train_start").disabled
    _choose_labels(page)
    assert _says(page, "**60 samples**") and _says(page, "2 classes")
    assert not page.button(key="train_start").disabled
    page.button(key="train_start").click().run()
    assert registry.jobs[ID].plan.data.kind == "files"
    assert registry.data.class_names == ("tall", "heavy")
    assert sum(part.n_samples for part in registry.data.parts.values()) == 60


def test_a_batch_larger_than_what_is_left_to_train_on_is_told_before_the_start(page, registry):
    _upload(page, "features", "people.csv", _csv())
    page.multiselect[0].set_value(["tall", "heavy"]).run()
    _button(page, "These are the labels").click().run()
    assert _says(page, "got a batch size of 64 and 36 samples: choose at most 36.")
    assert page.button(key="train_start").disabled
    page.button(key="train_smaller_batch").click().run()
    assert page.number_input(key="train_mlp.batch_size").value == 36
    assert not page.button(key="train_start").disabled and not page.error


def test_the_last_columns_can_be_the_labels(page):
    _upload(page, "features", "people.csv", _csv())
    next(each for each in page.number_input if each.label == "Or so many of the last columns").set_value(2).run()
    assert _says(page, "**60 samples**") and _says(page, "2 classes")


def test_a_wrong_answer_can_be_taken_back(page):
    _upload(page, "features", "people.csv", _csv())
    next(each for each in page.number_input if each.label == "Or so many of the last columns").set_value(9).run()
    assert _says(page, "The number of labels must leave a feature")
    page.button(key="train_choose_anew").click().run()
    _choose_labels(page)
    assert _says(page, "**60 samples**")


def test_a_column_can_be_a_group_instead_of_a_feature(page, registry):
    _upload(page, "features", "people.csv", _csv())
    _choose_labels(page)
    assert _says(page, "5 inputs")
    next(each for each in page.multiselect if "no features" in each.label).set_value(["site"]).run()
    assert _says(page, "2 inputs")
    page.button(key="train_start").click().run()
    assert set(registry.data.test.columns["site"]) <= set("xyz")


def test_the_files_stay_after_another_page_and_go_when_removed(page, store):
    _upload(page, "features", "people.csv", _csv())
    page.switch_page("app_pages/losses.py").run()
    page.switch_page("app_pages/train.py").run()
    assert _says(page, "**people.csv**")
    page.button(key="train_remove_features").click().run()
    assert not _says(page, "people.csv")
    assert page.button(key="train_start").disabled
    assert not list(store.folder.glob("*.file"))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("people.csv", b"a,b\nx,y\n", "Some columns of 'people.csv' must be labels"),
        ("people.npz", b"PK\x03\x04 not really", "people.npz"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(page, name, content, sentence):
    _upload(page, "features", name, content)
    assert _says(page, sentence)
    assert len(page.error) == 1
    assert page.button(key="train_start").disabled


def test_what_cannot_be_trained_on_is_told_in_a_sentence(page):
    _upload(page, "features", "people.csv", b"\n".join(_csv().split(b"\n")[:3]))
    _choose_labels(page)
    assert len(page.error) == 1
    assert page.button(key="train_start").disabled


def _npz(features=FEATURES, **more) -> bytes:
    stored = io.BytesIO()
    np.savez(stored, features=features, labels=LABELS, **more)
    return stored.getvalue()


@pytest.fixture
def conversions(monkeypatch):
    """What is read in a process, by the names of its files."""
    made = []

    class Counted(FeatureConversion):
        def __init__(self, files, options, **how):
            made.append([name for name, _ in files.values()])
            super().__init__(files, options, **how)

    monkeypatch.setattr("dashboard.ui.training.own_tables.FeatureConversion", Counted)
    return made


def test_what_can_unpack_is_read_in_a_process_once_and_then_trains(page, registry, conversions, store):
    _small_batches(page)
    _upload(page, "features", "people.npz", _npz())
    assert _says(page, "**60 samples**") and not page.button(key="train_start").disabled
    page.run()
    page.button(key="train_start").click().run()
    assert registry.data.train.inputs.dtype == np.float32
    assert sum(part.n_samples for part in registry.data.parts.values()) == 60
    assert conversions == [["people.npz"]]
    assert not list(store.folder.glob("reading-*"))


def test_a_small_table_is_read_in_place(page, conversions):
    _upload(page, "features", "people.csv", _csv())
    _choose_labels(page)
    assert _says(page, "**60 samples**")
    assert conversions == []


def test_a_fault_found_in_the_process_is_told_once_and_loses_nothing(page, conversions):
    _small_batches(page)
    _upload(page, "features", "people.npz", _npz())
    _upload(page, "validation", "broken.npz", _npz()[:-30])
    for _ in range(2):
        page.run()
        assert len(page.error) == 1
        assert "'broken.npz' must be a complete zip archive" in page.error[0].value.replace("\\", "")
        assert page.button(key="train_start").disabled
    assert conversions == [["people.npz"], ["people.npz", "broken.npz"]]
    page.button(key="train_remove_validation").click().run()
    assert _says(page, "**60 samples**") and not page.error
    assert len(conversions) == 2  # what was read before is still there


def test_a_question_that_comes_up_in_the_process_is_asked(page, conversions):
    stored = io.BytesIO()
    np.savez(stored, features=FEATURES, other=LABELS)
    _upload(page, "features", "people.npz", stored.getvalue())
    asked = next(each for each in page.radio if each.label == "Your choice")
    asked.set_value("other").run()
    assert _says(page, "**60 samples**")
    assert len(conversions) == 2


def test_stopping_the_reading_is_said_and_can_be_taken_back(page, conversions, monkeypatch):
    waiting = FeatureConversion.wait

    def stopped(self, seconds):
        state.remember("train_reading_stopped", self.own_key)  # what the button's callback remembers
        st.rerun()

    monkeypatch.setattr(own_tables, "_conversion", lambda own, make=own_tables._conversion: _marked(make(own), own))
    monkeypatch.setattr(FeatureConversion, "wait", stopped)
    _upload(page, "features", "people.npz", _npz())
    assert _says(page, "Reading was stopped; nothing has changed.")
    assert page.button(key="train_start").disabled
    monkeypatch.setattr(FeatureConversion, "wait", waiting)
    page.button(key="train_read_again").click().run()
    assert _says(page, "**60 samples**")


def _marked(conversion, own):
    conversion.own_key = own.key
    return conversion


def test_a_table_that_was_let_go_is_read_again_when_the_training_starts(page, registry, conversions):
    _small_batches(page)
    _upload(page, "features", "people.npz", _npz())
    id = next(iter(page.session_state["kept:train_file_features"].split()))
    upload_cache.forget_content(id)
    page.button(key="train_start").click().run()
    assert registry.jobs[ID].plan.data.kind == "files"
    assert len(conversions) == 2
