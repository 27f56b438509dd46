"""Golden values of the heat maps: class activation maps, Score-CAM and occlusion of a tiny network, each written from
its definition with PyTorch in float64.

Run with a Python that has torch and numpy:
  python test/golden/heatmaps.py
Writes test/golden/values/heatmaps/tiny.json. Weights and image are drawn by splitmix32.py, tensor by tensor, each
seeded by its name, as test/core/heatmaps/tinyNetwork.ts draws them.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from splitmix32 import normal, tensor_seed, uniform

OUT = Path(__file__).parent / "values" / "heatmaps"
SEED = 41
SIZE = 22
MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]
OUTPUTS = 3
SHAPES = {
    "conv1.weight": (4, 3, 3, 3),
    "conv1.bias": (4,),
    "conv2.weight": (6, 4, 3, 3),
    "conv2.bias": (6,),
    "hidden.weight": (5, 6),
    "hidden.bias": (5,),
    "linear_head.weight": (OUTPUTS, 6),
    "linear_head.bias": (OUTPUTS,),
    "nonlinear_head.weight": (OUTPUTS, 5),
    "nonlinear_head.bias": (OUTPUTS,),
}
# A channel that is the same everywhere makes no mask.
DEAD_CHANNEL = 2


def draw(name, shape):
    count = int(np.prod(shape))
    values = normal(tensor_seed(name, SEED), count)
    values = 0.2 * values if name.endswith("bias") else values * math.sqrt(2 / np.prod(shape[1:]))
    values = values.reshape(shape)
    if name == "conv2.weight":
        values[DEAD_CHANNEL] = 0
    # As float32, which the tensors are in the graph.
    return torch.from_numpy(values.astype(np.float32).astype(np.float64))


WEIGHTS = {name: draw(name, shape) for name, shape in SHAPES.items()}


def last_map(x):
    x = F.relu(F.conv2d(x, WEIGHTS["conv1.weight"], WEIGHTS["conv1.bias"], stride=2, padding=1))
    # Hard swish goes below zero, so that Score-CAM's ReLU has something to do.
    return F.hardswish(F.conv2d(x, WEIGHTS["conv2.weight"], WEIGHTS["conv2.bias"], stride=2, padding=1))


def logits_of(maps, linear):
    """From the last map: the mean into the head, or a hidden layer with hard swish between."""
    pooled = maps.mean(dim=(2, 3))
    if linear:
        return F.linear(pooled, WEIGHTS["linear_head.weight"], WEIGHTS["linear_head.bias"])
    hidden = F.hardswish(F.linear(pooled, WEIGHTS["hidden.weight"], WEIGHTS["hidden.bias"]))
    return F.linear(hidden, WEIGHTS["nonlinear_head.weight"], WEIGHTS["nonlinear_head.bias"])


def normalise(pixels):
    mean = torch.tensor(MEAN, dtype=torch.float64).view(1, 3, 1, 1)
    std = torch.tensor(STD, dtype=torch.float64).view(1, 3, 1, 1)
    return (pixels - mean) / std


def class_activation_maps(pixels):
    maps = last_map(normalise(pixels))[0]
    return torch.einsum("ck,khw->chw", WEIGHTS["linear_head.weight"], maps)


def score_cam(pixels, linear, most=None):
    """Algorithm 1 of the paper, one output after the other, one channel after the other."""
    maps = last_map(normalise(pixels))
    channels = [k for k in range(maps.shape[1]) if maps[0, k].max() > maps[0, k].min()]
    if most is not None:
        by_energy = sorted(channels, key=lambda k: -float((maps[0, k] ** 2).sum()))
        channels = sorted(by_energy[:most])
    baseline = logits_of(last_map(normalise(torch.zeros_like(pixels))), linear)[0]
    result = []
    for output in range(OUTPUTS):
        increases = []
        for k in channels:
            mask = F.interpolate(maps[:, k : k + 1], size=(SIZE, SIZE), mode="bilinear", align_corners=False)
            mask = (mask - mask.min()) / (mask.max() - mask.min())
            masked = normalise(pixels * mask)
            increases.append(logits_of(last_map(masked), linear)[0, output] - baseline[output])
        weights = torch.softmax(torch.stack(increases), dim=0)
        combined = sum(weight * maps[0, k] for weight, k in zip(weights, channels))
        result.append(F.relu(combined))
    return torch.stack(result)


def occlusion(pixels, linear, grid):
    """Logit of the whole image less that of the image under a patch of its mean colour."""
    image = normalise(pixels)
    whole = logits_of(last_map(image), linear)[0]
    result = torch.zeros(OUTPUTS, grid, grid, dtype=torch.float64)

    def edge(cells):
        return min(SIZE, max(0, math.floor(cells * SIZE / grid + 0.5)))

    for row in range(grid):
        for column in range(grid):
            hidden = image.clone()
            top, bottom = edge(row - 0.5), edge(row + 1.5)
            left, right = edge(column - 0.5), edge(column + 1.5)
            hidden[:, :, top:bottom, left:right] = image.mean(dim=(2, 3), keepdim=True)
            result[:, row, column] = whole - logits_of(last_map(hidden), linear)[0]
    return result


def flat(values):
    assert bool(torch.isfinite(values).all())
    assert float(values.std()) > 1e-3, "a constant map proves nothing"
    return [float(value) for value in values.flatten()]


def enlarged(values, height, width):
    return F.interpolate(values[None, None], size=(height, width), mode="bilinear", align_corners=False)[0, 0]


if __name__ == "__main__":
    drawn = uniform(tensor_seed("image", SEED), 3 * SIZE * SIZE).astype(np.float32).astype(np.float64)
    pixels = torch.from_numpy(drawn.reshape(1, 3, SIZE, SIZE))
    maps = last_map(normalise(pixels))
    cam = class_activation_maps(pixels)
    linear_logits = logits_of(maps, True)[0]
    # The identity that makes the map of each place a logit.
    assert torch.allclose(cam.mean(dim=(1, 2)) + WEIGHTS["linear_head.bias"], linear_logits)
    explained = score_cam(pixels, False)
    assert bool((explained == 0).any()), "the ReLU of Score-CAM does nothing"
    assert not torch.allclose(explained, score_cam(pixels, False, 3), atol=1e-2), "the chosen channels are all"
    values = {
        "seed": SEED,
        "size": SIZE,
        "mean": MEAN,
        "std": STD,
        "deadChannel": DEAD_CHANNEL,
        "map": {"channels": maps.shape[1], "height": maps.shape[2], "width": maps.shape[3], "values": flat(maps)},
        "linearLogits": flat(linear_logits),
        "nonlinearLogits": flat(logits_of(maps, False)[0]),
        "cam": flat(cam),
        "scoreCam": flat(explained),
        "scoreCamOfThree": flat(score_cam(pixels, False, 3)),
        "scoreCamLinear": flat(score_cam(pixels, True)),
        "occlusion5": flat(occlusion(pixels, False, 5)),
        "occlusion11": flat(occlusion(pixels, True, 11)),
        "enlarged": {"height": 9, "width": 17, "values": flat(enlarged(maps[0, 0], 9, 17))},
        "versions": {"torch": torch.__version__, "numpy": np.__version__},
    }
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "tiny.json").write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    print("tiny.json written")
