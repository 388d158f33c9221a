"""Several people and servers at once: nothing is lost, nothing is half, who comes second is told."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.reviews.review import Person
from dashboard.reviews.review_errors import Conflict
from dashboard.reviews.store import ReviewStore
from tests.unit.reviews.builders import assert_same_data, made_data, made_review

ROOT = Path(__file__).parents[3]
PEOPLE, TIMES = 4, 6


@pytest.fixture
def blob_url(tmp_path) -> str:
    """A folder with both databases: other processes do not see this one's memory."""
    return f"file://{tmp_path / 'arrays'}"


def test_of_those_who_save_at_once_one_is_first_and_the_others_are_told(store, open_store):
    edit = store.save(made_review()).edit
    ready = threading.Barrier(PEOPLE)

    def save(person):
        mine = open_store()
        loaded = mine.load(edit, arrays=False)
        ready.wait()
        try:
            mine.update(edit, replace(loaded, title=f"by {person}", data=made_data(person)), Person(f"{person}"))
            return person
        except Conflict as told:
            return told

    with ThreadPoolExecutor(PEOPLE) as pool:
        found = list(pool.map(save, range(PEOPLE)))
    (first,) = [each for each in found if not isinstance(each, Conflict)]
    assert {each.who for each in found if isinstance(each, Conflict)} == {str(first)}
    review = store.load(edit)
    assert (review.title, review.version) == (f"by {first}", 2)
    assert_same_data(review.data, made_data(first))


def test_notes_of_several_threads_and_stores_are_all_kept(store, open_store):
    edit = store.save(made_review(notes=())).edit

    def add(person):
        mine = open_store() if person % 2 else store
        for time in range(TIMES):
            mine.add_note(edit, f"{person} {time}")

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(add, range(PEOPLE)))
    review = store.load(edit, arrays=False)
    assert {note.text for note in review.notes} == {
        f"{person} {time}" for person in range(PEOPLE) for time in range(TIMES)
    }
    assert [event.number for event in review.history] == list(range(1, PEOPLE * TIMES + 2))


_ADD_NOTES = """
import sys
from dashboard.reviews.review import Review
from dashboard.reviews.store import ReviewStore
from tests.unit.reviews.builders import made_review
database_url, blob_url, edit, person, times = sys.argv[1:]
store = ReviewStore(database_url, blob_url)
for time in range(int(times)):
    store.add_note(edit, f"{person} {time}")
    print(store.save(made_review(time)).view)  # the same arrays as the others, at the same time
store.close()
"""


def test_notes_and_reviews_of_several_processes_are_all_kept(store, database_url, blob_url):
    edit = store.save(made_review(notes=())).edit
    common = [sys.executable, "-c", _ADD_NOTES, database_url, blob_url, edit]
    processes = [
        subprocess.Popen([*common, str(person), "3"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for person in range(2)
    ]
    views = [process.communicate(timeout=120)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    texts = {note.text for note in store.load(edit, arrays=False).notes}
    assert texts == {f"{person} {time}" for person in range(2) for time in range(3)}
    for saved in views:
        for seed, view in enumerate(saved):
            assert_same_data(store.load(view).data, made_data(seed))


def test_a_new_store_is_set_up_once_by_those_who_open_it_at_once(database_url, blob_url):
    ready = threading.Barrier(PEOPLE)

    def open_it(_):
        ready.wait()
        store = ReviewStore(database_url, blob_url)
        view = store.save(made_review()).view
        store.close()
        return view

    with ThreadPoolExecutor(PEOPLE) as pool:
        views = list(pool.map(open_it, range(PEOPLE)))
    store = ReviewStore(database_url, blob_url)
    for view in views:
        assert_same_data(store.load(view).data, made_data())
    store.close()


def test_who_reads_sees_one_state(store, open_store):
    """A review whose title, thresholds and data always change together is never seen mixed."""
    edit = store.save(made_review()).edit
    seen = set()

    def write():
        mine = open_store()
        for seed in range(1, 8):
            loaded = mine.load(edit, arrays=False)
            mine.update(edit, replace(loaded, title=f"{seed}", thresholds=f"{seed}", data=made_data(seed)))

    thread = threading.Thread(target=write)
    thread.start()
    while thread.is_alive():
        found = store.load(edit)
        seen.add((found.title, found.thresholds, found.data.name, found.data_digest, found.version))
    thread.join()
    mixed = {
        each for each in seen if each[4] > 1 and len({each[0], each[1], each[2].split()[1], each[3].split()[1]}) > 1
    }
    assert mixed == set()
    assert store.load(edit, arrays=False).version == 8
