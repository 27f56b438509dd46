"""The job as Overread resolved it: `job.json`, `samples.safetensors`, `initial.safetensors` and the shards."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from safetensors.numpy import load_file

from overread_torch.faults import Fault

Task = Literal["multi-class", "multi-label"]


@dataclass(frozen=True)
class Settings:
    """How to train. Every value was checked by Overread; the meaning of each is in docs/training.md."""

    epochs: int
    batch: int
    accumulate: int
    optimizer: Literal["adamw", "sgd"]
    learning_rate: float
    layer_decay: float
    weight_decay: float
    warmup: float
    label_smoothing: float
    ema: float
    precision: Literal["auto", "fp32", "bf16", "fp16"]
    channels_last: bool
    patience: int
    rotation: float
    shift: float
    scale: float
    contrast: float
    flips: bool
    C: tuple[float, ...]
    class_weights: bool
    seed: int
    checkpoint_minutes: float
    device: Literal["auto", "cpu", "cuda", "mps"]


@dataclass(frozen=True)
class Network:
    """The architecture, and which of its tensors learn."""

    architecture: str
    classifier: str
    random: bool
    only_last: bool
    train_statistics: bool
    trainable: frozenset[str]
    depth: dict[str, int]


@dataclass(frozen=True)
class Shard:
    """Images one after the other: bytes, channel-major."""

    file: Path
    channels: int
    images: int


@dataclass(frozen=True)
class Job:
    """All that is to be done. Arrays are aligned with the project's samples."""

    folder: Path
    fingerprint: str
    task: Task
    outputs: int
    size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    network: Network
    settings: Settings
    shards: tuple[Shard, ...]
    folds: int
    inner_fold: int
    only_inner: bool
    """Trains the network without the inner fold alone, to compare settings."""
    targets: np.ndarray
    """Samples x 1 (the class) or samples x findings (1, 0); -1: masked."""
    fold: np.ndarray
    """The fold of a sample that may be trained on, else -1."""
    shard: np.ndarray
    """The shard that has the pixels, -1: none."""
    place: np.ndarray
    """The place in that shard."""

    @property
    def samples(self) -> int:
        """How many samples the project has."""
        return len(self.fold)

    @property
    def has_pixels(self) -> np.ndarray:
        """The samples that have pixels, as indices."""
        return np.flatnonzero(self.shard >= 0)

    def training_rows(self, without_fold: int | None) -> np.ndarray:
        """Rows to train on, in the order of the table."""
        chosen = self.fold >= 0
        if without_fold is not None:
            chosen &= self.fold != without_fold
        return np.flatnonzero(chosen)

    def held_rows(self, fold: int) -> np.ndarray:
        """Rows of one fold."""
        return np.flatnonzero(self.fold == fold)


def read_job(folder: Path) -> Job:
    """Reads a job. Raises Fault where it is none of this version."""
    try:
        content: dict[str, Any] = json.loads((folder / "job.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Fault("job", f"The job cannot be read: {error}") from error
    if content.get("v") != 1:
        raise Fault("job", f"The job is of version {content.get('v')}; this package reads version 1")
    arrays = load_file(folder / "samples.safetensors")
    network, settings = content["network"], content["settings"]
    return Job(
        folder=folder,
        fingerprint=content["fingerprint"],
        task=content["task"],
        outputs=len(content["outputs"]),
        size=content["input"]["size"],
        mean=tuple(content["input"]["mean"]),
        std=tuple(content["input"]["std"]),
        network=Network(**{**network, "trainable": frozenset(network["trainable"])}),
        settings=Settings(**{**settings, "C": tuple(settings["C"])}),
        shards=tuple(Shard(folder / s["file"], s["channels"], s["images"]) for s in content["shards"]),
        folds=content["folds"],
        inner_fold=content["inner_fold"],
        only_inner=content["only_inner"],
        targets=arrays["targets"].astype(np.int64),
        fold=arrays["fold"].astype(np.int64),
        shard=arrays["shard"].astype(np.int64),
        place=arrays["place"].astype(np.int64),
    )
