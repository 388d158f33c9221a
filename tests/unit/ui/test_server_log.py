"""Streamlit's messages in our log: its private parts held to the installed version."""

import inspect
import io
import json
import logging

import pytest
from streamlit import error_util
from streamlit import logger as streamlit_logger

from dashboard import logs
from dashboard.ui import server_log


@pytest.fixture
def taken_over(monkeypatch):
    """What is written to the log from now on."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(streamlit_logger, "setup_formatter", streamlit_logger.setup_formatter)
    named = [*streamlit_logger._loggers.values(), *map(logging.getLogger, server_log._OTHERS)]
    before = [(logger, logger.handlers, logger.propagate) for logger in named]
    server_log.take_over()
    yield stream.getvalue
    for logger, handlers, propagate in before:
        logger.handlers, logger.propagate = handlers, propagate
    logs.LOGGER.handlers = []


def test_messages_of_streamlit_are_lines_of_ours(taken_over):
    streamlit_logger.get_logger("streamlit.made_before_and_after").warning("about ?review=secret")
    line = json.loads(taken_over())
    assert (line["event"], line["by"]) == ("about ?review=[hidden]", "streamlit.made_before_and_after")


def test_a_failure_of_a_page_is_told_once_and_without_its_message(taken_over, capsys):
    try:
        raise ValueError("patient 17")
    except ValueError as error:
        error_util._log_uncaught_app_exception(error)
        server_log.report_failure(error)
    (line,) = (each for each in map(json.loads, taken_over().splitlines()) if each["level"] == "error")
    assert (line["event"], line["error"], len(line["id"])) == ("page_failed", "ValueError", 8)
    assert "patient" not in taken_over() + capsys.readouterr().out


def test_a_logger_of_requests_that_is_off_stays_off(taken_over, monkeypatch):
    requests = logging.getLogger("uvicorn.access")
    monkeypatch.setattr(requests, "handlers", [])
    server_log.take_over()
    assert requests.handlers == []


def test_streamlit_still_makes_its_loggers_in_this_way():
    assert "setup_formatter(logger)" in inspect.getsource(streamlit_logger.get_logger)
    assert error_util._LOGGER.name == server_log._TOLD_BY_US
