"""Reviews survive a kill -9 at any moment: what was acknowledged is there and whole, nothing is there by half."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from dashboard.reviews.review_errors import UnknownLink
from tests.unit.reviews.builders import assert_same_data
from tests.unit.reviews.folders import parent_of_quick_folders
from tests.unit.reviews.saving_children import IN_PLACE, OWNER, SLOW, STEPS, opened_store, state_after

KILLS, WITHIN_A_SAVE = 200, 30
MOST_STEPS = 3  # that a child has begun before it is killed in one of them
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no kill -9 here")


class Children:
    """Forks children that save, kills them, knows what they said."""

    def __init__(self, folder: Path):
        self.folder, self._logged = folder, 0
        for name in ("start", "log"):
            (folder / name).touch()
        (folder / "within").write_bytes(b"\0")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.unit.reviews.saving_children", str(folder)],
            cwd=Path(__file__).parents[3],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, seed: int, mode: str = "") -> int:
        """The process id of a child whose store is open."""
        self._say(f"{seed} {mode}")
        return int(self._process.stdout.readline())

    def has_begun(self, n_steps: int) -> float:
        """Waits until the child has begun so many steps; the time that they took, in seconds."""
        log, began, seen = self.folder / "log", time.monotonic(), 0
        with log.open() as lines:
            lines.seek(self._logged)
            while seen < n_steps:
                seen += sum(line.startswith("will") for line in lines)
                assert time.monotonic() - began < 60
                time.sleep(0.001)
        return time.monotonic() - began

    def kill(self, child: int) -> bool:
        """Whether it was within a save."""
        os.kill(child, signal.SIGKILL)
        status = int(self._process.stdout.readline())
        assert os.WIFSIGNALED(status), "the child had ended by itself"
        self._logged = (self.folder / "log").stat().st_size
        return (self.folder / "within").read_bytes() == b"\1"

    def end(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)

    def _say(self, line):
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()


@pytest.fixture
def folder():
    """In memory where there is room: what is written outlives a process there as on a disk."""
    with tempfile.TemporaryDirectory(prefix="reviews-kill-", dir=parent_of_quick_folders()) as folder:
        yield Path(folder)


@pytest.fixture
def children(folder):
    started = Children(folder)
    yield started
    started.end()


class Expected:
    """What the log promises: for each review the last step done, and the one that had begun."""

    def __init__(self, folder: Path):
        self.folder, self._read = folder, 0
        self.done: dict[int, str] = {}
        self.begun: dict[int, str] = {}
        self.links: dict[int, str] = {}
        self.acknowledged = 0

    def read_log(self) -> None:
        with (self.folder / "log").open() as log:
            log.seek(self._read)
            lines = log.read().splitlines()
            self._read = log.tell()
        for did, seed, step, *edit in (line.split() for line in lines):
            (self.done if did == "did" else self.begun)[int(seed)] = step
            self.acknowledged += did == "did"
            if edit:
                self.links[int(seed)] = edit[0]

    def check(self, store) -> None:
        """Every review is in the state of its last step, or of the one that had begun; that one then counts as done."""
        for seed, edit in list(self.links.items()):
            possible = {self.done[seed], self.begun[seed]}
            found = self._state(store, edit, seed)
            assert found in possible, (seed, found, possible)
            self.done[seed] = self.begun[seed] = found
            if found == "deleted":
                del self.links[seed]

    def adopt(self, store) -> None:
        """Saves that nobody was told of are whole too; they are known from now on."""
        known = set(self.links)
        for summary in store.list_own(OWNER):
            seed = int(summary.title.split()[0])
            if seed not in known:
                assert self.begun[seed] == "saved"
                self.links[seed] = store.links_of_own(summary.id, OWNER).edit
                self.done[seed] = "saved"

    def _state(self, store, edit, seed):
        try:
            found = store.load(edit)
        except UnknownLink:
            return "deleted"
        step = "noted" if found.notes else found.title.split()[1]
        wanted = state_after(step, seed)
        assert (found.title, found.thresholds, found.settings) == (wanted.title, wanted.thresholds, wanted.settings)
        assert [note.text for note in found.notes] == [note.text for note in wanted.notes]
        assert [event.kind for event in found.history] == ["saved", "updated", "note"][: STEPS.index(step) + 1]
        assert_same_data(found.data, wanted.data)
        return step


def half_files(folder: Path) -> list[str]:
    """Files that are not what their name says."""
    files = (folder / "arrays").glob("*.npy")
    return [file.name for file in files if hashlib.sha256(file.read_bytes()).hexdigest() != file.stem]


def test_every_acknowledged_review_survives_every_kill(children, folder):
    chance, expected, within = random.Random(0), Expected(folder), 0
    steps, seconds, store = 1, 0.05, opened_store(folder)
    for kill in range(KILLS):
        child = children.start(1000 * kill)
        n_steps = chance.randint(1, MOST_STEPS)
        seconds += children.has_begun(n_steps)
        steps += n_steps
        time.sleep(chance.uniform(0, 1.2 * seconds / steps))
        within += children.kill(child)
        expected.read_log()
        expected.adopt(store)
        expected.check(store)
        assert half_files(folder) == []
        if len(expected.links) > 5:  # so that the next checks are quick
            for seed in list(expected.links)[:4]:
                store.delete(expected.links.pop(seed), OWNER)
        store.close()  # the next check opens the files anew
    print(f"{KILLS} kills, {within} within a save, {expected.acknowledged} steps acknowledged, none lost")
    assert within >= WITHIN_A_SAVE
    assert expected.acknowledged > KILLS / 4


def killed_while_writing(children, folder, mode):
    child = children.start(1, mode)
    ends = time.monotonic() + 30
    while not (folder / "half").exists() and time.monotonic() < ends:
        time.sleep(0.01)
    assert children.kill(child)


def test_a_kill_in_the_middle_of_a_file_leaves_no_file(children, folder):
    killed_while_writing(children, folder, SLOW)
    assert half_files(folder) == []
    assert list((folder / "arrays").glob("*.part"))
    store = opened_store(folder)
    links = store.save(state_after("saved", 2), OWNER)
    assert_same_data(store.load(links.view).data, state_after("saved", 2).data)
    store.close()


def test_the_check_finds_a_half_file_where_files_are_written_in_place(children, folder):
    killed_while_writing(children, folder, IN_PLACE)
    assert len(half_files(folder)) == 1
