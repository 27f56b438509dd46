"""CoroDet in PyTorch, as src/core/networks/corodet.ts says what of it is the paper's and what is ours."""

import torch

WIDTHS = (16, 32, 32, 64, 64, 128, 128, 256, 256)


class CoroDet(torch.nn.Module):
    """Nine convolutions and poolings, flatten, two dense layers."""

    def __init__(self, outputs: int) -> None:
        super().__init__()
        layers: list[torch.nn.Module] = []
        channels = 3
        for width in WIDTHS:
            layers += [
                torch.nn.Conv2d(channels, width, kernel_size=3, padding=1),
                torch.nn.LeakyReLU(0.01),
                torch.nn.MaxPool2d(2),
            ]
            channels = width
        self.features = torch.nn.Sequential(*layers)
        self.classifier = torch.nn.Sequential(
            torch.nn.Linear(channels, 128), torch.nn.LeakyReLU(0.01), torch.nn.Linear(128, outputs)
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Logits of N x 3 x size x size images, normalised."""
        return self.classifier(torch.flatten(self.features(images), 1))
