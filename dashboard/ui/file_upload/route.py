"""The route that takes large files: from the request to the disk in small pieces, hashed on the way.

Nothing of a file is kept in memory, and the event loop never waits for the disk. Knows nothing of sessions or pages.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import PurePath
from urllib.parse import unquote

from anyio import CancelScope
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.inputs.names import printable
from dashboard.logs import log
from dashboard.ui.file_upload.guard import refusal, visitor
from dashboard.ui.file_upload.store import StoredFile, UploadRefused, UploadStore, upload_store

NAME_HEADER = "X-File-Name"  # percent-encoded
PIECE_BYTES = 1 << 20
SILENCE_SECONDS = 60  # without a byte, after which an upload is given up
_PATHS = ("/api/uploads", "/{base:path}/api/uploads")  # the second under any server.baseUrlPath


def upload_routes(store: UploadStore | None = None) -> list[Route]:
    """GET ?size= asks whether a file would be taken; PUT takes it as the request's raw body.

    Answers 204 and {id, name, size, sha256}, or an error with {error: sentence}.
    """
    store = store or upload_store()

    async def answer(request: Request) -> Response:
        if sentence := refusal(request):
            return _refused(403, sentence)
        try:
            if request.method == "PUT":
                return JSONResponse(_as_json(await _receive(request, store)), headers=_NOT_KEPT)
            await run_in_threadpool(store.admit, _size(request.query_params.get("size")), visitor(request))
            return Response(status_code=204, headers=_NOT_KEPT)
        except UploadRefused as refused:
            log("upload_refused", "warning", status=refused.status)
            return _refused(refused.status, str(refused))
        except ClientDisconnect:
            return Response(status_code=400)  # which nobody reads

    return [Route(path, answer, methods=["GET", "PUT"]) for path in _PATHS]


@asynccontextmanager
async def uploads_until_shutdown(_app) -> AsyncIterator[dict]:
    """Deletes all uploads when the server ends; after a crash, the next server does."""
    yield {}
    upload_store().close()


_NOT_KEPT = {"Cache-Control": "no-store"}


async def _receive(request: Request, store: UploadStore) -> StoredFile:
    name, size = _name(request.headers.get(NAME_HEADER, "")), _size(request.headers.get("content-length"))
    upload = await run_in_threadpool(store.open, name, size, visitor(request))
    try:
        async for piece in _pieces(request.stream()):
            await run_in_threadpool(upload.write, piece)
        return await run_in_threadpool(upload.finish)
    finally:
        with CancelScope(shield=True):  # a server that ends cancels the request, and the file has to go all the same
            await run_in_threadpool(upload.discard)


async def _pieces(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The body in pieces that are worth a turn of a thread."""
    gathered = bytearray()
    while True:
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                gathered += await anext(stream)
        except StopAsyncIteration:
            break
        except TimeoutError:
            sentence = f"The upload must go on, but nothing came for {SILENCE_SECONDS} seconds: upload it again."
            raise UploadRefused(408, sentence) from None
        if len(gathered) >= PIECE_BYTES:
            yield bytes(gathered)
            gathered.clear()
    yield bytes(gathered)


def _size(text: str | None) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 18:
        raise UploadRefused(411, "The upload must announce its size in bytes, but does not: upload it again.")
    return int(text)


def _name(header: str) -> str:
    """The file's name for messages; never used as a path."""
    return printable(PurePath(unquote(header, errors="replace").replace("\\", "/")).name) or "upload"


def _as_json(file: StoredFile) -> dict:
    return {"id": file.id, "name": file.name, "size": file.size, "sha256": file.sha256}


def _refused(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"error": sentence}, status_code=status, headers=_NOT_KEPT)
