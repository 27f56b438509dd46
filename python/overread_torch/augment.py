"""From bytes to the network's input on the device, and augmentation made for radiographs.

Small rotations, shifts, scales and changes of contrast are what differs between two films of one patient. Flips are
off: they move the heart to the other side and swap the letters that mark left and right.
"""

import math

import torch

from overread_torch.job import Job, Settings

PARAMETERS = 7


class InputLayer:
    """Bytes to normalised images, with augmentation where numbers for it are given."""

    def __init__(self, job: Job, device: torch.device) -> None:
        self.settings = job.settings
        shape = (1, len(job.mean), 1, 1)
        self.mean = torch.tensor(job.mean, dtype=torch.float32, device=device).view(shape)
        self.std = torch.tensor(job.std, dtype=torch.float32, device=device).view(shape)

    def __call__(self, images: torch.Tensor, draws: torch.Tensor | None = None) -> torch.Tensor:
        """N x channels x size x size bytes to N x 3 x size x size. `draws`: N x PARAMETERS numbers in [0, 1)."""
        x = images.to(torch.float32) / 255
        if draws is not None:
            x = augment(x, draws.to(x.device), self.settings)
        # A grey image is expanded by the arithmetic of the three channels.
        x = (x - self.mean) / self.std
        return x.contiguous(memory_format=torch.channels_last) if self.settings.channels_last else x


def is_augmented(settings: Settings) -> bool:
    """Whether any augmentation is on."""
    return settings.flips or max(settings.rotation, settings.shift, settings.scale, settings.contrast) > 0


def augment(x: torch.Tensor, draws: torch.Tensor, settings: Settings) -> torch.Tensor:
    """Turned, shifted and scaled by one bilinear resampling; black where nothing is. Values stay in [0, 1]."""
    spread = draws * 2 - 1
    angle = spread[:, 0] * (settings.rotation * math.pi / 180)
    # Logarithmic: as much smaller as larger.
    zoom = torch.exp(spread[:, 1] * math.log1p(settings.scale))
    mirror = torch.where(draws[:, 6] < 0.5, -1.0, 1.0) if settings.flips else torch.ones_like(zoom)
    cos, sin = torch.cos(angle) / zoom, torch.sin(angle) / zoom
    shift = spread[:, 2:4] * (2 * settings.shift)
    theta = torch.stack(
        [
            torch.stack([cos * mirror, -sin, shift[:, 0]], 1),
            torch.stack([sin * mirror, cos, shift[:, 1]], 1),
        ],
        1,
    )
    grid = torch.nn.functional.affine_grid(theta, list(x.shape), align_corners=False)
    x = torch.nn.functional.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    if settings.contrast > 0:
        gain = torch.exp(spread[:, 4] * math.log1p(settings.contrast)).view(-1, 1, 1, 1)
        offset = (spread[:, 5] * (settings.contrast / 2)).view(-1, 1, 1, 1)
        x = ((x - 0.5) * gain + 0.5 + offset).clamp(0, 1)
    return x
