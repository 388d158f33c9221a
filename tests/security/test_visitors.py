"""Visitors at once, over real connections: who comes too late reads so, and gets in when somebody leaves."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from tests.benchmarks.visitor import Visitor
from tests.security.conftest import SEATS

FULL = f"all {SEATS} places are taken"


async def _come_and_go(url: str) -> list[bool]:
    """Whether the first ones, one more, and one more after somebody left, were told that all places are taken."""
    visitors = [await Visitor.arrive(url) for _ in range(SEATS + 1)]
    told = [(await visitor.open("data")).says(FULL) for visitor in visitors]
    await visitors[0].leave()
    late = visitors[-1]
    async with asyncio.timeout(20):
        while (again := await late.open("data")).says(FULL):
            await asyncio.sleep(0.2)
    told.append(again.says("Load your own"))
    for visitor in visitors[1:]:
        await visitor.leave()
    return told


def test_who_comes_too_late_waits_for_a_place(undefended):
    with ThreadPoolExecutor(1) as thread:  # this one may have Playwright's loop
        told = thread.submit(lambda: asyncio.run(_come_and_go(undefended.url))).result()
    assert told == [False] * SEATS + [True, True]
