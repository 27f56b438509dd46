"""timm behind torchvision, whichever build of it is there."""

from types import ModuleType
from typing import Any

import torch

_kept: list[Any] = []


def _declare_operators() -> None:
    """A torchvision that was built for CUDA does not load its operators beside a CPU build of PyTorch.

    Networks need none of them; declared, they let it be imported.
    """
    library = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _kept.append(library)


def import_torchvision() -> ModuleType:
    """torchvision, with its operators or without."""
    try:
        import torchvision
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
        import sys

        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        _declare_operators()
        import torchvision
    return torchvision


def import_timm() -> ModuleType:
    """timm."""
    import_torchvision()
    import timm

    return timm
