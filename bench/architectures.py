"""The peer of bench/architectures.ts: features of one architecture with PyTorch in channels-last.

python bench/architectures.py ARCHITECTURE  measures once for each line on standard input and answers with one line
of JSON: images a second, and megabytes that the process holds.
"""

import json
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent / "test" / "golden"))
from reference import create, sizes

BATCH = 8
LEAST_SECONDS = 1


def memory_mb():
    for line in open("/proc/self/status", encoding="ascii"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    return None


def main():
    torch.manual_seed(0)
    size = sizes(sys.argv[1])[0]
    model = create(sys.argv[1]).to(memory_format=torch.channels_last)
    images = torch.randn(BATCH, 3, size, size).to(memory_format=torch.channels_last)

    def speed():
        start = time.perf_counter()
        count = 0
        while time.perf_counter() - start < LEAST_SECONDS:
            model(images)
            count += BATCH
        return count / (time.perf_counter() - start)

    with torch.inference_mode():
        speed()
        print("ready", flush=True)
        for _ in sys.stdin:
            print(json.dumps(dict(images_per_s=speed(), memory_mb=memory_mb())), flush=True)


if __name__ == "__main__":
    main()
