"""A dragged threshold in a real browser, beside a plain `st.plotly_chart` that contains the threshold.

    python tests/benchmarks/interaction.py [--size 827x6 --size 1000000x80] [--releases 15]

Both apps show the same made-up data on the same machine, one after the other. Measured in headless Chromium: from the
start of the server to the first chart; the time between frames while the pointer drags; from letting go until the new
figures are on screen; and the bytes over the websocket for each. Needs a Chromium (CHROMIUM names another one).
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from argparse import Namespace
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from dashboard.inputs.opened import Opened, write_opened
from tests.benchmarks.first_chart import QUIET
from tests.benchmarks.ranking import synthetic
from tests.benchmarks.visitors import ROOT, served
from tests.servers import free_port

WARM_UP = 3
HIT = ".threshold-handle .hit"
SLIDER = '[data-testid="stSlider"] div:has(> div > input[type=range])'  # its thumb
LINE = ".st-key-metric_chart path.js-line"
PLAIN = """
import numpy as np
import plotly.graph_objects as go
import streamlit as st

from dashboard.core import Predictions, RankedScores, metrics
from dashboard.core.sweep import threshold_sweep


@st.cache_resource
def load():
    r = RankedScores.from_predictions(Predictions(np.load({scores!r}), np.load({labels!r})))
    return r, threshold_sweep(r)


r, sweep = load()
threshold = st.slider("Threshold", 0.0, 1.0, 0.5, 0.001)
lines = [go.Scatter(x=sweep.thresholds, y=sweep.values["f1", average], name=average) for average in
         ("micro", "macro", "weighted")]
