"""The samples behind the numbers: core's lists, page by page; one sample opened; what a file of a list holds."""

import json

import numpy as np
import pandas as pd
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from dashboard.core import Predictions, RankedScores, ThresholdSet
from dashboard.core.flips import FlipCounts, flips_per_sample
from dashboard.core.sample_cells import sample_cells
from dashboard.core.sample_lists import flipped_samples, outcome_samples
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.media import Medium, media_folder
from dashboard.inputs.png import png_bytes
from dashboard.ui import cache
from dashboard.ui.address import Group
from dashboard.ui.panels import samples as panel
from dashboard.ui.panels.sample_list import Listing
from dashboard.ui.panels.sample_table import samples_table
from dashboard.ui.tables import to_csv
from dashboard.ui.view import View
from tests.app.conftest import dataset_of, degenerate_datasets, table_of

ROLES = {"group": "group"}
SMALL = png_bytes(np.zeros((4, 4), np.uint8))


def _predictions(n_samples=300, **columns):
    rng = np.random.default_rng(5)
    labels = (rng.random((n_samples, 4)) < [0.5, 0.3, 0.2, 0.1]).astype(np.int8)
    labels[rng.random(labels.shape) < 0.05] = -1
    scores = np.round(rng.normal(size=labels.shape) + 2 * (labels == 1) - 1, 1).astype(np.float32)
    ids = np.array([f"s-{row:03d}" for row in range(n_samples)])
    return Predictions(scores, labels, "logits", ["ant", "bee", "cat", "=dog"], ids, columns or None)


@pytest.fixture
def dataset():
    return Dataset("made for a test", {"run": _predictions(group=np.array(["a", "b", "c"] * 100))}, column_roles=ROLES)


def _choose(at, kind):
    at.segmented_control(key="samples").set_value(kind).run()
    assert not at.exception, at.exception
    return at


def _rows(at):
    """Positions of the samples shown, by their ids."""
    return [int(name.removeprefix("s-")) for name in table_of(at, panel.TABLE)["sample"]]


def _labels(at):
    """The kinds to choose from, each with its number."""
    options = at.segmented_control(key="samples").options
    return {text.split(" · ")[0]: int(text.split(" · ")[1].replace(",", "")) for text in options}


def _select(at, position):
    """A row of the list ticked (None: unticked), reported as the browser does."""
    table = at.container(key=panel.TABLE).dataframe[0]
    states = at._tree.get_widget_states()
    rows = [] if position is None else [position]
    selection = {"selection": {"rows": rows, "columns": [], "cells": []}}
    states.widgets.append(WidgetState(id=table.proto.id, string_value=json.dumps(selection)))
    at._run(states)
    assert not at.exception, at.exception
    return at


def _opened(at):
    """The bold name of the opened sample, or None."""
    try:
        return at.container(key="sample_detail").markdown[0].value.replace("\\", "").replace("*", "")
    except (KeyError, ValueError):
        return None


def _text(at):
    return " ".join(element.value.replace("\\", "") for element in [*at.markdown, *at.caption])


@pytest.mark.parametrize("kind", ["fp", "fn", "tp", "tn"])
def test_first_page_is_cores_with_scores_labels_and_class_names(visit, dataset, kind):
    p = dataset.first_run
    at = _choose(visit("classes", dataset, focus="1", t="0.4"), kind)
    threshold = ThresholdSet.from_unit(p, 0.4).score_thresholds[1]
    expected = outcome_samples(p, 1, threshold, kind, 0, panel.PAGE)
    shown = table_of(at, panel.TABLE)
    assert _rows(at) == expected.rows.tolist()
    assert f"{expected.total:,} samples" in _text(at)
    np.testing.assert_array_equal(shown["logit"], p.scores[expected.rows, 1])
    np.testing.assert_allclose(shown["score (0-1)"], 1 / (1 + np.exp(-p.scores[expected.rows, 1].astype(float))))
    np.testing.assert_allclose(shown["distance"], p.scores[expected.rows, 1].astype(float) - float(threshold))
    np.testing.assert_array_equal(shown["label"], p.labels[expected.rows, 1])
    names = np.array(p.class_names)
    for column, chosen in (("true classes", p.labels == 1), ("predicted classes", p.scores >= threshold)):
        listed = ["; ".join(names[chosen[row]][:3]) for row in expected.rows]
        assert [text.split("; and ")[0] for text in shown[column]] == listed
    assert shown["group"].tolist() == p.columns["group"][expected.rows].tolist()


