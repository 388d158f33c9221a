"""The loss that a variant has without looking at its inputs: that of the training part's best constant logits."""

import numpy as np
import torch

from dashboard.losses import ClassCounts, LossSettings
from dashboard.losses.constant_predictor import constant_predictor
from dashboard.losses.loaded_cells import LoadedCells
from dashboard.training.batch_losses import BatchTargets, prepare_losses
from dashboard.training.evaluation import own_loss
from dashboard.training.watch import Baseline


def constant_baseline(
    loss: LossSettings, training: np.ndarray, validation: np.ndarray, counts: ClassCounts, batch_size: int
) -> Baseline:
    """training, validation: labels int8 (n_samples, n_classes), those of training in the order batches are cut from.

    Of the training part the mean over the batches, as an epoch's loss is: a loss of whole batches depends on them.
    """
    constants = constant_predictor(LoadedCells.of(np.zeros(training.shape), training, "logits"), loss)
    prepared = prepare_losses([loss], counts, constants[None])[0]
    with torch.no_grad():
        batches = torch.from_numpy(training).split(batch_size)
        losses = [float(prepared.mean(constants.expand_as(each), BatchTargets.of(each.double()))) for each in batches]
        targets = torch.from_numpy(validation).double()
        of_validation = own_loss(loss, constants.expand_as(targets), targets, counts)
    return Baseline(float(np.average(losses, weights=[len(each) for each in batches])), of_validation)
