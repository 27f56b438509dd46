"""Several processes by torchrun, on this machine or by rendezvous on several."""

import torch.distributed.run
from torch.distributed.elastic.multiprocessing.errors import ChildFailedError


def run(folder: str, processes: int, nodes: int, rendezvous: str | None = None) -> int:
    """Trains the job in a folder by that many processes a machine. Gives the exit code."""
    where = (
        ["--standalone"]
        if rendezvous is None
        else ["--nnodes", str(nodes), "--rdzv-backend", "c10d", "--rdzv-endpoint", rendezvous]
    )
    arguments = [*where, "--nproc-per-node", str(processes), "-m", "overread_torch", "train", folder]
    try:
        torch.distributed.run.main(arguments)
    except ChildFailedError as error:
        # What failed was told in the folder by whoever failed; the first exit code counts.
        return error.get_first_failure()[1].exitcode
    return 0
