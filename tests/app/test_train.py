"""The Train page: the form and its plan, a training as it lives and ends, and what becomes of its runs."""

from dataclasses import replace

import numpy as np
import pytest

from dashboard.core import RankedScores, metrics
from dashboard.reviews.review_errors import StoreUnavailable
from dashboard.training.across_seeds import Difference, Spread, VariantPair, across_seeds
from dashboard.training.job_status import FAILED, QUEUED, RUNNING, STOPPED
from dashboard.training.plan import DataPlan, ModelPlan, OptimiserPlan, TrainingPlan, VariantPlan
from dashboard.ui.training.downloads import read_file
from dashboard.ui.training.ownership import this_browser
from dashboard.ui.training.seed_summary import most_telling, pair_sentence, pairs_table
from dashboard.ui.training.trained_sets import trained_sets
from dashboard.ui.wording import short, signed
from tests.app.conftest import charts_of, table_of
from tests.app.trainings import ID, StandIn, reports_of, trained_of

PLAN = TrainingPlan(
    data=DataPlan("generated"),
    model=ModelPlan("linear"),
    optimiser=OptimiserPlan(epochs=3),
    variants=(VariantPlan("bce_with_logits"), VariantPlan("focal:gamma=3.0")),
)


@pytest.fixture
def registry(monkeypatch):
    made = StandIn()
    monkeypatch.setattr("dashboard.training.jobs.job_registry", lambda: made)
    return made


def _started(registry, plan=PLAN, **changes):
    registry.start(plan)
    registry.jobs[ID] = replace(registry.jobs[ID], **changes)


def _text(at) -> str:
    drawn = [*at.markdown, *at.caption, *at.error, *at.warning, *at.info]
    return "\n".join(each.value for each in drawn)


def _says(at, text) -> bool:
    return text in _text(at).replace("\\", "")


def _progress(at):
    return at.get("progress")[0].proto


def test_a_training_of_another_server_is_told_of_and_its_plan_can_be_trained_again(visit, registry):
    _started(registry, state=RUNNING)
    visit("train", job=ID)
    del registry.jobs[ID]
    at = visit("train", job=ID)
    assert _says(at, "which is not on this server") and _says(at, "It was last known to be running, on ")
    at.button(key="train_again_plan").click().run()
    assert not at.exception and not _says(at, "which is not on this server")
    at.button(key="train_start").click().run()
    plan = registry.jobs[ID].plan
    assert (plan.data.kind, plan.model, plan.optimiser) == ("generated", PLAN.model, PLAN.optimiser)
    assert [each.loss for each in plan.variants] == [each.loss for each in PLAN.variants]


def test_a_store_that_is_away_hinders_no_training(visit, registry, monkeypatch):
    def away():
        raise StoreUnavailable("away")

    monkeypatch.setattr("dashboard.ui.training.job_rows.review_store", away)
    _started(registry, state=RUNNING)
    assert _progress(visit("train", job=ID)) is not None
    del registry.jobs[ID]
    at = visit("train", job=ID)
    assert _says(at, "which is not on this server") and not _says(at, "last known")


def test_the_form_starts_what_it_shows(visit, registry):
    at = visit("train")
    assert _says(at, "parameters per variant, from 1 × 24 × 32 pixels to 10 classes")
    at.number_input(key="train_cnn.epochs").set_value(4).run()
    at.text_input(key="train_seeds").set_value("3, 5").run()
    at.button(key="train_start").click().run()
    plan = registry.jobs[ID].plan
    assert (plan.data.kind, plan.model.kind, plan.optimiser.epochs, plan.seeds) == ("digits", "cnn", 4, (3, 5))
    assert [each.loss for each in plan.variants] == ["bce_with_logits", "focal", "asl"]
    assert at.query_params["job"] == ID
    assert _progress(at).text.startswith("Starting")


