"""The loaded scores as logits: which rows, which cells were clipped, and the kind of each cell."""

import numpy as np
import torch

from dashboard.losses.loaded_cells import LoadedCells, evenly_spaced


def test_logits_come_as_they_are():
    scores, labels = np.array([[1.5, -2.0], [0.0, 3.0]], np.float32), np.array([[1, 0], [-1, 1]], np.int8)
    cells = LoadedCells.of(scores, labels, "logits")
    assert cells.rows is None and cells.eps is None and cells.n_clipped == 0
    assert cells.logits.dtype == torch.float64 and cells.logits.tolist() == scores.tolist()
    assert cells.counts.positives.tolist() == [1, 1] and cells.counts.known.tolist() == [1, 2]


def test_probabilities_are_clipped_and_the_known_ones_counted():
    scores = np.array([[0.0, 1.0, 0.25], [1.0, 0.5, 1e-9]])
    labels = np.array([[0, 1, 1], [-1, 0, 1]], np.int8)
    cells = LoadedCells.of(scores, labels, "probabilities", eps=1e-3)
    assert cells.n_clipped == 3  # the 1.0 of the unknown cell is not counted
    expected = np.log(np.clip(scores, 1e-3, 1 - 1e-3) / (1 - np.clip(scores, 1e-3, 1 - 1e-3)))
    np.testing.assert_allclose(cells.logits.numpy(), expected, rtol=1e-12)


def test_above_the_bound_evenly_spaced_rows_are_taken_and_all_are_counted():
    labels = (np.arange(20)[:, None] % 4 == 0).astype(np.int8)
    cells = LoadedCells.of(np.arange(20.0)[:, None], labels, "logits", most_cells=6)
    assert cells.rows.tolist() == [0, 3, 6, 10, 13, 16] and cells.logits[:, 0].tolist() == cells.rows.tolist()
    assert cells.counts.positives.tolist() == [5] and cells.counts.known.tolist() == [20]
    assert evenly_spaced(6, 6) is None


def test_parts_tell_class_target_and_ease():
    logits = np.log(9.0) * np.array([[1.01, 0.5, -0.5], [-1.01, 0.99, 0.0]])
    cells = LoadedCells.of(logits, np.array([[1, 1, 1], [0, -1, 0]], np.int8), "logits")
    assert cells.parts.tolist() == [[5, 7 + 4, 14 + 3], [2, 7 + 6, 14 + 1]]
