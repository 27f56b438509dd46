"""Drawn networks that prove something: gains that keep every layer's output at deviation 1, and a check that no
activation is constant, dead or saturated."""

import torch
from torch.utils._python_dispatch import TorchDispatchMode

aten = torch.ops.aten
KINDS = {
    aten.relu: "relu",
    aten.relu_: "relu",
    aten.hardtanh: "relu6",
    aten.hardtanh_: "relu6",
    aten.leaky_relu: "leaky",
    aten.leaky_relu_: "leaky",
    aten.silu: "silu",
    aten.silu_: "silu",
    aten.hardswish: "hardswish",
    aten.hardswish_: "hardswish",
    aten.sigmoid: "gate",
    aten.sigmoid_: "gate",
    aten.hardsigmoid: "gate",
    aten.hardsigmoid_: "gate",
}

# Of the layers of squeeze-and-excitation, whose gates multiply up: at deviation 1, EfficientNet-B2 answers a change of
# the whole image by 0.001 with thirty times that in its features, and rounding errors likewise.
GATE_DEVIATION = 0.25


class Watch(TorchDispatchMode):
    """Keeps figures of every activation, however it is called: as a module or as a function, in place or not."""

    def __init__(self):
        super().__init__()
        self.found = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        kind = KINDS.get(function.overloadpacket)
        below = float((args[0] <= 0).float().mean()) if kind else None
        output = function(*args, **(kwargs or {}))
        if kind:
            self.found.append(
                {
                    "kind": kind,
                    "deviation": float(output.std()),
                    "below": below,
                    "low": float((output < 0.01).float().mean()),
                    "high": float((output > 0.99).float().mean()),
                    "capped": float((output >= 6).float().mean()),
                }
            )
        return output


def check_healthy(model, image, name):
    """Refuses a network that is constant, dead or saturated: equality there would prove nothing."""
    with torch.no_grad(), Watch() as watch:
        model(image)
    assert watch.found, name
    for at, figures in enumerate(watch.found):
        context = (name, at, figures)
        if figures["kind"] == "gate":
            assert figures["deviation"] > 0.02, context
            assert figures["low"] < 0.8 and figures["high"] < 0.8, context
            continue
        assert 0.05 < figures["deviation"] < 20, context
        assert 0.05 < figures["below"] < 0.95, context
        if figures["kind"] == "relu6":
            assert figures["capped"] < 0.5, context
    deviations = [figures["deviation"] for figures in watch.found if figures["kind"] != "gate"]
    below = [figures["below"] for figures in watch.found]
    print(
        f"{name}: {len(watch.found)} activations ({', '.join(sorted({f['kind'] for f in watch.found}))}), "
        f"deviation {min(deviations):.2f} to {max(deviations):.2f}, "
        f"below zero {min(below):.0%} to {max(below):.0%}"
    )


def find_gains(model, image):
    """
    A factor for the weight of every convolution and linear layer, with three digits, such that the layer's output
    has deviation 1 on this image (`GATE_DEVIATION` for gates), bias aside (Mishkin, Matas: All you need is a good
    init, ICLR 2016). Scales the weights of `model` by them.
    """
    gains = {}

    def adapt(name):
        def hook(module, _inputs, output):
            bias = 0
            if module.bias is not None:
                bias = module.bias.reshape([1, -1] + [1] * (output.dim() - 2))
            plain = output - bias
            target = GATE_DEVIATION if ".se." in name else 1
            gain = float(f"{target / float(plain.std()):.3g}")
            gains[f"{name}.weight"] = gain
            module.weight.mul_(gain)
            return plain * gain + bias

        return hook

    handles = [
        module.register_forward_hook(adapt(name))
        for name, module in model.named_modules()
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear))
    ]
    with torch.no_grad():
        model(image)
    for handle in handles:
        handle.remove()
    return gains