def test_the_size_of_the_model_follows_its_fields(visit, registry):
    at = visit("train")
    at.segmented_control(key="train_data").set_value("generated").run()
    at.segmented_control(key="train_model of generated").set_value("linear").run()
    assert _says(at, f"**{41 * 10:,}** parameters")
    at.number_input(key="train_data.generated.n_features").set_value(99).run()
    assert _says(at, "**1,000** parameters per variant, from 99 features to 10 classes")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"train_seeds": "one"}, "Seeds must be whole numbers"),
        ({"train_seeds": "1, 1"}, "Seeds must differ"),
        ({"train_seeds": ""}, "Seeds must be 1 to 20, got 0"),
        ({"train_model of digits": "vit", "train_vit.width": 50}, "must be a multiple of its heads"),
        ({"train_model of digits": "vit", "train_vit.patch": 7}, "The patch of a ViT must divide"),
        ({"train_data": "generated", "train_model of generated": "cnn"}, "A CNN needs images"),
        (
            {"train_data": "generated", "train_data.generated.test_share": 0.8},
            "A tenth of the samples must be left to train on",
        ),
    ],
)
def test_what_cannot_be_trained_is_told_and_nothing_is_lost(visit, registry, changes, sentence):
    at = visit("train")
    at.number_input(key="train_cnn.batch_size").set_value(77).run()
    for key, value in changes.items():
        _widget(at, key).set_value(value).run()
    assert _says(at, sentence)
    assert at.button(key="train_start").disabled
    assert not registry.jobs
    for key in reversed(changes):
        assert _widget(at, key).value == changes[key]
    at.segmented_control(key="train_data").set_value("digits").run()
    at.segmented_control(key="train_model of digits").set_value("cnn").run()
    assert at.number_input(key="train_cnn.batch_size").value == 77


def _widget(at, key):
    kinds = (at.text_input, at.number_input, at.segmented_control)
    return next(each for kind in kinds for each in kind if each.key == key)


def test_a_refused_training_is_told_in_its_sentence(visit, registry):
    registry.refusal = "All places are taken: start yours later."
    at = visit("train")
    at.button(key="train_start").click().run()
    assert _says(at, registry.refusal)
    assert "job" not in at.query_params
    registry.refusal = ""
    at.button(key="train_start").click().run()
    assert not _says(at, "All places")
    assert at.query_params["job"] == ID


def test_the_two_heads_of_a_vit_are_variants(visit, registry):
    at = visit("train")
    at.segmented_control(key="train_model of digits").set_value("vit").run()
    assert at.button(key="train_head_bce_with_logits").disabled
    at.button(key="train_head_single_label_cross_entropy").click().run()
    at.button(key="train_start").click().run()
    plan = registry.jobs[ID].plan
    assert [each.loss for each in plan.variants][-1] == "single_label_cross_entropy"
    assert plan.model.kind == "vit"


def test_the_draft_is_there_after_another_page(visit, registry):
    at = visit("train")
    at.number_input(key="train_cnn.epochs").set_value(9).run()
    at.switch_page("app_pages/data.py").run()
    at.switch_page("app_pages/train.py").run()
    assert at.number_input(key="train_cnn.epochs").value == 9


def test_an_address_without_its_training_says_so_and_shows_nothing_else(visit, registry):
    at = visit("train", job="f" * 32)
    assert _says(at, "which is not on this server")
    assert not at.get("progress")
    assert "train_start" not in {each.key for each in at.button}
    at.button(key="train_another").click().run()
    assert "train_start" in {each.key for each in at.button}
    assert "job" not in at.query_params


def test_numbers_shown_are_those_of_the_last_report(visit, registry):
    reports = reports_of(PLAN, 2)
    _started(registry, reports=reports, progress=0.5, seconds_left=61.0, parameter_count=410, device="CPU, 1 thread")
    at = visit("train", job=ID)
    assert _progress(at).value == 50
    assert _progress(at).text == "Epoch 2 of 3 · about 1 min 1 s left"
    assert _says(at, "410 parameters per variant") and _says(at, "CPU, 1 thread")
    assert _says(at, "for 30 min with nobody looking")
    table = table_of(at, "train_table")
    assert table["variant"].tolist() == ["BCE", "Focal (gamma 3)"]
    for number, each in enumerate(reports[-1].variants):
        row = table.iloc[number]
        assert row["mAP"] == each.mean_average_precision
        assert row["macro-F1 tuned"] == each.macro_f1_tuned and row["micro-F1 at 0.5"] == each.micro_f1
        assert (row["BCE"], row["own loss"], row["gradient norm"]) == (each.bce, each.loss, each.gradient_norm)
        assert (row["saturated"], row["epoch"], row["state"]) == (each.saturated, 2, "training")


