"""Hostile files are refused with a sentence, within 100 MB of memory, and none of them runs or writes anything."""

import sys
from pathlib import Path

import pytest

from tests.security.hostile_files import write_hostile_files, write_sound
from tests.security.reading import read_apart

MEGABYTES = 100
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> list[Path]:
    return write_sound(tmp_path_factory.mktemp("files") / "sound")


@pytest.fixture(scope="module")
def marker(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("marker") / "ran"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, marker) -> list[Path]:
    return write_hostile_files(tmp_path_factory.mktemp("files") / "hostile", marker)


@pytest.fixture(scope="module")
def answers(sound, hostile) -> dict[str, dict]:
    return {path.name: answer for path, answer in zip(hostile, read_apart(sound, hostile), strict=True)}


def test_each_is_refused_with_a_sentence(answers):
    assert len(answers) > 18
    assert [name for name, answer in answers.items() if not (answer["error"] or "").endswith(".")] == []


def test_all_of_them_together_take_little_memory(answers):
    assert {name: answer["megabytes"] for name, answer in answers.items() if answer["megabytes"] > MEGABYTES} == {}


def test_none_ran_its_code_or_left_its_folder(answers, marker, hostile):
    assert not marker.exists()
    assert sorted(hostile[0].parent.iterdir()) == hostile
    assert not list(hostile[0].parents[1].glob(f"**/{marker.name}"))


def test_without_limits_they_would_take_it(sound, hostile):
    files = [path for path in hostile if path.name in ("bomb.npz", "endless_line.csv")]
    bomb, line = (answer["megabytes"] for answer in read_apart(sound, files[::-1], undefended=True)[::-1])
    assert line > MEGABYTES
    assert bomb > line + MEGABYTES
