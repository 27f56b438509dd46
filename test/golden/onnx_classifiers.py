"""Small ONNX classifiers as PyTorch's two exporters write them, with the features that PyTorch itself computes.

Run with a Python that has torch, onnx, onnxscript, onnxruntime and numpy:  python test/golden/onnx_classifiers.py
Writes test/golden/values/models/onnx/: the models, and expected.json with the input and features of each.

The networks are shaped like those that people bring (a ResNet; TorchXRayVision's DenseNet of one channel with its
operating points; hidden layers; a head that is a convolution; a transformer; an 8-bit model), with few channels.
"""

import base64
import json
import logging
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_dynamic, quantize_static
from torch import nn
from torch.nn import functional as F

from splitmix32 import normal, tensor_seed

OUT = Path(__file__).parent / "values" / "models" / "onnx"
SEED = 20240607
IMAGES = 3


class Residual(nn.Module):
    def __init__(self, before, after, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(after)
        self.downsample = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.downsample(x))


class ResNet(nn.Module):
    """torchvision's ending: AdaptiveAvgPool2d, flatten, fc."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 7, 2, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.layer1 = Residual(8, 12, 1)
        self.layer2 = Residual(12, 20, 2)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(20, 5)

    def last_map(self, x):
        return self.layer2(self.layer1(self.stem(x)))

    def features(self, x):
        return torch.flatten(self.avgpool(self.last_map(x)), 1)

    def forward(self, x):
        return self.fc(self.features(x))


class DenseLayer(nn.Module):
    def __init__(self, before, growth):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(before)
        self.conv1 = nn.Conv2d(before, 2 * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(2 * growth)
        self.conv2 = nn.Conv2d(2 * growth, growth, 3, 1, 1, bias=False)

    def forward(self, x):
        return torch.cat([x, self.conv2(F.relu(self.norm2(self.conv1(F.relu(self.norm1(x))))))], 1)


class XRayDenseNet(nn.Module):
    """TorchXRayVision's ending: ReLU, pooling, view, classifier, sigmoid, and op_norm around operating points, of
    which some are missing (NaN)."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 8, 7, 2, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.block = nn.Sequential(DenseLayer(8, 6), DenseLayer(14, 6), DenseLayer(20, 6))
        self.norm5 = nn.BatchNorm2d(26)
        self.classifier = nn.Linear(26, 6)
        self.register_buffer("op_threshs", torch.tensor([0.3, 0.6, float("nan"), 0.5, 0.1, 0.45]))

    def last_map(self, x):
        # The levels are in [-1024, 1024].
        return F.relu(self.norm5(self.block(self.stem(x / 512))))

    def features(self, x):
        return F.adaptive_avg_pool2d(self.last_map(x), (1, 1)).view(x.size(0), -1)

    def forward(self, x):
        outputs = torch.sigmoid(self.classifier(self.features(x)))
        return op_norm(outputs, self.op_threshs)


def op_norm(outputs, op_threshs):
    """0.5 is the operating point of every output; 0.5 where there is none."""
    op_threshs = op_threshs.expand(outputs.shape[0], -1)
    outputs_new = torch.zeros(outputs.shape, device=outputs.device) + 0.5
    mask_leq = (outputs < op_threshs) & ~torch.isnan(op_threshs)
    mask_gt = ~(outputs < op_threshs) & ~torch.isnan(op_threshs)
    outputs_new[mask_leq] = outputs[mask_leq] / (op_threshs[mask_leq] * 2)
    outputs_new[mask_gt] = 1.0 - ((1.0 - outputs[mask_gt]) / ((1 - op_threshs[mask_gt]) * 2))
    return outputs_new


class Hidden(nn.Module):
    """MobileNet V3's ending: pooling, a linear layer, hard swish, dropout, the classifier; softmax in the graph."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 10, 3, 4, 1), nn.Hardswish(), nn.Conv2d(10, 16, 3, 2, 1), nn.Hardswish())
        self.hidden = nn.Linear(16, 24)
        self.classifier = nn.Linear(24, 4)

    last_map = None

    def features(self, x):
        return F.dropout(F.hardswish(self.hidden(self.stem(x).mean([2, 3]))), 0.2, self.training)

    def forward(self, x):
        return torch.softmax(self.classifier(self.features(x)), 1)


class ConvHead(nn.Module):
    """A classifier that is a 1 x 1 convolution on the pooled map (timm with `use_conv`, EfficientNet of Keras)."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 10, 3, 4, 1), nn.SiLU(), nn.Conv2d(10, 14, 3, 2, 1), nn.SiLU())
        self.head = nn.Conv2d(14, 3, 1)

    def last_map(self, x):
        return self.stem(x)

    def features(self, x):
        return F.adaptive_avg_pool2d(self.last_map(x), 1).flatten(1)

    def forward(self, x):
        return self.head(F.adaptive_avg_pool2d(self.last_map(x), 1)).flatten(1)


