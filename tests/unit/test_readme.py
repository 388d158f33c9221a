"""What the README promises of settings and commands exists, and no setting is missing from it."""

import re
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
INTERNAL = {"DASHBOARD_OPENED"}  # written by `python -m dashboard open` for the app it starts


def test_every_setting_is_in_the_readme_and_no_other():
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "dashboard").rglob("*.py"))
    read = set(re.findall(r'"(DASHBOARD_[A-Z_]+)"', sources)) - INTERNAL
    assert read == set(re.findall(r"`(DASHBOARD_[A-Z_]+)`", README))


def test_defaults_in_the_readme_are_those_of_the_code():
    from dashboard.settings import Settings

    said = dict(re.findall(r"\| `(DASHBOARD_[A-Z_]+)` \| ([\d.]+) \|", README))
    numbers = {
        each.metadata["variable"]: each.default for each in fields(Settings) if isinstance(each.default, float | int)
    }
    assert {name: float(value) for name, value in said.items()} == numbers


def test_every_benchmark_the_readme_names_is_there():
    named = re.findall(r"`python (tests/benchmarks/\w+\.py)", README)
    assert named and all((ROOT / path).is_file() for path in named)
