"""The log of the server: an event per line with time, level and a few fields, as JSON or as text.

What people loaded or typed never gets in: no message of an exception, no value in an address. Knows nothing of
Streamlit.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime

LOGGER = logging.getLogger("dashboard")
HIDDEN = "[hidden]"
_SECRETS = (
    re.compile(r"(?<=[?&])([^=&#\s\"']+)=[^&#\s\"']*"),  # values in an address
    re.compile(r"()\b[0-9A-Fa-f]{32,}\b"),  # digests and ids, which open what they name
)
_MOST_FRAMES = 12


def log(event: str, level: str = "info", **fields) -> None:
    """One line. event: a name in snake_case; fields: numbers and words of this program, never a user's."""
    LOGGER.log(logging.getLevelNamesMapping()[level.upper()], event, extra={"fields": fields})


def log_failure(event: str, error: BaseException, **fields) -> None:
    """A line for an error: its type and where it was raised, without its message."""
    log(event, "error", **fields, **described(error))


def described(error: BaseException) -> dict:
    """The type of an error and the lines of code it came through, the innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    return {"error": type(error).__name__, "at": [f"{_tail(f.filename)}:{f.lineno} {f.name}" for f in frames]}


def without_secrets(text: str) -> str:
    """The text with the values in addresses, and everything that looks like an id, hidden."""
    text = _SECRETS[0].sub(rf"\1={HIDDEN}", text)
    return _SECRETS[1].sub(HIDDEN, text)


def handler(format: str) -> logging.Handler:
    """Writes to standard error; format: "json" or "text"."""
    made = logging.StreamHandler(sys.stderr)
    made.setFormatter(_Json() if format == "json" else _Text())
    return made


def set_up(level: str, format: str) -> logging.Handler:
    """Makes `log` write; gives the handler, for the loggers of libraries."""
    made = handler(format)
    LOGGER.handlers = [made]
    LOGGER.setLevel(level.upper())
    LOGGER.propagate = False
    return made


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_entry(record), ensure_ascii=True, default=str)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = _entry(record)
        time, level, event = entry.pop("time"), entry.pop("level"), entry.pop("event")
        return " ".join([time, level.upper(), event, *(f"{name}={json.dumps(each)}" for name, each in entry.items())])


def _entry(record: logging.LogRecord) -> dict:
    """What a line says. Messages of libraries are one line and lose their secrets; those of errors are left out."""
    time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event = without_secrets(" ".join(record.getMessage().split()))
    entry = {"time": time, "level": record.levelname.lower(), "event": event}
    if record.name != LOGGER.name:
        entry["by"] = record.name
    entry |= getattr(record, "fields", {})
    return entry | described(record.exc_info[1]) if record.exc_info and record.exc_info[1] else entry


def _tail(path: str) -> str:
    """The last parts of a path: enough to find the line, nothing of the machine."""
    return "/".join(path.replace("\\", "/").split("/")[-3:])
