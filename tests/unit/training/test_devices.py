import os

import pytest
import torch

from dashboard.training import devices
from dashboard.training.devices import check_precision, choose_device
from dashboard.training.plan import PlanError
from dashboard.training.worker_process import n_training_threads


@pytest.fixture
def found(monkeypatch):
    """Says which GPUs torch finds."""

    def set_found(cuda=False, mps=False):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
        monkeypatch.setattr(devices, "_described", lambda device: device)

    return set_found


@pytest.mark.parametrize(
    ("gpus", "taken", "said"),
    [
        ({}, "cpu", "cpu: no GPU was found."),
        ({"cuda": True}, "cuda", "cuda: found."),
        ({"mps": True}, "mps", "mps: found."),
        ({"cuda": True, "mps": True}, "cuda", "cuda: found."),
    ],
)
def test_auto_takes_the_fastest_that_is_there(found, gpus, taken, said):
    found(**gpus)
    assert choose_device("auto") == (torch.device(taken), said)


def test_what_is_asked_for_is_taken(found):
    found(cuda=True)
    assert choose_device("cpu") == (torch.device("cpu"), "cpu: as chosen.")


@pytest.mark.parametrize("asked", ["cuda", "mps"])
def test_what_is_not_there_is_refused(found, asked):
    found()
    with pytest.raises(PlanError, match=f"must be there to train on {asked}, but .*: choose auto or cpu"):
        choose_device(asked)


def test_the_cpu_is_described_by_its_threads():
    threads = torch.get_num_threads()
    assert choose_device("cpu")[1] == f"CPU, {threads} thread{'s' if threads > 1 else ''}: as chosen."


@pytest.mark.parametrize(("cores", "expected"), [({0, 3}, 1), ({1}, 1), (set(range(16)), 15)])
def test_a_training_leaves_one_of_the_cores_of_this_process(monkeypatch, cores, expected):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: cores, raising=False)
    assert n_training_threads() == expected


@pytest.mark.parametrize(("precision", "device"), [("mixed", "cpu"), ("mixed", "mps"), ("float64", "mps")])
def test_a_device_that_cannot_compute_so_is_refused(precision, device):
    with pytest.raises(PlanError, match="choose float32"):
        check_precision(precision, torch.device(device))


def test_a_gpu_without_bfloat16_has_no_mixed_precision(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: False)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "Old One")
    with pytest.raises(PlanError, match="bfloat16, which Old One lacks: choose float32"):
        check_precision("mixed", torch.device("cuda"))


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_the_cpu_computes_in_both(precision):
    check_precision(precision, torch.device("cpu"))
