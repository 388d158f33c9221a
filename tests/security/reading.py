"""Reads files in a process of its own and says what came of each and how much memory that took.

Run as `python -m tests.security.reading`, with a request as JSON on standard input; answers with JSON.
"""

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def read_apart(sound: list[Path], files: list[Path], *, undefended: bool = False) -> list[dict]:
    """Of each file {"error": its sentence or None, "megabytes": the peak so far beyond that after the sound ones}.

    sound: one small file of each format, so that what libraries take is not counted. undefended: with limits so wide
    that they refuse nothing.
    """
    request = {"sound": [*map(str, sound)], "files": [*map(str, files)], "undefended": undefended}
    command = [sys.executable, "-m", "tests.security.reading"]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(request), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _peak_megabytes() -> float:
    """Of this process alone: what getrusage says begins with the peak of the process that started it."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1000


def _answer(request: dict) -> list[dict]:
    from dashboard.errors import InputError
    from dashboard.inputs.content import read_file
    from dashboard.inputs.limits import DEFAULT_LIMITS

    limits = dataclasses.replace(DEFAULT_LIMITS, rehearses_parquet=False)  # as in the process that reads uploads
    for path in request["sound"]:
        read_file(Path(path), limits=limits)
    if request["undefended"]:
        bounds = [each.name for each in dataclasses.fields(limits) if each.name.startswith("max_")]
        limits = dataclasses.replace(limits, **dict.fromkeys(bounds, 1 << 60))
    answers, before = [], _peak_megabytes()
    for path in request["files"]:
        error = None
        try:
            read_file(Path(path), limits=limits)
        except InputError as found:
            error = str(found)
        answers.append({"error": error, "megabytes": _peak_megabytes() - before})
    return answers


if __name__ == "__main__":
    print(json.dumps(_answer(json.load(sys.stdin))))
