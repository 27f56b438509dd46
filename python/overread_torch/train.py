"""The whole of one job: which networks are trained, in which order, and what is left behind.

1. `inner`: without the inner fold, which says after how many epochs to stop, and calibrates. Not needed where folds
   are asked for and nothing is to be stopped early.
2. `fold-0` …: without one fold each, for that many epochs; their logits are out of fold.
3. `final`: on all training images, for that many epochs: the network of the run.

Each starts from the initial weights with a last layer that was fitted on its own rows (linear probing before
fine-tuning: Kumar et al., Fine-tuning can distort pretrained features, ICLR 2022).
"""

import contextlib
import json
import os
import time
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open

from overread_torch.augment import InputLayer
from overread_torch.checkpoint import Checkpoints, Standing, save_whole
from overread_torch.context import Cancelled, Context
from overread_torch.distributed import Group
from overread_torch.dry import is_out_of_memory, seconds_per_step
from overread_torch.evaluate import Evaluator
from overread_torch.faults import Fault
from overread_torch.gpu_use import GpuUse
from overread_torch.job import read_job
from overread_torch.linear import LinearHead, choose_strength, fit_head
from overread_torch.loop import Phase, Training
from overread_torch.losses import Weights
from overread_torch.networks import build, head_of, load_initial, set_head, state_of
from overread_torch.optimise import all_finite, choose_trainable
from overread_torch.pixels import Pixels
from overread_torch.progress import Progress
from overread_torch.seeds import seed_of

WEIGHTS, LOGITS, FEATURES = "weights.safetensors", "logits.safetensors", "features.safetensors"


def train(folder_name: str) -> int:
    """Trains the job in a folder. Gives the exit code."""
    folder = Path(folder_name)
    # Before the first allocation of any size: what goes wrong from here on is told in the folder.
    try:
        job = read_job(folder)
        group = Group(job.settings.device)
    except Fault as fault:
        Progress(folder, True).fault(fault)
        return 3
    progress = Progress(folder, group.is_first)
    gpu_use = GpuUse.of(group.device, group.is_first)
    try:
        pixels = Pixels(job, group.device)
        inputs = InputLayer(job, group.device)
        evaluator = Evaluator(job, group, pixels, inputs)
        checkpoints = Checkpoints(folder, job.fingerprint, job.settings.checkpoint_minutes, group.is_first)
        context = Context(job, group, pixels, inputs, evaluator, progress, checkpoints, gpu_use)
        if group.world == 1:
            context.cancel.listen()
        if group.device.type == "cuda":
            torch.backends.cudnn.benchmark = True
        Work(context).run()
        return 0
    except Fault as fault:
        progress.fault(fault)
        return 3
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        progress.fault(
            Fault(
                "memory",
                f"The memory of {group.device} was full while training",
                "Set a smaller training.deep.batch, or a larger training.deep.accumulate",
            )
        )
        return 3
    except Cancelled:
        progress.tell("cancelled")
        return 130
    finally:
        gpu_use.close()
        group.close()


