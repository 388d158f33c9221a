"""Ten visitors release a threshold at the same moment on one server: what each waits, beside one visitor alone.

    python tests/benchmarks/visitors.py [--visitors 10] [--rounds 15]

On the sample data and on 1,000,000 x 80 made-up logits, which all visitors look at together. Each visitor is a client
that speaks the browser's protocol (`visitor.py`), so the times are the server's and the loopback's: from the release
until the last message with the new figures. Ends its servers; the made-up files (400 MB) go with their folder.
"""

import argparse
import asyncio
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from dashboard.inputs.opened import Opened, write_opened  # noqa: E402
from tests.benchmarks.visitor import Visitor  # noqa: E402
from tests.servers import app_command, free_port, wait_until_healthy  # noqa: E402

N_SAMPLES, N_CLASSES, BLOCK = 1_000_000, 80, 100_000
PAGES = {"Overview": ("", "threshold_slider_unit"), "Classes": ("classes", "own_{focus}_slider_unit")}


@dataclass(frozen=True)
class Server:
    url: str
    pid: int

    @property
    def memory_mb(self) -> int:
        """Resident now, in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) // 1000

    @property
    def cpu_seconds(self) -> float:
        """Used so far; what an answer costs, however busy the machine is otherwise."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def make_large(folder: Path) -> dict[str, str]:
    """Writes logits and labels with prevalences from 30 % to 0.2 %; returns what makes the app open them."""
    rng = np.random.default_rng(0)
    prevalence = np.geomspace(0.3, 0.002, N_CLASSES)
    shape = (N_SAMPLES, N_CLASSES)
    labels = np.lib.format.open_memmap(folder / "labels.npy", "w+", np.int8, shape)
    scores = np.lib.format.open_memmap(folder / "scores.npy", "w+", np.float32, shape)
    for start in range(0, N_SAMPLES, BLOCK):
        rows = slice(start, start + BLOCK)
        labels[rows] = rng.random((BLOCK, N_CLASSES), dtype=np.float32) < prevalence
        noise = rng.standard_normal((BLOCK, N_CLASSES), dtype=np.float32)
        scores[rows] = noise + 2 * labels[rows] + np.log(prevalence).astype(np.float32) / 2
    opened = Opened({"made up": str(folder / "scores.npy")}, str(folder / "labels.npy"), "logits")
    return write_opened(opened, folder / "opened.json")


@contextmanager
def served(environment: dict[str, str], script: str = "app.py", port: int | None = None):
    """A server of the app, or of another script, on this machine only; it is ended by its process id."""
    port = port or free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(app_command(port, script), cwd=ROOT, env=os.environ | environment, **quiet)
    try:
        server = Server(f"http://127.0.0.1:{port}", process.pid)
        wait_until_healthy(server.url, process)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


async def answers(server: Server, page: str, n_visitors: int, n_rounds: int) -> tuple[list, float]:
    """Every visitor's answers, and the server's CPU seconds per answer.

    In each round all release another value at the same moment.
    """
    name, key = PAGES[page]
    visitors = [await Visitor.arrive(server.url, "focus=1&classes=1,2,3,4") for _ in range(n_visitors)]
    for visitor in visitors:
        await visitor.open(name)
    received = []
    for i in range(n_rounds + 2):
        values = [round(0.1 + 0.8 * ((i * n_visitors + j) % 89) / 89, 3) for j in range(n_visitors)]
        releases = [v.release(key.format(focus=1), value) for v, value in zip(visitors, values, strict=True)]
        found = await asyncio.gather(*releases)
        for answer, value in zip(found, values, strict=True):
            if not answer.says(f"t {value:.4g}"):
                raise RuntimeError(f"an answer does not hold the figures at {value}")
        if i == 1:  # the first rounds warm the server
            received, started = [], server.cpu_seconds
        else:
            received += found
        await asyncio.sleep(0.1)
    cost = (server.cpu_seconds - started) / len(received)
    for visitor in visitors:
        await visitor.leave()
    return received, cost


def _row(data, page, n_visitors, received, cost, server) -> str:
    seconds = sorted(answer.seconds for answer in received)
    median, p95 = statistics.median(seconds), seconds[int(0.95 * (len(seconds) - 1))]
    sent = statistics.median(answer.n_bytes for answer in received)
    times = f"{median * 1000:.0f} | {p95 * 1000:.0f} | {cost * 1000:.0f}"
    return f"| {data} | {page} | {n_visitors} | {times} | {sent / 1000:.0f} | {server.memory_mb:,} |"


def measure(data: str, environment: dict[str, str], options) -> None:
    with served(environment) as server:
        for page in PAGES:
            for n_visitors in (1, options.visitors):
                received, cost = asyncio.run(answers(server, page, n_visitors, options.rounds))
                print(_row(data, page, n_visitors, received, cost, server), flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--visitors", type=int, default=10)
    options.add_argument("--rounds", type=int, default=15)
    options = options.parse_args()
    if not (1 <= options.visitors <= 50 and 1 <= options.rounds <= 200):
        raise SystemExit("--visitors must be 1 to 50 and --rounds 1 to 200: all run on this machine.")
    print(f"{len(os.sched_getaffinity(0))} cores, {platform.machine()}, Python {platform.python_version()}\n")
    print("| data | page | visitors | median ms | 95 % under ms | server CPU ms | kB per answer | server MB |")
    print("|---|---|---|---|---|---|---|---|")
    measure("sample", {}, options)
    with tempfile.TemporaryDirectory() as folder:
        measure(f"{N_SAMPLES:,} x {N_CLASSES}", make_large(Path(folder)), options)


if __name__ == "__main__":
    main()
