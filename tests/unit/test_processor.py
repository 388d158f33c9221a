"""NumPy is told of a slow sort and OpenMP of busy cores before they are imported, never against somebody's wish."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.processor import (
    AVX512,
    SPINS,
    SPINS_VARIABLE,
    VARIABLE,
    prefer_fast_sort,
    sorts_slowly_with_avx512,
    wait_asleep,
    wait_awake,
)

ZEN4 = (
    "vendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel name\t: AMD EPYC: Genoa\nflags\t\t: fpu avx512f avx512_vbmi2\n"
)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def cpuinfo(tmp_path):
    def written(text):
        path = tmp_path / "cpuinfo"
        path.write_text(text)
        return path

    return written


def test_zen_4_sorts_slowly_with_avx512(cpuinfo):
    assert sorts_slowly_with_avx512(cpuinfo(ZEN4 + "\n" + ZEN4))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no colon here",
        ZEN4.replace("AuthenticAMD", "GenuineIntel"),
        ZEN4.replace(": 25", ": 26"),
        ZEN4.replace("avx512f", "avx2"),
        ZEN4.replace("AuthenticAMD", "GenuineIntel") + "\n" + ZEN4,
    ],
)
def test_other_processors_are_left_alone(cpuinfo, text):
    assert not sorts_slowly_with_avx512(cpuinfo(text))


def test_a_system_without_the_file_is_left_alone(tmp_path):
    assert not sorts_slowly_with_avx512(tmp_path / "absent")


def test_a_decision_of_somebody_stays(cpuinfo, monkeypatch):
    monkeypatch.delitem(sys.modules, "numpy", raising=False)
    given, unset = {VARIABLE: ""}, {}
    for environment in (given, unset):
        prefer_fast_sort(environment, cpuinfo(ZEN4))
    assert (given, unset) == ({VARIABLE: ""}, {VARIABLE: AVX512})


def test_nothing_is_set_once_numpy_is_there(cpuinfo):
    import numpy  # noqa: F401

    environment = {}
    prefer_fast_sort(environment, cpuinfo(ZEN4))
    assert environment == {}


def test_the_installed_numpy_knows_these_names():
    """It warns of a name that it does not know, and of one that this build cannot leave out."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import numpy"],
        env={VARIABLE: AVX512, "PATH": ""},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    unknown = [line for line in run.stderr.splitlines() if "not part of the dispatched" in line or "invalid" in line]
    assert not unknown, run.stderr


def test_threads_of_a_server_wait_asleep_and_those_of_its_trainings_awake():
    given, unset = {SPINS_VARIABLE: "5"}, {}
    for environment in (given, unset):
        wait_asleep(environment)
    assert (given, unset) == ({SPINS_VARIABLE: "5"}, {SPINS_VARIABLE: SPINS})
    for environment in (given, unset):
        wait_awake(environment)
    assert (given, unset) == ({SPINS_VARIABLE: "5"}, {})


def test_the_server_sets_it_before_what_would_read_it():
    said = "import os, sys; import app; print(os.environ.get(%r), {'torch', 'sklearn'} & set(sys.modules))"
    environment = {name: value for name, value in os.environ.items() if name != SPINS_VARIABLE}
    run = subprocess.run(
        [sys.executable, "-c", said % SPINS_VARIABLE],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == f"{SPINS} set()"
