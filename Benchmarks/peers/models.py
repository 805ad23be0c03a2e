"""The models that are compared, with seeded weights that make every layer count."""

import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).parents[2] / "Tests" / "Interop"))

import torchvision_operators  # noqa: F401  (before torchvision)

import os

os.environ.setdefault("YOLO_VERBOSE", "false")
os.environ.setdefault("YOLO_OFFLINE", "true")

import torch


class _Hidden(torch.nn.Module):
    """A transformer with its last hidden state as the result."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, words):
        return self.model(words, return_dict=False)[0]


class _First(torch.nn.Module):
    """A model whose result is a dictionary, with the first of its tensors as the result."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return next(iter(self.model(x).values()))


def _classifier(name):
    def make():
        import torchvision.models

        return getattr(torchvision.models, name)(weights=None)

    return make


def _any(name):
    """Any other model that torchvision or, after `timm:`, timm knows."""
    if name.startswith("timm:"):
        import timm

        return timm.create_model(name.removeprefix("timm:"), pretrained=False)
    import torchvision.models

    if name not in torchvision.models.list_models():
        raise SystemExit(f"no model {name}: the models are {', '.join(MODELS)}, those of torchvision, and timm:NAME")
    arguments = {"weights": None}
    if "inception" in name or name == "googlenet":
        arguments |= {"init_weights": True, "aux_logits": False}
    if _is_segmentation(name):
        arguments["weights_backbone"] = None
    model = torchvision.models.get_model(name, **arguments)
    return _First(model) if _is_segmentation(name) else model


def _is_segmentation(name):
    return name.startswith(("fcn_", "deeplabv3_", "lraspp_"))


def _yolo():
    from ultralytics.nn.tasks import DetectionModel

    return DetectionModel("yolov8n.yaml", verbose=False).float()


def _bert():
    from transformers import BertConfig, BertModel

    return _Hidden(BertModel(BertConfig(attn_implementation="sdpa"), add_pooling_layer=False))


MODELS = {
    "resnet18": _classifier("resnet18"),
    "resnet50": _classifier("resnet50"),
    "mobilenet_v2": _classifier("mobilenet_v2"),
    "mobilenet_v3_large": _classifier("mobilenet_v3_large"),
    "squeezenet1_1": _classifier("squeezenet1_1"),
    "efficientnet_b0": _classifier("efficientnet_b0"),
    "vgg16": _classifier("vgg16"),
    "vit_b_16": _classifier("vit_b_16"),
    "convnext_tiny": _classifier("convnext_tiny"),
    "yolov8n": _yolo,
    "bert_base": _bert,
}


def example(name, batch):
    """An input of the model's usual size."""
    generator = torch.Generator().manual_seed(1)
    if name == "bert_base":
        return torch.randint(0, 30000, (batch, 128), generator=generator)
    if name in ("r3d_18", "mc3_18", "r2plus1d_18"):
        return torch.randn(batch, 3, 16, 112, 112, generator=generator)
    side = {"yolov8n": 640, "inception_v3": 299, "swin_v2_t": 256}.get(name, 224)
    return torch.randn(batch, 3, side, side, generator=generator)


def make(name):
    """The model in inference mode."""
    torch.backends.mha.set_fastpath_enabled(False)
    torch.manual_seed(0)
    model = MODELS[name]() if name in MODELS else _any(name)
    with torch.no_grad():
        _enliven(model)
        _measure_statistics(model, example(name, 2))
    model.eval()
    for parameter in model.parameters():
        parameter.requires_grad = False
    return _exporting(model) if name == "yolov8n" else model


def _enliven(model):
    """Parameters that start as zeros, or next to them, would switch off what they belong to."""
    for module in model.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            module.weight.uniform_(0.7, 1.3)
            module.bias.uniform_(-0.2, 0.2)
    for path, parameter in model.named_parameters():
        if path.endswith("layer_scale"):
            parameter.uniform_(0.1, 0.5)
        elif parameter.dim() > 1 and not parameter.any():
            parameter.normal_(0, 0.02)


def _measure_statistics(model, x):
    """Batch norms take the means and variances of a batch, so that values keep their size."""
    norms = [m for m in model.modules() if isinstance(m, torch.nn.modules.batchnorm._BatchNorm)]
    if not norms:
        return
    kept = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 1.0
    model.train()
    model(x)
    for norm, momentum in zip(norms, kept):
        norm.momentum = momentum


def _exporting(model):
    """What `yolo export format=torchscript` does with a model (ultralytics/engine/exporter.py)."""
    from ultralytics.nn.modules import Detect

    model = model.fuse(verbose=False)
    for module in model.modules():
        if isinstance(module, Detect):
            module.dynamic, module.export, module.format = False, True, "torchscript"
    with torch.no_grad():
        for _ in range(2):
            model(example("yolov8n", 1))
    return model
