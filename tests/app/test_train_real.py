"""One small training for real: from the form to the figures of its runs on Overview."""

import time

import pytest

from dashboard.core import metrics
from dashboard.settings import Settings
from dashboard.training.jobs import JobRegistry
from dashboard.ui.wording import short
from tests.app.conftest import table_of
from tests.app.test_train import _ranked, _says, _text


@pytest.fixture
def registry(tmp_path, monkeypatch):
    made = JobRegistry(Settings(training_folder=tmp_path))
    monkeypatch.setattr("dashboard.training.jobs.job_registry", lambda: made)
    yield made
    made.close()


def _until_it_has_ended(registry, id):
    deadline = time.monotonic() + 120
    while (status := registry.status(id)).is_live:
        assert time.monotonic() < deadline, status
        time.sleep(0.1)
    return status


def test_from_the_form_to_overview(visit, registry):
    at = visit("train")
    at.segmented_control(key="train_data").set_value("generated").run()
    at.segmented_control(key="train_model of generated").set_value("linear").run()
    at.number_input(key="train_data.generated.n_samples").set_value(300).run()
    at.number_input(key="train_data.generated.n_classes").set_value(4).run()
    at.number_input(key="train_linear.epochs").set_value(2).run()
    at.button(key="train_start").click().run()
    id = at.query_params["job"]
    id = id[0] if isinstance(id, list) else id
    status = _until_it_has_ended(registry, id)
    assert status.state == "finished", status.message
    at.run()
    assert not at.exception, at.exception
    table = table_of(at, "train_table")
    assert table["variant"].tolist() == ["BCE", "Focal", "ASL"]
    assert table["mAP"].tolist() == [each.mean_average_precision for each in status.reports[-1].variants]
    trained = registry.runs(id)
    at.button(key="open_test").click().run()
    at.switch_page("app_pages/overview.py").run()
    assert _says(at, "**Trained: Linear model on generated data, 3 variants (test)**")
    counts = _ranked(trained.runs["bce_with_logits"].logits["test"], trained.parts["test"].labels).counts(0.5)
    assert f"micro-F1 **{short(float(metrics.f_beta(counts, average='micro')[0]))}**" in _text(at)
