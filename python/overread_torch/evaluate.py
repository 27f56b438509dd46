"""Logits and features of samples, always in single precision: what the exported network must reproduce."""

from typing import Any

import numpy as np
import torch

from overread_torch.augment import InputLayer
from overread_torch.distributed import Group
from overread_torch.job import Job
from overread_torch.networks import head_of
from overread_torch.pixels import Pixels

BATCH = {"cpu": 16, "mps": 64, "cuda": 256}


class Evaluator:
    """Runs networks over samples; each process takes its share."""

    def __init__(self, job: Job, group: Group, pixels: Pixels, inputs: InputLayer) -> None:
        self.job = job
        self.group = group
        self.pixels = pixels
        self.inputs = inputs

    def run(self, model: torch.nn.Module, rows: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits and features (the input of the last layer) of the rows, on the CPU, in every process."""
        group, device = self.group, self.group.device
        head = head_of(model, self.job.network.classifier)
        features = torch.zeros((len(rows), head.in_features))
        logits = torch.zeros((len(rows), head.out_features))
        caught: list[torch.Tensor] = []

        def catch(_module: torch.nn.Module, inputs: tuple[Any, ...]) -> None:
            caught.append(inputs[0].detach())

        places = group.own(np.arange(len(rows)))
        size = BATCH[device.type]
        lists = [places[start : start + size] for start in range(0, len(places), size)]
        modes = {module: module.training for module in model.modules()}
        handle = head.register_forward_pre_hook(catch)
        exact = _ExactArithmetic()
        try:
            model.eval()
            with torch.inference_mode(), exact:
                for at, images in zip(lists, self.pixels.batches([rows[part] for part in lists]), strict=True):
                    caught.clear()
                    found = model(self.inputs(images))
                    where = torch.from_numpy(at)
                    logits[where] = found.float().cpu()
                    features[where] = caught[0].float().cpu()
        finally:
            handle.remove()
            for module, mode in modes.items():
                module.training = mode
        group.sum([logits, features])
        return logits, features


class _ExactArithmetic:
    """Without the reduced precision that GPUs may use for single-precision products."""

    def __enter__(self) -> None:
        self.before = torch.get_float32_matmul_precision(), torch.backends.cudnn.allow_tf32
        torch.set_float32_matmul_precision("highest")
        torch.backends.cudnn.allow_tf32 = False

    def __exit__(self, *_: object) -> None:
        torch.set_float32_matmul_precision(self.before[0])
        torch.backends.cudnn.allow_tf32 = self.before[1]
