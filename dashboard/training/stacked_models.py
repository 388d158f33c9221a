"""The models of `modules` on stacked weights: the logits of all variants for one batch that they share.

The first layer is one product of the batch with all variants' weights side by side, later ones are batched products.
Knows nothing of losses and steps.
"""

from collections.abc import Mapping

import torch
from torch.nn import functional as F

from dashboard.training.models import n_poolings
from dashboard.training.modules import cut_patches
from dashboard.training.plan import ModelPlan
from dashboard.training.seeds import generator_for

Weights = Mapping[str, torch.Tensor]


class Dropout:
    """Masks of one step, drawn in the order of the layers; the same for all variants and any number of them."""

    def __init__(self, share: float, purpose: tuple, device: torch.device):
        self.share = share
        self.generator = generator_for(*purpose, device=device) if share else None

    def __call__(self, hidden: torch.Tensor) -> torch.Tensor:
        """hidden: (n_variants, ...); one mask for all variants, and what is kept grows by 1 / (1 - share)."""
        if self.generator is None:
            return hidden
        return hidden * self.mask(hidden.shape[1:], hidden)

    def mask(self, shape, like: torch.Tensor) -> torch.Tensor:
        kept = torch.empty(shape, dtype=like.dtype, device=like.device)
        return kept.bernoulli_(1 - self.share, generator=self.generator).div_(1 - self.share)


NO_DROPOUT = Dropout(0.0, (), torch.device("cpu"))


def stacked_logits(model: ModelPlan, weights: Weights, inputs: torch.Tensor, dropout: Dropout = NO_DROPOUT):
    """(n_variants, n_samples, n_classes). weights: name -> (n_variants, ...), as in the plain module."""
    if model.kind == "vit":
        return _vision_transformer(model, weights, inputs, dropout)
    if model.kind == "cnn":
        return _convolutional(n_poolings(model, inputs.shape[1:]), weights, inputs, dropout)
    return _perceptron(weights, inputs.flatten(1), dropout)


def _perceptron(weights: Weights, inputs: torch.Tensor, dropout: Dropout) -> torch.Tensor:
    """Hidden units lie before samples, (n_variants, width, n_samples): so no product has to copy."""
    layers = [name.removesuffix(".weight") for name in weights if name.endswith(".weight")]
    hidden = _from_shared(weights[f"{layers[0]}.weight"], weights[f"{layers[0]}.bias"], inputs)
    for layer in layers[1:]:
        hidden = dropout(torch.relu(hidden))
        hidden = torch.baddbmm(weights[f"{layer}.bias"][:, :, None], weights[f"{layer}.weight"], hidden)
    return hidden.transpose(1, 2)


def _from_shared(weight: torch.Tensor, bias: torch.Tensor, inputs: torch.Tensor) -> torch.Tensor:
    """(n_variants, n_out, n_samples) of inputs (n_samples, n_in) that all variants share."""
    k, n_out, n_in = weight.shape
    side_by_side = torch.addmm(bias.reshape(-1, 1), weight.reshape(k * n_out, n_in), inputs.T)
    return side_by_side.view(k, n_out, len(inputs))


def _convolutional(poolings: int, weights: Weights, images: torch.Tensor, dropout: Dropout) -> torch.Tensor:
    """The variants' channels lie side by side; every convolution but the first is in groups, one for each variant."""
    n_variants, depth = len(weights["head.bias"]), sum(name.startswith("convolutions.") for name in weights) // 2
    x = images
    for i in range(depth):
        weight, bias = (weights[f"convolutions.{i}.{part}"].flatten(0, 1) for part in ("weight", "bias"))
        x = torch.relu(F.conv2d(x, weight, bias, padding=1, groups=n_variants if i else 1))
        x = F.max_pool2d(x, 2) if i < poolings else x
    largest = x.amax((2, 3)).view(len(images), n_variants, -1).transpose(0, 1)
    return _linear(weights, "head", dropout(largest))


def _vision_transformer(model: ModelPlan, weights: Weights, images: torch.Tensor, dropout: Dropout) -> torch.Tensor:
    """Tokens are (n_variants, n_samples, n_patches, width)."""
    patches = cut_patches(images, model.patch).expand(len(weights["head.bias"]), -1, -1, -1)
    tokens = _linear(weights, "embedding", patches) + weights["places"][:, None]
    for i in range(model.depth):
        block = f"blocks.{i}."
        attended = _attention(model.heads, weights, block, _norm(weights, f"{block}attention_norm", tokens))
        tokens = tokens + dropout(attended)
        hidden = F.gelu(_linear(weights, f"{block}up", _norm(weights, f"{block}mlp_norm", tokens)))
        tokens = tokens + dropout(_linear(weights, f"{block}down", hidden))
    return _linear(weights, "head", _norm(weights, "norm", tokens).mean(2))


def _attention(heads: int, weights: Weights, block: str, tokens: torch.Tensor) -> torch.Tensor:
    k, n, t, width = tokens.shape
    parts = _linear(weights, f"{block}query_key_value", tokens).view(k * n, t, 3, heads, width // heads)
    attended = F.scaled_dot_product_attention(*parts.permute(2, 0, 3, 1, 4))
    return _linear(weights, f"{block}attended", attended.transpose(1, 2).reshape(k, n, t, width))


def _linear(weights: Weights, layer: str, x: torch.Tensor) -> torch.Tensor:
    """x: (n_variants, ..., n_in) -> (n_variants, ..., n_out)."""
    weight, bias = weights[f"{layer}.weight"], weights[f"{layer}.bias"]
    product = torch.baddbmm(bias[:, None], x.flatten(1, -2), weight.transpose(1, 2))
    return product.view(*x.shape[:-1], weight.shape[1])


def _norm(weights: Weights, layer: str, x: torch.Tensor) -> torch.Tensor:
    """Layer norm over the last axis of x (n_variants, n_samples, n_patches, width)."""
    weight, bias = weights[f"{layer}.weight"][:, None, None], weights[f"{layer}.bias"][:, None, None]
    return F.layer_norm(x, x.shape[-1:]) * weight + bias
