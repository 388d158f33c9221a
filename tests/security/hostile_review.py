"""A review whose every word is hostile text, put into the store of a server from beside it."""

from pathlib import Path

import numpy as np

from dashboard.core import Predictions, ThresholdSet
from dashboard.inputs.dataset import Dataset
from dashboard.reviews import Links, Note, Person, Review, ReviewData, ReviewStore, open_store
from dashboard.settings import Settings
from tests.security.hostile import TEXTS

SHOWN_AS_MARKDOWN = ("# heading", "**bold** _italic_ ~~gone~~ `code`")  # what a note may do


def note_texts() -> list[str]:
    """Without those that may act in a note, but with code that they cannot break out of."""
    texts = [text for text in TEXTS if text not in SHOWN_AS_MARKDOWN]
    return [*texts, f"```\na\n ```\n{TEXTS[1]} {TEXTS[0]}\n```", f"`a`` {TEXTS[1]} `` {TEXTS[2]} `"]


def hostile_data(seed: int = 5, name: str = TEXTS[1]) -> ReviewData:
    """40 samples; name, run and classes are hostile."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(40, len(TEXTS)))
    labels = (logits + rng.normal(size=logits.shape) > 0.5).astype(np.int8)
    return ReviewData.of(Dataset(name, {TEXTS[0]: Predictions(logits, labels, "logits", tuple(TEXTS))}))


def save_hostile(folder: Path) -> Links:
    """Kept in the store in this folder, argued over and accepted by people with hostile names."""
    store, data = open_store(Settings(review_folder=folder)), hostile_data()
    try:
        notes = tuple(
            Note(text, about, who)
            for text, who in zip(note_texts(), (*TEXTS, *TEXTS), strict=False)
            for about in (None, data.first_run.class_names[0])
        )
        title, held_out = f"{TEXTS[0]} {TEXTS[1]} {TEXTS[10]}", hostile_data(6, " ".join(TEXTS[:4]))
        thresholds = ThresholdSet.from_unit(data.first_run, 0.5).to_json()
        links = store.save(Review(title, data, held_out, thresholds, notes=notes))
        _argue(store, links.edit, data.first_run)
    finally:
        store.close()
    return links


def _argue(store: ReviewStore, link: str, p: Predictions) -> None:
    for number, text in enumerate(TEXTS):
        thresholds = ThresholdSet.from_unit(p, 0.3 + number / 50).to_json()
        id = store.propose(link, thresholds, text, Person(TEXTS[-1 - number]))
        store.comment(link, id, text, Person(text))
        store.freeze(link, thresholds, {}, title=text, who=Person(text))
        if number in (0, 2):
            store.accept(link, id, store.load(link, arrays=False).version, why=TEXTS[number + 1], who=Person(TEXTS[2]))
