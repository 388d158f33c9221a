"""Saved charts have the colours of the app's light theme."""

import re
import tomllib

from dashboard.ui.threshold_chart.assets import SCRIPTS
from tests.unit.test_readme import ROOT


def test_the_palette_of_saved_charts_is_that_of_the_light_theme():
    script = (SCRIPTS / "save.js").read_text(encoding="utf-8")
    block = re.search(r"const PALETTE = \[(.*?)\]", script, re.DOTALL).group(1)
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert re.findall(r'"(#\w+)"', block) == config["theme"]["light"]["chartCategoricalColors"]
