"""Time from `streamlit run app.py` to the first drawn chart, beside an app that only writes one word.

    python tests/benchmarks/first_chart.py [--runs 5]

Needs a Chromium (CHROMIUM names another than the one on the path). Both are started in turn, so that a slow moment of
the machine hits both; the ratio of the medians is what to compare between machines.
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
CHART = ".st-key-metric_chart .js-plotly-plot .scatterlayer path.js-line"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def seconds_to(browser, script: str, selector: str) -> float:
    """From starting the server until `selector` is on screen in a browser that is already running."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    started = time.perf_counter()
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        page = browser.new_context().new_page()
        open_when_up(page, f"http://127.0.0.1:{port}/")
        page.locator(selector).first.wait_for(timeout=60_000)
        return time.perf_counter() - started
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
        word = Path(folder) / "word.py"
        word.write_text('import streamlit as st\nst.markdown("there")\n')
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=QUIET
        )
        times = {"app": [], "one word": []}
        for run in range(runs + 1):
            pair = {
                "app": seconds_to(browser, "app.py", CHART),
                "one word": seconds_to(browser, str(word), "text=there"),
            }
            for name, seconds in pair.items():
                times[name] += [seconds] if run else []  # the first pair warms the disk
        browser.close()
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"| {runs} starts, median | seconds |\n|---|---|")
    for name, seconds in medians.items():
        print(f"| {name} | {seconds:.2f} |")
    print(f"| ratio | {medians['app'] / medians['one word']:.2f} |")


if __name__ == "__main__":
    main()