class Transformer(nn.Module):
    """A vision transformer's ending: the class token after a LayerNorm. Every matrix product before is on tokens."""

    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 16, 8, 8)
        self.cls = nn.Parameter(torch.randn(1, 1, 16))
        self.qkv = nn.Linear(16, 48)
        self.mlp = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))
        self.norm = nn.LayerNorm(16)
        self.head = nn.Linear(16, 5)

    last_map = None

    def features(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(x.shape[0], -1, -1), x], 1)
        q, k, v = self.qkv(x).chunk(3, -1)
        x = x + torch.softmax(q @ k.transpose(1, 2) / 4, -1) @ v
        x = x + self.mlp(x)
        return self.norm(x)[:, 0]

    def forward(self, x):
        return self.head(self.features(x))


class Segmentation(nn.Module):
    """No classifier: one number for every pixel."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, 2, 1)
        self.out = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        return F.interpolate(self.out(F.relu(self.down(x))), scale_factor=2.0, mode="bilinear")


def draw_images(name, channels, size, scale):
    """IMAGES x channels x size x size with coarse and fine structure: `drawImages` in test/core/models/onnx."""
    count = IMAGES * channels
    coarse = normal(tensor_seed(f"{name}.coarse", SEED), count * 64).reshape(count, 8, 8)
    fine = normal(tensor_seed(f"{name}.fine", SEED), count * size * size).reshape(count, size, size)
    at = np.arange(size) * 8 // size
    images = scale * (coarse[:, at][:, :, at] + 0.3 * fine)
    return images.reshape(IMAGES, channels, size, size).astype(np.float32)


def encode(values):
    return base64.b64encode(np.asarray(values, dtype="<f4").tobytes()).decode("ascii")


def healthy(model, seed):
    """Weights and statistics under which activations neither vanish nor saturate."""
    torch.manual_seed(seed)
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight)
            if module.bias is not None:
                nn.init.normal_(module.bias, 0, 0.2)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.75, 1.25)
            nn.init.normal_(module.bias, 0, 0.2)
            nn.init.normal_(module.running_mean, 0, 0.2)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return model.eval()


def export(model, file, channels, size, *, dynamo, batch, scale=1.0):
    example = torch.zeros(2 if batch == "N" else batch, channels, size, size)
    options = {"input_names": ["x"], "output_names": ["y"]}
    if dynamo:
        shapes = ({0: torch.export.Dim("N")},) if batch == "N" else None
        torch.onnx.export(model, (example,), OUT / file, dynamo=True, external_data=False, dynamic_shapes=shapes, **options)
    else:
        axes = {"x": {0: "N"}, "y": {0: "N"}} if batch == "N" else None
        torch.onnx.export(model, (example,), OUT / file, dynamo=False, dynamic_axes=axes, opset_version=17, **options)
    without_traces(OUT / file)


def without_traces(file):
    """Leaves out what exporters note for debugging: stack traces with the paths of this machine."""
    model = onnx.load(file)
    for part in [*model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output, model.graph, model]:
        part.ClearField("doc_string")
        part.ClearField("metadata_props")
    for weight in model.graph.initializer:
        weight.ClearField("doc_string")
        weight.ClearField("metadata_props")
    onnx.save(model, file)


def describe(model, file, channels, size, scale=1.0):
    name = file.removesuffix(".onnx")
    images = draw_images(name, channels, size, scale)
    with torch.no_grad():
        x = torch.from_numpy(images)
        features = model.features(x).numpy()
        last = model.last_map(x).numpy() if model.last_map else None
        logits = model(x).numpy()
    spread = features.std(0)
    assert (spread > 1e-2).mean() > 0.7, (name, spread)
    session = onnxruntime.InferenceSession(OUT / file, providers=["CPUExecutionProvider"])
    shape = session.get_inputs()[0].shape
    at_once = images if not isinstance(shape[0], int) else images[: shape[0]]
    found = session.run(None, {session.get_inputs()[0].name: at_once})[0]
    assert np.abs(found - logits[: len(at_once)]).max() < 1e-4, name
    entry = {"channels": channels, "size": size, "scale": scale, "features": encode(features), "dim": features.shape[1]}
    if last is not None:
        entry["map"] = list(last.shape[1:])
        entry["mapSum"] = encode(last.sum((1, 2, 3)))
    return entry


class Calibration(CalibrationDataReader):
    def __init__(self, images):
        self.rows = iter([{"x": image[None]} for image in images])

    def get_next(self):
        return next(self.rows, None)


def quantised(source, file, how):
    """An 8-bit version by ONNX Runtime's own tool; the features are what ONNX Runtime computes before the last layer."""
    if how == "static":
        images = draw_images("calibration", 3, 64, 1.0)
        quantize_static(OUT / source, OUT / file, Calibration(images), quant_format=QuantFormat.QDQ)
    else:
        quantize_dynamic(OUT / source, OUT / file)
    model = onnx.load(OUT / file)
    images = draw_images(file.removesuffix(".onnx"), 3, 64, 1.0)
    by_output = {output: node for node in model.graph.node for output in node.output}
    linear = [node for node in model.graph.node if node.op_type in ("Gemm", "MatMul", "MatMulInteger")][-1]
    vector = linear.input[0]
    if how == "dynamic":
        vector = by_output[vector].input[0]
    entry = run_up_to(model, images, vector)
    if how == "dynamic":
        # Nothing is rounded between the map and the vector.
        pooled = [node for node in model.graph.node if node.op_type == "GlobalAveragePool"][-1].input[0]
        entry |= run_up_to(model, images, pooled, "map")
    return entry


