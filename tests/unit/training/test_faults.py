import errno

import pytest
import torch

from dashboard.training.faults import CheckpointError, OutOfMemory, is_out_of_memory
from dashboard.training.plan import PlanError


def test_out_of_memory_offers_half_the_batch_and_a_smaller_model_at_last():
    assert str(OutOfMemory.of(1024, 6, "CUDA GPU: found.")) == (
        "A batch must fit into the memory of the device (CUDA GPU: found), but batches of 1,024 samples for 6 variants "
        "do not: choose a batch size of 512 or fewer variants. Epochs finished before are kept."
    )
    assert "choose a smaller model." in str(OutOfMemory.of(1, 1, "CPU"))
    assert issubclass(OutOfMemory, PlanError)


@pytest.mark.parametrize(
    ("error", "is_memory"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB."), True),
        (MemoryError(), True),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory"), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 1 GB)"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_is_out_of_memory_knows_every_device(error, is_memory):
    assert is_out_of_memory(error) is is_memory


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "the disk is full: free some space"),
        (errno.EDQUOT, "the disk is full: free some space"),
        (errno.EFBIG, "the disk is full: free some space"),
        (errno.EACCES, "the system says: no entry"),
    ],
)
def test_a_checkpoint_that_is_not_written_says_why(number, told):
    assert told in str(CheckpointError.not_written(OSError(number, "no entry")))
