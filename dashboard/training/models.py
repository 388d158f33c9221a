"""From a model's plan to a module, its initial weights and its number of parameters; and from its logits to scores.

The class of a ViT's classic head is one of several (softmax, by the loss single_label_cross_entropy); all other losses
train a sigmoid per class. Knows nothing of training.
"""

import math

import torch
from torch import nn

from dashboard.losses import LossSettings
from dashboard.training.modules import ConvolutionalNetwork, Perceptron, VisionTransformer
from dashboard.training.plan import IMAGE_MODELS, ModelPlan, PlanError
from dashboard.training.seeds import seed_for

SOFTMAX_LOSS = "single_label_cross_entropy"
IMAGE_MODEL_TITLES = {"cnn": "CNN", "vit": "ViT"}
_LEAST_SIDE = 6  # of an image that a CNN still halves: 24 x 32 becomes 3 x 4


def make_module(model: ModelPlan, input_shape: tuple[int, ...], n_classes: int) -> nn.Module:
    """The model alone, in float32 with torch's own initial weights. Raises PlanError where the input does not suit."""
    kind, arguments = module_arguments(model, input_shape, n_classes)
    return kind(**arguments)


def module_arguments(model: ModelPlan, input_shape: tuple[int, ...], n_classes: int) -> tuple[type[nn.Module], dict]:
    """The class in `modules` and its arguments, plain values."""
    check_input_shape(model, input_shape)
    common = {"n_classes": n_classes, "width": model.width, "depth": model.depth, "dropout": model.dropout}
    if model.kind == "cnn":
        poolings = n_poolings(model, input_shape)
        return ConvolutionalNetwork, common | {"n_channels": input_shape[0], "n_poolings": poolings}
    if model.kind == "vit":
        shape = tuple(input_shape)
        return VisionTransformer, common | {"image_shape": shape, "patch": model.patch, "heads": model.heads}
    linear = {"depth": 0, "dropout": 0.0} if model.kind == "linear" else {}
    return Perceptron, common | {"n_features": math.prod(input_shape)} | linear


def n_poolings(model: ModelPlan, input_shape: tuple[int, ...]) -> int:
    """How many convolutions of a CNN halve the image: as long as its shorter side has at least _LEAST_SIDE pixels."""
    side, count = min(input_shape[1:]), 0
    while side >= _LEAST_SIDE and count < model.depth:
        side, count = side // 2, count + 1
    return count


def check_input_shape(model: ModelPlan, input_shape: tuple[int, ...]) -> None:
    """Raises PlanError unless the model can read inputs of this shape."""
    if model.kind in IMAGE_MODELS and len(input_shape) != 3:
        raise PlanError(
            f"A {IMAGE_MODEL_TITLES[model.kind]} needs images, but a sample of this data has the shape "
            f"{tuple(input_shape)}: choose linear or mlp."
        )
    if model.kind == "vit" and (input_shape[1] % model.patch or input_shape[2] % model.patch):
        height, width = input_shape[1:]
        sides = [side for side in range(2, min(height, width) + 1) if height % side == 0 == width % side]
        raise PlanError(
            f"The patch of a ViT must divide the image's height and width, got {model.patch} for {height} x {width}: "
            f"choose {', '.join(map(str, sides)) or 1}."
        )


def parameter_count(model: ModelPlan, input_shape: tuple[int, ...], n_classes: int) -> int:
    """Of one variant; no memory is taken for the parameters."""
    with torch.device("meta"):
        module = make_module(model, input_shape, n_classes)
    return sum(parameter.numel() for parameter in module.parameters())


def initial_weights(
    model: ModelPlan, input_shape: tuple[int, ...], n_classes: int, seed: int
) -> dict[str, torch.Tensor]:
    """float32 on the CPU, the same for every device; torch's global random numbers are left as they were."""
    with torch.random.fork_rng(devices=[]):
        torch.random.default_generator.manual_seed(seed_for(seed, "initial weights"))
        module = make_module(model, input_shape, n_classes)
    return {name: parameter.detach() for name, parameter in module.named_parameters()}


def has_softmax_head(loss: LossSettings) -> bool:
    return loss.name == SOFTMAX_LOSS


def scores_of(logits: torch.Tensor, loss: LossSettings) -> torch.Tensor:
    """The logits that a run carries, (..., n_classes): of the sigmoid head as they are; else `softmax_scores`."""
    return softmax_scores(logits) if has_softmax_head(loss) else logits


def softmax_scores(logits: torch.Tensor) -> torch.Tensor:
    """log p - log(1 - p) of the softmax's probabilities in float64, (..., n_classes).

    So a threshold of 0.5 means "more likely than all other classes together".
    """
    logits = logits.double()
    top = logits.argmax(-1, keepdim=True)
    # Of the likeliest class the others are summed by themselves: 1 - p would lose what is left of them.
    rest = logits.scatter(-1, top, -math.inf).logsumexp(-1, keepdim=True)
    total = logits.logsumexp(-1, keepdim=True)
    others = (total + torch.log1p(-torch.exp(logits - total).clamp(max=0.5))).scatter(-1, top, rest)
    return logits - others
