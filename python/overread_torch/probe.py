"""What this Python has: asked before any time is spent."""

import importlib.metadata
import json
import platform
import sys
from typing import Any


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def probe() -> dict[str, Any]:
    """Versions, and the devices that PyTorch opens. Imports PyTorch if it is there, and nothing else of size."""
    found: dict[str, Any] = {
        "python": platform.python_version(),
        "executable": sys.executable,
        "packages": {name: _version(name) for name in ("torch", "timm", "torchvision", "safetensors", "numpy", "ray", "optuna")},
        "cuda_build": None,
        "devices": [],
        "mps": False,
        "fault": None,
    }
    if found["packages"]["torch"] is None:
        return found
    try:
        import torch
    except Exception as error:  # whatever keeps it from loading is the answer
        found["fault"] = f"{type(error).__name__}: {error}".splitlines()[0]
        return found
    found["cuda_build"] = torch.version.cuda or torch.version.hip
    found["mps"] = torch.backends.mps.is_available()
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            properties = torch.cuda.get_device_properties(index)
            found["devices"].append({"name": properties.name, "memory": properties.total_memory})
    return found


def print_probe() -> None:
    """One line of JSON on stdout."""
    import warnings

    warnings.simplefilter("ignore")
    print(json.dumps(probe()))
