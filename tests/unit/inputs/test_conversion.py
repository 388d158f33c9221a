"""Reading in a process: the same content, the same sentences, and an end whenever it is asked for."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from dashboard.errors import InputError
from dashboard.inputs.bounded_reading import QUICK_BYTES, is_quick
from dashboard.inputs.content import read_file
from dashboard.inputs.conversion import Conversion
from dashboard.inputs.limits import Limits
from tests.unit.inputs.test_reader_properties import _valid_files
from tests.unit.inputs.test_stored_content import assert_equal


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / "0123456789abcdef.file"
    path.write_bytes(data)
    return path


def converted(path: Path, name: str, **limits):
    with Conversion(path, name=name, limits=Limits(**limits), scratch=path.parent) as conversion:
        return conversion.content()


def slow_file(folder: Path) -> Path:
    """Takes some seconds to read."""
    path = folder / "slow.csv"
    path.write_text("a,b,c,d\n" + "0.1,0.2,0.3,0.4\n" * 2_000_000)
    return path


def has_ended(process_id: int) -> bool:
    """Within ten seconds; a process that is left as a zombie has ended too."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("name", ["float32.npy", "table.csv", "lists.parquet", "tensors.pt", "lists.json"])
def test_the_content_is_that_of_read_file(tmp_path, name):
    data = _valid_files()[name]
    assert_equal(converted(written(tmp_path, name, data), name), read_file(data, name=name))


def test_the_sentence_of_a_fault_is_that_of_read_file(tmp_path):
    data = b"a,b\n1,2\n1,2,3\n"
    with pytest.raises(InputError) as wanted:
        read_file(data, name="ürgs.csv")
    with pytest.raises(InputError) as found:
        converted(written(tmp_path, "a.csv", data), "ürgs.csv")
    assert str(found.value) == str(wanted.value)


def test_a_name_is_passed_as_it_is(tmp_path):
    path = written(tmp_path, "a", _valid_files()["float32.npy"])
    assert converted(path, "a\n--'\"; \u202e\x00.npy").name == read_file(path, name="a\n--'\"; \u202e\x00.npy").name


def test_nothing_is_left_behind_and_the_content_stays(tmp_path):
    path = written(tmp_path, "a.npy", _valid_files()["float32.npy"])
    content = converted(path, "a.npy")
    assert list(tmp_path.iterdir()) == [path]
    path.unlink()
    assert np.isfinite(content.arrays[""]).all()


def test_too_much_memory_is_a_sentence(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros(0, np.int8))
    header = (tmp_path / "a.npy").read_bytes().replace(b"(0,), }" + b" " * 10, b"(1500000000,), }" + b" ")
    (tmp_path / "a.npy").write_bytes(header)
    os.truncate(tmp_path / "a.npy", len(header) + 1_500_000_000)
    with pytest.raises(InputError, match=r"'a\.npy' must be readable within 1 GB of memory"):
        converted(tmp_path / "a.npy", "a.npy", max_conversion_bytes=1_000_000_000)


def test_too_much_time_is_a_sentence_and_ends_the_process(tmp_path):
    path = slow_file(tmp_path)
    limits = Limits(max_conversion_seconds=0.2)
    with Conversion(path, name="slow.csv", limits=limits, scratch=tmp_path) as conversion:
        with pytest.raises(InputError, match=r"within 0\.2 seconds"):
            conversion.content()
        assert has_ended(conversion.process_id)
    assert list(tmp_path.iterdir()) == [path]


def test_a_process_that_breaks_off_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(InputError, match=r"breaks off \(status 1\)"):
        converted(written(tmp_path, "a.npy", _valid_files()["float32.npy"]), "a.npy")


def test_stop_ends_the_process_and_leaves_nothing(tmp_path):
    path = slow_file(tmp_path)
    with Conversion(path, name="slow.csv", scratch=tmp_path) as conversion:
        assert not conversion.wait(0.6)
        conversion.stop()
        assert has_ended(conversion.process_id)
    assert list(tmp_path.iterdir()) == [path]


def test_an_exception_on_the_way_ends_the_process(tmp_path):
    with pytest.raises(KeyboardInterrupt), Conversion(slow_file(tmp_path), name="slow.csv") as conversion:
        assert not conversion.wait(0.6)
        raise KeyboardInterrupt
    assert has_ended(conversion.process_id)


def test_the_process_ends_with_the_server(tmp_path):
    program = (
        "import sys, time; from pathlib import Path; from dashboard.inputs.conversion import Conversion\n"
        "c = Conversion(Path(sys.argv[1]), name='slow.csv', scratch=Path(sys.argv[2]))\n"
        "print(c.process_id, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(slow_file(tmp_path)), str(tmp_path)]
    server = subprocess.Popen(command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE)
    process_id = int(server.stdout.readline())
    time.sleep(0.6)  # until it reads
    assert Path(f"/proc/{process_id}").exists()
    server.kill()
    server.wait()
    assert has_ended(process_id)
    assert not list(tmp_path.rglob("content.json"))  # not because it was done


def test_parquet_is_not_rehearsed_in_a_process_that_is_bounded(tmp_path):
    data = _valid_files()["table.parquet"]
    never = {"max_rehearsal_seconds": 0.01}
    assert converted(written(tmp_path, "a.parquet", data), "a.parquet", **never).format == "parquet"
    with pytest.raises(InputError, match=r"within 0\.01 seconds"):
        read_file(data, name="a.parquet", limits=Limits(**never))


@pytest.mark.parametrize(("name", "quick"), [("table.csv", True), ("float32.npy", True), ("arrays.npz", False),
                                             ("tensor.pt", False), ("table.parquet", False)])  # fmt: skip
def test_is_quick_only_where_nothing_unpacks(tmp_path, name, quick):
    assert is_quick(written(tmp_path, name, _valid_files()[name])) == quick


def test_is_quick_only_for_small_files(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"1")
    os.truncate(path, QUICK_BYTES + 1)
    assert not is_quick(path)
