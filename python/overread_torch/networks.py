"""Networks by timm's names, with the weights that the job brings."""

from pathlib import Path

import torch
from safetensors.torch import load_file

from overread_torch.compat import import_timm, import_torchvision
from overread_torch.corodet import CoroDet
from overread_torch.faults import Fault

State = dict[str, torch.Tensor]

COUNTER = "num_batches_tracked"


def build(architecture: str, outputs: int) -> torch.nn.Module:
    """The network with `outputs` outputs, as its constructor initialises it."""
    if architecture == "corodet":
        return CoroDet(outputs)
    if architecture == "alexnet":
        return import_torchvision().models.alexnet(weights=None, num_classes=outputs)
    return import_timm().create_model(architecture, pretrained=False, num_classes=outputs)


def load_initial(model: torch.nn.Module, file: Path, classifier: str) -> None:
    """Loads all but the last layer. Raises Fault where a tensor is missing or misshapen."""
    given = load_file(file)
    wanted = model.state_dict()
    for name, tensor in wanted.items():
        if is_head(name, classifier) or name.endswith(COUNTER):
            continue
        if name not in given or given[name].shape != tensor.shape:
            found = "no such tensor" if name not in given else f"shape {list(given[name].shape)}"
            raise Fault("job", f"The weights have {found} for {name}, which has shape {list(tensor.shape)}")
        tensor.copy_(given[name])


def is_head(name: str, classifier: str) -> bool:
    """Whether a tensor is of the last layer."""
    return name.startswith(f"{classifier}.")


def set_head(model: torch.nn.Module, classifier: str, weight: torch.Tensor, bias: torch.Tensor) -> None:
    """Puts a fitted last layer in place."""
    layer = head_of(model, classifier)
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)


def head_of(model: torch.nn.Module, classifier: str) -> torch.nn.Linear:
    """The last layer."""
    layer = model.get_submodule(classifier)
    if not isinstance(layer, torch.nn.Linear):
        raise Fault("job", f"{classifier} is no linear layer")
    return layer


def state_of(model: torch.nn.Module) -> State:
    """A copy of all tensors that make the network, on the CPU and in single precision."""
    return {
        name: tensor.detach().to("cpu", torch.float32, copy=True).contiguous()
        for name, tensor in model.state_dict().items()
        if not name.endswith(COUNTER)
    }
