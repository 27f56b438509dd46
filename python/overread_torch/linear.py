"""The last layer alone: C x (sum of losses) + |w|^2 / 2 over standardised features, with free intercepts.

Divided by n it is mean loss + lambda |w|^2 / 2 with lambda = 1 / (C n): the problem that Overread's own trainer
solves, scikit-learn's LogisticRegression(C) behind a StandardScaler. Full batch, L-BFGS; each process has its rows,
and sums of loss and gradient go round.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch

from overread_torch.distributed import Group
from overread_torch.job import Job
from overread_torch.losses import Weights, summed_loss
from overread_torch.metrics import log_loss

ITERATIONS = 2000
ABSENT = -1e4
"""The logit of a class without rows, so that it takes no part."""


@dataclass(frozen=True)
class LinearHead:
    """A linear layer on raw features."""

    weight: torch.Tensor
    bias: torch.Tensor
    C: float
    absent: torch.Tensor
    """Classes without training rows."""
    rows: int
    """Rows that it was fitted on."""

    def logits(self, features: torch.Tensor) -> torch.Tensor:
        """Rows x outputs. A class that was absent gets the odds of half a row in all, in each row."""
        logits = features.to(self.weight.dtype) @ self.weight.T + self.bias
        if bool(self.absent.any()):
            total = torch.logsumexp(logits[:, ~self.absent], 1)
            logits[:, self.absent] = (total + math.log(0.5 / (self.rows + 1)))[:, None]
        return logits


def fit_head(job: Job, group: Group, features: torch.Tensor, rows: np.ndarray, C: float) -> LinearHead:
    """Fits on these rows. `features`: all samples, on the CPU, the same in every process."""
    dtype = torch.float64
    chosen = features[torch.from_numpy(rows)].to(dtype)
    mean = chosen.mean(0)
    variance = chosen.var(0, correction=0)
    # scikit-learn's bound on the rounding of the variance of a constant column (_is_constant_feature).
    epsilon = torch.finfo(dtype).eps
    rounding = len(rows) * epsilon * variance + (len(rows) * epsilon * mean) ** 2
    scale = torch.where(variance > rounding, variance.rsqrt(), torch.zeros_like(variance))
    own = group.own(np.arange(len(rows)))
    x = (chosen[torch.from_numpy(own)] - mean) * scale
    del chosen
    y = torch.from_numpy(job.targets[rows][own])
    weights = Weights(job, rows)
    class_weights = weights.to(torch.device("cpu"), dtype)
    absent = _absent(job, rows)
    w = torch.zeros((job.outputs, x.shape[1]), dtype=dtype, requires_grad=True)
    b = torch.zeros(job.outputs, dtype=dtype, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [w, b],
        max_iter=ITERATIONS,
        history_size=20,
        tolerance_grad=1e-7,
        tolerance_change=1e-13,
        line_search_fn="strong_wolfe",
    )
    n = len(rows)

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        logits = torch.where(absent, torch.full_like(b, ABSENT), x @ w.T + b)
        loss = summed_loss(logits, y, job.task, class_weights) / n
        loss.backward()
        assert w.grad is not None and b.grad is not None
        value = loss.detach().reshape(1)
        group.sum([w.grad, b.grad, value])
        with torch.no_grad():
            w.grad += w / (C * n)
            return value[0] + (w * w).sum() / (2 * C * n)

    optimiser.step(closure)
    with torch.no_grad():
        weight = w * scale
        bias = b - weight @ mean - weights.prior_shift().to(dtype)
        _place_absent(bias, weight, absent, features[torch.from_numpy(rows)].to(dtype))
    return LinearHead(weight.detach(), bias.detach(), C, absent, n)


def choose_strength(job: Job, group: Group, features: torch.Tensor) -> float:
    """Of the job's strengths the one with the lowest log loss on the inner fold; one alone is taken as it is."""
    strengths = job.settings.C
    if len(strengths) == 1:
        return strengths[0]
    rows, held = job.training_rows(job.inner_fold), job.held_rows(job.inner_fold)
    losses = []
    for C in strengths:
        head = fit_head(job, group, features, rows, C)
        losses.append(log_loss(job, head.logits(features[torch.from_numpy(held)]), held))
    return strengths[int(np.nanargmin(losses))] if not np.all(np.isnan(losses)) else strengths[len(strengths) // 2]


def _absent(job: Job, rows: np.ndarray) -> torch.Tensor:
    if job.task != "multi-class":
        return torch.zeros(job.outputs, dtype=torch.bool)
    counts = np.bincount(job.targets[rows][:, 0], minlength=job.outputs)
    return torch.from_numpy(counts == 0)


def _place_absent(bias: torch.Tensor, weight: torch.Tensor, absent: torch.Tensor, features: torch.Tensor) -> None:
    """A layer has one bias for all rows: that class gets the odds of half a row on a row of average certainty."""
    if not bool(absent.any()):
        return
    weight[absent] = 0
    logits = features @ weight.T + bias
    total = torch.logsumexp(logits[:, ~absent], 1).mean()
    bias[absent] = total + math.log(0.5 / (len(features) + 1))
