"""Visitors who move sliders and change pages on one server for some minutes: errors, lost interactions, times, memory.

    python tests/load/run.py [--visitors 20] [--seconds 120] [--data sample | large]

Each visitor is a client that speaks the browser's protocol (`tests/benchmarks/visitor.py`), waits like a person between
two interactions, and checks that each answer holds the figures of what was asked. `large` is 1,000,000 x 80 made-up
logits that all look at together. Exit status 1 where anything failed or memory kept growing. Ends its server.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.visitor import Visitor  # noqa: E402
from tests.benchmarks.visitors import PAGES, Server, make_large, served  # noqa: E402

PAUSE = (0.5, 2.5)  # seconds between two interactions of one visitor
STAYS = (3, 12)  # interactions on a page before the next one is opened
OTHER_PAGES = ("compare", "data")
GROWTH = 1.1  # of memory from the middle to the end, beyond which it is not flat
SETTLE = 10  # seconds after the last visitor has left


@dataclass
class Seen:
    """What all visitors saw: seconds of each answer, and a sentence for each fault."""

    sliders: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


async def visit(server: Server, number: int, until: float, seen: Seen) -> None:
    """One visitor, from arriving until the time is up."""
    chance = random.Random(number)
    visitor = await Visitor.arrive(server.url, "focus=1&classes=1,2,3,4")
    try:
        while time.monotonic() < until:
            await _stay_on_a_page(visitor, chance, until, seen)
    except (OSError, StopIteration, TimeoutError) as error:
        seen.faults.append(f"visitor {number}: {type(error).__name__} {error}")
    finally:
        await visitor.leave()


async def _stay_on_a_page(visitor: Visitor, chance: random.Random, until: float, seen: Seen) -> None:
    name, key = chance.choice(list(PAGES.values()))
    if chance.random() < 0.2:
        seen.pages.append(await _open(visitor, chance.choice(OTHER_PAGES), seen))
    seen.pages.append(await _open(visitor, name, seen))
    for _ in range(chance.randint(*STAYS)):
        if time.monotonic() > until:
            return
        await asyncio.sleep(chance.uniform(*PAUSE))
        value = round(chance.uniform(0.05, 0.95), 3)
        answer = await visitor.release(key.format(focus=1), value)
        seen.sliders.append(answer.seconds)
        if not answer.says(f"t {value:.4g}"):
            seen.faults.append(f"an answer does not hold the figures at {value} on {name or 'overview'}")


async def _open(visitor: Visitor, name: str, seen: Seen) -> float:
    answer = await visitor.open(name)
    if any(map(_shows_an_exception, answer.messages)):
        seen.faults.append(f"{name or 'overview'} shows an exception")
    return answer.seconds


def _shows_an_exception(raw: bytes) -> bool:
    message = ForwardMsg.FromString(raw)
    if message.WhichOneof("type") != "delta" or message.delta.WhichOneof("type") != "new_element":
        return False
    return message.delta.new_element.WhichOneof("type") == "exception"


async def _memory(server: Server, until: float, seen: list[int]) -> None:
    while time.monotonic() < until:
        seen.append(server.memory_mb)
        await asyncio.sleep(1)


async def drive(server: Server, n_visitors: int, seconds: float) -> tuple[Seen, list[int]]:
    """What they saw, and the server's memory at each second, in MB."""
    seen, memory, until = Seen(), [], time.monotonic() + seconds
    visits = [visit(server, number, until, seen) for number in range(n_visitors)]
    await asyncio.gather(*visits, _memory(server, until, memory))
    return seen, memory


def _times(what: str, seconds: Iterable[float]) -> str:
    ordered = sorted(seconds)
    median, slow = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
    return f"{len(ordered):,} {what}: median {median * 1000:.0f} ms, 95 % under {slow * 1000:.0f} ms"


def report(server: Server, seen: Seen, memory: list[int]) -> bool:
    """Prints what was measured; whether all is well."""
    half = statistics.median(memory[len(memory) // 2 - 3 : len(memory) // 2 + 3])
    end = statistics.median(memory[-6:])
    time.sleep(SETTLE)
    with urllib.request.urlopen(f"{server.url}/health", timeout=10) as answer:
        is_healthy = answer.status == 200
    print(_times("sliders released", seen.sliders))
    print(_times("pages opened", seen.pages))
    print(f"memory: {half:,.0f} MB halfway, {end:,.0f} MB at the end, {server.memory_mb:,} MB once all had left")
    print(f"server CPU: {server.cpu_seconds:.0f} s; healthy afterwards: {'yes' if is_healthy else 'no'}")
    print(f"errors and lost interactions: {len(seen.faults)}", *seen.faults[:10], sep="\n  ")
    return not seen.faults and is_healthy and end <= GROWTH * half


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--visitors", type=int, default=20)
    options.add_argument("--seconds", type=float, default=120)
    options.add_argument("--data", choices=("sample", "large"), default="sample")
    options = options.parse_args()
    if not (1 <= options.visitors <= 50 and 10 <= options.seconds <= 3600):
        raise SystemExit("--visitors must be 1 to 50 and --seconds 10 to 3600: all run on this machine.")
    with tempfile.TemporaryDirectory() as folder:
        environment = make_large(Path(folder)) if options.data == "large" else {}
        with served(environment) as server:
            seen, memory = asyncio.run(drive(server, options.visitors, options.seconds))
            is_well = report(server, seen, memory)
    raise SystemExit(0 if is_well else 1)


if __name__ == "__main__":
    main()
