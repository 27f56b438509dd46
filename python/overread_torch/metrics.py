"""Figures of the progress. The run's own figures are measured by Overread from the logits."""

import numpy as np
import torch

from overread_torch.job import Job
from overread_torch.losses import known_count, summed_loss


def log_loss(job: Job, logits: torch.Tensor, rows: np.ndarray) -> float:
    """Mean cross entropy over known labels, without weights; NaN without any."""
    targets = job.targets[rows]
    known = known_count(targets)
    if known == 0:
        return float("nan")
    ones = torch.ones(job.outputs, dtype=torch.float64)
    total = summed_loss(logits.double(), torch.from_numpy(targets), job.task, (ones, ones))
    return float(total) / known


def macro_auroc(job: Job, logits: torch.Tensor, rows: np.ndarray) -> float:
    """Mean area under the ROC curve over outputs with positives and negatives; NaN without any."""
    targets = job.targets[rows]
    scores = torch.softmax(logits.double(), 1).numpy() if job.task == "multi-class" else logits.double().numpy()
    areas = []
    for output in range(job.outputs):
        if job.task == "multi-class":
            known = targets[:, 0] >= 0
            positive = targets[:, 0] == output
        else:
            known = targets[:, output] >= 0
            positive = targets[:, output] == 1
        area = _auroc(scores[known, output], positive[known])
        if not np.isnan(area):
            areas.append(area)
    return float(np.mean(areas)) if areas else float("nan")


def _auroc(scores: np.ndarray, positive: np.ndarray) -> float:
    """Mann-Whitney's U with ties at their mean rank."""
    positives = int(positive.sum())
    negatives = len(positive) - positives
    if positives == 0 or negatives == 0:
        return float("nan")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[place]
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))