def test_curves_hold_every_report_and_grow(visit, registry):
    _started(registry, reports=reports_of(PLAN, 1))
    at = visit("train", job=ID)
    before = charts_of(at)["training_chart"]["figure"]["data"]
    registry.jobs[ID] = replace(registry.jobs[ID], reports=reports_of(PLAN, 3))
    at.run()
    lines = charts_of(at)["training_chart"]["figure"]["data"]
    assert [line["name"] for line in lines] == ["BCE", "Focal (gamma 3)"]
    assert len(before) == len(lines) == 2
    at.segmented_control(key="curve").set_value("own").run()
    assert len(charts_of(at)["own_loss_chart"]["figure"]["data"]) == 4


def test_several_seeds_have_a_row_each(visit, registry):
    plan = replace(PLAN, seeds=(0, 7))
    _started(registry, plan, reports=(*reports_of(plan, 3), *reports_of(plan, 1, 1)))
    at = visit("train", job=ID)
    assert _progress(at).text == "Seed 2 of 2, epoch 1 of 3"
    table = table_of(at, "train_table")
    assert table["seed"].tolist() == [0, 0, 7, 7]
    assert table["epoch"].tolist() == [3, 3, 1, 1]


def test_undefined_figures_and_warnings_are_said(visit, registry):
    reports = reports_of(PLAN, 1, bce=float("nan"), warnings=("The gradient explodes <b>.",), state="diverged")
    _started(registry, reports=reports)
    at = visit("train", job=ID)
    assert _says(at, "BCE: The gradient explodes <b>.") and _says(at, "Focal (gamma 3): The gradient explodes")
    assert table_of(at, "train_table")["BCE"].isna().all()


def test_figures_too_long_for_a_cell_have_an_exponent(visit, registry):
    _started(registry, reports=reports_of(PLAN, 1, bce=3.62e17, gradient_norm=float("nan")))
    table = table_of(visit("train", job=ID), "train_table")
    assert table["BCE"].tolist() == ["3.62e+17", "3.62e+17"]
    assert table["gradient norm"].isna().all() and table["own loss"].dtype == float
    reports = [
        replace(each, variants=(replace(each.variants[0], bce=float("nan")), each.variants[1]))
        for each in registry.jobs[ID].reports
    ]
    registry.jobs[ID] = replace(registry.jobs[ID], reports=tuple(reports))
    shown = table_of(visit("train", job=ID), "train_table")["BCE"]
    assert shown.isna().tolist() == [True, False] and shown[1] == "3.62e+17"


def test_a_queue_and_a_failure_are_told(visit, registry):
    _started(registry, state=QUEUED, position=2, message="Waits for its turn: 1 training runs and 1 waits before it.")
    at = visit("train", job=ID)
    assert _progress(at).text.replace("\\", "") == "Waits for its turn: 1 training runs and 1 waits before it."
    registry.jobs[ID] = replace(registry.jobs[ID], state=FAILED, message="Memory ran out: lower the batch size.")
    at.run()
    assert at.error[0].value.replace("\\", "") == "Memory ran out: lower the batch size."


def test_stop_and_resume(visit, registry):
    _started(registry, reports=reports_of(PLAN, 1))
    at = visit("train", job=ID)
    at.button(key="train_stop").click().run()
    assert _progress(at).text == "Stopped after epoch 1 of 3"
    assert set(table_of(at, "train_table")["state"]) == {"stopped"}
    assert "train_stop" not in {each.key for each in at.button}
    registry.refusal = "All places are taken."
    at.button(key="train_resume").click().run()
    assert _says(at, "All places are taken.")
    registry.refusal = ""
    at.button(key="train_resume").click().run()
    assert registry.jobs[ID].state == RUNNING


@pytest.fixture
def browser(monkeypatch):
    """browser(token): from now on clicks come from this one; None: its cookies are off."""

    def comes(token):
        monkeypatch.setattr("dashboard.ui.reviews.kept.browser_token", lambda cookies: token)

    return comes


def _keys(at) -> set[str]:
    return {each.key for each in at.button}


def test_only_the_browser_that_started_a_training_may_change_it(visit, registry, browser):
    browser(b"mine")
    at = visit("train")
    at.button(key="train_start").click().run()
    registry.jobs[ID] = replace(registry.jobs[ID], reports=reports_of(registry.jobs[ID].plan, 1))
    assert {"train_stop", "train_delete"} <= _keys(visit("train", job=ID))  # as after a reload
    for other in (b"another", None):
        browser(other)
        seen = visit("train", job=ID)
        assert _says(seen, "It was started in another browser session, so only there can it be stopped")
        assert not {"train_stop", "train_delete"} & _keys(seen)
        assert len(charts_of(seen)["training_chart"]["figure"]["data"]) == 3
    assert seen.button(key="train_another").label == "New training with this plan"
    seen.button(key="train_another").click().run()
    assert "train_start" in _keys(seen) and registry.jobs[ID].state == RUNNING


