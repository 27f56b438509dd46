"""Random numbers that depend on where training stands and on nothing else.

Every epoch and every step has a generator of its own, seeded by its number: a job that was killed draws what it
would have drawn, and any number of processes draws the same for the whole batch.
"""

import zlib

import numpy as np
import torch


def seed_of(seed: int, *place: int | str) -> int:
    """A seed for a place in the work."""
    return zlib.crc32(repr((seed, *place)).encode()) ^ (seed & 0xFFFFFFFF)


def shuffled(rows: np.ndarray, seed: int, phase: str, epoch: int) -> np.ndarray:
    """The rows in the order of an epoch."""
    return np.random.default_rng(seed_of(seed, "order", phase, epoch)).permutation(rows)


def draws(count: int, width: int, seed: int, phase: str, step: int) -> torch.Tensor:
    """count x width numbers in [0, 1) for a step's whole batch."""
    generator = torch.Generator().manual_seed(seed_of(seed, "draws", phase, step))
    return torch.rand((count, width), generator=generator)


def seed_layers(seed: int, phase: str, step: int, rank: int) -> None:
    """Dropout of a step."""
    torch.manual_seed(seed_of(seed, "layers", phase, step, rank))
