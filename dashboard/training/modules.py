"""The models as plain torch modules: nothing but torch is needed to build one from its arguments and load its weights.

Knows nothing of plans, losses and lock-step; an exported script carries this file's text.
"""

from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional as F


class Perceptron(nn.Module):
    """A linear head, over `depth` hidden layers with ReLU and dropout; depth 0 is the linear model.

    Inputs (n_samples, ...) are flattened to (n_samples, n_features).
    """

    def __init__(self, n_features: int, n_classes: int, width: int, depth: int, dropout: float = 0.0):
        super().__init__()
        sizes = [n_features, *[width] * depth]
        self.hidden = nn.ModuleList(nn.Linear(i, o) for i, o in pairwise(sizes))
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(sizes[-1], n_classes)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        x = inputs.flatten(1)
        for layer in self.hidden:
            x = self.dropout(torch.relu(layer(x)))
        return self.head(x)


class ConvolutionalNetwork(nn.Module):
    """`depth` 3 x 3 convolutions with ReLU, the first `n_poolings` of them halving height and width by a maximum.

    Channels double with each halving after the first, up to four times the width. The head sees each channel's
    maximum over all places: a digit counts wherever it is.
    """

    def __init__(self, n_channels: int, n_classes: int, width: int, depth: int, n_poolings: int, dropout: float = 0.0):
        super().__init__()
        sizes = [n_channels, *(width * 2 ** min(i, max(n_poolings - 1, 0), 2) for i in range(depth))]
        self.convolutions = nn.ModuleList(nn.Conv2d(i, o, 3, padding=1) for i, o in pairwise(sizes))
        self.n_poolings = n_poolings
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(sizes[-1], n_classes)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        x = images
        for i, convolution in enumerate(self.convolutions):
            x = convolution(x)
            x = torch.relu(F.max_pool2d(x, 2) if i < self.n_poolings else x)  # a quarter of the cells is left to ReLU
        return self.head(self.dropout(x.amax((2, 3))))


class Block(nn.Module):
    """Attention and an MLP of twice the width, each on normalised tokens and added to them."""

    def __init__(self, width: int, heads: int, dropout: float):
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.attended = nn.Linear(width, width)
        self.mlp_norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, 2 * width)
        self.down = nn.Linear(2 * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        n, t, width = tokens.shape
        parts = self.query_key_value(self.attention_norm(tokens)).view(n, t, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(query, key, value).transpose(1, 2).reshape(n, t, width)
        tokens = tokens + self.dropout(self.attended(attended))
        return tokens + self.dropout(self.down(F.gelu(self.up(self.mlp_norm(tokens)))))


class VisionTransformer(nn.Module):
    """Patches as tokens with learned places, `depth` blocks, and a head over the mean of all tokens."""

    def __init__(
        self, image_shape: tuple, n_classes: int, width: int, depth: int, *, patch: int, heads: int, dropout=0.0
    ):
        super().__init__()
        channels, height, columns = image_shape
        self.patch = patch
        self.embedding = nn.Linear(channels * patch * patch, width)
        self.places = nn.Parameter(torch.randn(height // patch * (columns // patch), width) * 0.02)
        self.blocks = nn.ModuleList(Block(width, heads, dropout) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, n_classes)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        tokens = self.embedding(cut_patches(images, self.patch)) + self.places
        for block in self.blocks:
            tokens = block(tokens)
        return self.head(self.norm(tokens).mean(1))


def cut_patches(images: torch.Tensor, patch: int) -> torch.Tensor:
    """(n_samples, channels, height, width) -> (n_samples, n_patches, channels * patch * patch), row by row."""
    n, channels, height, width = images.shape
    parts = images.reshape(n, channels, height // patch, patch, width // patch, patch)
    return parts.permute(0, 2, 4, 1, 3, 5).reshape(n, -1, channels * patch * patch)