def test_every_kind_tells_the_count_of_the_decisions_table(visit, dataset):
    at = visit("classes", dataset, focus="2", t="0.3")
    row = table_of(at, "class_decisions").iloc[0]
    expected = {"False alarms": row["fp"], "Misses": row["fn"], "Found": row["tp"], "Correctly left out": row["tn"]}
    numbers = _labels(at)
    flips = numbers.pop("Flips")
    assert numbers == expected
    p = dataset.first_run
    thresholds = [ThresholdSet.from_unit(p, t).score_thresholds[2] for t in (0.5, 0.3)]
    assert flips == flipped_samples(p, 2, *thresholds).total > 0


def test_pages_follow_each_other_and_another_list_begins_at_its_first(visit, dataset):
    at = _choose(visit("classes", dataset, focus="0"), "tn")
    p = dataset.first_run
    whole = outcome_samples(p, 0, ThresholdSet.from_unit(p, 0.5).score_thresholds[0], "tn").rows.tolist()
    at.pagination[0].set_value(2).run()
    assert _rows(at) == whole[25:50]
    _choose(at, "tp")
    assert at.pagination[0].value == 1
    _choose(at, "tn")
    assert _rows(at) == whole[:25]


def test_a_page_stays_when_the_threshold_moves_and_is_the_last_of_a_shorter_list(visit, dataset):
    p = dataset.first_run
    at = _choose(visit("classes", dataset, focus="0"), "tp")
    at.pagination[0].set_value(3).run()
    at.number_input(key="own_0_field_unit").set_value(0.45).run()
    at_threshold = ThresholdSet.from_unit(p, 0.45).score_thresholds[0]
    assert _rows(at) == outcome_samples(p, 0, at_threshold, "tp", 50, 25).rows.tolist()
    at.number_input(key="own_0_field_unit").set_value(0.85).run()
    shorter = outcome_samples(p, 0, ThresholdSet.from_unit(p, 0.85).score_thresholds[0], "tp").rows.tolist()
    assert 25 < len(shorter) <= 50
    assert at.pagination[0].value == 2
    assert _rows(at) == shorter[25:]


@pytest.mark.parametrize(("against", "before"), [("half", 0.5), ("common", 0.3), ("best", None), ("typed", 0.8)])
def test_flips_are_cores_whatever_they_are_compared_with(visit, dataset, against, before):
    p = dataset.first_run
    at = _choose(visit("classes", dataset, focus="0", t="0.3", own="0:0.6"), "flips")
    at.selectbox(key="flip_against").set_value(against).run()
    if against == "typed":
        at.number_input(key="flip_value").set_value(0.8).run()
    if before is None:
        low = RankedScores.from_predictions(p).best_f_beta().score_thresholds[0]
    else:
        low = ThresholdSet.from_unit(p, before).score_thresholds[0]
    expected = flipped_samples(p, 0, low, ThresholdSet.from_unit(p, 0.6).score_thresholds[0], 0, 25)
    assert _rows(at) == expected.rows.tolist() and expected.total > 0
    assert _labels(at)["Flips"] == expected.total
    now = "lost" if low < ThresholdSet.from_unit(p, 0.6).score_thresholds[0] else "gained"
    words = {1: f"positive {now}", 0: {"lost": "false alarm removed", "gained": "false alarm added"}[now]}
    assert table_of(at, panel.TABLE)["flip"].tolist() == [words[label] for label in p.labels[expected.rows, 0]]


def test_nothing_flips_against_the_same_threshold(visit, dataset):
    at = _choose(visit("classes", dataset, focus="0"), "flips")
    assert "Nothing flips against 0.5" in _text(at)


def test_flips_of_all_classes_count_per_class_and_per_sample(visit, dataset):
    p = dataset.first_run
    at = _choose(visit("classes", dataset, t="0.3", own="1:0.9"), "flips")
    at.segmented_control(key="flip_scope").set_value("all").run()
    before = ThresholdSet.from_unit(p, 0.5)
    after = ThresholdSet.from_unit(p, [0.3, 0.9, 0.3, 0.3])
    ranked = RankedScores.from_predictions(p)
    flips = FlipCounts.between(ranked.counts(before), ranked.counts(after))
    by_class = table_of(at, "class_flips").set_index("class")
    for c, name in enumerate(p.class_names):
        shown = by_class.loc[name, ["positives gained", "positives lost", "false alarms added", "false alarms removed"]]
        assert shown.tolist() == [flips.gained[c], flips.lost[c], flips.added[c], flips.removed[c]]
    per_sample = flips_per_sample(p, before, after)
    expected = sorted(np.flatnonzero(per_sample), key=lambda row: -per_sample[row])[:25]
    assert _rows(at) == expected
    assert table_of(at, panel.TABLE)["flips"].tolist() == per_sample[expected].tolist()
    assert by_class.iloc[:, -4:].to_numpy().sum() == per_sample.sum()


