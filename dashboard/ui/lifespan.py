"""What runs as long as the server does: several such things as one, and the tidying up once a minute."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from starlette.concurrency import run_in_threadpool

from dashboard.settings import read_settings
from dashboard.ui.arrays import shared_arrays
from dashboard.ui.file_upload.store import upload_store

TIDIED_EVERY = 60  # seconds

Lifespan = Callable[[object], AbstractAsyncContextManager[dict]]


def together(*lifespans: Lifespan) -> Lifespan:
    """One that begins these in their order and ends them in the opposite one."""

    @asynccontextmanager
    async def lifespan(app) -> AsyncIterator[dict]:
        async with AsyncExitStack() as stack:
            for each in lifespans:
                await stack.enter_async_context(each(app))
            yield {}

    return lifespan


@asynccontextmanager
async def tidied(_app) -> AsyncIterator[dict]:
    """Lets go of unused arrays and deletes files that are over their time, also while nobody visits."""
    task = asyncio.create_task(_tidy_for_ever())
    try:
        yield {}
    finally:
        task.cancel()


async def _tidy_for_ever() -> None:
    while True:
        await asyncio.sleep(TIDIED_EVERY)
        await run_in_threadpool(tidy)


def tidy() -> None:
    shared_arrays().free_unused(60 * read_settings().unused_minutes)
    upload_store().sweep()