def test_buttons_of_a_page_that_is_not_the_owners_any_more_do_nothing(visit, registry, browser):
    browser(b"mine")
    visit("train").button(key="train_start").click().run()
    for key in ("train_stop", "train_delete"):
        at = visit("train", job=ID)
        browser(b"another")
        at.button(key=key).click().run()
        assert registry.jobs[ID].state == RUNNING and _says(at, "started in another browser")
        browser(b"mine")
    at = visit("train", job=ID)
    at.button(key="train_stop").click().run()
    browser(b"another")
    at.button(key="train_resume").click().run()
    assert registry.jobs[ID].state == STOPPED and "train_resume" not in _keys(at)


def test_others_open_the_runs_of_a_training(visit, registry, browser):
    registry.trained = trained_of(PLAN)
    browser(b"mine")
    _started(registry, owner=this_browser())
    registry.finish()
    browser(b"another")
    at = visit("train", job=ID)
    assert _says(at, "started in another browser") and at.get("download_button")
    at.button(key="open_test").click().run()
    at.switch_page("app_pages/overview.py").run()
    assert _says(at, "**Trained: Linear model on generated data, 2 variants (test)**")


def test_without_cookies_a_training_is_everybodys(visit, registry, browser):
    browser(None)
    visit("train").button(key="train_start").click().run()
    browser(b"another")
    at = visit("train", job=ID)
    assert {"train_stop", "train_delete"} <= _keys(at) and not _says(at, "another browser")


def test_the_secret_of_a_browser_tells_nothing_of_its_cookie(browser):
    found = []
    for token in (b"a" * 16, b"b" * 16):
        browser(token)
        found.append(this_browser())
    assert found[0] != found[1] and {len(each) for each in found} == {64}
    assert (b"a" * 16).hex() not in found[0]


def test_the_page_asks_for_another_run_only_while_the_training_lives(visit, registry):
    def asks(at):
        sent = [each.proto.json for each in at.get("bidi_component") if each.proto.json.startswith("[")]
        return [text for text in sent if not text.startswith('[""')]

    _started(registry, reports=reports_of(PLAN, 1))
    at = visit("train", job=ID)
    assert len(asks(at)) == 1
    registry.finish()
    assert not asks(at.run())


def test_a_second_window_finds_the_training_and_its_plan(visit, registry):
    _started(registry, reports=reports_of(PLAN, 1))
    at = visit("train", job=ID)
    at.button(key="train_another").click().run()
    assert at.segmented_control(key="train_data").value == "generated"
    assert at.number_input(key="train_linear.epochs").value == 3
    at.button(key=f"train_show_{ID}").click().run()
    assert _progress(at).text == "Epoch 1 of 3"


def test_a_deleted_training_is_gone(visit, registry):
    _started(registry, reports=reports_of(PLAN, 1))
    at = visit("train", job=ID)
    at.button(key="train_delete").click().run()
    assert not registry.jobs
    assert "train_start" in {each.key for each in at.button}


@pytest.mark.parametrize(("part", "other"), [("validation", "test"), ("test", "validation")])
def test_runs_are_on_every_page_with_the_figures_of_core(visit, registry, part, other):
    registry.trained = trained_of(PLAN)
    _started(registry, reports=reports_of(PLAN, 3))
    registry.finish()
    at = visit("train", job=ID)
    at.button(key=f"open_{part}").click().run()
    at.switch_page("app_pages/overview.py").run()
    assert not at.exception, at.exception
    assert _says(at, f"**Trained: Linear model on generated data, 2 variants ({part})**")
    assert at.selectbox(key="run_choice").options == ["bce_with_logits", "focal-gamma=3.0"]
    run = registry.trained.runs["bce_with_logits"]
    counts = _ranked(run.logits[part], registry.trained.parts[part].labels).counts(0.5)
    micro = float(metrics.f_beta(counts, average="micro")[0])
    assert f"At 0.5: micro-F1 **{short(micro)}**" in _text(at)
    at.switch_page("app_pages/thresholds.py").run()
    held_out = next(box for box in at.selectbox if box.key == "held_out_choice")
    assert any(f"({other})" in option for option in held_out.options)