def test_a_selected_row_opens_the_sample_with_all_its_classes(visit, dataset):
    p = dataset.first_run
    at = _select(visit("classes", dataset, focus="0", own="2:0.9"), 3)
    row = _rows(at)[3]
    assert _opened(at) == f"s-{row:03d}"
    cells = sample_cells(p, row, ThresholdSet.from_unit(p, [0.5, 0.5, 0.9, 0.5]))
    shown = table_of(at, "sample_classes")
    assert shown["class"].tolist() == np.array(p.class_names)[cells.order()].tolist()
    words = {"fp": "false alarm", "fn": "missed", "tp": "found", "tn": "correctly left out", "unknown": "label unknown"}
    assert shown["outcome"].tolist() == [words[outcome] for outcome in cells.outcomes[cells.order()]]
    np.testing.assert_array_equal(shown["logit"], cells.scores[cells.order()])
    np.testing.assert_array_equal(shown["label"].isna(), cells.labels[cells.order()] == -1)
    assert f"group: {p.columns['group'][row]}" in _text(at)
    _select(at, None)
    assert _opened(at) is None


def test_the_opened_sample_stays_while_threshold_kind_page_and_class_change(visit, dataset):
    at = _select(visit("classes", dataset, focus="0"), 0)
    name = _opened(at)
    at.number_input(key="own_0_field_unit").set_value(0.2).run()
    assert _opened(at) == name
    shown = table_of(at, "sample_classes").set_index("class")
    assert shown.loc["ant", "threshold"] == pytest.approx(0.2)
    _choose(at, "tn")
    at.pagination[0].set_value(2).run()
    at.selectbox(key="focus_class").set_value(2).run()
    assert _opened(at) == name
    at.button(key="sample_close").click().run()
    assert _opened(at) is None


def test_selection_follows_the_sample_not_its_place(visit, dataset):
    at = _select(visit("classes", dataset, focus="0"), 4)
    name = _opened(at)
    at.number_input(key="own_0_field_unit").set_value(0.45).run()
    held = at.session_state[f"{panel.TABLE}_rows"]["selection"]["rows"]
    assert [table_of(at, panel.TABLE)["sample"].iloc[row] for row in held] == [name]


def test_a_sample_of_other_data_is_not_opened(visit, dataset):
    at = _select(visit("classes", dataset), 0)
    at.session_state["data"] = cache.keep(Dataset("other", {"run": _predictions(200)})).digest[:32]
    at.run()
    assert not at.exception
    assert len(table_of(at, panel.TABLE)) and _opened(at) is None


@pytest.mark.parametrize(("text", "name"), [("s-123", "s-123"), (" 1 ", "s-000"), ("300", "s-299")])
def test_search_opens_a_sample_by_id_or_row_number(visit, dataset, text, name):
    at = visit("classes", dataset)
    at.text_input(key="sample_search").set_value(text).run()
    assert _opened(at) == name


@pytest.mark.parametrize("text", ["s-999", "0", "301", "-1", "9" * 30, "ß²", "[x](http://e.org)"])
def test_search_says_when_there_is_no_such_sample(visit, dataset, text):
    at = visit("classes", dataset)
    at.text_input(key="sample_search").set_value(text).run()
    assert _opened(at) is None
    assert "No sample in view has the id or row number" in _text(at)
    assert not at.exception


def test_without_ids_samples_go_by_their_row_number(visit):
    p = _predictions()
    at = visit("classes", dataset_of(p.scores, p.labels))
    expected = outcome_samples(p, 0, np.float32(0), "fp", 0, 25).rows + 1
    assert table_of(at, panel.TABLE)["row"].tolist() == expected.tolist()
    at.text_input(key="sample_search").set_value("7").run()
    assert _opened(at) == "Row 7"


