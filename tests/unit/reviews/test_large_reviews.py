import tracemalloc

import numpy as np
import pytest

from dashboard.core import Predictions
from dashboard.reviews.review import Review
from dashboard.reviews.review_data import ReviewData
from tests.unit.reviews.builders import SQLITE_ONLY

MOST_BYTES = 16_000_000  # a few blocks, whatever the size of the review


@SQLITE_ONLY  # with its folder: objects are read into memory, not mapped
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_large_review_is_saved_and_loaded_without_a_copy_in_memory(open_store, order):
    random, shape = np.random.default_rng(0), (100_000, 80)
    scores = np.asarray(random.random(shape, dtype=np.float32), order=order)
    labels = random.integers(0, 2, shape, dtype=np.int8)
    review = Review("Large", ReviewData("large", "digest", {"run": Predictions(scores, labels)}))
    assert scores.nbytes > 1.9 * MOST_BYTES
    store = open_store()
    tracemalloc.start()
    try:
        links = store.save(review)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
        tracemalloc.reset_peak()
        found = store.load(links.view)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()
    assert np.array_equal(found.data.first_run.scores, scores)
