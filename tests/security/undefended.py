"""The app with its escaping and its allowed hosts taken away, to see that the tests would notice: never for use."""

from streamlit import config

from dashboard import escape

config.set_option("server.allowedHosts", [])
escape.for_markdown = escape.for_plotly = escape.for_note = str

from app import app  # noqa: E402

__all__ = ["app"]