def test_in_a_group_only_its_samples_are_listed_and_keep_their_rows(visit, dataset):
    p = dataset.first_run
    without_ids = Dataset("d", {"run": Predictions(p.scores, p.labels, columns=p.columns)}, column_roles=ROLES)
    at = visit("classes", without_ids, group="group:b", focus="0")
    of_group = np.arange(1, 300, 3)
    expected = of_group[outcome_samples(p.take(of_group), 0, np.float32(0), "fp").rows]
    assert table_of(at, panel.TABLE)["row"].tolist() == (expected + 1).tolist()
    at.text_input(key="sample_search").set_value("5").run()
    assert _opened(at) == "Row 5"
    np.testing.assert_array_equal(np.sort(table_of(at, "sample_classes")["logit"]), np.sort(p.scores[4]))
    at.text_input(key="sample_search").set_value("6").run()  # of another group
    assert "No sample in view has the row number 6" in _text(at)
    assert _opened(at) == "Row 5"


def test_the_opened_sample_is_closed_in_a_group_without_it_and_open_again_outside(visit, dataset):
    at = visit("classes", dataset)
    at.text_input(key="sample_search").set_value("s-001").run()
    for group, opened in ((Group("group", "a"), None), (Group("group", "b"), "s-001"), (None, "s-001")):
        at.session_state["group"] = group
        at.run()
        assert not at.exception and _opened(at) == opened


def test_kind_is_in_the_address(visit, dataset):
    at = visit("classes", dataset, samples="fn")
    assert at.segmented_control(key="samples").value == "fn"
    assert visit("classes", dataset, samples="<b>").segmented_control(key="samples").value == "fp"


def test_nothing_is_computed_while_the_panel_is_closed(visit, dataset, monkeypatch):
    monkeypatch.setattr(panel, "_show", lambda *_: pytest.fail("computed"))
    assert not visit("classes", dataset, samples_panel="false").exception


def test_large_data_has_the_panel_closed_at_first(visit, dataset, monkeypatch):
    monkeypatch.setattr(panel, "OPEN_UP_TO", 299)
    at = visit("classes", dataset)
    assert not [control for control in at.segmented_control if control.key == "samples"]


def _listing(dataset, kind, index=0):
    view = View(dataset, "run", dataset)
    return view, Listing(kind, index, ThresholdSet.from_unit(view.predictions, 0.5))


@pytest.mark.parametrize("kind", ["fp", "fn", "tp", "tn"])
def test_the_file_holds_the_whole_list_unrounded(dataset, kind, tmp_path):
    view, listing = _listing(dataset, kind)
    (tmp_path / "list.csv").write_bytes(to_csv(panel.whole_list(view, listing)))
    read = pd.read_csv(tmp_path / "list.csv", keep_default_na=False)
    p = dataset.first_run
    rows = outcome_samples(p, 0, np.float32(0), kind).rows
    assert read["sample"].tolist() == p.sample_ids[rows].tolist()
    assert read["logit"].to_numpy(np.float32).tolist() == p.scores[rows, 0].tolist()
    names = np.array(p.class_names)
    assert read["true classes"].str.removeprefix("'").tolist() == ["; ".join(names[p.labels[row] == 1]) for row in rows]
    assert not read["true classes"].str.startswith("=").any()


def test_texts_are_cut_on_screen_and_whole_in_the_file():
    text = "x" * 5_000
    dataset = Dataset("d", {"run": _predictions(20, note=np.array([text] * 20, dtype=object))})
    view = View(dataset, "run", dataset)
    listing = Listing("tn", 0, ThresholdSet.from_unit(view.predictions, 0.5))
    rows = listing.page(view.predictions, 0, 3).rows
    assert samples_table(view, listing, rows)["note"].str.len().tolist() == [120] * 3
    assert set(panel.whole_list(view, listing)["note"]) == {text}


def test_many_names_are_cut_and_counted():
    scores = np.ones((2, 130))
    dataset = dataset_of(scores, np.array([[1] * 130, [1] * 2 + [0] * 128]))
    view = View(dataset, "run", dataset)
    listing = Listing("tp", 0, ThresholdSet.from_unit(view.predictions, 0.5))
    shown, whole = (samples_table(view, listing, np.arange(2), whole=whole)["true classes"] for whole in (False, True))
    assert shown.tolist() == ["class 0; class 1; class 2; and 127 more", "class 0; class 1"]
    assert whole[0].count("; ") == 100 and whole[0].endswith("class 99; and 30 more")


def test_columns_that_are_called_as_ours_are_kept_apart(visit):
    columns = {name: np.array(["x"] * 300) for name in ("sample", "label", "logit", "picture", "label (column)")}
    images = np.zeros((300, 4, 4), np.uint8)
    at = visit("classes", Dataset("d", {"run": _predictions(**columns)}, images=images))
    shown = table_of(at, panel.TABLE)
    assert shown.columns.is_unique
    assert (shown["label (column) (column)"] == "x").all() and (shown["picture"] == "x").all()
    assert shown["picture (column)"].str.startswith("data:image/png;base64,").all()