class Work:
    """The phases of one job."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.job = context.job
        self.folder = context.job.folder
        self.model = build(self.job.network.architecture, self.job.outputs)
        self.initial_file = self.folder / "initial.safetensors"
        self.frozen_features = torch.zeros(0)
        self.strength = self.job.settings.C[0]
        self.resumed: Standing | None = None

    def run(self) -> None:
        """Trains what is not there yet, and writes what the job is for."""
        context, job = self.context, self.job
        self._load()
        self.resumed = context.checkpoints.read()
        context.group.wait()
        device = str(context.device)
        card = torch.cuda.get_device_properties(context.device) if context.device.type == "cuda" else None
        context.progress.tell(
            "device",
            device=device,
            name=device if card is None else card.name,
            memory=None if card is None else card.total_memory,
            processes=context.group.world,
            pid=os.getpid(),
        )
        if job.network.only_last or not job.network.random:
            context.progress.tell("probe")
            self._probe()
        if not job.network.only_last:
            self._dry_batch()
        folds = list(range(job.folds))
        inner = not folds or job.settings.patience > 0
        epochs = job.settings.epochs
        out_of_fold = torch.full((job.samples, job.outputs), float("nan"))
        inner_logits = torch.full_like(out_of_fold, float("nan"))
        if inner:
            held = job.held_rows(job.inner_fold)
            phase = Phase("inner", job.training_rows(job.inner_fold), held, epochs, epochs, job.settings.patience)
            logits, epochs = self._phase_logits(phase)
            inner_logits[torch.from_numpy(held)] = logits
        if job.only_inner:
            self._leave_inner(epochs, inner_logits)
            return
        for fold in folds:
            held = job.held_rows(fold)
            if len(held) == 0:
                continue
            phase = Phase(f"fold-{fold}", job.training_rows(fold), held, epochs, job.settings.epochs, 0)
            out_of_fold[torch.from_numpy(held)] = self._phase_logits(phase)[0]
        none = np.zeros(0, dtype=np.int64)
        self._train(Phase("final", job.training_rows(None), none, epochs, job.settings.epochs, 0))
        self._leave(epochs, out_of_fold, inner_logits)

    def _load(self) -> None:
        load_initial(self.model, self.initial_file, self.job.network.classifier)
        memory = torch.channels_last if self.job.settings.channels_last else torch.preserve_format
        self.model.to(self.context.device, memory_format=memory)

    def _probe(self) -> None:
        """Features of the initial network, and the strength of the last layer's penalty."""
        rows = self.job.has_pixels
        _, found = self.context.evaluator.run(self.model, rows)
        if not all_finite([found]):
            raise Fault("numbers", "The network gives features that are no numbers", "Check the weights")
        self.frozen_features = torch.zeros((self.job.samples, found.shape[1]))
        self.frozen_features[torch.from_numpy(rows)] = found
        self.strength = choose_strength(self.job, self.context.group, self.frozen_features)

    def _dry_batch(self) -> None:
        choose_trainable(self.model, self.job.network)
        step = seconds_per_step(self.context, self.model)
        images = len(self.job.training_rows(None))
        steps = max(1, images // (self.context.local_batch * self.context.group.world))
        inner = 1 if not self.job.folds or self.job.settings.patience else 0
        networks = inner + (0 if self.job.only_inner else self.job.folds + 1)
        self.context.progress.tell(
            "estimate",
            seconds_per_step=step,
            networks=networks,
            seconds=step * steps * self.job.settings.epochs * networks,
        )

    def _head(self, phase: Phase) -> LinearHead | None:
        if len(self.frozen_features) == 0:
            return None
        return fit_head(self.job, self.context.group, self.frozen_features, phase.rows, self.strength)

    def _phase_logits(self, phase: Phase) -> tuple[torch.Tensor, int]:
        """Logits of a phase's held rows and its best epoch, from its file where an earlier process left one."""
        file = self.folder / f"{phase.name}.safetensors"
        if file.is_file():
            with safe_open(file, framework="pt") as content:
                metadata = content.metadata()
                if metadata.get("fingerprint") == self.job.fingerprint:
                    return content.get_tensor("logits"), int(metadata["epochs"])
        # All have looked before one writes.
        self.context.group.wait()
        logits, epochs = self._train(phase)
        if self.context.group.is_first:
            save_whole(
                {"logits": logits.contiguous()},
                file,
                {"fingerprint": self.job.fingerprint, "epochs": str(epochs)},
            )
        self.context.group.wait()
        return logits, epochs

    def _train(self, phase: Phase) -> tuple[torch.Tensor, int]:
        """Leaves the trained network in `self.model`. Gives the held rows' logits and the best epoch."""
        head = self._head(phase)
        if self.job.network.only_last:
            assert head is not None
            set_head(self.model, self.job.network.classifier, head.weight, head.bias)
            logits = head.logits(self.frozen_features[torch.from_numpy(phase.held)]).float()
            self.context.progress.tell("epoch", phase=phase.name, epoch=1, epochs=1, C=head.C)
            return logits, 1
        # The last layer of a network that was trained on nothing is drawn.
        torch.manual_seed(seed_of(self.job.settings.seed, "network", phase.name))
        self.model = build(self.job.network.architecture, self.job.outputs)
        self._load()
        if head is not None:
            set_head(self.model, self.job.network.classifier, head.weight, head.bias)
        choose_trainable(self.model, self.job.network)
        # The loss sees the prior that the class weights make; what comes out is of the true one. Before the moving
        # average begins, which starts from this network.
        weights = Weights(self.job, phase.rows)
        self._shift_bias(weights.prior_shift())
        parallel = self._in_parallel()
        training = Training(self.context, phase, weights, self.model, parallel)
        resumed, self.resumed = self.resumed, None
        if resumed is not None and resumed.numbers["phase"] == phase.name:
            training.restore(resumed)
            self.context.progress.tell("resumed", phase=phase.name, step=training.step)
        best = training.run()
        if training.average is not None:
            with torch.no_grad():
                for name, parameter in self.model.named_parameters():
                    if name in training.average.parameters:
                        parameter.copy_(training.average.parameters[name])
        self._shift_bias(-training.shift)
        return best.logits, best.epoch

    def _shift_bias(self, shift: torch.Tensor) -> None:
        bias = head_of(self.model, self.job.network.classifier).bias
        with torch.no_grad():
            bias += shift.to(bias.device, bias.dtype)

    def _in_parallel(self) -> torch.nn.Module:
        group = self.context.group
        if group.world == 1:
            return self.model
        if self.job.network.train_statistics and self.context.device.type == "cuda":
            from timm.layers import convert_sync_batchnorm

            self.model = convert_sync_batchnorm(self.model)
        devices = [self.context.device] if self.context.device.type == "cuda" else None
        return torch.nn.parallel.DistributedDataParallel(
            self.model, device_ids=devices, broadcast_buffers=False, gradient_as_bucket_view=True
        )

    def _leave_inner(self, epochs: int, inner: torch.Tensor) -> None:
        if not all_finite([inner[torch.from_numpy(self.job.held_rows(self.job.inner_fold))]]):
            raise Fault("numbers", "The trained network gives numbers that are none", "Lower the learning rate")
        if self.context.group.is_first:
            about = {"fingerprint": self.job.fingerprint, "epochs": str(epochs)}
            save_whole({"inner": inner}, self.folder / LOGITS, about)
            with contextlib.suppress(OSError):
                self.context.checkpoints.remove()
            self.context.progress.tell("done", epochs=epochs, finished=time.time())
        self.context.group.wait()

    def _leave(self, epochs: int, out_of_fold: torch.Tensor, inner: torch.Tensor) -> None:
        context, job = self.context, self.job
        context.progress.tell("predict")
        rows = job.has_pixels
        if job.network.only_last:
            # Nothing below the last layer has changed.
            features = self.frozen_features[torch.from_numpy(rows)]
            head = head_of(self.model, job.network.classifier)
            with torch.no_grad():
                logits = features @ head.weight.cpu().float().T + head.bias.cpu().float()
        else:
            logits, features = context.evaluator.run(self.model, rows)
        if not all_finite([logits, features]):
            raise Fault("numbers", "The trained network gives numbers that are none", "Lower the learning rate")
        final = torch.full((job.samples, job.outputs), float("nan"))
        final[torch.from_numpy(rows)] = logits
        whole = torch.full((job.samples, features.shape[1]), float("nan"))
        whole[torch.from_numpy(rows)] = features
        if context.group.is_first:
            about = {"fingerprint": job.fingerprint, "epochs": str(epochs), "C": json.dumps(self.strength)}
            save_whole({"features": whole}, self.folder / FEATURES, about)
            save_whole({"final": final, "out_of_fold": out_of_fold, "inner": inner}, self.folder / LOGITS, about)
            # Its presence says that all are there.
            save_whole(state_of(self.model), self.folder / WEIGHTS, about)
            with contextlib.suppress(OSError):
                context.checkpoints.remove()
            context.progress.tell("done", epochs=epochs, finished=time.time())
        context.group.wait()
