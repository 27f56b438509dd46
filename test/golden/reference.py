"""The reference networks: timm's, torchvision's AlexNet, and CoroDet, which exists only as a description."""

import torch

# The torchvision wheel is built for CUDA: these operators are looked for at import.
library = torch.library.Library("torchvision", "DEF")
for operator in ("nms", "qnms"):
    try:
        library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    except RuntimeError:
        pass

import timm
import torchvision

from corodet import CoroDet

ARCHITECTURES = [
    "densenet121",
    "densenet169",
    "densenet201",
    "inception_v3",
    "inception_v4",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "efficientnet_b0",
    "efficientnet_b1",
    "efficientnet_b2",
    "efficientnet_b3",
    "tf_efficientnet_lite0",
    "mobilenetv2_100",
    "mobilenetv3_small_100",
    "mobilenetv3_large_100",
    "mnasnet_100",
    "vgg11",
    "vgg16",
    "vgg19",
    "alexnet",
    "corodet",
]

# The size that Overread takes where it is not that of timm's default weights.
OWN_SIZES = {"alexnet": 224, "corodet": 512}

# The other sizes, odd where the network allows: padding and pooling round differently there. VGG's head pools maps
# below 7 x 7 and averages what is left of larger ones.
OTHER_SIZES = {
    "inception_v3": [203],
    "inception_v4": [203],
    "vgg11": [161, 256],
    "corodet": [601],
}

MOBILE_BLOCKS = {"stem": "bn1", "blocks.2": "blocks.2", "blocks.4": "blocks.4"}

# Blocks of ours that end where a module of the reference ends, by the start of the architecture's name.
BLOCK_ENDS = {
    "densenet": {"stem": "features.pool0", "transition2": "features.transition2", "denseblock3": "features.denseblock3"},
    "resnet": {"stem": "maxpool", "layer1": "layer1", "layer3": "layer3"},
    "vgg11": {"block1": "features.2", "block3": "features.10", "block4": "features.15"},
    "vgg16": {"block1": "features.4", "block3": "features.16", "block4": "features.23"},
    "vgg19": {"block1": "features.4", "block3": "features.18", "block4": "features.27"},
    "alexnet": {"block1": "features.2", "block2": "features.5", "block4": "features.9"},
    "corodet": {"block1": "features.2", "block4": "features.11", "block7": "features.20"},
    "inception_v3": {"stem": "Pool2", "Mixed_5d": "Mixed_5d", "Mixed_6a": "Mixed_6a", "Mixed_7a": "Mixed_7a"},
    "inception_v4": {"stem": "features.2", "Mixed_5a": "features.5", "Mixed_6a": "features.10", "Mixed_7a": "features.18"},
    "efficientnet": MOBILE_BLOCKS,
    "tf_efficientnet_lite": MOBILE_BLOCKS,
    "mobilenet": MOBILE_BLOCKS,
    "mnasnet": MOBILE_BLOCKS,
}


def create(name, **options):
    """The network as its constructor initialises it, for evaluation."""
    if name == "corodet":
        model = CoroDet()
    elif name == "alexnet":
        model = torchvision.models.alexnet(weights=None)
    else:
        model = timm.create_model(name, pretrained=False, **options)
    return model.eval()


def sizes(name):
    """Sides of the square inputs: its own first."""
    own = OWN_SIZES.get(name) or timm.get_pretrained_cfg(name).input_size[-1]
    return [own, *OTHER_SIZES.get(name, [161])]


def features_and_logits(model, image):
    """The input of the final linear layer and its output, N x features and N x classes."""
    with torch.no_grad():
        if isinstance(model, torchvision.models.AlexNet):
            pooled = model.avgpool(model.features(image))
            features = model.classifier[:-1](torch.flatten(pooled, 1))
            logits = model.classifier[-1](features)
        else:
            features = model.forward_head(model.forward_features(image), pre_logits=True)
            logits = model.get_classifier()(features)
        torch.testing.assert_close(logits, model(image), rtol=1e-4, atol=1e-4)
    return features, logits


def block_ends(name, model):
    """Modules of the reference after which one of our blocks ends: block name to module."""
    start = max((start for start in BLOCK_ENDS if name.startswith(start)), key=len)
    return {block: model.get_submodule(path) for block, path in BLOCK_ENDS[start].items()}


def pooled_at_block_ends(name, model, image):
    """The global average pool after each of `block_ends`: block name to numbers."""
    found = {}

    def pool(block):
        def hook(_module, _inputs, output):
            found[block] = output.mean((2, 3))[0].numpy().copy()

        return hook

    handles = [module.register_forward_hook(pool(block)) for block, module in block_ends(name, model).items()]
    with torch.no_grad():
        model(image)
    for handle in handles:
        handle.remove()
    return found
