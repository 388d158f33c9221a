"""Time from `streamlit run app.py` to the first drawn chart, beside an app that draws nothing but one line.

    python tests/benchmarks/first_chart.py [--runs 5]

Needs a Chromium (CHROMIUM names another than the one on the path), which keeps a profile on disk as a person's browser
does: from the third visit on it also keeps the compiled scripts. Both are started in turn, so that a slow moment of the
machine hits both; the ratio of the medians is what to compare between machines.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.servers import app_command, free_port  # noqa: E402

WARM_UP = 3  # starts of each app until disk, cache and compiled scripts are there
CHART = ".st-key-metric_chart .js-plotly-plot .scatterlayer path.js-line"
BARE = """
import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(go.Scatter(x=[0, 1], y=[0, 1])), key="metric_chart")
"""
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def seconds_to_chart(context, script: str, port: int) -> float:
    """From starting the server until the chart is drawn in a browser that is running and has seen the app before."""
    started = time.perf_counter()
    server = subprocess.Popen(app_command(port, script), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        page = context.new_page()
        open_when_up(page, f"http://127.0.0.1:{port}/")
        page.locator(CHART).first.wait_for(timeout=60_000)
        seconds = time.perf_counter() - started
        page.close()
        return seconds
    finally:
        server.terminate()
        server.wait()


def open_when_up(page, url: str) -> None:
    port = int(url.rsplit(":", 1)[1].strip("/"))
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.01)
    page.goto(url)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=5)
    runs = options.parse_args().runs
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        context = playwright.chromium.launch_persistent_context(
            Path(folder) / "profile",
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=QUIET,
            viewport={"width": 1440, "height": 1000},
        )
        apps = {"app": ("app.py", free_port()), "one bare chart": (str(bare), free_port())}
        times = {name: [] for name in apps}
        for run in range(WARM_UP + runs):
            for name, (script, port) in apps.items():
                seconds = seconds_to_chart(context, script, port)
                times[name] += [seconds] if run >= WARM_UP else []
        context.close()
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"| {runs} starts, median | seconds |\n|---|---|")
    for name, seconds in medians.items():
        print(f"| {name} | {seconds:.2f} |")
    print(f"| ratio | {medians['app'] / medians['one bare chart']:.2f} |")


if __name__ == "__main__":
    main()
