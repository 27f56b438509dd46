"""`python memoryFormat.py FILE -m overread_torch …`: the same, and the file says in which format convolutions were given pictures.

Writes {"last", "first"}: how many had the channels last, and how many the columns. A tensor that is both counts as neither.
"""

import json
import sys
from pathlib import Path

import torch
from overread_torch.__main__ import main
from torch.nn.modules.module import register_module_forward_pre_hook

file, _, package, *arguments = sys.argv[1:]
assert package == "overread_torch"
counts = {"last": 0, "first": 0}


def look(module: torch.nn.Module, inputs: tuple) -> None:
    if not isinstance(module, torch.nn.Conv2d) or not module.training:
        return
    picture = inputs[0]
    last = picture.is_contiguous(memory_format=torch.channels_last)
    first = picture.is_contiguous()
    if last != first:
        counts["last" if last else "first"] += 1


register_module_forward_pre_hook(look)
code = main(arguments)
# The probe trains nothing and would write an empty count last.
if arguments[0] == "train":
    Path(file).write_text(json.dumps(counts))
sys.exit(code)
