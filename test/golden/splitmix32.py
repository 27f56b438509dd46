"""SplitMix32 of src/core/base/random.ts in NumPy: the same numbers without a loop, since the i-th number depends
on the seed and on i alone. `python test/golden/splitmix32.py` writes test/golden/values/models/splitmix32.json."""

import json
from pathlib import Path

import numpy as np


def mix32(values):
    """The finaliser of MurmurHash3 over an array of unsigned 32-bit numbers."""
    z = np.asarray(values, dtype=np.uint64) & 0xFFFFFFFF
    z = ((z ^ (z >> np.uint64(16))) * np.uint64(0x85EBCA6B)) & np.uint64(0xFFFFFFFF)
    z = ((z ^ (z >> np.uint64(13))) * np.uint64(0xC2B2AE35)) & np.uint64(0xFFFFFFFF)
    return z ^ (z >> np.uint64(16))


def seed_from_text(text):
    """FNV-1a over UTF-8, then mixed: `seedFromText`."""
    value = 0x811C9DC5
    for byte in text.encode("utf-8"):
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return int(mix32(value))


def tensor_seed(name, seed):
    """The seed of one tensor's own generator: `tensorGenerator` in src/core/weights/random.ts."""
    return int(mix32((seed ^ seed_from_text(name)) & 0xFFFFFFFF))


def uint32(seed, count):
    """The first `count` numbers of the generator."""
    numbers = np.empty(count, dtype=np.uint32)
    # In stretches: a layer of VGG has 100 million numbers.
    for start in range(0, count, 1 << 20):
        end = min(count, start + (1 << 20))
        counters = np.arange(start + 1, end + 1, dtype=np.uint64)
        step = (counters * np.uint64(0x9E3779B9)) & np.uint64(0xFFFFFFFF)
        numbers[start:end] = mix32((np.uint64(seed) + step) & np.uint64(0xFFFFFFFF))
    return numbers


def uniform(seed, count):
    """In [0, 1), float64."""
    return uint32(seed, count) / 4294967296.0


def normal(seed, count):
    """Standard normal: Box and Muller's cosine branch, two uniforms a number."""
    draws = uniform(seed, 2 * count)
    return np.sqrt(-2 * np.log(1 - draws[0::2])) * np.cos(2 * np.pi * draws[1::2])


if __name__ == "__main__":
    seeds = [0, 1, 7, 0xDEADBEEF, 0xFFFFFFFF]
    texts = ["", "conv_stem.weight", "Röntgen"]
    values = {
        "seeds": [
            {
                "seed": seed,
                "uint32": uint32(seed, 1000)[[0, 1, 2, 3, 998, 999]].tolist(),
                "uniform": uniform(seed, 4).tolist(),
                "normal": normal(seed, 500)[[0, 1, 2, 499]].tolist(),
            }
            for seed in seeds
        ],
        "texts": [{"text": text, "seed": seed_from_text(text), "tensor": tensor_seed(text, 7)} for text in texts],
    }
    out = Path(__file__).parent / "values" / "models" / "splitmix32.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    print(out.name, "written")
