"""Twenty visitors who look at the same data: how much more memory the server takes than for one.

    python tests/benchmarks/shared_memory.py [--visitors 20] [--samples 1000000]

Each visitor opens Overview and Classes and releases a threshold on both, on made-up logits of 80 classes. Ends its
server; the made-up files go with their folder.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks import visitors  # noqa: E402
from tests.benchmarks.visitor import Visitor  # noqa: E402


async def look(url: str, values) -> list[Visitor]:
    """A visitor per value, who stays."""
    stayed = []
    for value in values:
        visitor = await Visitor.arrive(url, "focus=1&classes=1,2,3,4")
        for name, key in visitors.PAGES.values():
            await visitor.open(name)
            await visitor.release(key.format(focus=1), value)
        stayed.append(visitor)
    return stayed


async def measure(server, n_visitors: int) -> tuple[int, int, int]:
    """MB of the server before anybody came, with one visitor, with all of them."""
    empty = server.memory_mb
    stayed = await look(server.url, [0.5])
    one = server.memory_mb
    stayed += await look(server.url, [0.2 + 0.6 * i / n_visitors for i in range(1, n_visitors)])
    return empty, one, server.memory_mb


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--visitors", type=int, default=20)
    options.add_argument("--samples", type=int, default=1_000_000)
    options = options.parse_args()
    visitors.N_SAMPLES = options.samples
    with tempfile.TemporaryDirectory() as folder, visitors.served(visitors.make_large(Path(folder))) as server:
        empty, one, all_of_them = asyncio.run(measure(server, options.visitors))
    data = options.samples * visitors.N_CLASSES * 5 / 1e6  # float32 scores and int8 labels
    print(f"data {options.samples:,} x {visitors.N_CLASSES}: {data:,.0f} MB of scores and labels")
    print("| server alone | one visitor | visitors | with all of them | each further visitor |")
    print("|---|---|---|---|---|")
    each = (all_of_them - one) / max(options.visitors - 1, 1)
    print(f"| {empty:,} MB | {one:,} MB | {options.visitors} | {all_of_them:,} MB | {each:.1f} MB |")


if __name__ == "__main__":
    main()
