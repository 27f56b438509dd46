"""Forward and backward of a batch as one CUDA graph.

Small batches and frozen layers leave a GPU waiting for Python to launch hundreds of kernels. Recorded once, they are
launched together. The numbers are those of the same kernels.
"""

from collections.abc import Callable

import torch

WARM_UP = 3
Compute = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
"""From images and targets to the loss, with gradients left in the parameters."""


class RecordedStep:
    """A recorded step: `run` puts gradients of other images into the same memory."""

    def __init__(self, model: torch.nn.Module, compute: Compute, images: torch.Tensor, targets: torch.Tensor) -> None:
        self.images = images.clone()
        self.targets = targets.clone()
        kept = {name: buffer.clone() for name, buffer in model.named_buffers()}
        # What was tried before left memory that the recording cannot use.
        torch.cuda.empty_cache()
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(WARM_UP):
                model.zero_grad(set_to_none=True)
                compute(self.images, self.targets)
        torch.cuda.current_stream().wait_stream(aside)
        model.zero_grad(set_to_none=True)
        self.graph = torch.cuda.CUDAGraph()
        try:
            with torch.cuda.graph(self.graph):
                self.loss = compute(self.images, self.targets)
        finally:
            # Warming up moved the statistics of BatchNorm.
            with torch.no_grad():
                for name, buffer in model.named_buffers():
                    buffer.copy_(kept[name])

    def fits(self, images: torch.Tensor) -> bool:
        """Whether a batch has the recorded shape."""
        return images.shape == self.images.shape

    def run(self, images: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Gives the loss; gradients are in the parameters."""
        self.images.copy_(images)
        self.targets.copy_(targets)
        self.graph.replay()
        return self.loss
