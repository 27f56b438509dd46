"""Training throughput of `overread_torch` against a plain timm loop: same network, precision and batch, in one run.

    python bench/gpu/train.py [--out FILE] [--quick]

Our figure is that of a whole job as Overread starts it, in steady state: bytes from files, augmentation and
normalisation on the device, learning rates by depth, progress. The plain loop has its images on the device already,
normalised, and does nothing else. The goal is 0.95 of it. Takes less than two minutes on a data-centre GPU; on a
machine without one it says so and measures a small network, which only shows that it runs.
"""

import argparse
import json
import platform
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))

from overread_torch import loop, pixels
from overread_torch.compat import import_timm
from overread_torch.networks import is_head, state_of
from overread_torch.train import train

OUTPUTS = 14
GOAL = 0.95
BLOCKS = {"densenet121": "features.denseblock4", "mobilenetv3_small_100": "blocks.5"}
NORM = {"densenet121": "features.norm5", "mobilenetv3_small_100": "conv_head"}


def learnt(model: torch.nn.Module, architecture: str, classifier: str, layers: str) -> dict[str, int]:
    """Names of what learns beside the last layer, with their depth."""
    starts = (BLOCKS[architecture], NORM[architecture])
    return {
        name: 1
        for name, _ in model.named_parameters()
        if not is_head(name, classifier) and (layers == "all" or name.startswith(starts))
    }


