"""What one visitor loads, another sees only by its whole digest; ids cannot be guessed, nor listed."""

import numpy as np
import pytest

from dashboard.core import ThresholdSet
from dashboard.ui import cache, state
from dashboard.ui.file_upload.store import upload_store
from dashboard.ui.set_cache import keep_set
from tests.app.conftest import _empty_caches, dataset_of, visit  # noqa: F401

NAME = "patients of ward 7"


@pytest.fixture
def others():
    """The data of somebody else, on this server."""
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(40, 3))
    dataset = dataset_of(scores, (scores > 0).astype(np.int8))
    object.__setattr__(dataset, "name", NAME)
    return cache.keep(dataset)


def text_of(at) -> str:
    return "\n".join(
        str(element.value) for kind in ("markdown", "caption", "error", "info") for element in at.get(kind)
    )


@pytest.mark.parametrize("page", ["overview", "data", "compare"])
def test_who_does_not_know_the_digest_sees_nothing_of_it(visit, others, page):  # noqa: F811
    assert NAME in text_of(visit(page, data=others.digest))
    for known in ("", others.digest[:8], others.digest[:31], others.digest[:31] + "?", "*", others.digest[32:]):
        at = visit(page, data=known)
        assert NAME not in text_of(at)
        assert not any(NAME in button.label for button in at.button)


def test_digests_in_addresses_have_128_bits(others):
    assert state.ADDRESS_DIGITS * 4 == 128
    assert cache.find(others.digest[:32]) is others
    assert cache.find(others.digest[:31]) is None


def test_names_that_cannot_be_guessed(others):
    assert len(keep_set(ThresholdSet.from_unit(others.first_run, 0.5))) * 4 == 128


def test_an_upload_is_found_by_its_whole_id_alone():
    upload = upload_store().open("secret.csv", 1, "somebody")
    upload.write(b"1")
    id = upload.finish().id
    assert upload_store().find(id)
    assert len(id) * 4 == 128
    assert [upload_store().find(wrong) for wrong in (id[:31], id.upper() + " ", "", "*", None, "../" + id)] == [
        None
    ] * 6


def test_a_browser_that_names_ids_it_does_not_know_gets_nothing(visit):  # noqa: F811
    upload = upload_store().open("secret.csv", 1, "somebody")
    upload.write(b"1")
    upload.finish()
    at = visit("data")
    assert "secret.csv" not in text_of(at)
