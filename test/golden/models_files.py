"""Weights files in every layout that the loader takes, and some that it must refuse, as PyTorch writes them.

Run with a Python that has torch and safetensors:  python test/golden/models_files.py
Writes test/golden/values/models/files/: the files, and expected.json with their float tensors.
"""

import json
import os
import pickle
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import save_file

OUT = Path(__file__).parent / "values" / "models" / "files"


class Evil:
    """What an attacker would write: a pickle that runs a command when it is loaded."""

    def __reduce__(self):
        return (os.system, ("echo overread-was-here > overread-was-here",))


def state():
    torch.manual_seed(1)
    shared = torch.arange(12, dtype=torch.float32) / 4
    tensors = OrderedDict()
    tensors["conv.weight"] = torch.randn(2, 3, 2, 2)
    tensors["bn.running_var"] = torch.rand(5, dtype=torch.float64)
    tensors["bn.num_batches_tracked"] = torch.tensor(7)
    tensors["half"] = torch.tensor([1.5, -0.1, 65504.0, 6e-8, 0.0], dtype=torch.float16)
    tensors["brain"] = torch.tensor([1.5, -0.1, 3e38], dtype=torch.bfloat16)
    tensors["transposed"] = shared.reshape(3, 4).t()
    tensors["slice"] = shared[5:9]
    tensors["parameter"] = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    tensors["empty"] = torch.zeros(0, 3)
    tensors["scalar"] = torch.tensor(2.5)
    tensors._metadata = OrderedDict({"": {"version": 1}})
    return tensors


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    tensors = state()
    torch.save(tensors, OUT / "zip.pth")
    torch.save(tensors, OUT / "legacy.pth", _use_new_zipfile_serialization=False)
    wrapped = {"epoch": 3, "arch": "densenet121", "best": 0.5, "state_dict": {f"module.{k}": v for k, v in tensors.items()}}
    torch.save(wrapped, OUT / "checkpoint.pth")
    contiguous = {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}
    save_file(contiguous, OUT / "plain.safetensors", metadata={"format": "pt"})
    expected = {
        name: {"shape": list(tensor.shape), "data": tensor.detach().to(torch.float32).flatten().tolist()}
        for name, tensor in tensors.items()
        if tensor.dtype.is_floating_point
    }
    (OUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")

    torch.save({"weight": torch.zeros(2), "evil": Evil()}, OUT / "evil-zip.pth")
    torch.save({"weight": torch.zeros(2), "evil": Evil()}, OUT / "evil-legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(torch.nn.Linear(2, 2), OUT / "whole-model.pth")
    torch.jit.script(torch.nn.Linear(2, 2)).save(str(OUT / "script.pth"))
    (OUT / "plain-pickle.pth").write_bytes(pickle.dumps({"weight": [1.0]}, protocol=2))
    for file in sorted(OUT.iterdir()):
        print(file.name, file.stat().st_size)


if __name__ == "__main__":
    main()
