"""Where training stands, in one safetensors file that is replaced by rename: no pickle, and never half a file."""

import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file

FILE = "checkpoint.safetensors"


@dataclass
class Standing:
    """Tensors by name, and numbers: all that a later process needs to go on as if nothing had happened."""

    tensors: dict[str, torch.Tensor] = field(default_factory=dict)
    numbers: dict[str, Any] = field(default_factory=dict)


class Checkpoints:
    """Written by the first process every so many minutes; read by all."""

    def __init__(self, folder: Path, fingerprint: str, minutes: float, writes: bool) -> None:
        self.file = folder / FILE
        self.fingerprint = fingerprint
        self.seconds = minutes * 60
        self.writes = writes
        self.last = time.monotonic()

    def is_due(self) -> bool:
        """Whether it is time."""
        return self.writes and time.monotonic() - self.last >= self.seconds

    def write(self, standing: Standing) -> None:
        """Replaces the checkpoint. It is on disk when this returns."""
        save_whole(
            {name: tensor.detach().cpu().contiguous() for name, tensor in standing.tensors.items()},
            self.file,
            {"fingerprint": self.fingerprint, "numbers": json.dumps(standing.numbers)},
        )
        self.last = time.monotonic()

    def read(self) -> Standing | None:
        """The checkpoint of this very job, or None."""
        if not self.file.is_file():
            return None
        with safe_open(self.file, framework="pt") as content:
            metadata = content.metadata() or {}
            if metadata.get("fingerprint") != self.fingerprint:
                return None
            tensors = {name: content.get_tensor(name) for name in content.keys()}  # noqa: SIM118 - no mapping
        return Standing(tensors, json.loads(metadata["numbers"]))

    def remove(self) -> None:
        """Once the work is done."""
        if self.writes:
            self.file.unlink(missing_ok=True)


def save_whole(tensors: dict[str, torch.Tensor], file: Path, metadata: dict[str, str] | None = None) -> None:
    """Writes a safetensors file under another name and renames it when it is on disk."""
    temporary = file.with_name(f".{file.name}-{os.getpid()}.tmp")
    save_file(tensors, temporary, metadata)
    with temporary.open("rb") as handle:
        os.fsync(handle.fileno())
    temporary.replace(file)


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """The state of an optimizer as tensors and numbers."""
    tensors: dict[str, torch.Tensor] = {}
    numbers: dict[str, Any] = {}
    for index, state in optimizer.state_dict()["state"].items():
        for name, value in state.items():
            if isinstance(value, torch.Tensor):
                tensors[f"optimizer/{index}/{name}"] = value
            else:
                numbers[f"{index}/{name}"] = value
    return tensors, numbers


def restore_optimizer(
    optimizer: torch.optim.Optimizer, tensors: dict[str, torch.Tensor], numbers: dict[str, Any]
) -> None:
    """The other way round."""
    state: dict[int, dict[str, Any]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimizer/"):
            _, index, key = name.split("/")
            state.setdefault(int(index), {})[key] = tensor
    for name, value in numbers.items():
        index, key = name.split("/")
        state.setdefault(int(index), {})[key] = value
    whole = optimizer.state_dict()
    whole["state"] = state
    optimizer.load_state_dict(whole)
