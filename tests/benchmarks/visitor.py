"""A visitor without a browser: speaks Streamlit's protobuf over its websocket, as much of it as a benchmark needs.

Knows nothing of the pages but the keys of their widgets.
"""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

LONGEST_ANSWER = 120  # seconds
MESSAGE_LIMIT = 200 * 2**20  # bytes


@dataclass(frozen=True)
class Answer:
    """All that came back for one run: seconds from sending to its last message, bytes received, the raw messages."""

    seconds: float
    n_bytes: int
    messages: tuple[bytes, ...]

    def says(self, text: str) -> bool:
        return any(text.encode() in message for message in self.messages)


class Visitor:
    """One session. `open` loads a page, `release` gives a widget a value in the fragment the widget is in."""

    def __init__(self, socket, query: str):
        self._socket, self._query = socket, query
        self._widgets = {}  # id -> id of its fragment
        self._cached = set()
        self._page = ""

    @classmethod
    async def arrive(cls, url: str, query: str = "") -> "Visitor":
        """`url`: http://127.0.0.1:port, `query` as in the address bar, without "?"."""
        address = f"ws://{urlsplit(url).netloc}/_stcore/stream"
        subprotocols = [websockets.Subprotocol("streamlit")]
        socket = await websockets.connect(address, origin=url, subprotocols=subprotocols, max_size=MESSAGE_LIMIT)
        return cls(socket, query)

    async def leave(self) -> None:
        await self._socket.close()

    async def open(self, page: str = "") -> Answer:
        """A whole run of a page by its name in the address ("" is the first one)."""
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.page_name = page
        return await self._run(message)

    async def release(self, key: str, value: float) -> Answer:
        """A slider or number field with this key is given a value."""
        widget = next(each for each in self._widgets if each.endswith(f"-{key}"))
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.fragment_id = self._widgets[widget]
        state = WidgetState(id=widget)
        if "slider" in key:
            state.double_array_value.data.append(value)
        else:
            state.double_value = value
        message.rerun_script.widget_states.widgets.append(state)
        return await self._run(message)

    async def _run(self, message: BackMsg) -> Answer:
        message.rerun_script.cached_message_hashes.extend(self._cached)
        started = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        received = []
        while True:
            received.append(await asyncio.wait_for(self._socket.recv(), LONGEST_ANSWER))
            if self._ends_the_run(received[-1]):
                break
        seconds = time.perf_counter() - started
        return Answer(seconds, sum(map(len, received)), tuple(received))

    def _ends_the_run(self, raw: bytes) -> bool:
        message = ForwardMsg.FromString(raw)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._page = message.new_session.page_script_hash
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._remember(message)
        # A run that was cut short by st.rerun is followed by the one that answers.
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def _remember(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable:
            self._cached.add(message.hash)
        element = message.delta.new_element
        widget = getattr(element, element.WhichOneof("type"))
        if getattr(widget, "id", ""):
            self._widgets[widget.id] = message.delta.fragment_id
