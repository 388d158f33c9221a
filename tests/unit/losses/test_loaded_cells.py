import numpy as np
import pytest
import torch

from dashboard.losses.loaded_cells import LoadedCells, evenly_spaced

LABELS = np.array([[1, 0], [0, -1], [1, 1], [0, 0]], dtype=np.int8)
PROBABILITIES = np.array([[1.0, 0.5], [0.0, 0.0], [0.25, 1 - 1e-9], [1e-9, 0.75]], dtype=np.float64)


def test_of_logits_takes_them_as_they_are():
    scores = np.array([[20.0, -1.0], [0.0, 3.0], [1.0, 2.0], [5.0, 6.0]], dtype=np.float32)
    loaded = LoadedCells.of(scores, LABELS, "logits")
    assert loaded.logits.dtype == torch.float64
    assert loaded.logits.tolist() == scores.tolist()
    assert loaded.targets.tolist() == LABELS.tolist()
    assert (loaded.eps, loaded.n_clipped, loaded.rows) == (None, 0, None)
    assert loaded.counts.positives.tolist() == [2, 1]
    assert loaded.counts.known.tolist() == [4, 3]


def test_of_probabilities_clips_and_counts_known_cells_that_moved():
    loaded = LoadedCells.of(PROBABILITIES, LABELS, "probabilities", eps=1e-7)
    end = np.log((1 - 1e-7) / 1e-7)
    expected = [[end, 0], [-end, -end], [np.log(1 / 3), end], [-end, np.log(3)]]
    assert loaded.logits.numpy() == pytest.approx(np.array(expected), abs=1e-8)
    assert loaded.n_clipped == 4  # the fifth is unknown
    assert loaded.eps == 1e-7
    assert PROBABILITIES[0, 0] == 1


def test_of_takes_evenly_spaced_rows_and_counts_all():
    loaded = LoadedCells.of(PROBABILITIES, LABELS, "probabilities", most_cells=5)
    assert loaded.rows.tolist() == [0, 2]
    assert loaded.targets.tolist() == LABELS[[0, 2]].tolist()
    assert loaded.counts.known.tolist() == [4, 3]
    assert loaded.n_clipped == 2


def test_of_no_samples():
    loaded = LoadedCells.of(np.zeros((0, 3)), np.zeros((0, 3)), "logits")
    assert loaded.logits.shape == (0, 3)


@pytest.mark.parametrize(("n_rows", "most", "rows"), [(4, 4, None), (0, 1, None), (5, 2, [0, 2]), (7, 3, [0, 2, 4])])
def test_evenly_spaced(n_rows, most, rows):
    found = evenly_spaced(n_rows, most)
    assert (None if found is None else found.tolist()) == rows