def run_up_to(model, images, value, what="features"):
    """What ONNX Runtime computes as a value inside a model, one image at a time."""
    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    probe.graph.output.append(onnx.helper.make_empty_tensor_value_info(value))
    session = onnxruntime.InferenceSession(probe.SerializeToString(), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    found = np.concatenate([session.run([value], {name: image[None]})[0] for image in images])
    if what == "map":
        return {"map": list(found.shape[1:]), "mapSum": encode(found.sum((1, 2, 3)))}
    size = {"channels": images.shape[1], "size": images.shape[2], "scale": 1.0}
    return {**size, "features": encode(found), "dim": found.shape[1]}


def odd_model():
    """Parts of ONNX that exporters rarely write: a subgraph that reads values around it, a function, a sparse weight.
    Its values have the names that Overread gives to its own."""
    helper, numpy_helper = onnx.helper, onnx.numpy_helper
    rng = np.random.default_rng(5)
    weight = numpy_helper.from_array(rng.normal(0, 0.3, (6, 3, 3, 3)).astype(np.float32), "head.weight")
    fc = numpy_helper.from_array(rng.normal(0, 0.3, (4, 6)).astype(np.float32), "head.bias")
    values = numpy_helper.from_array(np.array([0.5, -0.25], np.float32), "constant_3")
    indices = numpy_helper.from_array(np.array([1, 4], np.int64), "at")
    sparse = onnx.SparseTensorProto(dims=[6])
    sparse.values.CopyFrom(values)
    sparse.indices.CopyFrom(indices)
    value = lambda name, shape=None: helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
    then = helper.make_graph([helper.make_node("Relu", ["features"], ["Cast_4"])], "then", [], [value("Cast_4")])
    other = helper.make_graph([helper.make_node("Add", ["features", "features"], ["map"])], "else", [], [value("map")])
    nodes = [
        helper.make_node("Conv", ["image", "head.weight", "constant_3"], ["features"], kernel_shape=[3, 3], strides=[4, 4]),
        helper.make_node("ReduceMean", ["image"], ["mean"], keepdims=0),
        helper.make_node("Less", ["mean", "limit"], ["condition"]),
        helper.make_node("If", ["condition"], ["overread.image"], then_branch=then, else_branch=other),
        helper.make_node("Twice", ["overread.image"], ["overread.vector"], domain="local"),
        helper.make_node("GlobalAveragePool", ["overread.vector"], ["overread.map"]),
        helper.make_node("Flatten", ["overread.map"], ["vector"]),
        helper.make_node("Gemm", ["vector", "head.bias"], ["logits"], transB=1),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    limit = numpy_helper.from_array(np.array(1e9, np.float32), "limit")
    graph = helper.make_graph(
        nodes,
        "odd",
        [value("image", ["N", 3, 64, 64])],
        [value("probabilities", ["N", 4])],
        [weight, fc, limit],
        sparse_initializer=[sparse],
    )
    twice = helper.make_function(
        "local", "Twice", ["x"], ["y"], [helper.make_node("Add", ["x", "x"], ["y"])], [helper.make_opsetid("", 17)]
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("local", 1)]
    model = helper.make_model(graph, opset_imports=opsets, functions=[twice], ir_version=8)
    helper.set_model_props(model, {"classes": "a stranger's", "author": "a stranger"})
    onnx.checker.check_model(model)
    onnx.save(model, OUT / "odd.onnx")
    images = draw_images("odd", 3, 64, 1.0)
    return run_up_to(model, images, "vector") | run_up_to(model, images, "overread.vector", "map")


def old_model():
    """IR version 3, opset 8, as frameworks wrote in 2018: weights are inputs, too, and only one image fits."""
    helper, numpy_helper = onnx.helper, onnx.numpy_helper
    rng = np.random.default_rng(6)
    tensors = [
        numpy_helper.from_array(rng.normal(0, 0.3, (6, 3, 3, 3)).astype(np.float32), "w"),
        numpy_helper.from_array(rng.normal(0, 0.3, (6, 4)).astype(np.float32), "fc"),
        numpy_helper.from_array(rng.normal(0, 0.3, 4).astype(np.float32), "b"),
    ]
    value = lambda name, shape: helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
    nodes = [
        helper.make_node("Conv", ["data", "w"], ["c"], kernel_shape=[3, 3], strides=[4, 4]),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("AveragePool", ["r"], ["p"], kernel_shape=[16, 16]),
        helper.make_node("Flatten", ["p"], ["v"]),
        helper.make_node("MatMul", ["v", "fc"], ["m"]),
        helper.make_node("Add", ["m", "b"], ["y"]),
    ]
    inputs = [value("data", [1, 3, 64, 64])] + [value(t.name, list(t.dims)) for t in tensors]
    graph = helper.make_graph(nodes, "old", inputs, [value("y", [1, 4])], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 8)], ir_version=3)
    onnx.checker.check_model(model)
    onnx.save(model, OUT / "old.onnx")
    images = draw_images("old", 3, 64, 1.0)
    return run_up_to(model, images, "v") | run_up_to(model, images, "r", "map")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    expected = {}
    resnet, xray = healthy(ResNet(), 1), healthy(XRayDenseNet(), 2)
    hidden, conv, vit = healthy(Hidden(), 3), healthy(ConvHead(), 4), healthy(Transformer(), 5)
    for dynamo, suffix in ((False, "script"), (True, "dynamo")):
        for model, name, channels, scale in (
            (resnet, "resnet", 3, 1.0),
            (xray, "xray", 1, 512.0),
            (hidden, "hidden", 3, 1.0),
            (conv, "convhead", 3, 1.0),
            (vit, "transformer", 3, 1.0),
        ):
            file = f"{name}-{suffix}.onnx"
            try:
                export(model, file, channels, 64, dynamo=dynamo, batch="N")
            except Exception as error:
                print(f"{file} CANNOT BE EXPORTED: {str(error)[:500]}")
                continue
            expected[file] = describe(model, file, channels, 64, scale)
    # No free batch: the exporter writes the batch of the example into the graph.
    export(xray, "xray-one.onnx", 1, 64, dynamo=False, batch=1)
    expected["xray-one.onnx"] = describe(xray, "xray-one.onnx", 1, 64, 512.0)
    export(vit, "transformer-one.onnx", 3, 64, dynamo=False, batch=1)
    expected["transformer-one.onnx"] = describe(vit, "transformer-one.onnx", 3, 64)
    export(resnet, "resnet-four.onnx", 3, 64, dynamo=False, batch=4)
    export(Segmentation().eval(), "segmentation.onnx", 3, 64, dynamo=False, batch="N")
    export(resnet, "plain.onnx", 3, 64, dynamo=False, batch="N")
    expected["resnet-8bit.onnx"] = quantised("plain.onnx", "resnet-8bit.onnx", "static")
    expected["resnet-8bit-dynamic.onnx"] = quantised("plain.onnx", "resnet-8bit-dynamic.onnx", "dynamic")
    (OUT / "plain.onnx").unlink()
    expected["odd.onnx"] = odd_model()
    expected["old.onnx"] = old_model()
    # Weights in a file beside the model, as large models and the newer exporter have them.
    model = onnx.load(OUT / "resnet-script.onnx")
    onnx.save(
        model, OUT / "external.onnx", save_as_external_data=True, location="external.onnx.data", size_threshold=64
    )
    expected["external.onnx"] = describe(resnet, "external.onnx", 3, 64)
    (OUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")
    for file in sorted(OUT.iterdir()):
        print(f"{file.stat().st_size:8d} {file.name}")


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    main()
