"""What runs beside the server."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from dashboard.ui import lifespan
from dashboard.ui.arrays import BASE, shared_arrays
from dashboard.ui.file_upload.store import upload_store


@pytest.fixture(autouse=True)
def _own_singletons(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_UPLOAD_FOLDER", str(tmp_path))
    for made in (shared_arrays, upload_store):
        made.cache_clear()
    yield
    upload_store().close()
    for made in (shared_arrays, upload_store):
        made.cache_clear()


def test_they_begin_in_order_and_end_in_the_opposite_one():
    told = []

    def named(name):
        @asynccontextmanager
        async def one(_app):
            told.append(name)
            yield {}
            told.append(f"end of {name}")

        return one

    async def run():
        async with lifespan.together(named("a"), named("b"))(None):
            told.append("serving")

    asyncio.run(run())
    assert told == ["a", "b", "serving", "end of b", "end of a"]


def test_unused_data_goes_while_nobody_visits(monkeypatch):
    monkeypatch.setattr(lifespan, "TIDIED_EVERY", 0.01)
    monkeypatch.setenv("DASHBOARD_UNUSED_MINUTES", "0.0001")
    shared_arrays().put("a", BASE, 1)

    async def run():
        async with lifespan.tidied(None), asyncio.timeout(10):
            while shared_arrays().n_data:
                await asyncio.sleep(0.01)

    asyncio.run(run())
