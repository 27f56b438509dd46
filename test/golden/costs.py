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
from fvcore.nn import FlopCountAnalysis
from models import OUT, timm, torch

import torchvision

NAMES = [
    "densenet121",
    "densenet169",
    "densenet201",
    "inception_v3",
    "inception_v4",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "efficientnet_b0",
    "efficientnet_b1",
    "efficientnet_b2",
    "efficientnet_b3",
    "tf_efficientnet_lite0",
    "mobilenetv2_100",
    "mobilenetv3_small_100",
    "mobilenetv3_large_100",
    "mnasnet_100",
    "vgg11",
    "vgg16",
    "vgg19",
]


def count(model, size):
    """Learnt numbers and fvcore's count at one image of size x size."""
    logging.getLogger("fvcore").setLevel(logging.ERROR)
    flops = FlopCountAnalysis(model.eval(), torch.zeros(1, 3, size, size))
    flops.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    return {
        "size": size,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "macs": int(flops.total()),
    }


def main(table):
    with open(table, newline="", encoding="utf-8") as file:
        published = {row["model"]: row for row in csv.DictReader(file)}
    networks = {}
    for name in NAMES:
        model = timm.create_model(name, pretrained=False)
        row = published[name]
        networks[name] = {
            **count(model, model.pretrained_cfg["input_size"][1]),
            "published": {
                "size": int(row["infer_img_size"]),
                "gmacs": float(row["infer_gmacs"]),
                "megaparameters": float(row["param_count"]),
            },
        }
        print(name, networks[name])
    weights = torchvision.models.AlexNet_Weights.IMAGENET1K_V1
    networks["alexnet"] = {
        **count(torchvision.models.alexnet(), 224),
        "published": {
            "size": weights.transforms().crop_size[0],
            "gmacs": weights.meta["_ops"],
            "megaparameters": weights.meta["num_params"] / 1e6,
        },
    }
    print("alexnet", networks["alexnet"])
    versions = {"torch": torch.__version__, "timm": timm.__version__, "torchvision": torchvision.__version__}
    text = json.dumps({"networks": networks, "versions": {**versions, "fvcore": fvcore.__version__}}, indent=1)
    (OUT / "costs.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