figure = go.Figure(lines)
figure.add_vline(threshold)
st.plotly_chart(figure, key="metric_chart")
value = metrics.f_beta(r.counts(threshold), average="micro")[0]
st.container(key="sentence").markdown(f"At {{threshold}}: micro-F1 {{value:.3f}}")
"""

# Runs in the page: promises of what happens between events, counted by the browser's own clock.
WATCH = """
window.frames_of_drag = () => new Promise(resolve => {
  const times = []
  let held = true
  addEventListener("pointerup", () => { held = false }, { once: true, capture: true })
  const frame = now => { times.push(now); held ? requestAnimationFrame(frame) : resolve(times) }
  requestAnimationFrame(frame)
})
window.after_release = read => new Promise((resolve, reject) => {
  const before = read()
  let start
  setTimeout(() => reject(new Error("a release changed nothing within 30 s")), 30_000)
  addEventListener("pointerup", () => { start = performance.now() }, { once: true, capture: true })
  const frame = () => {
    if (start && read() !== before) resolve(performance.now() - start)
    else requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
})
window.sentence = () => document.querySelector(".st-key-sentence")?.textContent
window.plain_line = () => document.querySelector(".st-key-metric_chart .shapelayer path")?.getAttribute("d")
"""


@dataclass
class Traffic:
    """Bytes over the page's websocket since the last look."""

    sent: int = 0
    received: int = 0

    def follow(self, page: Page) -> None:
        def on_socket(socket):
            socket.on("framesent", lambda frame: self._add("sent", frame))
            socket.on("framereceived", lambda frame: self._add("received", frame))

        page.on("websocket", on_socket)

    def _add(self, way, frame):
        setattr(self, way, getattr(self, way) + len(frame))

    def take(self) -> tuple[int, int]:
        taken = self.sent, self.received
        self.sent = self.received = 0
        return taken


@dataclass
class Measured:
    """Of one app at one size; times in ms, bytes as (sent, received)."""

    first_chart: float = 0.0
    load: tuple[int, int] = (0, 0)
    frames: list[float] = field(default_factory=list)
    drag: list[tuple[int, int]] = field(default_factory=list)
    release: list[float] = field(default_factory=list)
    released: list[tuple[int, int]] = field(default_factory=list)


def settled(page: Page) -> None:
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(state="attached")
    page.wait_for_timeout(400)


def measure(page: Page, url: str, started: float, releases: int, grip: str, figures: str) -> Measured:
    """`grip`: what the pointer takes hold of; `figures`: the function of the page that reads what a release changes."""
    measured, traffic = Measured(), Traffic()
    traffic.follow(page)
    page.add_init_script(WATCH)
    page.goto(url)
    page.locator(LINE).first.wait_for(state="attached", timeout=120_000)
    measured.first_chart = time.perf_counter() - started
    settled(page)
    measured.load = traffic.take()
    page.wait_for_timeout(1000)
    for number in range(releases):
        # Never twice to the same place: what a browser has seen is not sent again.
        distance = 60 + 7 * number
        drag_once(page, measured, traffic, grip, figures, distance if number % 2 else -distance)
    return measured


def drag_once(page, measured, traffic, grip, figures, distance) -> None:
    box = page.locator(grip).first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(f"() => {{ window.frames = frames_of_drag(); window.released = after_release({figures}) }}")
    traffic.take()
    for step in range(1, 41):
        page.mouse.move(x + distance * step / 40, y)
        page.wait_for_timeout(8)
    measured.drag.append(traffic.take())
    page.mouse.up()
    measured.release.append(page.evaluate("() => window.released"))
    measured.frames += np.diff(page.evaluate("() => window.frames")).tolist()
    settled(page)
    measured.released.append(traffic.take())


@dataclass(frozen=True)
class App:
    """grip: what the pointer takes hold of; figures: the function of the page that reads what a release changes."""

    name: str
    script: str
    environment: dict
    grip: str
    figures: str
    port: int = field(default_factory=free_port)  # one for all starts, so that the browser's cache serves them all


@contextmanager
def browsing(profile: Path):
    """A Chromium with a profile on disk, as a person's has: it keeps scripts, and compiled ones."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        size = {"width": 1440, "height": 1000}
        yield playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium, args=QUIET, viewport=size
        )


def warm_up(app: App, profile: Path) -> None:
    with browsing(profile) as context:
        for _ in range(WARM_UP):
            with served(app.environment, app.script, app.port) as server:
                page = context.new_page()
                page.goto(server.url)
                page.locator(LINE).first.wait_for(state="attached", timeout=120_000)
                page.close()
        context.close()


def in_browser(app: App, releases: int, profile: Path) -> tuple[Measured, int]:
    """The measurements, and the server's memory in MB afterwards."""
    with browsing(profile) as context:
        started = time.perf_counter()
        with served(app.environment, app.script, app.port) as server:
            measured = measure(context.new_page(), server.url, started, releases, app.grip, app.figures)
            memory = server.memory_mb
        context.close()
    return measured, memory


def compare(n_samples: int, n_classes: int, releases: int, folder: Path) -> list[str]:
    p = synthetic(n_samples, n_classes, Namespace(ties=False, unknown=0.0))
    scores, labels = folder / "scores.npy", folder / "labels.npy"
    np.save(scores, p.scores)
    np.save(labels, p.labels)
    del p
    opened = write_opened(Opened({"made up": str(scores)}, str(labels), "logits"), folder / "opened.json")
    plain = folder / "plain.py"
    plain.write_text(PLAIN.format(scores=str(scores), labels=str(labels)))
    apps = [
        App("this app", "app.py", opened, f".st-key-metric_chart {HIT}", "sentence"),
        App("plain chart with the threshold in it", str(plain), {"PYTHONPATH": str(ROOT)}, SLIDER, "plain_line"),
    ]
    rows = []
    for app in apps:
        profile = folder / f"profile {app.port}"
        warm_up(app, profile)
        measured, memory = in_browser(app, releases, profile)
        rows.append(row(f"{n_samples:,} x {n_classes}", app.name, measured, memory, moves=app.grip != SLIDER))
    return rows


def row(size, name, measured: Measured, memory: int, *, moves: bool) -> str:
    def kilobytes(pairs):
        return f"{statistics.median(sum(pair) for pair in pairs) / 1000:.1f} kB"

    frames = sorted(measured.frames)
    dragging = f"{statistics.median(frames):.1f} / {frames[int(len(frames) * 0.95)]:.1f} ms"
    return (
        f"| {size} | {name} | {measured.first_chart:.1f} s | {dragging if moves else 'the chart stands still'} | "
        f"{statistics.median(measured.release):.0f} ms | {sum(measured.load) / 1000:.0f} kB | "
        f"{kilobytes(measured.drag)} | {kilobytes(measured.released)} | {memory:,} MB |"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--size", action="append", help="samples x classes, such as 827x6; may be repeated")
    options.add_argument("--releases", type=int, default=15)
    chosen = options.parse_args()
    heads = ["data", "app", "start to first chart", "frame while dragging, median / 95 %", "release to new figures"]
    heads += ["websocket: load", "a drag", "a release", "server memory"]
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|", flush=True)
    for size in chosen.size or ["827x6", "1000000x80"]:
        with tempfile.TemporaryDirectory() as folder:
            for line in compare(*map(int, size.split("x")), chosen.releases, Path(folder)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
