import pytest
import torch

from dashboard.losses import LOSSES, ClassCounts
from dashboard.losses.class_counts import POS_WEIGHTS

COUNTS = ClassCounts.of([1000, 0, 2000, 5], 2000)


def test_of_targets_counts_soft_positives_from_a_half_on_and_leaves_out_unknown():
    targets = torch.tensor([[1.0, 0.5, -1], [0.0, 0.49, -1], [1.0, -1.0, -1]])
    counts = ClassCounts.of_targets(targets)
    assert counts.positives.tolist() == [2, 1, 0]
    assert counts.known.tolist() == [3, 2, 0]
    assert counts.negatives.tolist() == [1, 1, 0]
    assert counts.prevalence.isnan().tolist() == [False, False, True]


def test_of_takes_known_cells_per_class():
    counts = ClassCounts.of([1, 2], [4, 8])
    assert counts.prevalence.tolist() == [0.25, 0.25]
    assert counts.known.dtype == torch.float64


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("none", [1, 1, 1, 1]),
        ("negatives_per_positive", [1, 1, 1, 399]),
        ("root", [1, 1, 1, 399**0.5]),
        ("effective_number", [1, 1, 1, (1 - 0.9999**1995) / (1 - 0.9999**5)]),
    ],
)
def test_pos_weights(name, expected):
    """1 where a class lacks positives or negatives."""
    found = POS_WEIGHTS[name][1](COUNTS)
    torch.testing.assert_close(found, torch.tensor(expected, dtype=torch.float64))
    logits, targets = torch.zeros(1, 4, dtype=torch.float64), torch.ones(1, 4)
    values = LOSSES["pos_weight"].values(logits, targets, counts=COUNTS, pos_weight=name)
    torch.testing.assert_close(values[0], found * torch.tensor(2.0, dtype=torch.float64).log())
