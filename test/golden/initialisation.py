"""How the references draw their weights: figures of some tensors of every kind that the constructors draw.

  python test/golden/initialisation.py [architecture ...]
Writes test/golden/values/initialisation/ARCHITECTURE.json. ResNet is made without zeros in the last BatchNorm of
its branches, as torchvision makes it and Overread draws it.
"""

import json
import sys
from pathlib import Path

import torch

from reference import ARCHITECTURES, create

OUT = Path(__file__).parent / "values" / "initialisation"
# Larger tensors take long to draw and prove no more.
LARGEST = 5_000_000


def kind_of(name, tensor, state):
    """What a tensor does in its layer: `weight4` and `weight2` are those of convolutions and linear layers."""
    layer, kind = name.rsplit(".", 1)
    if f"{layer}.running_mean" in state:
        return f"norm {kind}"
    if kind == "bias":
        return f"bias of {state[f'{layer}.weight'].dim()}"
    depthwise = tensor.dim() == 4 and tensor.shape[1] == 1
    return f"{kind}{tensor.dim()}{' depthwise' if depthwise else ''}"


def figures(name, tensor):
    values = tensor.double().flatten()
    deviation = float(values.std(correction=0))
    centred = values - values.mean()
    return {
        "name": name,
        "count": values.numel(),
        "mean": float(values.mean()),
        "deviation": deviation,
        # 1.8: uniform; 3: normal.
        "kurtosis": float((centred**4).mean() / deviation**4) if deviation > 0 else None,
        "largest": float(values.abs().max()),
    }


def sample(state):
    """The first, middle and last tensor of every kind."""
    kinds = {}
    for name, tensor in state.items():
        if not name.endswith("num_batches_tracked") and tensor.numel() <= LARGEST:
            kinds.setdefault(kind_of(name, tensor, state), []).append(name)
    for names in kinds.values():
        yield from sorted({names[0], names[len(names) // 2], names[-1]}, key=names.index)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for architecture in sys.argv[1:] or ARCHITECTURES:
        torch.manual_seed(1)
        options = {"zero_init_last": False} if architecture.startswith("resnet") else {}
        state = create(architecture, **options).state_dict()
        tensors = [figures(name, state[name]) for name in sample(state)]
        (OUT / f"{architecture}.json").write_text(json.dumps({"tensors": tensors}, indent=1) + "\n", encoding="utf-8")
        print(architecture, len(tensors), "tensors")
