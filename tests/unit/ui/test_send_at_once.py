"""Websockets send small messages at once, on a port bound as Streamlit binds it."""

import asyncio
import socket

import pytest
import uvicorn
import websockets

from dashboard.ui.send_at_once import SendAtOnce


class _Said:
    """An ASGI app that accepts a websocket and notes whether small messages are held back on it."""

    no_delay = None

    async def __call__(self, scope, receive, send):
        connection = send.__self__.transport.get_extra_info("socket")
        self.no_delay = bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close"})


def _visit(app) -> None:
    async def run():
        bound = socket.socket(family=socket.AF_INET)  # as Streamlit does: without the protocol's number
        bound.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, lifespan="off", log_level="critical", ws="websockets-sansio")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        while not server.started:
            await asyncio.sleep(0.01)
        async with websockets.connect(f"ws://127.0.0.1:{bound.getsockname()[1]}"):
            pass
        server.should_exit = True
        await serving

    asyncio.run(asyncio.wait_for(run(), 20))


def test_small_messages_leave_at_once():
    said = _Said()
    _visit(SendAtOnce(said))
    assert said.no_delay is True


def test_without_it_they_would_wait():
    """The reason for the middleware; when this fails, it can go."""
    said = _Said()
    _visit(said)
    assert said.no_delay is False


@pytest.mark.parametrize("kind", ["websocket", "http", "lifespan"])
def test_another_server_is_left_alone(kind):
    called = []

    async def app(scope, receive, send):
        called.append(scope["type"])

    asyncio.run(SendAtOnce(app)({"type": kind}, None, lambda message: None))
    assert called == [kind]
