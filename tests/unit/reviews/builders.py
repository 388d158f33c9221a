"""Small reviews with something in every field, and what it means that two are the same."""

import numpy as np
import pytest

from dashboard.core import Predictions
from dashboard.reviews.review import Comment, Note, Proposal, Review
from dashboard.reviews.review_data import ReviewData

# For what is about files, or about SQLite itself.
SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CLASSES = ("rain", "snow", 'a "<b>" $x$ \ud800')
OF_A_REVIEW = ("title", "thresholds", "proposals", "notes", "settings", "limited_to")
PLAIN = ("name", "digest", "column_roles", "class_groups", "soft_cut", "notices", "trained_with")


def made_data(seed: int = 0, n_samples: int = 40) -> ReviewData:
    random = np.random.default_rng(seed)
    shape = n_samples, len(CLASSES)
    labels = random.integers(-1, 2, shape)
    columns = {
        "writer": np.array([f"w{i % 3}" for i in range(n_samples)], dtype=object),
        "age": random.normal(size=n_samples),
        "mixed": np.array(["a", None, 3, 2.5, True] * (n_samples // 5), dtype=object),
        "fixed": np.array(["one", "three"] * (n_samples // 2)),
    }
    ids = np.array([f"sample {i}" for i in range(n_samples)], dtype=object)
    runs = {
        f"run {kind}": Predictions(random.random(shape).astype(dtype), labels, kind, CLASSES, ids, columns)
        for kind, dtype in (("logits", "float32"), ("probabilities", "float64"))
    }
    return ReviewData(
        name=f"weather {seed}",
        digest=f"digest {seed} {n_samples}",
        runs=runs,
        readers={"Ann": random.integers(-1, 2, shape).astype(np.int8)},
        column_roles={"writer": "group", "age": "text"},
        class_groups={"rain": "wet", "snow": "cold"},
        soft_labels=random.random(shape),
        soft_cut=0.5,
        images=random.integers(0, 255, (n_samples, 4, 4)).astype(np.uint8),
        notices=("one sentence", "another"),
        rows=np.arange(n_samples)[::-1],
        trained_with={"run logits": "focal:gamma=3"},
    )


def made_review(seed: int = 0, **changes) -> Review:
    proposal = Proposal('{"set": "proposed"}', "fewer misses", "Ben", comments=(Comment("why?", "Ann"),))
    made = Review(
        title=f"Meeting {seed}",
        data=made_data(seed),
        held_out=made_data(seed + 1000),
        thresholds=f'{{"set": "current {seed}"}}',
        proposals=(proposal,),
        notes=(Note("**all**", who="Ann"), Note("of rain \0 \ud800", "rain", "Ben")),
        settings={"page": "classes", "run": "run logits", "classes": [0, 2], "axis": None},
    )
    return Review(**{name: getattr(made, name) for name in (*OF_A_REVIEW, "data", "held_out")} | changes)


def assert_same(found: Review, wanted: Review) -> None:
    """All that a page gave to be saved came back, to the last bit."""
    for name in OF_A_REVIEW:
        assert getattr(found, name) == getattr(wanted, name), name
    assert_same_data(found.data, wanted.data)
    assert (found.held_out is None) == (wanted.held_out is None)
    if wanted.held_out is not None:
        assert_same_data(found.held_out, wanted.held_out)


def assert_same_data(found: ReviewData, wanted: ReviewData) -> None:
    for name in PLAIN:
        assert getattr(found, name) == getattr(wanted, name), name
    assert list(found.column_roles) == list(wanted.column_roles)
    assert list(found.runs) == list(wanted.runs)
    for name, run in wanted.runs.items():
        assert (found.runs[name].score_kind, found.runs[name].class_names) == (run.score_kind, run.class_names)
        assert_same_array(found.runs[name].scores, run.scores)
        assert_same_array(found.runs[name].labels, run.labels)
        assert_same_array(found.runs[name].sample_ids, run.sample_ids)
        assert_same_arrays(found.runs[name].columns, run.columns)
    assert_same_arrays(found.readers, wanted.readers)
    for name in ("soft_labels", "images", "rows"):
        assert_same_array(getattr(found, name), getattr(wanted, name))


def assert_same_arrays(found, wanted) -> None:
    assert list(found) == list(wanted)
    for name in wanted:
        assert_same_array(found[name], wanted[name])


def assert_same_array(found, wanted) -> None:
    if wanted is None:
        assert found is None
        return
    assert (found.dtype, found.shape) == (wanted.dtype, wanted.shape)
    assert found.tolist() == wanted.tolist()
    assert not found.flags.writeable
