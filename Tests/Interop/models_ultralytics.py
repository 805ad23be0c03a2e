"""Ultralytics' models from their YAML files, as its TorchScript export traces them."""

import torchvision_operators  # noqa: F401

import json
import os

os.environ.setdefault("YOLO_VERBOSE", "false")
os.environ.setdefault("YOLO_OFFLINE", "true")

import torch
from ultralytics.nn.modules import C2f, Classify, Detect
from ultralytics.nn.tasks import (
    ClassificationModel, DetectionModel, OBBModel, PoseModel, SegmentationModel)

from case import Case, disturb

_KINDS = {
    "": DetectionModel, "-seg": SegmentationModel, "-pose": PoseModel, "-cls": ClassificationModel,
    "-obb": OBBModel,
}


def _export(version, kind="", size=64, dynamic=False, fuse=True):
    """What `yolo export format=torchscript` does with a model (ultralytics/engine/exporter.py)."""

    def make():
        model = disturb(_KINDS[kind](f"{version}{kind}.yaml", verbose=False))
        for parameter in model.parameters():
            parameter.requires_grad = False
        model.float()
        if fuse:
            model = model.fuse(verbose=False)
        for module in model.modules():
            if isinstance(module, Classify):
                module.export = True
            if isinstance(module, Detect):
                module.dynamic, module.export, module.format = dynamic, True, "torchscript"
            elif isinstance(module, C2f):
                module.forward = module.forward_split if dynamic else module.forward
        picture = torch.rand(1, 3, size, size)
        for _ in range(2):
            model(picture)
        module = torch.jit.trace(model, picture, strict=False, check_trace=False)
        metadata = json.dumps({"task": model.task if hasattr(model, "task") else "", "imgsz": [size, size]})
        second = (torch.rand(2, 3, size + 32, size + 64),) if dynamic else None
        return Case(module, (picture,), second, extra_files={"config.txt": metadata})

    return make


MODELS = {
    "yolov5n": _export("yolov5n"),
    "yolov8n": _export("yolov8n"),
    "yolov8n_dynamic": _export("yolov8n", dynamic=True),
    "yolov8n_unfused": _export("yolov8n", fuse=False),
    "yolov8n_seg": _export("yolov8n", "-seg"),
    "yolov8n_pose": _export("yolov8n", "-pose"),
    "yolov8n_cls": _export("yolov8n", "-cls"),
    "yolov8n_obb": _export("yolov8n", "-obb"),
    "yolo11n": _export("yolo11n"),
    "yolo11n_dynamic": _export("yolo11n", dynamic=True),
    "yolo11n_seg": _export("yolo11n", "-seg"),
    "yolo11n_pose": _export("yolo11n", "-pose"),
    "yolo11n_cls": _export("yolo11n", "-cls"),
    "yolo12n": _export("yolo12n"),
}
