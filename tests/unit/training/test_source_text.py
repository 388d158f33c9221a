"""Text of this project's own functions as a program: whole, in order, one meaning for a name."""

import pytest

from dashboard.losses import bce, pointwise
from dashboard.losses.variant import Cells
from dashboard.training.modules import VisionTransformer
from dashboard.training.source_text import SourceText


def test_what_is_needed_comes_first_and_once():
    text = SourceText().add(pointwise.poly1_focal, pointwise.focal).definitions
    names = ("class ClassCounts", "class Cells", "def _plain", "def _missing", "def focal", "def poly1_focal")
    places = [text.index(name) for name in names]
    assert places == sorted(places) and all(text.count(name) == 1 for name in names)
    assert "asl" not in text and "VARIANTS" not in text


def test_imports_of_this_project_become_text_and_others_stay_imports():
    made = SourceText().add(VisionTransformer, Cells)
    assert made.imports.splitlines() == [
        "import torch",
        "from dataclasses import dataclass",
        "from torch import nn",
        "from torch.nn import functional as F",
    ]
    assert "dashboard" not in made.definitions and "@dataclass(frozen=True, eq=False)\nclass Cells" in made.definitions


def test_a_name_with_two_meanings_is_refused(monkeypatch):
    made = SourceText().add(bce.bce)
    monkeypatch.setitem(made._definitions, "focal", ("another.module", "def focal(): ..."))
    with pytest.raises(ValueError, match=r"another\.module and dashboard\.losses\.pointwise both define focal"):
        made.add(pointwise.focal)
