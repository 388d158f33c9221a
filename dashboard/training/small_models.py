"""The sample data's model: patches of the canvas against sixty units that start as scans, pooled over all places.

Trained in float64 on one thread from a fixed start, so that machines agree on its logits to 1e-3 and better.
Knows nothing of files; images and labels come as arrays.
"""

from contextlib import contextmanager

import numpy as np
import torch

from dashboard.training.digits import CLASS_NAMES, enlarge, generator, ink_of

PATCH, STRIDE = 10, 2
SCANS_PER_CLASS = 6
EPOCHS, BATCH, LEARNING_RATE = 8, 64, 0.015


class PatchModel(torch.nn.Module):
    """A hidden layer over every patch, a logit per class and patch, and their log-sum-exp: "it is somewhere here"."""

    def __init__(self, templates: np.ndarray, prevalence: np.ndarray):
        """templates: (n_units, PATCH * PATCH) float64 of zero mean and unit norm; unit i starts for class i % 10.

        prevalence: (n_classes,); the biases start near it, or a rare class would first unlearn its units.
        """
        super().__init__()
        n_units, n_classes = len(templates), len(CLASS_NAMES)
        self.units = torch.nn.Linear(PATCH * PATCH, n_units, dtype=torch.float64)
        self.classes = torch.nn.Linear(n_units, n_classes, dtype=torch.float64)
        membership = torch.eye(n_classes, dtype=torch.float64).repeat(1, n_units // n_classes)
        with torch.no_grad():
            self.units.weight.copy_(3.0 * torch.from_numpy(templates))
            self.units.bias.fill_(-1.5)
            self.classes.weight.copy_(0.5 * membership)
            self.classes.bias.copy_(torch.from_numpy(np.log(prevalence / (1 - prevalence)) - 5.5))

    def forward(self, ink: torch.Tensor) -> torch.Tensor:
        """ink: (n_samples, height, width) from 0 to 1 -> logits (n_samples, 10)."""
        patches = ink.unfold(1, PATCH, STRIDE).unfold(2, PATCH, STRIDE).reshape(len(ink), -1, PATCH * PATCH)
        return self.classes(torch.relu(self.units(patches))).logsumexp(1)


def make_templates(scans: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """The first scans of each class at patch size, zero mean and unit norm: (n_units, PATCH * PATCH)."""
    rows = [np.flatnonzero(digits == digit)[i] for i in range(SCANS_PER_CLASS) for digit in range(len(CLASS_NAMES))]
    templates = np.stack([enlarge(scans[row], PATCH, PATCH) for row in rows]).reshape(len(rows), -1).astype(np.float64)
    templates -= templates.mean(axis=1, keepdims=True)
    return templates / np.linalg.norm(templates, axis=1, keepdims=True)


def fit(model: PatchModel, images: np.ndarray, labels: np.ndarray, pos_weight: np.ndarray | None = None) -> PatchModel:
    """The model after EPOCHS of Adam on binary cross-entropy; pos_weight (n_classes,) multiplies the positive term.

    The learning rate falls in a straight line to a twentieth, so that the last batches do not decide the logits.
    """
    loss = torch.nn.BCEWithLogitsLoss(pos_weight=None if pos_weight is None else torch.from_numpy(pos_weight))
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    n_steps = EPOCHS * -(-len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, total_iters=n_steps)
    ink, targets = torch.from_numpy(ink_of(images)), torch.from_numpy(labels.astype(np.float64))
    order = generator("batches")
    with _one_thread():
        for _ in range(EPOCHS):
            for batch in torch.from_numpy(order.permutation(len(ink))).split(BATCH):
                optimizer.zero_grad()
                loss(model(ink[batch]), targets[batch]).backward()
                optimizer.step()
                schedule.step()
    return model


def predict_logits(model: PatchModel, images: np.ndarray) -> np.ndarray:
    """Logits, (n_samples, n_classes) float64."""
    with torch.no_grad(), _one_thread():
        return torch.cat([model(ink) for ink in torch.from_numpy(ink_of(images)).split(250)]).numpy()


@contextmanager
def _one_thread():
    """Sums in one fixed order; the caller's number of threads comes back afterwards."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