def test_pictures_of_the_sample_data_are_those_of_the_listed_samples(visit, dataset):
    images = np.random.default_rng(0).integers(0, 256, (300, 4, 6), dtype=np.uint8)
    with_images = Dataset("d", dataset.runs, images=images)
    at = visit("classes", with_images)
    expected = [Medium(png_bytes(images[row], 2), "image/png").address for row in _rows(at)]
    assert table_of(at, panel.TABLE)["picture"].tolist() == expected


def _media_dataset(cells, role="image", media=None):
    columns = {"photo": np.array(cells, dtype=object)}
    p = Predictions(np.ones((len(cells), 1)), np.zeros((len(cells), 1)), columns=columns)
    return Dataset("media", {"run": p}, column_roles={"photo": role}, media=media)


def test_only_admissible_pictures_reach_the_table(visit, tmp_path):
    (tmp_path / "secret.png").write_bytes(SMALL)
    inside = tmp_path / "media"
    inside.mkdir()
    (inside / "a.png").write_bytes(SMALL)
    cells = ["a.png", "../secret.png", "https://example.org/a.png", "data:text/html,<b>", "", "//example.org/a.png"]
    at = visit("classes", _media_dataset(cells, media=media_folder(str(inside))))
    shown = table_of(at, panel.TABLE)
    assert shown["picture: photo"].notna().tolist() == [True] + [False] * 5
    assert shown["photo"].tolist()[:3] == cells[:3]
    _select(at, 1)
    assert "Not shown. A path must lead downwards" in _text(at)
    _select(at, 2)
    assert "nothing is fetched" in _text(at)
    assert not at.get("image")
    _select(at, 0)
    assert len(at.get("image")) == 1


def test_uploaded_data_sees_no_file_of_the_server(visit):
    at = visit("classes", _media_dataset([".assets/overview.png", "sample_data/README.md", "/etc/passwd"]))
    assert "picture: photo" not in table_of(at, panel.TABLE)
    _select(at, 0)
    assert "Not shown" in _text(at) and not at.get("image")


def test_pictures_of_a_page_share_a_bounded_room(visit, tmp_path, monkeypatch):
    monkeypatch.setattr("dashboard.ui.panels.media.PAGE_BYTES", 2 * len(SMALL))
    for name in "abc":
        (tmp_path / f"{name}.png").write_bytes(SMALL)
    at = visit("classes", _media_dataset(["a.png", "b.png", "c.png"], media=media_folder(str(tmp_path))))
    assert table_of(at, panel.TABLE)["picture: photo"].notna().sum() == 2
    _select(at, 2)
    assert len(at.get("image")) == 1


def test_sounds_are_played_and_texts_shown_in_full(visit, tmp_path):
    (tmp_path / "a.flac").write_bytes(b"fLaC" + bytes(60))
    at = visit("classes", _media_dataset(["a.flac"], role="audio", media=media_folder(str(tmp_path))))
    _select(at, 0)
    assert len(at.get("audio")) == 1
    text = "# no heading\n" + "word " * 1_000 + "end"
    at = visit("classes", _media_dataset([text], role="text"))
    _select(at, 0)
    assert at.text[0].value == text


def test_many_classes_are_cut_searched_and_whole_in_the_file(visit):
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(30, 1_200)).astype(np.float32)
    labels = (rng.random(scores.shape) < 0.1).astype(np.int8)
    at = visit("classes", dataset_of(scores, labels))
    at.text_input(key="sample_search").set_value("3").run()
    assert len(table_of(at, "sample_classes")) == 100
    at.text_input(key="sample_class_search").set_value("class 77").run()
    assert set(table_of(at, "sample_classes")["class"]) == {"class 77", *(f"class 77{i}" for i in range(10))}


@pytest.mark.parametrize("name", degenerate_datasets())
@pytest.mark.parametrize("kind", ["fp", "tn", "flips"])
def test_degenerate_data_lists_what_there_is(visit, name, kind):
    at = visit("classes", degenerate_datasets()[name], samples=kind, t="0.3")
    if kind == "flips":
        at.segmented_control(key="flip_scope").set_value("all").run()
    at.text_input(key="sample_search").set_value("1").run()
    assert not at.exception, at.exception
    assert _opened(at) == "Row 1"
