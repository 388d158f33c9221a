"""A group of options is one parameter of a command, and one option per field at the terminal."""

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from dashboard.command_options import Reading, given, with_groups


@dataclass(frozen=True)
class Pair:
    left: Annotated[int, typer.Option(help="Of the left.")]
    right: Annotated[list[str] | None, typer.Option(help="Of the right.")] = None


@pytest.fixture
def app():
    app = typer.Typer()

    @app.command()
    @with_groups
    def show(first: Annotated[str, typer.Argument()], *, pair: Pair, last: bool = False):
        """Show them."""
        typer.echo(repr((first, pair, last)))

    return app


def test_with_groups_fills_the_group_from_its_options(app):
    result = CliRunner().invoke(app, ["a", "--left", "3", "--right", "x", "--right", "y", "--last"])
    assert result.stdout.strip() == repr(("a", Pair(3, ["x", "y"]), True))


def test_with_groups_keeps_which_options_must_be_given(app):
    result = CliRunner().invoke(app, ["a"])
    assert result.exit_code == 2 and "--left" in result.output


def test_given_leaves_out_what_was_not_said():
    assert given(Pair(0)) == {"left": 0}
    assert Reading(missing="unknown", role=["age=group"]).read_options() == {
        "missing": "unknown",
        "first_index": 0,
        "roles": {"age": "group"},
    }
