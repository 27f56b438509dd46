"""The last phase of a job's training once more, by PyTorch's own parts: how far its network is from the one that was left.

Of the package it takes what other tests hold (the network, the order of the images); loss,
weights of classes, groups of parameters, learning rates, optimizer, pieces of a batch and moving average are written
down here as their definitions say. Prints {"apart", "moved"}: the largest differences of a trained tensor.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from overread_torch.job import read_job
from overread_torch.networks import build, head_of, load_initial, state_of
from overread_torch.seeds import seed_of, shuffled
from safetensors.torch import load_file
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel

folder = Path(sys.argv[1])
job = read_job(folder)
settings = job.settings
left = load_file(folder / "weights.safetensors")
rows = job.training_rows(None)
targets = torch.from_numpy(job.targets)

# The network as training finds it: one that was trained on nothing has a last layer that is drawn.
assert job.network.random
torch.manual_seed(seed_of(settings.seed, "network", "final"))
model = build(job.network.architecture, job.outputs)
load_initial(model, folder / "initial.safetensors", job.network.classifier)
mean, std = (torch.tensor(values).view(1, -1, 1, 1) for values in (job.mean, job.std))


def images_of(chosen: np.ndarray) -> torch.Tensor:
    """N x 3 x size x size, normalised."""
    found = []
    for row in chosen:
        shard = job.shards[job.shard[row]]
        area = shard.channels * job.size**2
        raw = np.fromfile(shard.file, np.uint8, area, offset=int(job.place[row]) * area)
        found.append(torch.from_numpy(raw).view(shard.channels, job.size, job.size).expand(3, -1, -1))
    return (torch.stack(found).float() / 255 - mean) / std


# Weights of classes and findings.
known = targets[rows] >= 0
positive, negative = torch.ones(job.outputs), torch.ones(job.outputs)
if settings.class_weights:
    for output in range(job.outputs):
        if job.task == "multi-class":
            of_class = (targets[rows, 0] == output).sum()
            positive[output] = known.sum() / (job.outputs * of_class)
        else:
            p, n = (targets[rows, output] == 1).sum(), (targets[rows, output] == 0).sum()
            positive[output], negative[output] = 2 * n / (p + n), 2 * p / (p + n)
shift = torch.log(positive / negative)
with torch.no_grad():
    head_of(model, job.network.classifier).bias += shift


def loss_of(logits: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """The sum over images and outputs that are known, one by one."""
    total = torch.zeros(())
    smooth = settings.label_smoothing
    for row, target in zip(logits, wanted, strict=True):
        if job.task == "multi-class":
            share = torch.full((job.outputs,), smooth / job.outputs)
            share[target[0]] += 1 - smooth
            total = total - (share * positive * functional.log_softmax(row, 0)).sum()
            continue
        for output in range(job.outputs):
            if target[output] < 0:
                continue
            weight = positive[output] if target[output] == 1 else negative[output]
            share = target[output] * (1 - smooth) + smooth / 2
            p = torch.sigmoid(row[output])
            total = total - weight * (share * torch.log(p) + (1 - share) * torch.log(1 - p))
    return total


# Every tensor is a group of its own.
groups = []
for name, parameter in model.named_parameters():
    is_head = name.startswith(f"{job.network.classifier}.")
    parameter.requires_grad_(is_head or name in job.network.trainable)
    if parameter.requires_grad:
        rate = settings.learning_rate * settings.layer_decay ** (0 if is_head else job.network.depth[name])
        decay = settings.weight_decay if parameter.ndim > 1 else 0.0
        groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
if settings.optimizer == "sgd":
    optimizer = torch.optim.SGD(groups, lr=1, momentum=0.9, nesterov=True, foreach=False)
else:
    optimizer = torch.optim.AdamW(groups, lr=1, foreach=False)

steps = len(rows) // settings.batch
total_steps = steps * settings.epochs
warm = min(total_steps - 1, max(1, round(settings.warmup * total_steps))) if settings.warmup > 0 else 0
cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, total_steps - warm)
rates: torch.optim.lr_scheduler.LRScheduler = cosine
if warm > 0:
    linear = torch.optim.lr_scheduler.LinearLR(optimizer, 1 / (warm + 1), 1, warm)
    rates = torch.optim.lr_scheduler.SequentialLR(optimizer, [linear, cosine], [warm])
average = None
if settings.ema > 0:
    average = AveragedModel(
        model,
        avg_fn=lambda own, live, n: own + (live - own) * (1 - min(settings.ema, (1 + int(n)) / (10 + int(n)))),
    )
    # Its first update copies; training's average begins at the weights that it started from.
    average.n_averaged.fill_(1)

model.train()
if not job.network.train_statistics:
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eval()
started = state_of(model)
for epoch in range(settings.epochs):
    order = shuffled(rows, settings.seed, "final", epoch)
    for step in range(steps):
        chosen = order[step * settings.batch : (step + 1) * settings.batch]
        optimizer.zero_grad()
        count = settings.batch * (1 if job.task == "multi-class" else job.outputs)
        (loss_of(model(images_of(chosen)), targets[chosen]) / count).backward()
        optimizer.step()
        rates.step()
        if average is not None:
            average.update_parameters(model)
ended = state_of(model if average is None else average.module)
ended[f"{job.network.classifier}.bias"] -= shift
started[f"{job.network.classifier}.bias"] -= shift


def apart(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> float:
    """The largest difference of two networks."""
    return max(float((a[name] - b[name]).abs().max()) for name in a)


print(json.dumps({"apart": apart(ended, left), "moved": apart(started, left)}))
