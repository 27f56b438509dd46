"""Golden values of decoding and preprocessing: timm's eval transform (torchvision on PIL) on drawn images.

Run with a Python that has torch, torchvision, timm, numpy and Pillow:  python test/golden/images.py
Writes test/golden/values/images/: the drawn images, manifest.json, and levels.bin.gz
with the grey levels that enter the network, case after case. No image is of a patient. Where ../shared/data/cxr is present, eight numbers about each of
ten of its images are written too (no picture can be made of them).
"""

import base64
import gzip
import hashlib
import json
import math
from pathlib import Path

import numpy as np
import torch

# The torchvision wheel is built for CUDA: these operators are looked for at import (see CONTRIBUTING).
library = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    try:
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    except RuntimeError:
        pass

import PIL
import timm
import torchvision
from PIL import Image, ImageOps
from timm.data.transforms_factory import transforms_imagenet_eval

HERE = Path(__file__).parent
OUT = HERE / "values" / "images"
CXR = HERE.parents[2] / "shared" / "data" / "cxr" / "images"

PREPROCESSING = {
    "timm": dict(size=64, cropPct=0.875, interpolation="bicubic", crop="timm"),
    "linear": dict(size=40, cropPct=0.9, interpolation="bilinear", crop="timm"),
    "full": dict(size=33, cropPct=1.0, interpolation="bicubic", crop="timm"),
    "padded": dict(size=40, cropPct=1.3, interpolation="bicubic", crop="timm"),
    "whole": dict(size=48, cropPct=0.875, interpolation="bicubic", crop="whole"),
    "imagenet": dict(size=224, cropPct=0.875, interpolation="bicubic", crop="timm"),
}
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


