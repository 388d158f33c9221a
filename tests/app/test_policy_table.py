"""The table of policies shows core's numbers, says where each was tuned, and puts policies in force."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, metrics, policies
from dashboard.core.headline import headline
from dashboard.core.policies import make_policy, policy
from dashboard.core.resampling import bootstrap, cross_fit, expected, stratified_folds, unit_codes
from dashboard.core.sample_metrics import sample_metrics
from dashboard.escape import for_markdown
from dashboard.inputs.dataset import Dataset
from dashboard.ui import cache, policy_cache
from dashboard.ui.panels import estimates, policy_grid, policy_reason, policy_rows, policy_words
from dashboard.ui.panels.estimate_settings import NO_UNIT
from tests.app.conftest import dataset_of, degenerate_datasets, table_of

PER_CLASS = "best_per_class"


@pytest.fixture(autouse=True)
def _estimates_on_demand(monkeypatch, request):
    """Most tests here need no figures of new samples, which take a second or two."""
    if "estimated" not in request.fixturenames:
        monkeypatch.setattr(estimates, "AT_ONCE", 0)


@pytest.fixture
def estimated(monkeypatch):
    """Asked for by tests that do; with few policies, which are enough for what they claim."""
    few = {name: policies.POLICIES[name] for name in ("fixed", "best_global", PER_CLASS)}
    monkeypatch.setattr(estimates, "SHARE", 60.0)  # all in one run: no browser is there to ask for the next
    monkeypatch.setattr(policy_rows, "POLICIES", few)
    monkeypatch.setattr(policy_rows, "VARIANTS", {})


@pytest.fixture
def dataset():
    """Units of four samples that resemble each other, and a reader who leaves some cells open."""
    rng = np.random.default_rng(11)
    patient = np.repeat(np.arange(60), 4)
    labels = (rng.random((240, 4)) < [0.5, 0.3, 0.15, 0.05]).astype(np.int8)
    scores = 1.2 * labels + rng.normal(size=(60, 4))[patient] + rng.normal(size=(240, 4))
    reader = np.where(rng.random(labels.shape) < 0.9, labels, 1 - labels).astype(np.int8)
    reader[:5] = -1
    columns = {"patient": patient.astype(str), "site": np.where(patient % 2, "a", "b")}
    p = Predictions(scores, labels, "logits", columns=columns)
    roles = {"site": "group", "patient": "unit"}
    return Dataset("made for a test", {"run": p}, readers={"second opinion": reader}, column_roles=roles)


def _row(at, title):
    table = table_of(at, "policy_table")
    return table.set_index(table["policy"].str.removeprefix("✓ ")).loc[title]


def _sentence(at):
    return next(element.value for element in at.markdown if element.value.startswith("Best "))


def _short(value):
    return f"{value:.3f}".replace("0.", ".")


def _header(at):
    return at.container(key="header_thresholds").caption[0].value


def _in_force(at):
    """The first row that is marked as in force."""
    table = table_of(at, "policy_table")
    return table[table["policy"].str.startswith("✓ ")].iloc[0]


def _choose(at, policy, beside=policy_grid.NOTHING):
    at.selectbox(key="policy_chosen").set_value(policy)
    at.selectbox(key="policy_beside").set_value(beside).run()
    assert not at.exception
    return at


def test_figures_tuned_here_are_cores(visit, dataset):
    p = dataset.first_run
    r = RankedScores.from_predictions(p)
    shown = _row(visit("thresholds", dataset), "each class at its best F1")
    rule = policies.best_per_class(r)
    expected = headline(r.counts(rule), samples=sample_metrics(p, rule))
    for title, field in (("micro-F1", "micro_f1"), ("macro-F1", "macro_f1"), ("weighted-F1", "weighted_f1")):
        assert shown[title] == getattr(expected, field)
    assert (shown["samples-F1"], shown["exact match"]) == (expected.samples_f1, expected.exact_match)
    assert shown["classes per sample"] == expected.predicted_cardinality
    assert shown["empty samples"] == expected.n_predicted_empty


@pytest.mark.parametrize("unit", [None, "patient"])
@pytest.mark.usefixtures("estimated")
def test_expected_figures_are_cross_fitted_over_the_unit(visit, dataset, unit):
    p = dataset.first_run
    at = visit("thresholds", dataset, unit=unit or NO_UNIT)
    units = unit_codes(None if unit is None else p.columns[unit], p.n_samples)
    folds = stratified_folds(p, units)
    fitted = cross_fit(p, make_policy(PER_CLASS), folds)
    shown = _row(at, "each class at its best F1")
    assert shown["micro-F1 expected"] == fitted.headline.micro_f1 != shown["micro-F1"]
    assert shown["samples-F1 expected"] == pytest.approx(fitted.headline.samples_f1, abs=1e-12)  # sums in floats
    named = "each sample by itself (240 samples)" if unit is None else "Unit: “patient” (240 samples of 60 units)"
    assert any(named in caption.value for caption in at.caption)


@pytest.mark.usefixtures("estimated")
def test_reader_is_judged_where_it_decided_and_is_not_tuned(visit, dataset):
    p, decided = dataset.first_run, dataset.readers["second opinion"]
    judged = p.without_cells(decided < 0)
    at = visit("thresholds", dataset, unit="patient")
    units = unit_codes(p.columns["patient"], p.n_samples)
    shown, interval = _row(at, "reader: second opinion"), bootstrap(judged, {"": decided == 1}, units)
    interval = interval.interval("", "micro_f1")
    assert shown["micro-F1"] == shown["micro-F1 expected"]
    assert shown["micro-F1 95 %"] == f"[{interval.low:.3f}, {interval.high:.3f}]".replace("0.", ".")
    _choose(at, "reader second opinion")
    assert at.button(key="apply_policy").disabled
    assert any("decides without thresholds" in caption.value for caption in at.caption)


@pytest.mark.usefixtures("estimated")
def test_sentence_leads_with_what_is_expected_most_and_can_be_applied(visit):
    """Of few noisy samples the policy that is best on them is not the one of which most is expected."""
    rng = np.random.default_rng(0)
    labels = (rng.random((60, 4)) < [0.5, 0.3, 0.15, 0.05]).astype(np.int8)
    at = visit("thresholds", dataset_of(labels + rng.normal(size=labels.shape), labels), unit=NO_UNIT)
    table = table_of(at, "policy_table")
    tuned = table.set_index(table["policy"].str.removeprefix("✓ "))
    here, leading = tuned["micro-F1"].idxmax(), tuned["micro-F1 expected"].idxmax()
    assert (here, leading) == ("each class at its best F1", "0.5 for every class")
    said = _sentence(at)
    assert said.startswith(f"Best micro-F1 expected on new samples: **{_short(tuned['micro-F1 expected'].max())}**")
    assert (
        f"by *{for_markdown(leading)}*; on these 60 samples **{_short(tuned.loc[leading, 'micro-F1'])}**, tuned here."
        in said
    )
    assert said.endswith(f"On these 60 samples **{_short(tuned['micro-F1'].max())}** by *{here}*, tuned here.")
    assert "cross-fitted over 5 folds of samples" in said
    assert at.selectbox(key="policy_chosen").value == "fixed"
    for promise in ("provabl", "honest"):
        assert promise not in _sentence(at).lower()


@pytest.mark.usefixtures("estimated")
def test_judging_by_another_figure_sorts_by_it_and_shows_it_first(visit, dataset):
    at = visit("thresholds", dataset, judge="macro-F1")
    table = table_of(at, "policy_table")
    assert list(table)[:5] == ["policy", "macro-F1", "macro-F1 expected", "macro-F1 95 %", "note"]
    expected = table["macro-F1 expected"].fillna(table["macro-F1"])
    assert expected.tolist() == sorted(expected, reverse=True)


def test_apply_changes_header_sentence_and_numbers(visit, dataset):
    at = visit("thresholds", dataset, t="0.4")
    before = _row(at, "current thresholds")["micro-F1"]
    _choose(at, PER_CLASS)
    at.button(key="apply_policy").click().run()
    assert not at.exception
    assert "each class at its best F1" in _header(at)
    assert "on these samples" in _header(at)
    counts = RankedScores.from_predictions(dataset.first_run)
    micro = float(metrics.f_beta(counts.counts(policies.best_per_class(counts)), average="micro")[0])
    assert _in_force(at)["policy"] == "✓ each class at its best F1"
    assert _in_force(at)["micro-F1"] == micro != before
    assert "current thresholds" not in table_of(at, "policy_table")["policy"].tolist()


@pytest.mark.usefixtures("estimated")
def test_the_note_stands_beside_what_is_judged_by_and_only_where_there_is_one(visit, dataset, monkeypatch):
    without = Dataset("no reader", {"run": dataset.first_run})
    assert "note" not in table_of(visit("thresholds", without), "policy_table")
    floor = {"precision_floor": policies.POLICIES["precision_floor"]}
    monkeypatch.setattr(policy_rows, "POLICIES", floor)
    monkeypatch.setattr(policy_rows, "VARIANTS", {"precision_floor": ({"floor": 1.0},)})
    table = table_of(visit("thresholds", without), "policy_table")
    assert list(table)[1].startswith("micro-F1") and list(table).index("note") <= 4
    assert "unreachable in" in " ".join(table["note"])


def test_the_choice_names_its_rows_alike_before_and_after_apply(visit, dataset):
    """A browser sends back the words that it was shown: other words for the row would be no row."""
    at = _choose(visit("thresholds", dataset), PER_CLASS)
    shown = set(at.selectbox(key="policy_chosen").options)
    at.button(key="apply_policy").click().run()
    assert set(at.selectbox(key="policy_chosen").options) == shown


def test_what_is_chosen_at_first_can_be_applied(visit, dataset):
    """Thresholds per site are the best of all on these samples, but no threshold per class."""
    at = visit("thresholds", dataset, judge="macro_f1")
    assert _sentence(at).split("*")[-2].startswith("per site")
    assert not at.selectbox(key="policy_chosen").value.startswith("per_group")
    assert not at.button(key="apply_policy").disabled
    _choose(at, "per_group:column=site")
    assert at.button(key="apply_policy").disabled
    assert any("Each group has thresholds of its own" in element.value for element in at.caption)


@pytest.mark.usefixtures("estimated")
def test_columns_can_be_left_out(visit, dataset):
    here = list(table_of(visit("thresholds", dataset, policy_columns="tuned here"), "policy_table"))
    assert not [name for name in here if name.endswith(("expected", "95 %"))]
    new = list(table_of(visit("thresholds", dataset, policy_columns="expected on new samples"), "policy_table"))
    assert all(name.endswith(("expected", "95 %")) for name in new[1:] if name != "note")


def test_form_adds_a_row_and_takes_it_away(visit, dataset):
    at = visit("thresholds", dataset)
    at.selectbox(key="add_kind").set_value("fixed").run()
    at.number_input(key="add_fixed_threshold").set_value(0.3).run()
    at.button(key="add_policy").click().run()
    assert not at.exception
    counts = RankedScores.from_predictions(dataset.first_run).counts(0.3)
    assert _row(at, "0.3 for every class")["micro-F1"] == headline(counts).micro_f1
    at.button(key="remove_fixed:threshold=0.3").click().run()
    assert "0.3 for every class" not in table_of(at, "policy_table")["policy"].tolist()


def test_form_says_what_does_not_go_together(visit, dataset):
    at = visit("thresholds", dataset)
    at.selectbox(key="add_kind").set_value("row_rules").run()
    at.number_input(key="add_row_rules_at_least").set_value(3)
    at.number_input(key="add_row_rules_at_most").set_value(1)
    at.button(key="add_policy").click().run()
    assert not at.exception
    assert at.error
    assert not [button for button in at.button if str(button.key).startswith("remove_")]


def test_an_infeasible_floor_says_what_can_be_reached(visit, dataset):
    at = visit("thresholds", dataset)
    at.selectbox(key="add_kind").set_value("precision_floor").run()
    at.number_input(key="add_precision_floor_floor").set_value(1.0).run()
    at.button(key="add_policy").click().run()
    rule = policies.precision_floor(RankedScores.from_predictions(dataset.first_run), 1.0)
    n_missed = rule.details["states"].count("unreachable")
    assert n_missed
    shown = _row(at, "precision at least 1 in each class")
    assert f"unreachable in {n_missed} class" in shown["note"]
    _choose(at, "precision_floor:floor=1.0")
    best = rule.details["reached"]["best reachable precision"]
    first = rule.details["states"].index("unreachable")
    assert f"class {first} ({best[first]:.3f} at best)".replace("0.", ".") in at.warning[0].value
    at.button(key="apply_policy").click().run()
    assert not at.exception
    assert f"{n_missed} of 4 class" in at.container(key="sentence").markdown[0].value


@pytest.mark.parametrize("text", ["top_k", "row_rules", "per_group:column=site"])
def test_rules_over_samples_cannot_be_applied(visit, dataset, text):
    at = _choose(visit("thresholds", dataset), text)
    assert at.button(key="apply_policy").disabled
    assert any("no thresholds per class decide the same" in caption.value for caption in at.caption)


@pytest.mark.usefixtures("estimated")
def test_a_reader_s_point_is_a_row_and_can_be_applied(visit, dataset):
    at = visit("thresholds", dataset)
    shown = _row(at, "as much recall as second opinion")
    assert shown["micro-F1 expected"] > 0
    _choose(at, "match_reader:reader=second%20opinion")
    at.button(key="apply_policy").click().run()
    assert "as much recall as second opinion" in _header(at)


@pytest.mark.usefixtures("estimated")
def test_held_out_data_is_judged_by_what_was_tuned_here(visit):
    validation, test = (cache.sample(part) for part in cache.SAMPLE_PARTS)
    at = visit("thresholds")
    at.selectbox(key="held_out_choice").set_value(test.digest).run()
    assert not at.exception
    r = RankedScores.from_predictions(validation.first_run)
    rule = policies.best_per_class(r)
    expected = headline(RankedScores.from_predictions(test.first_run).counts(rule))
    shown = _row(at, "each class at its best F1")
    assert shown["macro-F1 expected"] == expected.macro_f1
    half = headline(RankedScores.from_predictions(test.first_run).counts(0.5))
    assert _in_force(at)["macro-F1 expected"] == half.macro_f1
    assert "held out" in _sentence(at)
    assert "cross-fitted" not in _sentence(at)


@pytest.mark.usefixtures("estimated")
def test_thresholds_of_no_policy_are_judged_on_held_out_data_too(visit):
    test = cache.sample(cache.SAMPLE_PARTS[1])
    at = visit("thresholds", t="0.4")
    at.selectbox(key="held_out_choice").set_value(test.digest).run()
    expected = headline(RankedScores.from_predictions(test.first_run).counts(0.4))
    assert _row(at, "current thresholds")["macro-F1 expected"] == expected.macro_f1


@pytest.mark.usefixtures("estimated")
def test_unit_is_the_column_said_to_name_units_until_another_is_chosen(visit, dataset):
    at = visit("thresholds", dataset)
    assert at.selectbox(key="unit_choice").options == ["patient", "site", "each sample by itself"]
    assert "folds of units of “patient”" in _sentence(at)
    at.selectbox(key="unit_choice").set_value("site").run()
    assert at.query_params["unit"] in ("site", ["site"])
    assert "2 folds of units of “site”" in _sentence(at)
    at.selectbox(key="unit_choice").set_value(NO_UNIT).run()
    assert "folds of samples" in _sentence(at)


def test_side_by_side_shows_each_class_and_the_difference(visit, dataset):
    at = _choose(visit("thresholds", dataset), PER_CLASS, "fixed")
    r = RankedScores.from_predictions(dataset.first_run)
    a, b = (metrics.f_beta(r.counts(rule))[0] for rule in (policies.best_per_class(r), policies.fixed(r)))
    shown = table_of(at, "policy_compare")
    assert shown["F1 A"].tolist() == a.tolist()
    assert shown["F1 B - A"].tolist() == (b - a).tolist()
    assert shown["threshold B"].tolist() == pytest.approx([0.5] * 4, abs=1e-12)


@pytest.mark.usefixtures("estimated")
def test_difference_on_new_samples_is_paired(visit, dataset):
    p = dataset.first_run
    at = _choose(visit("thresholds", dataset, unit=NO_UNIT), PER_CLASS, "fixed")
    folds = stratified_folds(p, np.arange(p.n_samples))
    decided = {"A": cross_fit(p, make_policy(PER_CLASS), folds).predicted, "B": p.scores >= 0}
    found = bootstrap(p, decided, np.arange(p.n_samples)).difference("B", "A", "macro_f1")
    said = next(e.value for e in at.markdown if e.value.startswith("**A**"))
    said = said[said.index("macro-F1, expected on new samples") :]
    assert f"[{found.low:+.3f}, {found.high:+.3f}" in said.replace("\\", "")


@pytest.mark.usefixtures("estimated")
def test_large_data_is_estimated_when_asked(visit, dataset, monkeypatch):
    monkeypatch.setattr(estimates, "AT_ONCE", 0)
    at = visit("thresholds", dataset)
    assert np.isnan(_row(at, "each class at its best F1")["micro-F1 expected"])
    at.button(key=estimates.WANTED).click().run()
    assert _row(at, "each class at its best F1")["micro-F1 expected"] > 0


@pytest.mark.usefixtures("estimated")
def test_estimates_come_a_few_at_a_time_until_all_are_there(visit, dataset, monkeypatch):
    """Each run, which a browser asks for, finds one more."""
    monkeypatch.setattr(estimates, "SHARE", 0.0)
    at = visit("thresholds", dataset)
    n_found = []
    for _ in range(5):
        table = table_of(at, "policy_table")
        n_found.append(table[table["policy"] != "current thresholds"]["micro-F1 expected"].notna().sum())
        at.run()
    n_rows = (table["policy"] != "current thresholds").sum()
    assert n_found == [min(n_found[0] + step, n_rows) for step in range(5)]
    assert n_found[0] < n_rows == n_found[-1]


def test_reason_says_what_is_best_the_value_and_the_interval_of_each_threshold(visit, dataset):
    at = visit("thresholds", dataset)
    at.session_state["policy_reason"] = True
    _choose(at, PER_CLASS)
    rule = policies.best_per_class(RankedScores.from_predictions(dataset.first_run))
    assert any(f"macro F1 is **{rule.details['value']:.6f}**".replace("0.", ".") in e.value for e in at.markdown)
    assert any(e.value.startswith("4 classes: at the optimum") for e in at.markdown)
    assert any("It makes the metric of each class as high as possible" in e.value for e in at.markdown)
    assert any(e.label == "Why this is the best" for e in at.expander)
    shown = table_of(at, "policy_intervals")
    assert (shown["above"] < rule.thresholds).all()
    _choose(at, "fixed")
    assert any(e.label == "How this is found, and what is proved" for e in at.expander)
    assert (rule.thresholds <= shown["up to"]).all()


def test_every_state_of_a_class_has_its_sentence():
    states = {value for name, value in vars(policy).items() if name.isupper() and isinstance(value, str)}
    assert states == set(policy_reason._STATES)


def test_every_kind_of_policy_has_a_name_and_a_sentence_of_its_own():
    reader = policies.reader_policy("x", np.zeros((2, 1), dtype=np.int8), "precision")
    assert set(policy_words.KINDS) == {*policies.POLICIES, reader.kind.name}
    assert len({policy_words.kind_name(name) for name in policies.POLICIES}) == len(policies.POLICIES)
    assert "makes the recall of each class" in policy_words.aim(reader)
    for name in policies.POLICIES:
        assert "_" not in policy_words.kind_name(name)
        assert policy_words.kind_aim(name).endswith(".")
    assert "as low as possible" in policy_words.aim(make_policy("best_global", metric="hamming_loss"))


def test_the_form_names_kinds_in_words_and_says_what_they_make_best(visit, dataset):
    at = visit("thresholds", dataset)
    assert at.selectbox(key="add_kind").options == [policy_words.kind_name(name) for name in policies.POLICIES]
    assert any(caption.value == "It looks at no labels." for caption in at.caption)


@pytest.mark.parametrize("name", degenerate_datasets())
@pytest.mark.usefixtures("estimated")
def test_legal_but_empty_data(visit, name):
    at = visit("thresholds", degenerate_datasets()[name], t="0.4")
    current = [policy_rows.CURRENT] if "current thresholds" in at.selectbox(key="policy_beside").options else []
    for beside in (PER_CLASS, *current):
        _choose(at, "fixed", beside)
    _choose(at, PER_CLASS)
    at.button(key="apply_policy").click().run()
    assert not at.exception


def test_one_class_without_positives_is_never_predicted_and_says_so(visit):
    rng = np.random.default_rng(0)
    labels = (rng.random((40, 2)) < [0.5, 0.0]).astype(np.int8)
    at = visit("thresholds", dataset_of(rng.normal(size=(40, 2)), labels))
    _choose(at, PER_CLASS)
    at.button(key="apply_policy").click().run()
    assert "1 of 2 classes is never predicted" in at.container(key="sentence").markdown[0].value
    assert _in_force(at)["macro-F1"] == _row(at, "each class at its best F1")["macro-F1"] <= 0.5


@pytest.mark.usefixtures("estimated")
def test_of_a_single_unit_nothing_is_expected_and_the_note_says_why(visit, dataset):
    p = dataset.first_run
    columns = {"patient": np.full(p.n_samples, "x")}
    alone = Dataset(
        "one patient",
        {"run": Predictions(p.scores, p.labels, "logits", columns=columns)},
        column_roles={"patient": "unit"},
    )
    at = visit("thresholds", alone, unit="patient")
    assert not [name for name in table_of(at, "policy_table") if name.endswith((" expected", " 95 %"))]
    assert any("cross-fitting needs 2 units or more" in caption.value for caption in at.caption)
    assert _sentence(at).startswith("Best micro-F1 on these 240 samples")
    _choose(at, PER_CLASS, "fixed")
    assert not any("expected on new samples" in text.value for text in at.markdown)


@pytest.mark.usefixtures("estimated")
def test_intervals_are_those_that_cover(visit, dataset):
    r = RankedScores.from_predictions(dataset.first_run)
    figure = expected(r, make_policy(PER_CLASS), np.arange(240)).figures["macro_f1"]
    shown = _row(visit("thresholds", dataset, unit=NO_UNIT), "each class at its best F1")
    assert shown["macro-F1 expected"] == figure.cross_fitted
    low, high = figure.interval.low, figure.interval.high
    assert shown["macro-F1 95 %"] == f"[{low:.3f}, {high:.3f}]".replace("0.", ".")


@pytest.mark.usefixtures("estimated")
def test_what_is_not_shown_is_not_found_out(visit, dataset, monkeypatch):
    monkeypatch.setattr(policy_cache, "expectation", lambda *_: pytest.fail("found out"))
    assert "micro-F1" in table_of(visit("thresholds", dataset, policy_columns="tuned here"), "policy_table")
