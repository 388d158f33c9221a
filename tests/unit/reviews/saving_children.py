"""A process that forks children which save reviews until somebody kills them; run by test_kill.py, never in a test.

`python -m tests.unit.reviews.saving_children FOLDER`: for each line "SEED MODE" on stdin a child is forked and its
process id printed when its store is open; when it is dead, its exit status. What a child means to do and has done goes
to FOLDER/log, whether it is within a save at this moment to the one byte of FOLDER/within.
"""

import mmap
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from dashboard.core import Predictions
from dashboard.reviews import blobs
from dashboard.reviews.review import Note, Person, Review
from dashboard.reviews.review_data import ReviewData
from dashboard.reviews.store import ReviewStore

OWNER = Person("", "owner@example.org")
N_SAMPLES = 2000
KEPT = 2  # reviews of one child, beyond which it deletes
HOURS_PER_S = 0.1  # time runs faster for the stores, so that arrays are swept during the test
STEPS = ("saved", "updated", "noted", "deleted")
SLOW, IN_PLACE = "slow", "in-place"


def opened_store(folder: Path) -> ReviewStore:
    start = (folder / "start").stat().st_mtime

    def clock():
        return start + (time.time() - start) * 3600 * HOURS_PER_S

    return ReviewStore(f"sqlite:///{folder / 'reviews.sqlite'}", folder / "arrays", clock=clock)


def state_after(step: str, seed: int) -> Review:
    """The review as it is to be after a step; it has other data after the second."""
    later = step != "saved"
    random = np.random.default_rng(seed + 500_000 * later)
    scores = random.random((N_SAMPLES, 8), dtype=np.float32)
    labels = random.integers(-1, 2, scores.shape, dtype=np.int8)
    return Review(
        title=f"{seed} {'updated' if later else 'saved'}",
        data=ReviewData("data", f"digest {seed} {later}", {"run": Predictions(scores, labels)}),
        thresholds=f'{{"of": {seed}}}',
        notes=(Note(f"note of {seed}"),) if step == "noted" else (),
        settings={"seed": seed},
    )


def save_until_killed(store: ReviewStore, folder: Path, seed: int, mode: str) -> None:
    mine = []
    if mode:
        _write_slowly(folder, in_place=mode == IN_PLACE)
    log = os.open(folder / "log", os.O_WRONLY | os.O_APPEND)
    within = mmap.mmap(os.open(folder / "within", os.O_RDWR), 1)
    print(os.getpid(), flush=True)

    def note(words):
        os.write(log, f"{words}\n".encode())

    while True:
        seed += 1
        note(f"will {seed} saved")
        within[0] = 1
        edit = store.save(state_after("saved", seed), OWNER).edit
        within[0] = 0
        note(f"did {seed} saved {edit}")
        mine.append((seed, edit))
        steps = [("updated", seed, edit), ("noted", seed, edit)]
        if len(mine) > KEPT:
            steps.append(("deleted", *mine.pop(0)))
        for step in steps:
            _do(store, note, within, *step)


def _do(store, note, within, step, seed, edit):
    note(f"will {seed} {step}")
    within[0] = 1
    if step == "updated":
        wanted = state_after(step, seed)
        store.update(edit, replace(wanted, version=store.load(edit, arrays=False).version), OWNER)
    elif step == "noted":
        store.add_note(edit, f"note of {seed}", who=OWNER)
    else:
        store.delete(edit, OWNER)
    within[0] = 0
    note(f"did {seed} {step}")


def _write_slowly(folder, *, in_place):
    """The first half of a file, then nothing more; FOLDER/half says that it has come so far."""

    def write_half(file, write):
        content = b"".join(bytes(piece) for piece in file.pieces())
        write(content[: len(content) // 2])
        (folder / "half").touch()
        time.sleep(600)

    def write_in_place(self, file):
        with self._path(file.ref.digest).open("wb", buffering=0) as handle:
            blobs.write_pieces(file, handle.write)

    blobs.write_pieces = write_half
    if in_place:
        blobs.FolderBlobs.write = write_in_place


def main() -> None:
    folder = Path(sys.argv[1])
    store, silent = opened_store(folder), lambda words: None
    edit = store.save(state_after("saved", 0), OWNER).edit
    for step in STEPS[1:]:
        _do(store, silent, [0], step, 0, edit)
    store.close()  # no connection is open while it forks; statements stay compiled
    for line in sys.stdin:
        seed, _, mode = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            try:
                save_until_killed(store, folder, int(seed), mode)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        print(status, flush=True)


if __name__ == "__main__":
    main()
