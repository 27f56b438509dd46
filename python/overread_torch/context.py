"""What the parts of one training share."""

import os
import signal
from dataclasses import dataclass, field
from types import FrameType

import torch

from overread_torch.augment import InputLayer
from overread_torch.checkpoint import Checkpoints
from overread_torch.distributed import Group
from overread_torch.evaluate import Evaluator
from overread_torch.gpu_use import GpuUse
from overread_torch.job import Job
from overread_torch.pixels import Pixels
from overread_torch.progress import Progress


@dataclass
class Cancel:
    """Whether somebody asked for the end. One process then leaves a checkpoint; of several each ends at once."""

    asked: bool = False

    def listen(self) -> None:
        """SIGTERM and SIGINT ask."""

        def heard(_signal: int, _frame: FrameType | None) -> None:
            if self.asked:
                os._exit(130)
            self.asked = True

        signal.signal(signal.SIGTERM, heard)
        signal.signal(signal.SIGINT, heard)


class Cancelled(Exception):
    """Ends the work with exit code 130."""


@dataclass
class Context:
    """One process's view of the work."""

    job: Job
    group: Group
    pixels: Pixels
    inputs: InputLayer
    evaluator: Evaluator
    progress: Progress
    checkpoints: Checkpoints
    gpu_use: GpuUse
    cancel: Cancel = field(default_factory=Cancel)

    @property
    def device(self) -> torch.device:
        """Where this process computes."""
        return self.group.device

    @property
    def local_batch(self) -> int:
        """Images of one process and one step."""
        return max(1, self.job.settings.batch // self.group.world)


def precision_of(job: Job, device: torch.device) -> torch.dtype | None:
    """The reduced precision to train in; None: single. `auto` is bf16 where the GPU has it."""
    wanted = job.settings.precision
    if wanted == "auto":
        wanted = "bf16" if device.type == "cuda" and torch.cuda.is_bf16_supported() else "fp32"
    return {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}[wanted]
