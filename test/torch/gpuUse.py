"""What is made of a GPU's use: of answers of `nvidia-smi`, of a program in its place, and of a processor.

Prints one JSON document.
"""

import json
import os
import sys
import threading
from pathlib import Path

import torch

from overread_torch import gpu_use

# `nvidia-smi --query-gpu=uuid,utilization.gpu --format=csv,noheader,nounits`, as it answers.
TWO = "GPU-5c1f0d6e-8f3a-2b77-91d4-0e6a3b1c2d4f, 87\nGPU-0a9b8c7d-1e2f-3a4b-5c6d-7e8f90a1b2c3, 0\n"
FIRST, SECOND = "5c1f0d6e-8f3a-2b77-91d4-0e6a3b1c2d4f", "GPU-0a9b8c7d-1e2f-3a4b-5c6d-7e8f90a1b2c3"
ONE = "GPU-5c1f0d6e-8f3a-2b77-91d4-0e6a3b1c2d4f, 42\n"
SHARED_OUT = "GPU-5c1f0d6e-8f3a-2b77-91d4-0e6a3b1c2d4f, [N/A]\n"
NO_DRIVER = (
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. "
    "Make sure that the latest NVIDIA driver is installed and running.\n"
)

parsed = {
    "first": gpu_use.parse_smi(TWO, FIRST),
    "second": gpu_use.parse_smi(TWO, SECOND),
    "unnamed": gpu_use.parse_smi(TWO, None),
    "only": gpu_use.parse_smi(ONE, None),
    "another": gpu_use.parse_smi(ONE, SECOND),
    "shared out": gpu_use.parse_smi(SHARED_OUT, FIRST),
    "windows": gpu_use.parse_smi(TWO.replace("\n", "\r\n"), FIRST),
    "unit": gpu_use.parse_smi(ONE.replace("42", "42 %"), FIRST),
    "beyond": gpu_use.parse_smi(ONE.replace("42", "420"), FIRST),
    "no driver": gpu_use.parse_smi(NO_DRIVER, None),
    "empty": gpu_use.parse_smi("", None),
}

folder = Path(sys.argv[1])
program = folder / "nvidia-smi"
program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> "{folder}/asked"\ncat "{folder}/answer"\n')
program.chmod(0o755)
(folder / "answer").write_text(TWO)
asked = gpu_use._ask_smi(str(program), SECOND)


class Properties:
    """Of a card that this machine does not have."""

    uuid = FIRST


def no_package(_index: int) -> int:
    """PyTorch without nvidia-ml-py."""
    raise ModuleNotFoundError("nvidia-ml-py does not seem to be installed")


real = (torch.cuda.utilization, torch.cuda.get_device_properties)
torch.cuda.utilization, torch.cuda.get_device_properties = no_package, lambda _index: Properties
paths = os.environ["PATH"]
os.environ["PATH"] = f"{folder}{os.pathsep}{paths}"
by_program = gpu_use.measure_of(torch.device("cuda:0"))
used = None if by_program is None else [by_program[0](), by_program[1]]
os.environ["PATH"] = str(folder / "nothing")
without = gpu_use.measure_of(torch.device("cuda:0"))
torch.cuda.utilization = lambda _index: 63
found = gpu_use.measure_of(torch.device("cuda:0"))
by_package = None if found is None else [found[0](), found[1]]
torch.cuda.utilization, torch.cuda.get_device_properties = real

clock = [100.0]
measured = threading.Event()


def measure() -> int | None:
    """A use, then a driver in trouble."""
    if measured.is_set():
        raise OSError("driver in trouble")
    measured.set()
    return 63


use = gpu_use.GpuUse(measure, 0.01, lambda: clock[0])
use.thread.join()
fresh = use.percent()
clock[0] += 1
stale = use.percent()
before = threading.active_count()
processor = gpu_use.GpuUse.of(torch.device("cpu"), True)
threads = threading.active_count() - before

print(
    json.dumps(
        {
            "parsed": parsed,
            "asked": asked,
            "arguments": (folder / "asked").read_text().split("\n")[0],
            "byProgram": used,
            "byPackage": by_package,
            "without": without,
            "fresh": fresh,
            "stale": stale,
            "processor": [processor.percent(), threads],
        }
    )
)
