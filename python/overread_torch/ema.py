"""The exponential moving average of a network, buffers included."""

import torch

from overread_torch.networks import COUNTER


class MovingAverage:
    """Follows a network; its buffers are copied, since averaged statistics would lag behind averaged weights."""

    def __init__(self, model: torch.nn.Module, decay: float) -> None:
        self.decay = decay
        self.steps = 0
        self.parameters = {
            name: parameter.detach().clone() for name, parameter in model.named_parameters() if parameter.requires_grad
        }

    def update(self, model: torch.nn.Module) -> None:
        """After a step. Early on the average is short, as TensorFlow's is."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        own = list(self.parameters.values())
        live = [parameter.detach() for parameter in model.parameters() if parameter.requires_grad]
        torch._foreach_lerp_(own, live, 1 - decay)

    def applied_to(self, model: torch.nn.Module) -> "_Applied":
        """A context in which the network has the averaged weights."""
        return _Applied(model, self.parameters)


class _Applied:
    def __init__(self, model: torch.nn.Module, averaged: dict[str, torch.Tensor]) -> None:
        self.model = model
        self.averaged = averaged
        self.live: dict[str, torch.Tensor] = {}

    def __enter__(self) -> None:
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                if name in self.averaged:
                    self.live[name] = parameter.detach().clone()
                    parameter.copy_(self.averaged[name])

    def __exit__(self, *_: object) -> None:
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                if name in self.live:
                    parameter.copy_(self.live[name])


def buffers_of(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The buffers that evaluation depends on."""
    return {name: buffer for name, buffer in model.named_buffers() if not name.endswith(COUNTER)}
