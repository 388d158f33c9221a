"""Lets the small messages of a run leave the server at once. Knows nothing of what they say.

A run ends in dozens of small messages. Streamlit 1.67 binds its port in a way that leaves asyncio's TCP_NODELAY off,
so while a message is unacknowledged the next ones wait: a round trip for a visitor far away, and 40 ms even on this
machine when steps follow each other closely (a held arrow key), because Linux then puts acknowledgements off.
"""

import socket


class SendAtOnce:
    """Pure ASGI: switches TCP_NODELAY on for each websocket before its first message."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "websocket":
            _send_at_once(send)
        await self.app(scope, receive, send)


def _send_at_once(send) -> None:
    """`send` is a method of uvicorn's protocol, which has the transport; of another server it may be anything."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    connection = None if transport is None else transport.get_extra_info("socket")
    if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
