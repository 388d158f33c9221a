"""A part's inputs and targets where the model is, and the order in which an epoch takes them.

The order is a function of seed and epoch alone: all variants take the same, and a training that resumes needs no state.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from dashboard.training.data import DataPart

FREE_SHARE = 0.5  # of the device's free memory that inputs may take; the rest is for the model


@dataclass(frozen=True, eq=False)
class Samples:
    """inputs: (n_samples, ...), targets: (n_samples, n_classes), -1 unknown; both in the dtype of the model.

    They lie on `device`, or on the CPU where the device has no room: then each batch is moved by itself.
    """

    inputs: torch.Tensor
    targets: torch.Tensor
    device: torch.device

    @classmethod
    def of(cls, part: DataPart, dtype: torch.dtype, device: torch.device) -> "Samples":
        inputs = torch.from_numpy(np.ascontiguousarray(part.inputs)).to(dtype)
        targets = torch.from_numpy(np.ascontiguousarray(part.labels)).to(dtype)
        if _fits(inputs.nbytes + targets.nbytes, device):
            inputs, targets = inputs.to(device), targets.to(device)
        return cls(inputs, targets, device)

    def __len__(self) -> int:
        return len(self.targets)

    def take(self, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Inputs and targets of some samples, on the device."""
        return tuple(each.index_select(0, rows).to(self.device) for each in (self.inputs, self.targets))

    def batches(self, order: np.ndarray, batch_size: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Inputs and targets in this order of the rows; the last batch may be smaller."""
        for rows in torch.from_numpy(order).to(self.inputs.device).split(batch_size):
            yield self.take(rows)


def batch_order(n_samples: int, seed: int, epoch: int) -> np.ndarray:
    """The order of the rows in an epoch: (n_samples,) int64."""
    return np.random.Generator(np.random.PCG64([seed, *b"batches", epoch])).permutation(n_samples)


def n_batches(n_samples: int, batch_size: int) -> int:
    return -(-n_samples // batch_size)


def _fits(n_bytes: int, device: torch.device) -> bool:
    return device.type != "cuda" or n_bytes <= FREE_SHARE * torch.cuda.mem_get_info(device)[0]
