"""What goes into the network in one epoch: normalised images and their targets, batch by batch, on the device."""

from collections.abc import Iterator

import numpy as np
import torch

from overread_torch.augment import PARAMETERS, is_augmented
from overread_torch.context import Context
from overread_torch.seeds import draws, shuffled


class Feed:
    """The batches of one process from a step of an epoch on, in pieces.

    Indices and random numbers go to the device once for the epoch: small copies step by step would hold up the GPU.
    """

    def __init__(self, context: Context, phase: str, rows: np.ndarray, batch: int, targets: torch.Tensor) -> None:
        self.context = context
        self.phase = phase
        self.rows = rows
        self.batch = batch
        self.targets = targets
        self.piece = max(1, -(-batch // context.job.settings.accumulate))
        self.pieces = -(-batch // self.piece)

    def epoch(self, epoch: int, steps: int, first: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Images and targets of each piece, from step `first` of the epoch's `steps` on."""
        context, settings = self.context, self.context.job.settings
        group, device = context.group, context.device
        order = shuffled(self.rows, settings.seed, self.phase, epoch)
        whole = self.batch * group.world
        lists: list[np.ndarray] = []
        numbers: list[torch.Tensor] = []
        for step in range(first, steps):
            own = group.own(order[step * whole : (step + 1) * whole])
            lists += [own[start : start + self.piece] for start in range(0, len(own), self.piece)]
            if is_augmented(settings):
                drawn = draws(whole, PARAMETERS, settings.seed, self.phase, epoch * steps + step)
                numbers.append(drawn[group.rank :: group.world])
        if not lists:
            return
        targets = self.targets[torch.from_numpy(np.concatenate(lists)).to(device)]
        on_device = torch.cat(numbers).to(device) if numbers else None
        at = 0
        for rows, images in zip(lists, context.pixels.batches(lists), strict=True):
            part = slice(at, at + len(rows))
            at += len(rows)
            yield context.inputs(images, None if on_device is None else on_device[part]), targets[part]
