"""Puts Streamlit's and the server's own messages into our log, and what went wrong in a page with an id to ask for.

`streamlit.logger.setup_formatter` and its list of loggers are private to Streamlit; a test holds them to the installed
version.
"""

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from streamlit import logger as streamlit_logger

from dashboard import __version__, logs
from dashboard.settings import read_settings

_OTHERS = ("uvicorn", "uvicorn.access", "uvicorn.asgi", "uvicorn.error", "websockets", "asyncio")
_TOLD_BY_US = "streamlit.error_util"  # the same failure again, with what it says of the data


@asynccontextmanager
async def logged(_app) -> AsyncIterator[dict]:
    """The log of this server, from its start to its end."""
    take_over()
    logs.log("server_started", version=__version__)
    yield {}
    logs.log("server_stopped")


def take_over() -> None:
    """From now on every logger of the server writes our lines; those that Streamlit makes later too."""
    settings = read_settings()
    ours = logs.set_up(settings.log_level, settings.log_format)

    def use_ours(logger: logging.Logger) -> None:
        logger.handlers = [] if logger.name == _TOLD_BY_US else [ours]
        logger.streamlit_console_handler = ours
        logger.propagate = False

    streamlit_logger.setup_formatter = use_ours
    for logger in (*streamlit_logger._loggers.values(), *map(logging.getLogger, _OTHERS)):
        if logger.handlers:  # without any, a logger is off: that of requests, which Streamlit switches off
            use_ours(logger)


def report_failure(error: Exception) -> None:
    """Logs an error that ended a page and tells the visitor its id, above what Streamlit shows of it."""
    id = secrets.token_hex(4)
    logs.log_failure("page_failed", error, id=id)
    st.caption(f"Something went wrong here. Whoever runs this server finds it in its log as {id}.")
