"""Reads files in a process of its own and says what came of each and how much memory that took.

Run as `python -m tests.security.reading`, with a request as JSON on standard input; answers with JSON.
"""

import dataclasses
import json
import re
import subprocess
import sys
import tempfile
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


def read_features_apart(sound: dict[str, str], sets: list[dict[str, str]], *, in_place: bool = False) -> list[dict]:
    """The same of sets of files for a training, role -> path, as the server reads them.

    in_place: in the server's own process, however large they are.
    """
    request = {"sound": sound, "sets": sets, "in_place": in_place}
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


def _answer_features(request: dict) -> list[dict]:
    from dashboard.errors import InputError
    from dashboard.ui.file_upload.settings import UploadSettings
    from dashboard.ui.file_upload.store import StoredFile, UploadStore
    from dashboard.ui.training import own_tables

    if request["in_place"]:
        own_tables.are_quick = lambda paths: True
    answers, before = [], None
    with tempfile.TemporaryDirectory() as folder:
        store = UploadStore(UploadSettings(folder=Path(folder)))
        own_tables.upload_store = lambda: store
        for position, paths in enumerate([request["sound"], *request["sets"]]):
            files = {
                role: StoredFile(f"{position}{role}", Path(path).name, Path(path).stat().st_size, "", Path(path))
                for role, path in paths.items()
            }
            error = None
            try:
                own_tables.table_of(own_tables.OwnFiles(files, {}, str(position)))
            except InputError as found:
                error = str(found)
            before = _peak_megabytes() if before is None else before
            answers.append({"error": error, "megabytes": _peak_megabytes() - before})
        store.close()
    return answers[1:]


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps(_answer_features(asked) if "sets" in asked else _answer(asked)))
