"""Hostile feature and label files cost the server little memory, are refused with a sentence, and run nothing."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.security.hostile_features import write_hostile_features
from tests.security.reading import read_features_apart

MEGABYTES = 100
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("features")


@pytest.fixture(scope="module")
def sound(folder) -> dict[str, str]:
    np.savez(folder / "sound.npz", features=np.eye(3), labels=np.eye(3, dtype=np.int8))
    return {"features": str(folder / "sound.npz")}


@pytest.fixture(scope="module")
def hostile(folder) -> list[dict[str, str]]:
    return write_hostile_features(folder / "hostile", folder / "ran")


@pytest.fixture(scope="module")
def answers(sound, hostile) -> dict[str, dict]:
    names = [" ".join(Path(path).name for path in files.values()) for files in hostile]
    return dict(zip(names, read_features_apart(sound, hostile), strict=True))


def test_each_is_refused_with_a_sentence(answers):
    assert [name for name, answer in answers.items() if not (answer["error"] or "").endswith(".")] == []


def test_all_of_them_together_take_little_memory_of_the_server(answers):
    assert {name: answer["megabytes"] for name, answer in answers.items() if answer["megabytes"] > MEGABYTES} == {}


def test_none_ran_its_code(answers, folder):
    assert not (folder / "ran").exists()


def test_a_large_table_lies_on_disk_and_not_in_the_memory_of_the_server(sound, folder):
    labels = (np.arange(1_000_000) % 2).astype(np.int8)[:, None]
    np.savez_compressed(folder / "large.npz", features=np.zeros((1_000_000, 40), np.float32), labels=labels)
    files = [{"features": str(folder / "large.npz")}]
    apart, in_the_server = (read_features_apart(sound, files, in_place=in_place)[0] for in_place in (False, True))
    assert apart["error"] is None and in_the_server["error"] is None
    assert apart["megabytes"] < MEGABYTES < 300 < in_the_server["megabytes"]  # 320 as float64
