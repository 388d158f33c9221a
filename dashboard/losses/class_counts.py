"""How often each class is positive: what losses that weight or shift classes are set by."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

BETA = 0.9999  # of the effective number of samples


@dataclass(frozen=True, eq=False)
class ClassCounts:
    """positives, known: (n_classes,) float64; known cells of the class are positives and negatives."""

    positives: torch.Tensor
    known: torch.Tensor

    @classmethod
    def of(cls, positives, known) -> "ClassCounts":
        """Of array-likes (n_classes,); `known` may be one number for all classes."""
        positives = torch.as_tensor(positives, dtype=torch.float64)
        return cls(positives, torch.as_tensor(known, dtype=torch.float64).expand_as(positives).clone())

    @classmethod
    def of_targets(cls, targets: torch.Tensor) -> "ClassCounts":
        """Counted in targets (n_samples, n_classes): a positive from 0.5 on, unknown below 0."""
        return cls((targets >= 0.5).sum(0, dtype=torch.float64), (targets >= 0).sum(0, dtype=torch.float64))

    @property
    def negatives(self) -> torch.Tensor:
        return self.known - self.positives

    @property
    def prevalence(self) -> torch.Tensor:
        """Positives by known cells; NaN where a class has no known cell."""
        return self.positives / self.known


def _without(counts: ClassCounts) -> torch.Tensor:
    return torch.ones_like(counts.positives)


def _negatives_per_positive(counts: ClassCounts) -> torch.Tensor:
    """(N - n) / n; 1 where a class lacks positives or negatives, for which no balance exists."""
    usable = (counts.positives > 0) & (counts.negatives > 0)
    return torch.where(usable, counts.negatives / counts.positives.clamp(min=1), 1.0)


def _root(counts: ClassCounts) -> torch.Tensor:
    return _negatives_per_positive(counts).sqrt()


def _effective_number(counts: ClassCounts) -> torch.Tensor:
    """The effective number of negatives by that of positives: (1 - b^(N-n)) / (1 - b^n)."""
    usable = (counts.positives > 0) & (counts.negatives > 0)
    ratio = (1 - BETA**counts.negatives) / (1 - BETA ** counts.positives.clamp(min=1))
    return torch.where(usable, ratio, 1.0)


# pos_weight by name: title and rule.
POS_WEIGHTS: dict[str, tuple[str, Callable[[ClassCounts], torch.Tensor]]] = {
    "none": ("1", _without),
    "negatives_per_positive": ("(N-n)/n", _negatives_per_positive),
    "root": ("square root of (N-n)/n", _root),
    "effective_number": ("effective number", _effective_number),
}
