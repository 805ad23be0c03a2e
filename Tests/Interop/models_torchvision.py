"""torchvision's models, traced on small pictures."""

import torchvision_operators

import torch
import torchvision.models as models
from torchvision.models import detection, segmentation

from case import traced

torchvision_operators.enable()

def _picture(size, batch=1):
    return torch.randn(batch, 3, size, size)


def _classifier(name, size=64, second=96, **options):
    def make():
        model = getattr(models, name)(weights=None, **options)
        return traced(model, _picture(size), second=(_picture(second, 2),) if second else None)

    return make


class _Output(torch.nn.Module):
    """A segmentation model with its dictionary of results."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model(x)["out"]


def _segmentation(name, **options):
    def make():
        model = getattr(segmentation, name)(weights=None, weights_backbone=None, num_classes=5, **options)
        return traced(_Output(model), _picture(64), second=(_picture(96),))

    return make


def _segmentation_dictionary():
    model = segmentation.lraspp_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=4)
    return traced(model, _picture(64), second=(_picture(96, 2),), strict=False)


class _Detections(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        found = self.model([x])[0]
        # Scores that tie, or nearly, may come in either order.
        return found["boxes"].sort(0)[0], found["scores"], found["labels"].sort()[0]


def _detector(name, size, **options):
    """Weights at random detect little: scores are spread, so that none tie and all are told apart."""

    def make():
        model = getattr(detection, name)(weights=None, weights_backbone=None, num_classes=4, **options)
        for parameter in model.parameters():
            parameter.mul_(1.05)
        for path, parameter in model.named_parameters():
            if "head" in path and parameter.dim() > 1:
                parameter.mul_(8)
        return traced(_Detections(model), torch.rand(3, size, size), tolerance=1e-3)

    return make


MODELS = {
    "resnet18": _classifier("resnet18"),
    "resnet50": _classifier("resnet50"),
    "mobilenet_v2": _classifier("mobilenet_v2"),
    "mobilenet_v3_large": _classifier("mobilenet_v3_large"),
    "mobilenet_v3_small": _classifier("mobilenet_v3_small"),
    "squeezenet1_0": _classifier("squeezenet1_0"),
    "squeezenet1_1": _classifier("squeezenet1_1"),
    "efficientnet_b0": _classifier("efficientnet_b0"),
    "efficientnet_v2_s": _classifier("efficientnet_v2_s"),
    "densenet121": _classifier("densenet121"),
    "inception_v3": _classifier("inception_v3", 96, 128, init_weights=False),
    "googlenet": _classifier("googlenet", init_weights=False),
    "alexnet": _classifier("alexnet", 64, 96, num_classes=10),
    "vgg11_bn": _classifier("vgg11_bn", 32, 48, num_classes=10),
    "shufflenet_v2_x1_0": _classifier("shufflenet_v2_x1_0"),
    "mnasnet0_5": _classifier("mnasnet0_5"),
    "regnet_y_400mf": _classifier("regnet_y_400mf"),
    "resnext50_32x4d": _classifier("resnext50_32x4d"),
    "convnext_tiny": _classifier("convnext_tiny"),
    "vit_b_16": _classifier("vit_b_16", 64, None, image_size=64, num_classes=10),
    "swin_t": _classifier("swin_t", 64, 96),
    "swin_v2_t": _classifier("swin_v2_t", 64, None),
    "maxvit_t": _classifier("maxvit_t", 224, None),
    "deeplabv3_mobilenet_v3_large": _segmentation("deeplabv3_mobilenet_v3_large"),
    "fcn_resnet50": _segmentation("fcn_resnet50"),
    "lraspp_mobilenet_v3_large": _segmentation("lraspp_mobilenet_v3_large"),
    "lraspp_dictionary": _segmentation_dictionary,
    "ssdlite320_mobilenet_v3_large": _detector("ssdlite320_mobilenet_v3_large", 96, score_thresh=0.45),
    "fasterrcnn_mobilenet_v3_large_320_fpn": _detector(
        "fasterrcnn_mobilenet_v3_large_320_fpn", 96, min_size=96, max_size=128),
}
