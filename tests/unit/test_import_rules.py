"""The folders are the architecture: who may load whom, looked at in fresh interpreters."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"torch", "pandas", "streamlit", "plotly", "sklearn", "scipy", "numba", "pyarrow"}

# What importing a folder (every module of it) must not load.
FORBIDDEN = {
    "dashboard.core": HEAVY
    | {"dashboard.inputs", "dashboard.figures", "dashboard.ui", "dashboard.training", "dashboard.reviews"}
    | {"dashboard.losses"},
    "dashboard.inputs": {"torch", "streamlit", "plotly", "sklearn", "dashboard.figures", "dashboard.ui"}
    | {"dashboard.training", "dashboard.reviews"},
    "dashboard.figures": {"torch", "streamlit", "sklearn", "dashboard.inputs", "dashboard.ui", "dashboard.training"}
    | {"dashboard.reviews"},
    "dashboard.reviews": HEAVY | {"dashboard.inputs", "dashboard.figures", "dashboard.ui", "dashboard.training"},
    "dashboard.losses": (HEAVY - {"torch"})
    | {"dashboard.core", "dashboard.inputs", "dashboard.figures", "dashboard.ui", "dashboard.training"}
    | {"dashboard.reviews"},
    "dashboard.training": {"streamlit", "plotly", "dashboard.inputs", "dashboard.figures", "dashboard.ui"}
    | {"dashboard.reviews"},
    "dashboard.ui": {"torch", "sklearn", "scipy", "numba"},
}

_LOAD_ALL = """
    import importlib, pkgutil, sys
    torch_pages = ("dashboard.ui.losses", "dashboard.ui.training")
    package = importlib.import_module({package!r})
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not {{"app_pages", "main"}} & set(module.name.split(".")) and not module.name.startswith(torch_pages):
            importlib.import_module(module.name)
    {extra}
    print("\\n".join(sys.modules))
"""


def _loaded_by(package, extra=""):
    program = textwrap.dedent(_LOAD_ALL).format(package=package, extra=extra)
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    names = set(run.stdout.split())
    return {name.split(".")[0] for name in names} | {".".join(name.split(".")[:2]) for name in names}


def _violations(package, extra=""):
    return _loaded_by(package, extra) & FORBIDDEN[package]


@pytest.mark.parametrize("package", FORBIDDEN)
def test_a_folder_loads_nothing_it_may_not(package):
    assert _violations(package) == set()


@pytest.mark.parametrize("extra", ["import pandas", "import dashboard.inputs"])
def test_the_rule_can_fail(extra):
    assert _violations("dashboard.core", extra) != set()


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("import streamlit", ("app.py", "dashboard/ui/")),
        ("import plotly", ("dashboard/figures/",)),
        ("st.session_state", ("dashboard/ui/state.py",)),
        (
            "@st.cache_",
            (
                "dashboard/ui/cache.py",
                "dashboard/ui/class_cache.py",
                "dashboard/ui/set_cache.py",
                "dashboard/ui/upload_cache.py",
                "dashboard/ui/worklist_cache.py",
                "dashboard/ui/policy_cache.py",
                "dashboard/ui/calibration_cache.py",
            ),
        ),
        # Only the pages Losses and Train and what works for them may wait for torch.
        (
            "dashboard.ui.losses",
            ("dashboard/ui/app_pages/losses.py", "dashboard/ui/losses/", "dashboard/ui/training/"),
        ),
        ("dashboard.ui.training", ("dashboard/ui/app_pages/train.py", "dashboard/ui/training/")),
        # The commands import torch when they run: test_losses_command.py proves it.
        (
            "dashboard.losses",
            (
                "dashboard/losses/",
                "dashboard/ui/losses/",
                "dashboard/ui/training/",
                "dashboard/losses_command.py",
                "dashboard/train_command.py",
                "dashboard/__main__.py",
                "dashboard/training/",
            ),
        ),
        ("from sklearn", ("dashboard/training/",)),
    ],
)
def test_a_name_stays_in_its_place(text, allowed):
    sources = [ROOT / "app.py", *(ROOT / "dashboard").rglob("*.py")]
    whole_word = re.compile(re.escape(text) + (r"\b" if text[-1].isalpha() else ""))
    places = [path.relative_to(ROOT).as_posix() for path in sources if whole_word.search(path.read_text("utf-8"))]
    assert [place for place in places if not place.startswith(allowed)] == []


def test_what_every_page_shows_of_reviews_loads_nothing_that_makes_a_report():
    found = "{'jinja2', 'markdown_it'} & set(sys.modules)"
    said = f"import sys, dashboard.ui.frame, dashboard.ui.reviews.autosave as _; print({found})"
    run = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
