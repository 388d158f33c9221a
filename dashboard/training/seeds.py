"""Random generators by purpose: what is drawn depends on seed, purpose and step, not on what was drawn before.

So a training that resumes needs no generator's state.
"""

import hashlib

import torch


def seed_for(*parts) -> int:
    """A seed in [0, 2^63) from plain values, as in seed_for(0, "order", epoch); the same on any machine."""
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=8).digest(), "little") >> 1


def generator_for(*parts, device: torch.device | str = "cpu") -> torch.Generator:
    return torch.Generator(device).manual_seed(seed_for(*parts))
