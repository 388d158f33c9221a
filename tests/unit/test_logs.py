"""Lines of the log: what they say, and what never gets into them."""

import json
import logging

import pytest

from dashboard import logs


@pytest.fixture
def written(capsys):
    """written(format) -> a function that gives what was logged since, as text."""

    def start(format, level="info"):
        logs.set_up(level, format)
        return lambda: capsys.readouterr().err

    yield start
    logs.LOGGER.handlers = []


def test_a_line_is_json_with_time_level_event_and_fields(written):
    read = written("json")
    logs.log("upload_taken", bytes=12)
    line = json.loads(read())
    assert line.pop("time").endswith("Z")
    assert line == {"level": "info", "event": "upload_taken", "bytes": 12}


def test_a_line_of_text_says_the_same(written):
    read = written("text")
    logs.log("upload_taken", "warning", bytes=12)
    assert read().endswith("Z WARNING upload_taken bytes=12\n")


def test_levels_below_the_set_one_are_left_out(written):
    read = written("json", "warning")
    logs.log("upload_taken")
    assert read() == ""


def test_an_error_is_told_without_its_message(written):
    read = written("json")
    try:
        int("patient 17")
    except ValueError as error:
        logs.log_failure("page_failed", error, id="1")
        logging.getLogger("dashboard").error("said by others", exc_info=error)
    for line in map(json.loads, read().splitlines()):
        assert line["error"] == "ValueError"
        assert line["at"][-1].startswith("tests/unit/test_logs.py:")
        assert "patient" not in json.dumps(line)


def test_a_message_of_several_lines_stays_one(written):
    read = written("text")
    logging.getLogger("dashboard").error("a\nb\r\n2026 INFO forged")
    assert read().count("\n") == 1


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('"GET /?review=AAAA&t=.5#x HTTP/1.1" 200', '"GET /?review=[hidden]&t=[hidden]#x HTTP/1.1" 200'),
        ("http://host/a?data=" + "ab" * 16, "http://host/a?data=[hidden]"),
        ("found " + "0123456789abcdef" * 4 + ".", "found [hidden]."),
        ("nothing to hide = 3", "nothing to hide = 3"),
    ],
)
def test_values_in_addresses_and_ids_are_hidden(text, left):
    assert logs.without_secrets(text) == left
