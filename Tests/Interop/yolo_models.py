"""Ultralytics' YOLOv8 from its YAML files, giving what its TorchScript export gives."""

import torchvision_operators  # noqa: F401

import os

os.environ.setdefault("YOLO_VERBOSE", "false")
os.environ.setdefault("YOLO_OFFLINE", "true")

import torch
import ultralytics
import yaml
from pathlib import Path
from ultralytics.nn.modules import Classify, Conv, Detect
from ultralytics.nn.tasks import ClassificationModel, DetectionModel, PoseModel, SegmentationModel

_KINDS = {
    "": DetectionModel, "seg": SegmentationModel, "pose": PoseModel, "cls": ClassificationModel,
}


def make(name):
    """The model of a name such as yolov8n-seg, made from the current random state."""
    base, _, kind = name.partition("-")
    # Ultralytics' own default is shared by all models, and what one sets there the next one shows.
    Conv.default_act = torch.nn.SiLU()
    return exporting(_KINDS[kind](f"{base}{'-' if kind else ''}{kind}.yaml", verbose=False))


def narrow(kind="", depth=0.33, width=0.125, max_channels=512, classes=5, **entries):
    """A model of a scale of its own."""
    Conv.default_act = torch.nn.SiLU()
    file = f"yolov8{'-' if kind else ''}{kind}.yaml"
    network = yaml.safe_load(
        (Path(ultralytics.__file__).parent / "cfg" / "models" / "v8" / file).read_text())
    network |= {"nc": classes, "scales": {"n": [depth, width, max_channels]}, "scale": "n", **entries}
    return exporting(_KINDS[kind](network, verbose=False))


def exporting(model):
    """A model whose heads give what they give in an export (ultralytics/engine/exporter.py)."""
    for module in model.modules():
        if isinstance(module, (Classify, Detect)):
            module.export = True
        if isinstance(module, Detect):
            module.format = "torchscript"
    return model
