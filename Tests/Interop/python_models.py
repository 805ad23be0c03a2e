"""The models of Martlet's catalogue as torchvision, transformers and Ultralytics build them."""

import torchvision_operators  # noqa: F401

import torch
import torchvision.models
import yolo_models
from transformers import BertConfig, BertModel, GPT2Config, GPT2LMHeadModel


def make(name):
    """The model of a name, made from the current random state."""
    if name == "bert":
        return BertModel(BertConfig())
    if name == "gpt2":
        return GPT2LMHeadModel(GPT2Config(use_cache=False))
    if name.startswith("inception_v3"):
        return torchvision.models.inception_v3(init_weights=True, transform_input=name.endswith("_transformed"))
    if name.startswith("deeplabv3"):
        return torchvision.models.segmentation.deeplabv3_resnet50(
            weights=None, weights_backbone=None, aux_loss=name.endswith("_aux"))
    if name.startswith("yolov8"):
        return yolo_models.make(name)
    return getattr(torchvision.models, name)()


def example(name):
    generator = torch.Generator().manual_seed(7)
    if name in ("bert", "gpt2"):
        return torch.randint(1, 30522, (2, 23), generator=generator)
    if name.startswith("yolov8"):
        return torch.rand(1, 3, 160, 128, generator=generator)
    size = 299 if name.startswith("inception") else 224
    return torch.randn(1, 3, size, size, generator=generator)


def run(model, example):
    """The flattened results in inference."""
    with torch.no_grad():
        result = model.eval()(example)
    if isinstance(result, dict):
        return list(result.values())
    return [result] if isinstance(result, torch.Tensor) else list(result)


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
