import numpy as np
import torch

from dashboard.training import batches
from dashboard.training.batches import Samples, batch_order, n_batches
from dashboard.training.data import DataPart

CPU = torch.device("cpu")


def part(n_samples=10):
    inputs = np.arange(2 * n_samples, dtype=np.float32).reshape(n_samples, 2)
    return DataPart(inputs, np.tile(np.int8([1, 0, -1]), (n_samples, 1)))


def test_batch_order_takes_every_row_once_in_an_order_of_seed_and_epoch():
    orders = [batch_order(50, seed, epoch) for seed in (0, 1) for epoch in (1, 2)]
    for order in orders:
        assert sorted(order) == list(range(50))
    assert len({tuple(order) for order in orders}) == 4
    np.testing.assert_array_equal(batch_order(50, 1, 2), orders[-1])


def test_batch_order_is_the_same_on_any_machine():
    assert batch_order(8, 0, 1).tolist() == [6, 1, 4, 3, 5, 7, 2, 0]


def test_batches_follow_the_order_and_the_last_may_be_smaller():
    order = batch_order(10, 0, 1)
    found = list(Samples.of(part(), torch.float64, CPU).batches(order, 4))
    assert [len(targets) for _, targets in found] == [4, 4, 2]
    assert n_batches(10, 4) == 3
    assert n_batches(8, 4) == 2
    np.testing.assert_array_equal(torch.cat([inputs for inputs, _ in found]), part().inputs[order])
    assert found[0][0].dtype == found[0][1].dtype == torch.float64
    assert found[0][1][0].tolist() == [1, 0, -1]


def test_inputs_without_room_on_the_device_stay_where_they_are(monkeypatch):
    """What has no room is moved batch by batch."""
    device = torch.device("meta")  # stands for a GPU: whatever is moved there can be told by its device
    assert Samples.of(part(), torch.float32, device).inputs.device == device
    monkeypatch.setattr(batches, "_fits", lambda n_bytes, device: n_bytes < 10 * (2 + 3) * 4)
    samples = Samples.of(part(), torch.float32, device)
    assert samples.inputs.device == CPU
    assert [each.device for each in samples.take(torch.tensor([3]))] == [device] * 2


def test_fits_asks_for_half_of_the_free_memory(monkeypatch):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (100, 1000))
    assert batches._fits(50, torch.device("cuda"))
    assert not batches._fits(51, torch.device("cuda"))
    assert batches._fits(10**15, CPU)
