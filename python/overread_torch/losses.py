"""Losses with class weights and masked unknowns."""

import numpy as np
import torch

from overread_torch.job import Job, Task


class Weights:
    """How much each class counts, from the labels that are trained on."""

    def __init__(self, job: Job, rows: np.ndarray) -> None:
        targets = job.targets[rows]
        self.weighted = job.settings.class_weights
        if job.task == "multi-class":
            counts = np.bincount(targets[:, 0][targets[:, 0] >= 0], minlength=job.outputs).astype(np.float64)
            # scikit-learn's balanced: rows / (classes x rows of the class).
            balanced = counts.sum() / np.maximum((counts > 0).sum() * counts, 1)
            self.positive = torch.tensor(np.where(counts > 0, balanced, 1.0) if self.weighted else np.ones(job.outputs))
            self.negative = torch.ones(job.outputs, dtype=torch.float64)
            return
        positives = (targets == 1).sum(0).astype(np.float64)
        negatives = (targets == 0).sum(0).astype(np.float64)
        total = positives + negatives
        usable = self.weighted & (positives > 0) & (negatives > 0)
        # CheXNet's weighted binary cross entropy: w+ = |N| / (|P| + |N|), w- = |P| / (|P| + |N|); here twice both, so
        # that balanced findings count as without weights.
        self.positive = torch.tensor(np.where(usable, 2 * negatives / np.maximum(total, 1), 1.0))
        self.negative = torch.tensor(np.where(usable, 2 * positives / np.maximum(total, 1), 1.0))

    def prior_shift(self) -> torch.Tensor:
        """What the weights add to the logits, to be taken off again: probabilities are of the true prior."""
        return torch.log(self.positive / self.negative)

    def to(self, device: torch.device, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
        """Weights of positives (or classes) and negatives."""
        return self.positive.to(device, dtype), self.negative.to(device, dtype)


def summed_loss(
    logits: torch.Tensor,
    targets: torch.Tensor,
    task: Task,
    weights: tuple[torch.Tensor, torch.Tensor],
    smoothing: float = 0.0,
) -> torch.Tensor:
    """Cross entropy summed over all that is known; -1 in `targets` is unknown."""
    positive, negative = weights
    if task == "multi-class":
        return torch.nn.functional.cross_entropy(
            logits, targets[:, 0], weight=positive, ignore_index=-1, reduction="sum", label_smoothing=smoothing
        )
    known = targets >= 0
    wanted = targets.clamp(min=0).to(logits.dtype)
    weight = torch.where(targets == 1, positive, negative) * known
    soft = wanted * (1 - smoothing) + smoothing / 2
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, soft, weight=weight, reduction="sum")


def known_count(targets: np.ndarray) -> int:
    """How many labels are known."""
    return int((targets >= 0).sum())
