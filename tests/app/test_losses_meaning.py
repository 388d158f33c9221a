"""Meaning of 0.5: figures of perfectly trained models on screen, and thresholds moved for a run whose loss is known."""

import numpy as np
import pytest

from dashboard.core.scale import sigmoid
from dashboard.inputs.sample import read_sample
from dashboard.ui.chosen import AppliedSet
from dashboard.ui.losses.meaning_cache import CHART
from dashboard.ui.set_cache import find_set
from tests.app.conftest import charts_of, dataset_of, degenerate_datasets, table_of


@pytest.fixture
def dataset():
    rng = np.random.default_rng(3)
    logits = rng.normal(size=(400, 3)) * 2 - 1
    labels = (rng.random(logits.shape) < sigmoid(logits)).astype(np.int8)
    return dataset_of(logits + np.log(9), labels)


def set_in_force(at):
    """The set in force, as the address names it."""
    return find_set("", AppliedSet(digest=at.query_params["set"]), "run")


def _says(at, text):
    return any(text in each.value for each in (*at.markdown, *at.caption))


def test_sentence_table_and_chart_tell_what_half_means(visit, dataset):
    at = visit("losses", dataset, losses="bce_with_logits|pos_weight:pos_weight=9")
    assert _says(
        at, "says 0.5 where the true probability is **.100**; 0.5 of plain BCE corresponds to a threshold of **.900**"
    )
    assert _says(at, "Subtract 2.197 from its logits")
    table = table_of(at, "meaning_table")
    assert table["true probability at 0.5"].tolist() == [".500", ".100"]
    assert table["threshold for 0.5"].tolist() == ["0.5", "0.9"]
    names = [trace["name"] for trace in charts_of(at)[CHART]["figure"]["data"] if trace.get("showlegend") is not False]
    assert names == ["as it is", "BCE", "BCE, pos\\_weight (pos\\_weight 9)".replace("\\", "")]
    at.number_input(key="tau").set_value(0.2).run()
    assert table_of(at, "meaning_table")["threshold for 0.2"].tolist() == ["0.2", "0.6923"]


def test_nothing_is_moved_before_a_loss_is_declared(visit, dataset):
    at = visit("losses", dataset)
    assert not [button for button in at.button if button.key and button.key.startswith("apply_meaning")]


def test_a_declared_loss_moves_thresholds_once_and_can_be_undone(visit, dataset):
    at = visit("losses", dataset, losses="bce_with_logits|pos_weight:pos_weight=9")
    at.selectbox(key="trained_with_choice").select("pos_weight:pos_weight=9.0").run()
    assert at.query_params["trained_with"] == "pos_weight:pos_weight=9.0@run"
    given, read = table_of(at, "meaning_reliability")["ECE"]
    assert given > 0.2 > 0.05 > read
    assert _says(at, "the loss explains the miscalibration")
    at.button(key="apply_meaning_plain").click().run()
    header = at.container(key="header_thresholds").caption[0].value
    assert "if fully trained with BCE, pos" in header
    assert at.button(key="apply_meaning_plain").disabled
    moved = set_in_force(at).score_thresholds
    assert moved == pytest.approx(np.log(9), abs=1e-9)
    at.button(key="meaning_undo").click().run()
    assert not at.button(key="apply_meaning_plain").disabled


def test_the_samples_own_loss_is_recorded(visit):
    at = visit("losses", read_sample(), run="BCE, pos_weight")
    assert _says(at, "It is recorded that this run was trained with")
    given, read = table_of(at, "meaning_reliability")["ECE"]
    assert read < given
    at.button(key="apply_meaning_all").click().run()
    assert (
        r"each class at a true probability of 0\.5, if fully trained with"
        in at.container(key="header_thresholds").caption[0].value
    )
    assert not at.exception


def test_losses_without_a_zero_say_so(visit, dataset):
    at = visit("losses", dataset, losses="zlpr|two_way|bce_with_logits")
    notes = table_of(at, "meaning_table")["note"].tolist()
    assert "Depends on the other classes of the row" in notes[0] and "No fixed zero" in notes[1]


@pytest.mark.parametrize("name", degenerate_datasets())
def test_legal_but_empty_data(visit, name):
    at = visit("losses", degenerate_datasets()[name], trained_with="pos_weight@run")
    for key in ("apply_meaning_plain", "meaning_undo", "apply_meaning_all"):
        at.button(key=key).click().run()
        assert not at.exception, at.exception