def _ranked(logits, labels):
    from dashboard.core import Predictions

    return RankedScores.from_predictions(Predictions(logits, labels, "logits"))


def test_the_loss_of_a_run_is_recorded_for_the_losses_page(visit, registry):
    registry.trained = trained_of(PLAN)
    _started(registry)
    registry.finish()
    at = visit("train", job=ID)
    at.button(key="open_validation").click().run()
    at.switch_page("app_pages/overview.py").run()
    at.selectbox(key="run_choice").select("focal-gamma=3.0").run()
    at.switch_page("app_pages/losses.py").run()
    assert not at.exception, at.exception
    assert _says(at, "It is recorded that this run was trained with **Focal (gamma 3)**")


def test_runs_that_are_no_numbers_are_told(visit, registry):
    registry.trained = trained_of(PLAN)
    for run in registry.trained.runs.values():
        run.logits["test"][:] = np.nan
    _started(registry)
    registry.finish()
    at = visit("train", job=ID)
    at.button(key="open_test").click().run()
    assert _says(at, "No run can be opened")


def test_columns_of_the_samples_come_along(registry):
    sets = trained_sets(trained_of(replace(PLAN, seeds=(0, 1))))
    assert sets["test"].column_roles == {"patient": "unit", "site": "group"}
    assert list(sets["test"].runs) == [
        f"{name}_seed{seed}" for name in ("bce_with_logits", "focal-gamma=3.0") for seed in (0, 1)
    ]
    assert sets["validation"].trained_with["focal-gamma=3.0_seed1"] == "focal:gamma=3.0"
    assert sets["validation"].notices == ("A notice.",)
    assert sets["validation"].digest != sets["test"].digest


def _upload_plan(at, content: bytes):
    at.file_uploader(key="train_plan_file").upload("plan.json", content).run()
    assert not at.exception, at.exception


def test_a_plan_fills_the_form_and_trains_as_it_says(visit, registry):
    plan = replace(
        PLAN,
        seeds=(4, 2),
        model=ModelPlan("mlp", width=17, depth=3),
        optimiser=OptimiserPlan(name="sgd", epochs=6, gradient_clip=2.0, stop_on="bce", weight_decay=0),
        variants=(VariantPlan("focal:gamma=3.0", "mine"), VariantPlan("zlpr")),
        device="cpu",
    )
    at = visit("train")
    _upload_plan(at, plan.to_json().encode())
    assert at.number_input(key="train_mlp.width").value == 17
    at.button(key="train_start").click().run()
    started = registry.jobs[ID].plan
    assert replace(started, data=plan.data) == plan
    assert started.data.kind == "generated"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "A plan must be JSON"),
        (b"\xff\xfe", "A plan must be JSON in UTF-8"),
        (b'{"model": {"kind": "tree"}}', "The model must be one of"),
        (b'{"colour": 1}', "A plan has no 'colour'"),
        (b'{"data": {"kind": "digits", "settings": {"n_train": "many"}}}', "Canvases to train on must be"),
        (b'{"variants": [{"loss": "focal:gamma=-1"}]}', "The loss of a variant must be one of this app's"),
        (b'{"variants": [{"loss": "focal"}, {"loss": "focal", "name": "b"}]}', "at most 8 losses that differ"),
        (b" " * 1_000_001, "A plan must have at most"),
    ],
)
def test_what_is_no_plan_is_told_and_changes_nothing(visit, registry, content, sentence):
    at = visit("train")
    at.number_input(key="train_cnn.epochs").set_value(9).run()
    _upload_plan(at, content)
    assert _says(at, sentence)
    assert at.number_input(key="train_cnn.epochs").value == 9
    assert not at.button(key="train_start").disabled


def test_downloads_are_the_files_of_the_registry(visit, registry, tmp_path):
    registry.trained = trained_of(PLAN)
    names = ["plan.json", "bce_with_logits/test.npz", "bce_with_logits/train.py", "focal-gamma=3.0/test.npz"]
    for number, name in enumerate([*names, "all.zip"]):
        registry.files[name] = tmp_path / str(number)
        registry.files[name].write_text(name)
    _started(registry)
    registry.finish()
    at = visit("train", job=ID)
    offered = {each.proto.label: each.proto.id for each in at.get("download_button")}
    assert "test.npz: logits, labels" in offered and "train.py: PyTorch script" in offered
    assert {"Everything (.zip)", "Plan (.json)"} <= set(offered)
    assert all(read_file(registry, ID, name) == name.encode() for name in names)
    assert read_file(registry, ID, "nothing") == b""


