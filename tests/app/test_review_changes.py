"""What a proposal changes, told first of the samples that a review holds out: figures as scikit-learn has them."""

import csv
import io
import re
import zipfile

import numpy as np
import pytest
from sklearn.metrics import f1_score

from dashboard.core import Predictions, ThresholdSet
from dashboard.core.threshold_change import threshold_change
from dashboard.inputs.dataset import Dataset
from dashboard.judged_figures import thresholds_file
from dashboard.reviews import Review, ReviewData
from dashboard.reviews.tuned_on import TunedOn
from dashboard.ui import cache
from dashboard.ui.reviews import out
from dashboard.ui.reviews.kept import review_store
from tests.app.conftest import table_of

PROPOSED = np.array([0.2, 0.3, 0.6, 0.7])
HELD_OUT, HERE = "**On 120 samples of “ward B”, held out in this review:**", "On these 300 samples"


def made(number, n_samples=300, name="ward A"):
    rng = np.random.default_rng(number)
    labels = (rng.random((n_samples, 4)) < 0.4).astype(np.int8)
    columns = {"site": np.where(rng.random(n_samples) < 0.5, "east", "west")}
    p = Predictions(rng.normal(size=labels.shape) + 1.5 * labels, labels, "logits", columns=columns)
    return Dataset(name, {"run": p}, column_roles={"site": "group"})


@pytest.fixture
def dataset():
    return made(3)


@pytest.fixture
def other():
    return made(4, 120, "ward B")


def saved(dataset, other, *, thresholds=None):
    """The links of a review at 0.5 with a proposal."""
    before = ThresholdSet.from_unit(dataset.first_run, 0.5).to_json()
    held_out = None if other is None else ReviewData.of(other)
    links = review_store().save(Review("For the launch", ReviewData.of(dataset), held_out, before))
    text = thresholds or ThresholdSet.from_unit(dataset.first_run, PROPOSED).to_json()
    return links, review_store().propose(links.edit, text)


def f1(dataset, thresholds, average):
    p = dataset.first_run
    decided = ThresholdSet.from_unit(p, thresholds).predict(p)
    return f1_score(p.labels, decided, average=average)


def sentences(at) -> list[str]:
    return [each.value for each in at.markdown if "decided otherwise" in each.value]


def figures(sentence) -> list[float]:
    """micro-F1 before and now, macro-F1 before and now, as they are shown."""
    found = re.findall(r"-F1 (1?\.\d{3}) → (1?\.\d{3})", sentence)
    return [float(each) for pair in found for each in pair]


def test_a_proposal_is_told_of_the_held_out_samples_first_as_scikit_learn_has_it(visit, dataset, other):
    links, proposal = saved(dataset, other)
    at = visit("reviews", review=links.view)
    first, second = sentences(at)
    assert first.startswith(HELD_OUT) and second.startswith(f"{HERE}, on which thresholds may have been chosen:")
    for sentence, samples in ((first, other), (second, dataset)):
        expected = [f1(samples, t, average) for average in ("micro", "macro") for t in (0.5, PROPOSED)]
        assert figures(sentence) == pytest.approx(expected, abs=5.1e-4)
    shown = table_of(at, f"change_{proposal}").set_index("class").loc[list(other.first_run.class_names)]
    assert shown["F1 before"].to_numpy() == pytest.approx(f1(other, 0.5, None), abs=1e-12)
    assert shown["F1 now"].to_numpy() == pytest.approx(f1(other, PROPOSED, None), abs=1e-12)


def test_the_table_is_of_the_held_out_samples_until_somebody_wants_these(visit, dataset, other):
    links, proposal = saved(dataset, other)
    at = visit("reviews", review=links.view)
    for samples in (other, dataset):
        p = samples.first_run
        rules = (ThresholdSet.from_unit(p, t) for t in (0.5, PROPOSED))
        change = threshold_change(p, *rules, np.arange(p.n_samples)).classes
        shown = table_of(at, f"change_{proposal}").set_index("class").loc[list(p.class_names)]
        assert np.array_equal(shown["F1 before"], change.before) and np.array_equal(shown["F1 now"], change.now)
        ends = [f"[{low:+.3f}, {high:+.3f}]" for low, high in zip(*change.difference[1:], strict=True)]
        assert shown["95 % interval"].tolist() == ends
        at.segmented_control(key="judged_on").set_value("here").run()


def test_a_group_in_view_is_judged_on_the_same_group_of_the_held_out_samples(visit, dataset, other):
    links, _ = saved(dataset, other)
    first, _ = sentences(visit("reviews", review=links.view, group="site:east"))
    east = other.take(other.first_run.columns["site"] == "east")
    assert first.startswith(f"**On {east.first_run.n_samples} samples (site = east) of “ward B”")
    assert figures(first)[:2] == pytest.approx([f1(east, t, "micro") for t in (0.5, PROPOSED)], abs=5.1e-4)


def test_where_nothing_is_held_out_a_change_is_told_as_of_these_samples(visit, dataset, other):
    alone, _ = saved(dataset, None)
    at = visit("reviews", review=alone.view)
    assert len(sentences(at)) == 1 and not [each for each in at.segmented_control if each.key == "judged_on"]
    links, _ = saved(dataset, other)
    at = visit("overview", review=links.view)
    at.session_state["data"] = other.digest[:32]  # the held-out samples are those in view
    at.switch_page("app_pages/reviews.py").run()
    assert len(sentences(at)) == 1 and "ward B" in at.markdown[0].value
    assert figures(sentences(at)[0])[:2] == pytest.approx([f1(other, t, "micro") for t in (0.5, PROPOSED)], abs=5.1e-4)


