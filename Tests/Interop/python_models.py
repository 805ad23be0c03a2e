"""The models of Martlet's catalogue as torchvision, transformers and Ultralytics build them."""

import torchvision_operators  # noqa: F401

import torch
import torchvision.models
import yolo_models
from transformers import BertConfig, BertModel


def make(name):
    """The model of a name, made from the current random state."""
    if name == "bert":
        return BertModel(BertConfig())
    if name.startswith("yolov8"):
        return yolo_models.make(name)
    return getattr(torchvision.models, name)()


def example(name):
    generator = torch.Generator().manual_seed(7)
    if name == "bert":
        return torch.randint(1, 30522, (2, 23), generator=generator)
    if name.startswith("yolov8"):
        return torch.rand(1, 3, 160, 128, generator=generator)
    return torch.randn(1, 3, 224, 224, generator=generator)


def run(model, example):
    """The flattened results in inference."""
    with torch.no_grad():
        result = model.eval()(example)
    return [result] if isinstance(result, torch.Tensor) else [result[0], result[1]]


def disturb(model):
    """Gives batch norms statistics, and zero parameters values, that show in the results."""
    generator = torch.Generator().manual_seed(11)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.copy_(torch.randn(module.num_features, generator=generator) * 0.1)
            module.running_var.copy_(torch.rand(module.num_features, generator=generator) + 0.5)
    with torch.no_grad():
        for parameter in model.parameters():
            if not parameter.any():
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.02)
