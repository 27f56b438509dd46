"""Parameters and multiply-accumulates of every network: what fvcore counts, and what timm and torchvision publish.

Run with a Python that has torch, torchvision, timm and fvcore:
  python test/golden/costs.py TIMM_CSV
TIMM_CSV is results/benchmark-infer-amp-nhwc-pt113-cu117-rtx3090.csv of timm's repository, the newest table that has
all networks with GMACs. Writes test/golden/values/models/costs.json.

fvcore counts one for a multiply-accumulate of convolutions and linear layers, two for each number that a BatchNorm
takes in, one for each under adaptive pooling, and nothing for activations, sums, other pooling and `mean`. timm's
GMACs are fvcore's.
"""

import csv
import json
import logging
import sys

import fvcore
import torch
from fvcore.nn import FlopCountAnalysis

from models import OUT
from reference import ARCHITECTURES, create, sizes

import timm
import torchvision


def count(model, size):
    """Learnt numbers and fvcore's count at one image of size x size."""
    flops = FlopCountAnalysis(model, torch.zeros(1, 3, size, size))
    flops.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    return {
        "size": size,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "macs": int(flops.total()),
    }


def timm_figures(row):
    """A row of timm's table."""
    return {
        "size": int(row["infer_img_size"]),
        "gmacs": float(row["infer_gmacs"]),
        "megaparameters": float(row["param_count"]),
    }


def torchvision_figures():
    """What torchvision says of its AlexNet."""
    weights = torchvision.models.AlexNet_Weights.IMAGENET1K_V1
    return {
        "size": weights.transforms().crop_size[0],
        "gmacs": weights.meta["_ops"],
        "megaparameters": weights.meta["num_params"] / 1e6,
    }


def main(table):
    logging.getLogger("fvcore").setLevel(logging.ERROR)
    with open(table, newline="", encoding="utf-8") as file:
        rows = {row["model"]: row for row in csv.DictReader(file)}
    networks = {}
    for name in ARCHITECTURES:
        if name == "corodet":
            continue
        published = torchvision_figures() if name == "alexnet" else timm_figures(rows[name])
        networks[name] = {**count(create(name), sizes(name)[0]), "published": published}
        print(name, networks[name])
    versions = {"torch": torch.__version__, "timm": timm.__version__, "torchvision": torchvision.__version__}
    text = json.dumps({"networks": networks, "versions": {**versions, "fvcore": fvcore.__version__}}, indent=1)
    (OUT / "costs.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
