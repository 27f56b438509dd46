"""How busy a GPU is, in per cent: by NVML where its package is there, else by `nvidia-smi`, else not known.

A number that nobody has measured is None: of a GPU that is shared out (MIG) the driver tells none, and a processor or
another maker's card is not asked.
"""

import shutil
import subprocess
import threading
import time
from collections.abc import Callable

import torch

NVML_SECONDS = 1.0
SMI_SECONDS = 5.0
"""A call of nvidia-smi is a process that opens every GPU of the machine."""
SMI_LIMIT = 10.0
QUERY = ("--query-gpu=uuid,utilization.gpu", "--format=csv,noheader,nounits")

Measure = Callable[[], int | None]


def parse_smi(text: str, uuid: str | None) -> int | None:
    """The use of the GPU with this UUID in the answer to `QUERY`; None where it stands there without a number.

    Without a UUID (an older PyTorch does not tell it) the only GPU is meant; of several none is guessed.
    """
    rows = [[cell.strip() for cell in line.split(",")] for line in text.splitlines() if line.strip()]
    named = [row for row in rows if len(row) == 2 and (uuid is None or _same(row[0], uuid))]
    if len(named) != 1:
        return None
    use = named[0][1].removesuffix("%").strip()
    return _percent(int(use)) if use.isdecimal() else None


def _same(told: str, uuid: str) -> bool:
    # PyTorch leaves out the "GPU-" that the driver writes.
    return told.lower().removeprefix("gpu-") == uuid.lower().removeprefix("gpu-")


def _percent(use: int) -> int | None:
    return use if 0 <= use <= 100 else None


def measure_of(device: torch.device) -> tuple[Measure, float] | None:
    """How the use of a device is measured and how often, or None where it cannot be."""
    if device.type != "cuda" or torch.version.hip is not None:
        return None
    index = torch.cuda.current_device() if device.index is None else device.index
    try:
        _percent(int(torch.cuda.utilization(index)))
    except Exception:  # no package, no library, no permission: each says so in its own way
        program = shutil.which("nvidia-smi")
        if program is None:
            return None
        uuid = getattr(torch.cuda.get_device_properties(index), "uuid", None)
        return lambda: _ask_smi(program, None if uuid is None else str(uuid)), SMI_SECONDS
    return lambda: _percent(int(torch.cuda.utilization(index))), NVML_SECONDS


def _ask_smi(program: str, uuid: str | None) -> int | None:
    answer = subprocess.run([program, *QUERY], capture_output=True, text=True, timeout=SMI_LIMIT, check=True)
    return parse_smi(answer.stdout, uuid)


class GpuUse:
    """The last use that was measured. A thread measures, so that no step waits for it."""

    def __init__(self, measure: Measure | None, every: float, now: Callable[[], float] = time.monotonic) -> None:
        self.every = every
        self.now = now
        self.last: tuple[float, int] | None = None
        self.ended = threading.Event()
        self.thread = None if measure is None else threading.Thread(target=self._run, args=(measure,), daemon=True)
        if self.thread is not None:
            self.thread.start()

    @classmethod
    def of(cls, device: torch.device, measures: bool) -> "GpuUse":
        """Of a process's own device; one that does not tell measures nothing."""
        found = measure_of(device) if measures else None
        return cls(None, 0) if found is None else cls(*found)

    def percent(self) -> int | None:
        """None where nothing was measured of late."""
        if self.last is None:
            return None
        at, use = self.last
        return use if self.now() - at <= 3 * self.every else None

    def close(self) -> None:
        """Ends the thread with its next turn."""
        self.ended.set()

    def _run(self, measure: Measure) -> None:
        while not self.ended.is_set():
            try:
                use = measure()
            except Exception:  # a driver that is in trouble is not what a training fails by
                return
            if use is not None:
                self.last = (self.now(), use)
            self.ended.wait(self.every)
