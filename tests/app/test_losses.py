"""The Losses page: which variants are compared, their parameters, and the address that says so."""

import subprocess
import sys
import textwrap

import pytest

from dashboard.losses import LOSSES
from tests.app.conftest import MAIN

FIRST = ["BCE", "BCE, pos_weight", "Focal", "ASL"]


def _chosen(at) -> list[str]:
    return at.session_state["kept:losses"].split("|")


def _titles(at) -> list[str]:
    # A popover's button is its block's own text.
    return [block.proto.popover.label for block in at.get("popover") if block.proto.popover.label != "More"]


def test_the_page_opens_with_bce_pos_weight_focal_and_asl(visit):
    at = visit("losses")
    assert _titles(at) == FIRST
    assert "losses" not in at.query_params


def test_a_variant_from_more_is_added_and_removed(visit):
    at = visit("losses")
    at.button(key="loss_add_zlpr").click().run()
    assert _titles(at) == [*FIRST, "ZLPR"]
    assert at.query_params["losses"] == "bce_with_logits|pos_weight|focal|asl|zlpr"
    at.button(key="loss_remove_1").click().run()
    assert _chosen(at) == ["bce_with_logits", "focal", "asl", "zlpr"]


def test_every_loss_can_be_added_and_every_parameter_shown(visit):
    for name, variant in LOSSES.items():
        at = visit("losses", losses=name)
        assert not at.exception, at.exception
        assert _titles(at) == [variant.title]
        drawn = {each.key for kind in ("slider", "number_input", "selectbox", "toggle") for each in at.get(kind)}
        assert {f"loss_0_{name}_{parameter.name}" for parameter in variant.parameters} <= drawn


def test_a_parameter_moved_is_in_the_title_and_the_address(visit):
    at = visit("losses", losses="focal")
    at.slider(key="loss_0_focal_gamma").set_value(3.0).run()
    assert _titles(at) == ["Focal (gamma 3)"]
    assert at.query_params["losses"] == "focal:gamma=3.0"
    at.button(key="loss_defaults_0").click().run()
    assert _titles(at) == ["Focal"]


def test_a_rule_gives_way_to_a_number_and_comes_back(visit):
    at = visit("losses", losses="pos_weight")
    rule = "loss_0_pos_weight_pos_weight"
    at.selectbox(key=rule).select("a number").run()
    at.number_input(key=f"{rule}_number").set_value(9.0).run()
    assert _chosen(at) == ["pos_weight:pos_weight=9.0"]
    at.selectbox(key=rule).select("root").run()
    assert _chosen(at) == ["pos_weight:pos_weight=root"]


@pytest.mark.parametrize(
    "text", ["focal:gamma=-3", "nothing", "focal:", "|", "focal:gamma=x", "asl:clip=nan", "pos_weight:pos_weight=1;2;3"]
)
def test_what_an_address_says_wrong_is_left_out(visit, text):
    at = visit("losses", losses=f"{text}|hill")
    assert not at.exception
    assert _titles(at)[-1] == "Hill"
    assert set(_titles(at)) <= {"Focal", "Hill"}


def test_only_this_page_waits_for_torch():
    program = """
        import sys
        from streamlit.testing.v1 import AppTest
        at = AppTest.from_file({main!r}, default_timeout=60).run()
        for page in ("classes", "thresholds", "data"):
            at.switch_page(f"app_pages/{{page}}.py").run()
            assert not at.exception, (page, at.exception)
            assert "torch" not in sys.modules, page
        at.switch_page("app_pages/losses.py").run()
        assert "torch" in sys.modules
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program).format(main=str(MAIN))], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr[-2000:]