def drawn(width, height, channels, seed):
    """Blobs, an edge, stripes at the limit of resolution and some noise; uint8, height x width x channels."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    planes = []
    for channel in range(channels):
        cx, cy = rng.uniform(0.2, 0.8, 2) * (width, height)
        blob = 150 * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (0.08 * max(width, height) ** 2 + 1))
        edge = 70.0 * (x * (channel + 1) + y > 0.6 * (width + height))
        stripes = 30.0 * ((x.astype(int) + channel) % 2) * (y < height / 3)
        planes.append(blob + edge + stripes + rng.normal(0, 4, x.shape) + 10)
    return np.clip(np.round(np.stack(planes, -1)), 0, 255).astype(np.uint8)


def grey(width, height, seed):
    return Image.fromarray(drawn(width, height, 1, seed)[..., 0])


def colour(width, height, seed):
    return Image.fromarray(drawn(width, height, 3, seed))


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data


def sixteen(width, height, bits, seed):
    """A 16-bit image that uses `bits` bits, white included."""
    levels = drawn(width, height, 1, seed)[..., 0].astype(np.float64)
    levels = (levels - levels.min()) / (levels.max() - levels.min())
    return np.round(levels * (2**bits - 1)).astype(np.uint16)


def eight_bit(values):
    """The documented rule, in exact arithmetic: the least depth that holds the maximum becomes 0 to 255."""
    white = next(2**bits - 1 for bits in (8, 10, 12, 14, 16) if values.max() < 2**bits)
    return ((510 * values.astype(np.int64) + white) // (2 * white)).astype(np.uint8)


def draw_images():
    """Saves every image; returns {file: (what PIL makes of it as RGB, kind)}."""
    save = {
        "grey.png": (grey(301, 230, 1), {}),
        "grey.jpg": (grey(150, 170, 2), dict(quality=90)),
        "colour.jpg": (colour(200, 150, 3), dict(quality=85, subsampling=2)),
        "colour444.jpg": (colour(90, 120, 4), dict(quality=92, subsampling=0)),
        "tall.png": (grey(23, 411, 5), {}),
        "wide.jpg": (colour(400, 19, 6), dict(quality=90)),
        # Shrinks by far more rows than columns: Pillow goes along columns first then.
        "portrait.png": (grey(40, 130, 22), {}),
        "tiny.png": (grey(7, 5, 7), {}),
        "pixel.png": (colour(1, 1, 8), {}),
        "column.png": (grey(1, 90, 9), {}),
        "exact.png": (grey(73, 80, 10), {}),
        "palette.png": (colour(60, 70, 11).quantize(32), {}),
        "bits.png": (grey(50, 40, 12).point(lambda v: 255 * (v > 90)).convert("1"), {}),
        "alpha.png": (Image.fromarray(drawn(64, 50, 4, 13)), {}),
        "greyAlpha.png": (Image.fromarray(drawn(64, 50, 2, 14)), {}),
        "lossless.webp": (Image.fromarray(drawn(70, 50, 4, 15)), dict(lossless=True, exact=True)),
        "lossy.webp": (colour(120, 90, 16), dict(quality=85)),
        "lzw.tif": (colour(60, 45, 17), dict(compression="tiff_lzw")),
        "grey.tif": (grey(45, 60, 18), {}),
        "cmyk.jpg": (colour(80, 60, 19).convert("CMYK"), dict(quality=95)),
        "turned.jpg": (colour(100, 60, 20), dict(quality=90, exif=exif(6))),
        "mirrored.png": (grey(60, 100, 21), dict(exif=exif(7))),
    }
    kinds = {}
    for name, (image, options) in save.items():
        image.save(OUT / name, **options)
        seen = ImageOps.exif_transpose(Image.open(OUT / name)).convert("RGB")
        lossy = name.endswith(".jpg") or name == "lossy.webp"
        kinds[name] = (seen, "colour jpeg" if lossy and image.mode != "L" else "lossy" if lossy else "exact")
    for name, bits in (("deep16.png", 16), ("deep12.png", 12), ("deep8.png", 8), ("deep14.tif", 14)):
        values = sixteen(90, 70, bits, bits)
        Image.fromarray(values).save(OUT / name)
        kinds[name] = (Image.fromarray(eight_bit(values)).convert("RGB"), "exact")
    Image.fromarray(drawn(9, 8, 1, 30)[..., 0].astype(np.float32)).save(OUT / "float.tif")
    return kinds


def transform_for(preprocessing):
    whole = preprocessing["crop"] == "whole"
    return transforms_imagenet_eval(
        preprocessing["size"],
        crop_pct=1.0 if whole else preprocessing["cropPct"],
        crop_mode="squash" if whole else "center",
        interpolation=preprocessing["interpolation"],
        mean=MEAN,
        std=STD,
    )


def levels_of(tensor):
    """The grey levels from the normalised tensor; exact, since a level is 1/255 apart from the next."""
    mean, std = (torch.tensor(v, dtype=torch.float64).view(3, 1, 1) for v in (MEAN, STD))
    levels = (tensor.double() * std + mean) * 255
    assert (levels - levels.round()).abs().max() < 1e-3
    return levels.round().to(torch.uint8).permute(1, 2, 0).numpy()


def cases_of(kinds):
    """The cases, and their levels (size x size x channels, uint8) one after another."""
    cases, blocks, offset = [], [], 0
    for image, (seen, kind) in kinds.items():
        for name, preprocessing in PREPROCESSING.items():
            if name == "imagenet" and image not in ("grey.png", "colour.jpg"):
                continue
            tensor = transform_for(preprocessing)(seen)
            levels = levels_of(tensor)
            grey = bool((levels[..., :1] == levels).all())
            # Where decoding is exact the hash says it all; levels are kept where a decoder may differ by one.
            block = b"" if kind == "exact" else (levels[..., 0] if grey else levels).tobytes()
            cases.append(
                dict(
                    image=image,
                    preprocessing=name,
                    kind=kind,
                    channels=1 if grey else 3,
                    offset=offset if block else None,
                    tensorSha256=hashlib.sha256(np.ascontiguousarray(tensor.numpy())).hexdigest(),
                )
            )
            blocks.append(block)
            offset += len(block)
    return cases, b"".join(blocks)


def real_statistics():
    if not CXR.is_dir():
        return None
    transform = transform_for(PREPROCESSING["imagenet"])
    found = {}
    for file in sorted(CXR.glob("*.jpg"))[::69][:10]:
        levels = levels_of(transform(Image.open(file).convert("RGB"))).astype(np.float64)
        quarters = [levels[y : y + 112, x : x + 112].mean() for y in (0, 112) for x in (0, 112)]
        numbers = [levels.mean(), levels.std(), levels.min(), levels.max(), *quarters]
        found[file.name] = [round(float(number), 6) for number in numbers]
    return found


def luma():
    """Colours and the grey that Pillow makes of them: every channel's ends and drawn ones, base64 of uint8."""
    ends = np.array([[r, g, b] for r in (0, 1, 254, 255) for g in (0, 1, 254, 255) for b in (0, 1, 254, 255)])
    drawn_colours = np.random.default_rng(5).integers(0, 256, (960, 3))
    colours = np.concatenate([ends, drawn_colours]).astype(np.uint8)[None]
    grey = np.asarray(Image.fromarray(colours).convert("L"))
    encode = lambda values: base64.b64encode(values.tobytes()).decode("ascii")
    return dict(colours=encode(colours), grey=encode(grey))


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    kinds = draw_images()
    decoded = {
        name: hashlib.sha256(np.array(seen).tobytes()).hexdigest() for name, (seen, _) in kinds.items()
    }
    cases, levels = cases_of(kinds)
    (OUT / "levels.bin.gz").write_bytes(gzip.compress(levels, 9, mtime=0))
    manifest = dict(
        made_by=f"test/golden/images.py with timm {timm.__version__}, torchvision {torchvision.__version__}, "
        f"Pillow {PIL.__version__}",
        mean=MEAN,
        std=STD,
        preprocessing=PREPROCESSING,
        decodedSha256=decoded,
        cases=cases,
        luma=luma(),
        realStatistics=real_statistics(),
    )
    (OUT / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    assert math.floor(224 / 0.875) == 256
    main()
