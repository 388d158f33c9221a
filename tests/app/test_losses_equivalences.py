"""The Same loss tab runs every way on the loaded data and says which agree."""

import numpy as np
import pytest
import torch.nn.functional as F

from dashboard.losses.equivalences import EQUIVALENCES
from dashboard.losses.loaded_cells import LoadedCells
from tests.app.conftest import dataset_of, degenerate_datasets, table_of

TAB = {"losses_tab": "Same loss"}


@pytest.fixture
def dataset():
    rng = np.random.default_rng(3)
    labels = (rng.random((50, 4)) < 0.4).astype(np.int8)
    labels[::7, 1] = -1
    return dataset_of(rng.normal(size=(50, 4)) * 2, labels)


def test_every_equivalence_holds_on_moderate_logits(visit, dataset):
    at = visit("losses", dataset, **TAB)
    table = table_of(at, "equivalences")
    assert list(table["the same"]) == [each.title for each in EQUIVALENCES]
    assert set(table["holds"]) == set(table["holds, float32"]) == {"yes"}
    assert any("in float64 all 11 hold; in float32 all 11 hold" in each.value for each in at.markdown)


def test_the_chosen_one_shows_both_numbers_where_cells_are_unknown(visit, dataset):
    at = visit("losses", dataset, same_loss="With unknown cells: the mean over known cells", **TAB)
    ways = table_of(at, "equivalence_ways")
    p = dataset.first_run
    cells = LoadedCells.of(p.scores, p.labels, "logits")
    losses = F.binary_cross_entropy_with_logits(cells.logits, cells.targets.clamp(min=0), reduction="none").numpy()
    known = p.labels >= 0
    assert ways["mean value"][0] == pytest.approx(losses[known].mean())
    class_means = [losses[known[:, c], c].mean() for c in range(4)]
    assert ways["mean value"][2] == pytest.approx(np.mean(class_means))
    assert ways["same"][2] == "looks alike: no"


def test_a_chosen_one_shows_its_code(visit, dataset):
    at = visit("losses", dataset, **TAB)
    assert "F.binary_cross_entropy(torch.sigmoid(logits), targets" in at.code[0].value
    at.selectbox(key="same_loss").select("Targets -1 and +1, converted").run()
    assert "signs = 2 * targets - 1" in at.code[0].value
    assert any("a target of -1 gives a loss that falls without end" in each.value for each in at.markdown)


@pytest.mark.parametrize("name", degenerate_datasets())
def test_edge_inputs_do_not_break_it(visit, name):
    at = visit("losses", degenerate_datasets()[name], **TAB)
    assert not at.exception, at.exception
    assert len(table_of(at, "equivalences")) == len(EQUIVALENCES)
