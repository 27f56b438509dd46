"""Processes that train together: one, or several that torchrun (or Ray) started."""

import os
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import torch
import torch.distributed as dist


class Group:
    """This process among its peers. Alone it is rank 0 of 1, and nothing is sent."""

    def __init__(self, device: str) -> None:
        self.world = int(os.environ.get("WORLD_SIZE", "1"))
        self.rank = int(os.environ.get("RANK", "0"))
        self.local_rank = int(os.environ.get("LOCAL_RANK", "0"))
        self.device = _open_device(device, self.local_rank)
        if self.world > 1:
            backend = "nccl" if self.device.type == "cuda" else "gloo"
            dist.init_process_group(backend, timeout=timedelta(minutes=30))

    @property
    def is_first(self) -> bool:
        """Whether this process writes files and tells progress."""
        return self.rank == 0

    def own(self, rows: np.ndarray) -> np.ndarray:
        """This process's share of rows: every `world`-th."""
        return rows[self.rank :: self.world]

    def sum(self, tensors: Sequence[torch.Tensor]) -> None:
        """Adds tensors of all processes up, in place."""
        if self.world == 1:
            return
        for tensor in tensors:
            if self.device.type == "cuda" and tensor.device.type != "cuda":
                moved = tensor.to(self.device)
                dist.all_reduce(moved)
                tensor.copy_(moved)
            else:
                dist.all_reduce(tensor)

    def agreed(self, value: float) -> float:
        """The first process's number, in all."""
        if self.world == 1:
            return value
        tensor = torch.tensor([value if self.is_first else 0.0], dtype=torch.float64, device=_carrier(self.device))
        dist.all_reduce(tensor)
        return float(tensor.item())

    def wait(self) -> None:
        """Waits until all are here."""
        if self.world > 1:
            self.agreed(0.0)

    def close(self) -> None:
        """Leaves the group."""
        if self.world > 1 and dist.is_initialized():
            dist.destroy_process_group()


def _carrier(device: torch.device) -> torch.device:
    return device if device.type == "cuda" else torch.device("cpu")


def _open_device(wanted: str, local_rank: int) -> torch.device:
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    if wanted == "cuda":
        device = torch.device("cuda", local_rank % torch.cuda.device_count())
        torch.cuda.set_device(device)
        return device
    return torch.device(wanted)
