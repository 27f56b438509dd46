"""The batches that are named where memory is too small: `seconds_per_step` with a memory of so many images.

Prints a line for each "MOST BATCH ACCUMULATE" among its arguments.
"""

import sys
from types import SimpleNamespace

import numpy as np
import torch

from overread_torch import dry
from overread_torch.faults import Fault

for argument in sys.argv[1:]:
    most, batch, accumulate = (int(text) for text in argument.split())

    def try_batch(_context, _model, rows, most=most):
        if len(rows) > most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return 0.5

    dry._try_batch = try_batch
    context = SimpleNamespace(
        job=SimpleNamespace(
            settings=SimpleNamespace(accumulate=accumulate), size=224, training_rows=lambda _: np.arange(1000)
        ),
        local_batch=batch,
        device=torch.device("cpu"),
        group=SimpleNamespace(world=2),
    )
    try:
        print(dry.seconds_per_step(context, torch.nn.Linear(1, 1)))
    except Fault as fault:
        print(f"{fault}. {fault.fix}")
