"""One batch before the work: whether it fits into memory, and how long a step takes."""

import time

import numpy as np
import torch

from overread_torch.augment import PARAMETERS, is_augmented
from overread_torch.context import Context, precision_of
from overread_torch.faults import Fault
from overread_torch.losses import Weights, summed_loss
from overread_torch.optimise import set_training_mode


def seconds_per_step(context: Context, model: torch.nn.Module) -> float:
    """Trains on one batch twice and forgets it; the second time counts. Raises Fault with the batch that would fit."""
    settings = context.job.settings
    rows = context.job.training_rows(None)
    size = min(len(rows), -(-context.local_batch // settings.accumulate))
    if _attempt(context, model, rows[:size]) is not None:
        taken = _attempt(context, model, rows[:size])
        if taken is not None:
            return taken * settings.accumulate
    fits = _largest(context, model, rows, size // 2)
    world = context.group.world
    advice = f"training.deep.batch: {fits * settings.accumulate * world}" if fits else "a smaller network or GPU"
    more = f", or training.deep.accumulate: {settings.accumulate * -(-size // fits)}" if fits else ""
    raise Fault(
        "memory",
        f"A batch of {size} images of {context.job.size} pixels does not fit into the memory of {context.device}",
        f"{'Set' if fits else 'Take'} {advice}{more}",
    )


OUT_OF_MEMORY = ("can't allocate memory", "not enough memory", "bad_alloc", "could not create a ")
"""What PyTorch, C++ and oneDNN say on a CPU whose memory is full."""


def is_out_of_memory(error: Exception) -> bool:
    """Whether an allocation failed, on a GPU or on the CPU."""
    said = any(words in str(error) for words in OUT_OF_MEMORY)
    return said or isinstance(error, (torch.OutOfMemoryError, MemoryError))


def _largest(context: Context, model: torch.nn.Module, rows: np.ndarray, size: int) -> int:
    """The largest half, quarter, … of the batch that fits; 0: not even one image."""
    while size > 0 and _attempt(context, model, rows[:size]) is None:
        size //= 2
    return size


def _attempt(context: Context, model: torch.nn.Module, rows: np.ndarray) -> float | None:
    """Seconds, or None where memory is too small. What an exception holds is given back before the next attempt."""
    model.zero_grad(set_to_none=True)
    if context.device.type == "cuda":
        torch.cuda.empty_cache()
    try:
        return _try_batch(context, model, rows)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        return None


def _try_batch(context: Context, model: torch.nn.Module, rows: np.ndarray) -> float:
    job, device = context.job, context.device
    set_training_mode(model, job.network.train_statistics)
    weights = Weights(job, rows).to(device, torch.float32)
    precision = precision_of(job, device)
    numbers = torch.full((len(rows), PARAMETERS), 0.5) if is_augmented(job.settings) else None
    [images] = list(context.pixels.batches([rows]))
    _wait(device)
    started = time.monotonic()
    with torch.autocast(device.type, precision, enabled=precision is not None):
        logits = model(context.inputs(images, numbers))
    targets = torch.from_numpy(job.targets[rows]).to(device)
    summed_loss(logits.float(), targets, job.task, weights).backward()
    _wait(device)
    taken = time.monotonic() - started
    model.zero_grad(set_to_none=True)
    return taken


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
