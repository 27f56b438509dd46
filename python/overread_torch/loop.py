"""Gradient descent over the epochs of one network."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch

from overread_torch.checkpoint import Standing, optimizer_tensors, restore_optimizer
from overread_torch.context import Cancelled, Context, precision_of
from overread_torch.ema import MovingAverage, buffers_of
from overread_torch.faults import Fault
from overread_torch.feed import Feed
from overread_torch.graph import RecordedStep
from overread_torch.losses import Weights, summed_loss
from overread_torch.metrics import log_loss, macro_auroc
from overread_torch.optimise import make_optimizer, rate_factor, set_rate, set_training_mode
from overread_torch.seeds import seed_layers

TELL_SECONDS = 1.0


@dataclass(frozen=True)
class Phase:
    """One network to train: on which rows, for how long, and which rows it is then asked about."""

    name: str
    rows: np.ndarray
    held: np.ndarray
    epochs: int
    """Epochs that are run."""
    horizon: int
    """Epochs that the learning rate is planned for."""
    patience: int
    """Epochs without a better held log loss after which it ends; 0: it runs to its end."""


@dataclass
class Best:
    """The best epoch so far, counted from 1, and what the held rows got then."""

    epoch: int = 0
    loss: float = float("inf")
    logits: torch.Tensor = field(default_factory=lambda: torch.zeros(0))


class Training:
    """The state of one phase: made at its start or from a checkpoint, then run."""

    def __init__(
        self,
        context: Context,
        phase: Phase,
        weights: Weights,
        model: torch.nn.Module,
        parallel: torch.nn.Module,
    ) -> None:
        self.context = context
        self.phase = phase
        self.model = model
        self.parallel = parallel
        job, device = context.job, context.device
        self.optimizer = make_optimizer(model, job, device)
        self.average = MovingAverage(model, job.settings.ema) if job.settings.ema > 0 else None
        self.weights = weights.to(device, torch.float32)
        self.shift = weights.prior_shift().float()
        self.precision = precision_of(job, device)
        self.scaler = torch.amp.GradScaler(device.type, enabled=self.precision is torch.float16)
        self.step = 0
        self.best = Best()
        self.batch = min(context.local_batch, len(phase.rows) // context.group.world)
        if self.batch < 1:
            raise Fault("job", f"{len(phase.rows)} images are too few for {context.group.world} processes")
        self.steps_per_epoch = len(phase.rows) // (self.batch * context.group.world)
        self.feed = Feed(context, phase.name, phase.rows, self.batch, torch.from_numpy(job.targets).to(device))
        self.recording: RecordedStep | None = None
        self.may_record = (
            device.type == "cuda"
            and context.group.world == 1
            and self.feed.pieces == 1
            and not self.scaler.is_enabled()
        )

    def run(self) -> Best:
        """Trains to the end. Raises Cancelled, or Fault where numbers are lost."""
        phase, held = self.phase, self.phase.held
        while self.step < phase.epochs * self.steps_per_epoch:
            epoch = self.step // self.steps_per_epoch
            loss, rate = self._run_epoch(epoch)
            self._share_statistics()
            if not np.isfinite(loss):
                raise Fault(
                    "numbers",
                    f"The loss is no number after {self.step} steps",
                    "Lower training.deep.learning_rate, or set training.deep.precision to fp32",
                )
            told = {"phase": phase.name, "epoch": epoch + 1, "epochs": phase.epochs, "loss": loss, "images_per_s": rate}
            is_last = epoch + 1 == phase.epochs
            if len(held) > 0 and (phase.patience > 0 or is_last):
                logits = self._held_logits()
                held_loss = log_loss(self.context.job, logits, held)
                told |= {"held_loss": held_loss, "held_auroc": macro_auroc(self.context.job, logits, held)}
                if held_loss < self.best.loss or phase.patience == 0:
                    self.best = Best(epoch + 1, held_loss, logits)
            self.context.progress.tell("epoch", **told, **self._machine())
            if phase.patience > 0 and epoch + 1 - self.best.epoch >= phase.patience:
                break
        return self.best

    def _share_statistics(self) -> None:
        """The mean of all processes' BatchNorm statistics, where nothing else has kept them equal.

        SyncBatchNorm does so on GPUs and is for no other device. Without either, each process would predict its share of
        the images by statistics of its own, and the network that is kept would not give these predictions.
        """
        group, network = self.context.group, self.context.job.network
        if group.world == 1 or not network.train_statistics or self.context.device.type == "cuda":
            return
        statistics = [tensor for tensor in buffers_of(self.model).values() if tensor.is_floating_point()]
        group.sum(statistics)
        for tensor in statistics:
            tensor.div_(group.world)

    def _machine(self) -> dict[str, float | None]:
        """What a line tells beside its figures: the rate of the last layer, the peak of memory, the GPU's use in per cent."""
        context = self.context
        factor = rate_factor(max(0, self.step - 1), self.phase.horizon * self.steps_per_epoch, context.job.settings.warmup)
        return {
            "learning_rate": context.job.settings.learning_rate * factor,
            "memory": _peak_memory(context.device),
            "gpu_use": context.gpu_use.percent(),
        }

    def _held_logits(self) -> torch.Tensor:
        with self.average.applied_to(self.model) if self.average else contextlib.nullcontext():
            return self.context.evaluator.run(self.model, self.phase.held)[0] - self.shift

    def _run_epoch(self, epoch: int) -> tuple[float, float]:
        """From where it stands to the epoch's end. Gives the mean loss of these steps and images a second."""
        context, steps = self.context, self.steps_per_epoch
        first = self.step % steps
        whole = self.batch * context.group.world
        set_training_mode(self.model, context.job.network.train_statistics)
        feed = self.feed.epoch(epoch, steps, first)
        total = torch.zeros((), device=context.device)
        shown = LateNumber(context.device)
        started = told = time.monotonic()
        for step in range(first, steps):
            self._look_up()
            total += self._take_step(feed)
            now = time.monotonic()
            if now - told > TELL_SECONDS:
                told = now
                done = step - first + 1
                context.progress.tell(
                    "step",
                    phase=self.phase.name,
                    epoch=epoch + 1,
                    epochs=self.phase.epochs,
                    step=step + 1,
                    steps=steps,
                    loss=shown.take(),
                    images_per_s=done * whole / (now - started),
                    **self._machine(),
                )
                shown.put(total / done)
        count = steps - first
        mean = float(total) / count
        return mean, count * whole / max(1e-9, time.monotonic() - started)

    def _take_step(self, feed: Iterator[tuple[torch.Tensor, torch.Tensor]]) -> torch.Tensor:
        """One step of the optimizer over this process's part of the batch, in pieces. Gives its mean loss."""
        settings, group = self.context.job.settings, self.context.group
        set_rate(self.optimizer, rate_factor(self.step, self.phase.horizon * self.steps_per_epoch, settings.warmup))
        seed_layers(settings.seed, self.phase.name, self.step, group.rank)
        if self.may_record:
            total = self._recorded(*next(feed))
        else:
            self.optimizer.zero_grad(set_to_none=True)
            total = torch.zeros((), device=self.context.device)
            for piece in range(self.feed.pieces):
                waits = piece + 1 < self.feed.pieces and group.world > 1
                with self.parallel.no_sync() if waits else contextlib.nullcontext():  # type: ignore[operator]
                    total += self._compute(*next(feed))
        self.scaler.step(self.optimizer)
        self.scaler.update()
        if self.average:
            self.average.update(self.model)
        self.step += 1
        return total

    def _compute(self, images: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Loss of a piece of a batch; its gradients are added to those that are there."""
        job = self.context.job
        # A recording must hold its own casts of the weights, or later steps would use those of the first.
        with torch.autocast(
            self.context.device.type,
            self.precision,
            enabled=self.precision is not None,
            cache_enabled=not self.may_record,
        ):
            logits = self.parallel(images)
        loss = summed_loss(logits.float(), targets, job.task, self.weights, job.settings.label_smoothing)
        loss = loss / (self.batch * (1 if job.task == "multi-class" else job.outputs))
        self.scaler.scale(loss).backward()
        return loss.detach()

    def _recorded(self, images: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """The same as one launch; where it cannot be recorded, step by step from now on."""
        if self.recording is None:
            try:
                self.recording = RecordedStep(self.model, self._compute, images, targets)
            except RuntimeError as error:
                self.may_record = False
                self.context.progress.tell("unrecorded", message=str(error).splitlines()[0])
                self.optimizer.zero_grad(set_to_none=True)
                return self._compute(images, targets)
        return self.recording.run(images, targets)

    def _look_up(self) -> None:
        """Writes a checkpoint where it is time, and ends where somebody asked for that."""
        context = self.context
        if context.cancel.asked:
            context.checkpoints.write(self.standing())
            raise Cancelled
        if context.checkpoints.is_due():
            context.checkpoints.write(self.standing())

    def standing(self) -> Standing:
        """All that `restore` needs."""
        tensors, numbers = optimizer_tensors(self.optimizer)
        tensors |= {f"model/{name}": tensor for name, tensor in self.model.state_dict().items()}
        if self.average:
            tensors |= {f"average/{name}": tensor for name, tensor in self.average.parameters.items()}
        if self.best.epoch > 0:
            tensors["best/logits"] = self.best.logits
        return Standing(
            tensors,
            {
                "phase": self.phase.name,
                "step": self.step,
                "best_epoch": self.best.epoch,
                "best_loss": self.best.loss,
                "average_steps": self.average.steps if self.average else 0,
                "scaler": self.scaler.state_dict(),
                "optimizer": numbers,
            },
        )

    def restore(self, standing: Standing) -> None:
        """Goes on where another process stopped."""
        tensors, numbers = standing.tensors, standing.numbers
        self.model.load_state_dict({n[6:]: t for n, t in tensors.items() if n.startswith("model/")})
        restore_optimizer(self.optimizer, tensors, numbers["optimizer"])
        if self.average:
            self.average.steps = numbers["average_steps"]
            for name, tensor in self.average.parameters.items():
                tensor.copy_(tensors[f"average/{name}"])
        if numbers["scaler"]:
            self.scaler.load_state_dict(numbers["scaler"])
        self.step = numbers["step"]
        if numbers["best_epoch"] > 0:
            self.best = Best(numbers["best_epoch"], numbers["best_loss"], tensors["best/logits"])


class LateNumber:
    """A number of the device that is read when it has come, so that nothing waits for it."""

    def __init__(self, device: torch.device) -> None:
        self.on_gpu = device.type == "cuda"
        self.value: torch.Tensor | None = None
        self.come: torch.cuda.Event | None = None

    def put(self, number: torch.Tensor) -> None:
        """Begins to fetch it."""
        self.value = number.detach().to("cpu", non_blocking=True)
        if self.on_gpu:
            self.come = torch.cuda.Event()
            self.come.record()

    def take(self) -> float | None:
        """The last that was put, or None where it has not come."""
        if self.value is None or (self.come is not None and not self.come.query()):
            return None
        return float(self.value)


def _peak_memory(device: torch.device) -> int | None:
    return torch.cuda.max_memory_allocated(device) if device.type == "cuda" else None
