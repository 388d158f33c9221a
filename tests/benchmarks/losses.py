"""What a changed loss costs on the Losses page, beside torch's own BCE with logits on the same tensors.

    python tests/benchmarks/losses.py [--rows 40000] [--classes 80] [--times 3]

Prints seconds and, to compare between machines, the ratio to torch's bare loss within the same run.
"""

import argparse
import time

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from dashboard.losses import LOSSES, LossSettings
from dashboard.losses.heaviest_cells import heaviest_cells
from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.summary import summarise


def least_seconds(function, times: int) -> float:
    """Of several runs: the one that was disturbed least."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        function()
        found.append(time.perf_counter() - started)
    return min(found)


def made_cells(n_rows: int, n_classes: int) -> LoadedCells:
    rng = np.random.default_rng(0)
    labels = (rng.random((n_rows, n_classes)) < rng.uniform(0.01, 0.2, n_classes)).astype(np.int8)
    return LoadedCells.of(rng.normal(-3 + 4 * labels, 1.5).astype(np.float32), labels, "logits")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--classes", type=int, default=80)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    cells = made_cells(given.rows, given.classes)
    bare = least_seconds(lambda: binary_cross_entropy_with_logits(cells.logits, cells.targets), given.times)
    print(f"{given.rows:,} x {given.classes}, {torch.get_num_threads()} threads; torch's bare BCE: {bare:.3f} s")
    print(f"kinds of cells, once per data: {least_seconds(lambda: LoadedCells.parts.func(cells), given.times):.3f} s")
    for name in LOSSES:
        seconds = least_seconds(lambda name=name: summarise(cells, LossSettings(name)), given.times)
        print(f"{name:28} {seconds:.3f} s  {seconds / bare:5.1f} x")
    by, plain = (summarise(cells, LossSettings(name)) for name in ("focal", "bce_with_logits"))
    seconds = least_seconds(lambda: heaviest_cells(cells, by, [by, plain], against=plain), given.times)
    print(f"{'heaviest cells':28} {seconds:.3f} s  {seconds / bare:5.1f} x")


if __name__ == "__main__":
    main()