def write_job(folder: Path, options: argparse.Namespace, layers: str, augmented: bool) -> None:
    """A job of random pixels and labels, as Overread would write it."""
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    model = import_timm().create_model(options.architecture, num_classes=OUTPUTS)
    classifier = "classifier"
    save_file({name: tensor.clone() for name, tensor in state_of(model).items()}, folder / "initial.safetensors")
    pixels_of_all = rng.integers(0, 256, (options.images, 1, options.size, options.size), dtype=np.uint8)
    pixels_of_all.tofile(folder / "pixels-0000.bin")
    count = options.images
    tensors = {
        "targets": torch.from_numpy(rng.integers(0, 2, (count, OUTPUTS)).astype(np.float32)),
        # Few are held out: what is timed is training.
        "fold": (torch.arange(count) % 64 > 0).float(),
        "shard": torch.zeros(count),
        "place": torch.arange(count).float(),
    }
    save_file(tensors, folder / "samples.safetensors")
    some = 1.0 if augmented else 0.0
    depth = learnt(model, options.architecture, classifier, layers)
    job = {
        "v": 1,
        "fingerprint": "bench",
        "task": "multi-label",
        "outputs": [f"finding {i}" for i in range(OUTPUTS)],
        "input": {"size": options.size, "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]},
        "network": {
            "architecture": options.architecture,
            "classifier": classifier,
            "random": True,
            "only_last": False,
            "train_statistics": layers == "all",
            "trainable": sorted(depth),
            "depth": depth,
        },
        "settings": {
            "epochs": options.epochs,
            "batch": options.batch,
            "accumulate": 1,
            "optimizer": "adamw",
            "learning_rate": 1e-4,
            "layer_decay": 0.7,
            "weight_decay": 0.01,
            "warmup": 0.05,
            "label_smoothing": 0.0,
            "ema": 0.0,
            "precision": "auto",
            "channels_last": True,
            "patience": 0,
            "rotation": 7 * some,
            "shift": 0.05 * some,
            "scale": 0.1 * some,
            "contrast": 0.1 * some,
            "flips": False,
            "C": [0.01],
            "class_weights": False,
            "seed": 0,
            "checkpoint_minutes": 60,
            "device": options.device,
        },
        # One fold, of every 64th image: two networks, each on nearly all.
        "folds": 1,
        "inner_fold": 0,
        "shards": [{"file": "pixels-0000.bin", "channels": 1, "images": count}],
    }
    (folder / "job.json").write_text(json.dumps(job))


def ours(options: argparse.Namespace, layers: str, augmented: bool, resident: bool) -> dict[str, float]:
    """A whole job: images/s of the best epoch after the first, and peak memory."""
    before, pixels.DEVICE_SHARE = pixels.DEVICE_SHARE, pixels.DEVICE_SHARE if resident else 0.0
    if options.device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_job(folder, options, layers, augmented)
        started = time.monotonic()
        if train(name) != 0:
            raise SystemExit((folder / "progress.jsonl").read_text())
        seconds = time.monotonic() - started
        lines = [json.loads(line) for line in (folder / "progress.jsonl").read_text().splitlines()]
        difference = difference_from_cpu(folder, options)
    pixels.DEVICE_SHARE = before
    epochs = [line for line in lines if line["stage"] == "epoch" and line["epoch"] > 1 and line["phase"] == "final"]
    memory = [line["memory"] or 0 for line in epochs]
    for line in lines:
        if line["stage"] == "unrecorded":
            print(f"not recorded as a CUDA graph: {line['message']}", flush=True)
    return {
        "images_per_s": max(line["images_per_s"] for line in epochs),
        "peak_memory_gb": max(memory) / 1e9,
        "job_s": seconds,
        "difference_from_cpu": difference,
    }


def difference_from_cpu(folder: Path, options: argparse.Namespace) -> float:
    """The largest difference of a probability between what the job predicted and what the CPU does, on 16 images."""
    model = import_timm().create_model(options.architecture, num_classes=OUTPUTS).eval()
    model.load_state_dict(load_file(folder / "weights.safetensors"), strict=False)
    flat = np.memmap(folder / "pixels-0000.bin", dtype=np.uint8, mode="r")
    images = torch.from_numpy(flat[: 16 * options.size**2].reshape(16, 1, options.size, options.size).copy())
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    with torch.inference_mode():
        here = torch.sigmoid(model((images / 255 - mean) / std))
    there = torch.sigmoid(load_file(folder / "logits.safetensors")["final"][:16])
    return float((here - there).abs().max())


def plain(options: argparse.Namespace, layers: str) -> dict[str, float]:
    """timm's network, its images on the device, autocast, AdamW: nothing else."""
    device = torch.device(options.device)
    model = import_timm().create_model(options.architecture, num_classes=OUTPUTS)
    model = model.to(device, memory_format=torch.channels_last).train()
    if layers != "all":
        chosen = learnt(model, options.architecture, "classifier", layers)
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name in chosen or is_head(name, "classifier"))
        for module in model.modules():
            if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                module.eval()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], fused=device.type == "cuda")
    images = torch.rand(options.batch, 3, options.size, options.size, device=device)
    images = images.contiguous(memory_format=torch.channels_last)
    targets = torch.randint(0, 2, (options.batch, OUTPUTS), device=device).float()
    if device.type == "cuda":
        torch.backends.cudnn.benchmark = True
        torch.cuda.reset_peak_memory_stats()
    precision = torch.bfloat16 if device.type == "cuda" else None

    def steps(count: int) -> float:
        if device.type == "cuda":
            torch.cuda.synchronize()
        started = time.monotonic()
        for _ in range(count):
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast(device.type, precision, enabled=precision is not None):
                logits = model(images)
            torch.nn.functional.binary_cross_entropy_with_logits(logits.float(), targets).backward()
            optimizer.step()
        if device.type == "cuda":
            torch.cuda.synchronize()
        return count * options.batch / (time.monotonic() - started)

    steps(5)
    count = max(3, options.images // options.batch)
    rate = max(steps(count) for _ in range(2))
    memory = torch.cuda.max_memory_allocated() / 1e9 if device.type == "cuda" else 0.0
    return {"images_per_s": rate, "peak_memory_gb": memory}


def weights_of(options: argparse.Namespace, recorded: bool) -> dict[str, torch.Tensor]:
    """What a short job without augmentation leaves, with its steps recorded as a CUDA graph or launched one by one."""
    record = loop.RecordedStep

    def refuse(*_: object) -> None:
        raise RuntimeError("not asked for")

    if not recorded:
        loop.RecordedStep = refuse
    short = argparse.Namespace(**{**vars(options), "images": 4 * options.batch, "epochs": 1})
    try:
        with tempfile.TemporaryDirectory() as name:
            write_job(Path(name), short, "last-block", False)
            train(name)
            return load_file(Path(name) / "weights.safetensors")
    finally:
        loop.RecordedStep = record


def main() -> None:
    """Prints the figures, and writes them where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--quick", action="store_true", help="a small network on the CPU: that it runs, no more")
    options = parser.parse_args()
    gpu = torch.cuda.is_available() and not options.quick
    options.device = "cuda" if gpu else "cpu"
    options.architecture = "densenet121" if gpu else "mobilenetv3_small_100"
    options.images, options.batch, options.size, options.epochs = (4096, 128, 224, 3) if gpu else (64, 16, 224, 2)
    name = torch.cuda.get_device_name() if gpu else f"{platform.machine()} CPU: NO GPU, the figures mean nothing"
    print(f"{name}; PyTorch {torch.__version__}; {options.architecture}, batch {options.batch}", flush=True)
    rows = []
    for layers in ("all", "last-block"):
        reference = plain(options, layers)
        for augmented, resident in ((True, True), (True, False)):
            found = ours(options, layers, augmented, resident)
            row = {
                "layers": layers,
                "augmented": augmented,
                "pixels": "on the device" if resident else "from files",
                **found,
                "plain_images_per_s": reference["images_per_s"],
                "plain_peak_memory_gb": reference["peak_memory_gb"],
                "ratio": found["images_per_s"] / reference["images_per_s"],
            }
            rows.append(row)
            print(
                f"{layers:>10}  {'augmented' if augmented else 'as it is':>9}  pixels {row['pixels']:>13}: "
                f"{row['images_per_s']:7.0f} images/s, plain timm {row['plain_images_per_s']:7.0f}, "
                f"ratio {row['ratio']:.2f}; "
                f"{row['peak_memory_gb']:.1f} GB, plain {row['plain_peak_memory_gb']:.1f} GB; "
                f"probabilities within {row['difference_from_cpu']:.0e} of the CPU's",
                flush=True,
            )
    one, other = weights_of(options, True), weights_of(options, False)
    apart = max(float((one[name] - other[name]).abs().max()) for name in one)
    print(f"weights after three steps, recorded as a CUDA graph and launched one by one, differ by {apart:.0e} at most")
    verdict = "NO GPU" if not gpu else "pass" if min(row["ratio"] for row in rows) >= GOAL else "fail"
    print(f"goal: at least {GOAL} of the plain loop: {verdict}")
    if options.out:
        result = {
            "device": name,
            "torch": torch.__version__,
            "goal": GOAL,
            "verdict": verdict,
            "rows": rows,
            "graph_difference": apart,
        }
        options.out.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