def test_scores_of_the_same_samples_by_another_model_are_not_held_out(visit, dataset):
    p = dataset.first_run
    again = Dataset("another model", {"run": Predictions(p.scores[::-1], p.labels, "logits", columns=p.columns)})
    links, _ = saved(dataset, None)
    at = visit("reviews", review=links.view)
    at.session_state["opened"] = [dataset.digest[:32], cache.keep(again).digest[:32]]
    assert len(sentences(at.run())) == 1


def test_thresholds_that_were_chosen_on_another_run_are_said_to_be(visit, dataset, other):
    p, second = dataset.first_run, dataset.first_run.scores[::-1]
    runs = {"run": p, "second": Predictions(second, p.labels, "logits", columns=p.columns)}
    both = Dataset("two runs", runs, column_roles={"site": "group"})
    source = TunedOn(p, both.digest, "run")
    links, _ = saved(both, other, thresholds=thresholds_file(ThresholdSet.from_unit(p, PROPOSED), source, {}))
    assert not visit("reviews", review=links.view).warning
    (said,) = visit("reviews", review=links.view, run="second").warning
    assert said.value == "Judged on the run “second”, but chosen on the run “run”."
    assert len(sentences(visit("reviews", review=links.view, run="second"))) == 1  # the held-out scores are of “run”
    assert len(sentences(visit("reviews", review=links.view))) == 2


def test_what_is_held_out_is_chosen_when_a_review_is_saved(visit, dataset, other):
    older, store = made(5, 90, "ward C"), review_store()
    at = visit("reviews", dataset)
    at.session_state["opened"] = [cache.keep(each).digest[:32] for each in (older, dataset, other)]
    at.run()
    choice = at.selectbox(key="review_held_out")
    assert choice.options == ["ward B", "ward C", "none"] and choice.value == 0
    for place, kept in ((1, older.digest), (2, None), (0, other.digest)):
        at.selectbox(key="review_held_out").set_value(place)
        next(each for each in at.button if each.label == "Save and make links").click().run()
        opened = at.session_state["review"]
        assert store.load(opened.link, arrays=False).held_out_digest == kept
        assert opened.data == (dataset.digest[:32], *([] if kept is None else [kept[:32]]))
        at.button(key="close_review").click().run()


def test_thresholds_that_were_tuned_on_the_held_out_samples_are_said_to_be(visit, dataset, other):
    p = other.first_run
    source = TunedOn(p, other.digest, "run")
    links, _ = saved(dataset, other, thresholds=thresholds_file(ThresholdSet.from_unit(p, PROPOSED), source, {}))
    at = visit("reviews", review=links.view)
    assert "on which thresholds here were chosen:**" in sentences(at)[0]
    assert any("flattered by them" in each.value for each in at.caption)


def test_what_a_decision_changed_can_be_seen_after_it(visit, dataset, other):
    links, proposal = saved(dataset, other)
    review_store().accept(links.edit, proposal, 1)
    at = visit("reviews", review=links.view)
    at.session_state["review_tab"] = "Since the decision"
    at.run()
    assert not sentences(at) and any("nothing has changed since" in each.value for each in at.caption)
    at.session_state["by_decision_panel"] = True
    first, second = sentences(at.run())
    for sentence, samples in ((first, other), (second, dataset)):
        expected = [f1(samples, t, average) for average in ("micro", "macro") for t in (0.5, PROPOSED)]
        assert figures(sentence) == pytest.approx(expected, abs=5.1e-4)


def test_since_the_decision_and_the_report_tell_of_the_held_out_samples_first(visit, dataset, other, monkeypatch):
    made = {}
    monkeypatch.setattr(out, "_button", lambda label, make, *rest: made.update({label: make}))
    links, proposal = saved(dataset, other)
    store = review_store()
    store.accept(links.edit, store.propose(links.edit, store.load(links.edit).thresholds), 1)
    at = visit("overview", review=links.view)
    at.number_input(key="threshold_field_unit").set_value(0.7).run()
    at.switch_page("app_pages/reviews.py").run()
    at.session_state["review_tab"] = "Since the decision"
    assert sentences(at.run())[0].startswith(HELD_OUT)
    shown = table_of(at, "since_decision").set_index("class")
    at.session_state["review_tab"] = "Report"
    at.run()
    at.segmented_control(key="report_which").set_value("in_force").run()
    with zipfile.ZipFile(io.BytesIO(made["Everything, tables as CSV"]())) as zipped:
        rows = list(csv.DictReader(io.StringIO(zipped.read("tables/changes.csv").decode())))
        html = zipped.read("report.html").decode()
    expected = dict(zip(other.first_run.class_names, f1(other, 0.7, None), strict=True))
    here = dict(zip(dataset.first_run.class_names, f1(dataset, 0.7, None) - f1(dataset, 0.5, None), strict=True))
    assert len(rows) == 4
    for row in rows:
        assert float(row["F1 now"]) == pytest.approx(expected[row["class"]], abs=1e-12)
        assert float(row["F1 now"]) == shown.loc[row["class"], "F1 now"]
        assert float(row["change of F1, these samples"]) == pytest.approx(here[row["class"]], abs=1e-12)
    assert "Since the last decision, on held-out samples" in html
    assert '<p class="note">On 120 samples of “ward B”, held out in this review: ' in html
    at.segmented_control(key="report_which").set_value("accepted").run()
    html = made["Report (HTML)"]()
    assert "Since the last decision" not in html and "What the last decision changed" not in html  # the same as before
    store.accept(links.edit, proposal, 2)
    at.run()
    html = made["Report (HTML)"]()
    assert "What the last decision changed, on held-out samples" in html
    assert all(f"{each:.3f}" in html for each in f1(other, PROPOSED, None) - f1(other, 0.5, None))
