"""CoroDet in PyTorch, as src/core/networks/corodet.ts says what of it is the paper's and what is ours."""

import torch

WIDTHS = [16, 32, 32, 64, 64, 128, 128, 256, 256]


class CoroDet(torch.nn.Module):
    """Nine convolutions and poolings, flatten, two dense layers. Methods are named as timm names them."""

    def __init__(self, classes=4):
        super().__init__()
        layers = []
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
            torch.nn.Linear(channels, 128), torch.nn.LeakyReLU(0.01), torch.nn.Linear(128, classes)
        )

    def forward_features(self, x):
        return self.features(x)

    def forward_head(self, x, pre_logits=False):
        x = self.classifier[:-1](torch.flatten(x, 1))
        return x if pre_logits else self.classifier[-1](x)

    def get_classifier(self):
        return self.classifier[-1]

    def forward(self, x):
        return self.forward_head(self.forward_features(x))
