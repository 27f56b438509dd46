"""Training on a Ray cluster that is there: a job is submitted, its logs are followed, and it is stopped on request.

The job's folder and this package lie on storage that every node sees. Ray's own authentication holds
(`RAY_AUTH_MODE=token` and the token that Ray finds).
"""

import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

from overread_torch.faults import Fault
from overread_torch.progress import Progress

POLL_SECONDS = 0.5


def submit(folder: str, address: str, workers: int) -> int:
    """Submits the training and waits for its end. Gives its exit code."""
    try:
        return _submit(folder, address, workers)
    except Fault as fault:
        Progress(Path(folder), True).fault(fault)
        return 3


def _submit(folder: str, address: str, workers: int) -> int:
    try:
        from ray.job_submission import JobStatus, JobSubmissionClient
    except ImportError as error:
        raise Fault("environment", "This Python has no ray", "Install ray[default], or name another Python") from error
    package = str(Path(__file__).resolve().parents[1])
    try:
        client = JobSubmissionClient(address)
        job = client.submit_job(
            entrypoint=f"python -m overread_torch ray-driver '{folder}' {workers}",
            runtime_env={"env_vars": {"PYTHONPATH": package, "PYTHONDONTWRITEBYTECODE": "1"}},
        )
    except (ConnectionError, RuntimeError) as error:
        first = str(error).splitlines()[0]
        raise Fault("environment", f"The Ray cluster at {address} takes no job: {first}") from error

    def stop(_signal: int, _frame: FrameType | None) -> None:
        client.stop_job(job)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    shown = 0
    while True:
        status = client.get_job_status(job)
        logs = client.get_job_logs(job)
        sys.stderr.write(logs[shown:])
        shown = len(logs)
        if status.is_terminal():
            return 0 if status == JobStatus.SUCCEEDED else 130 if status == JobStatus.STOPPED else 1
        time.sleep(POLL_SECONDS)


def drive(folder: str, workers: int) -> int:
    """On the cluster: starts the workers, one GPU each where there are any, and waits for them."""
    import ray

    ray.init(log_to_driver=True)
    gpus = int(ray.cluster_resources().get("GPU", 0)) >= workers

    @ray.remote(num_cpus=1, num_gpus=1 if gpus else 0, max_restarts=0)
    class Worker:
        """One process of the training."""

        def meet(self) -> tuple[str, int]:
            """An address and a port for the others to come to."""
            with socket.socket() as probe:
                probe.bind(("", 0))
                return ray.util.get_node_ip_address(), probe.getsockname()[1]

        def train(self, rank: int, host: str, port: int) -> int:
            """Trains as that rank."""
            os.environ.update(
                RANK=str(rank), LOCAL_RANK="0", WORLD_SIZE=str(workers), MASTER_ADDR=host, MASTER_PORT=str(port)
            )
            from overread_torch.train import train

            return train(folder)

    team = [Worker.remote() for _ in range(workers)]
    host, port = ray.get(team[0].meet.remote())
    codes: list[int] = ray.get([worker.train.remote(rank, host, port) for rank, worker in enumerate(team)])
    return max(codes)
