"""Which parameters learn, how fast, and when."""

import math
from collections.abc import Iterable

import torch

from overread_torch.job import Job, Network
from overread_torch.networks import is_head


def choose_trainable(model: torch.nn.Module, network: Network) -> None:
    """Freezes all but the job's tensors and the last layer."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name in network.trainable or is_head(name, network.classifier))


def set_training_mode(model: torch.nn.Module, train_statistics: bool) -> None:
    """Training mode; BatchNorm keeps its statistics unless they are trained.

    A batch of a handful of images says little of the mean of a channel, and statistics that move spoil the layers
    that stay as they were.
    """
    model.train()
    if train_statistics:
        return
    for module in model.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            module.eval()


def parameter_groups(model: torch.nn.Module, job: Job) -> list[dict[str, object]]:
    """Groups by depth and by whether weight decay applies, which it does not to biases and normalisation."""
    groups: dict[tuple[int, bool], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        depth = 0 if is_head(name, job.network.classifier) else job.network.depth[name]
        groups.setdefault((depth, parameter.ndim > 1), []).append(parameter)
    settings = job.settings
    return [
        {
            "params": parameters,
            "lr": settings.learning_rate * settings.layer_decay**depth,
            "base_lr": settings.learning_rate * settings.layer_decay**depth,
            "weight_decay": settings.weight_decay if decays else 0.0,
        }
        for (depth, decays), parameters in sorted(groups.items())
    ]


def make_optimizer(model: torch.nn.Module, job: Job, device: torch.device) -> torch.optim.Optimizer:
    """AdamW, or SGD with Nesterov's momentum of 0.9."""
    groups = parameter_groups(model, job)
    fused = device.type == "cuda"
    if job.settings.optimizer == "sgd":
        return torch.optim.SGD(groups, momentum=0.9, nesterov=True, fused=fused)
    return torch.optim.AdamW(groups, fused=fused)


def set_rate(optimizer: torch.optim.Optimizer, factor: float) -> None:
    """Learning rates of a step."""
    for group in optimizer.param_groups:
        group["lr"] = group["base_lr"] * factor


def rate_factor(step: int, steps: int, warmup: float) -> float:
    """Linear warm-up over a share of all steps, then half a cosine down to nothing."""
    warm = min(steps - 1, max(1, round(warmup * steps))) if warmup > 0 else 0
    if step < warm:
        return (step + 1) / (warm + 1)
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def all_finite(tensors: Iterable[torch.Tensor]) -> bool:
    """Whether every number is one."""
    return all(bool(torch.isfinite(tensor).all()) for tensor in tensors)