def test_runs_are_counted_that_are_there(visit, registry, tmp_path):
    plan = replace(PLAN, seeds=(0, 1))
    registry.files = dict.fromkeys(["plan.json", *(f"{run}_seed0/test.npz" for run in ("focal", "bce"))], tmp_path)
    registry.trained = trained_of(plan)
    _started(registry, plan, reports=reports_of(plan, 1))
    at = visit("train", job=ID)
    at.button(key="train_stop").click().run()
    assert _says(at, "is a run on every page (2 runs)")


def test_another_visitors_page_does_not_wait_for_a_training(visit, registry):
    _started(registry, reports=reports_of(PLAN, 1))
    visit("train", job=ID)
    other = visit("overview")
    assert "job" not in other.query_params
    assert other.get("progress") == [] and _says(other, "At 0.5: micro-F1")


def test_the_summary_takes_each_pair_apart_as_core_does(visit, registry):
    plan = replace(PLAN, seeds=(0, 1))
    registry.trained = trained_of(plan)
    _started(registry, plan, seconds=1.0)
    registry.finish()
    at = visit("train", job=ID)
    labels = registry.trained.parts["test"].labels
    (pair,) = across_seeds(list(registry.trained.runs.values()), labels, registry.trained.class_names)
    found = pair.averages["macro"]
    assert _says(
        at, f"**Focal (gamma 3)** against **BCE**: **{found.words}**, AP {signed(found.average_precision.mean)}"
    )
    for spread in (found.total, found.threshold, found.ranking, found.average_precision):
        assert _says(at, f"{signed(spread.mean)} ({signed(spread.low)} to {signed(spread.high)})")
    dots = charts_of(at)["seed_chart"]["figure"]["data"]
    assert [trace["name"] for trace in dots if trace.get("showlegend") is not False] == [
        "total",
        "threshold",
        "ranking",
    ]
    at.segmented_control(key="seed_average").set_value("micro").run()
    assert _says(at, f"Micro-F1 at 0.5 {signed(pair.averages['micro'].total.mean)}")


def test_many_pairs_are_told_against_the_first_and_all_are_in_the_table():
    titles = {str(number): f"Loss {number}" for number in range(5)}
    spread = Spread((0.1,))
    difference = Difference(spread, spread, spread, spread, ("cannot tell",))
    both = {"macro": difference, "micro": difference}
    pairs = tuple(VariantPair(str(a), str(b), (0,), both) for a in range(5) for b in range(a + 1, 5))
    assert [pair.b for pair in most_telling(pairs)] == ["1", "2", "3", "4"]
    table = pairs_table(pairs, titles)
    assert len(table) == 10 * 2 * 4
    assert table.iloc[0].tolist()[:5] == ["Loss 1", "Loss 0", "macro", "total", 0.1]
    assert pair_sentence(pairs[0], "micro", titles).endswith("of it +.100 threshold and +.100 ranking.")


def test_one_variant_alone_is_compared_with_nothing(visit, registry):
    plan = replace(PLAN, variants=PLAN.variants[:1])
    registry.trained = trained_of(plan)
    _started(registry, plan)
    registry.finish()
    assert _says(visit("train", job=ID), "here there are none")


def test_runs_that_are_too_much_for_the_server_are_told(visit, registry, monkeypatch):
    registry.trained = trained_of(PLAN)
    _started(registry)
    registry.finish()
    at = visit("train", job=ID)
    before = at.session_state["data"]
    monkeypatch.setenv("DASHBOARD_VISITOR_BYTES", "100")
    at.button(key="open_test").click().run()
    assert _says(at, "One visitor's data must take at most 100 bytes")
    assert at.session_state["data"] == before


def test_a_busy_server_says_what_would_be_waited_for(visit, registry):
    assert _says(visit("train"), "3 variants, 10 epochs") and not _says(visit("train"), "would wait")
    registry.running = 1
    assert _says(visit("train"), "would wait for its turn: 1 training of this server's visitors first")


def test_runs_of_own_files_are_called_by_the_files_name(registry):
    trained = trained_of(replace(PLAN, data=DataPlan("files")))
    assert trained_sets(trained)["test"].name == "Trained: Linear model on made, 2 variants (test)"
