"""What Ultralytics makes of a network's raw outputs: the steps of its predictors, by its own functions."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import torchvision_operators

import os

os.environ.setdefault("YOLO_VERBOSE", "false")
os.environ.setdefault("YOLO_OFFLINE", "true")

import numpy as np
import torch
import torchvision  # noqa: F401  (its nms is what Ultralytics then takes)
from ultralytics.data.augment import LetterBox
from ultralytics.utils import nms, ops

torchvision_operators.enable()


def find(outputs, task, class_count, input_size, picture_size, keypoint_shape=None, retina=False, **options):
    """Things found in one picture; sizes are (height, width), options those of non_max_suppression.

    Each is a dictionary of box, label, score and, where the task has them, mask and keypoints.
    """
    options = {"conf_thres": 0.25, "iou_thres": 0.7, "max_time_img": 100.0} | options
    count = 0 if task == "detect" else class_count
    rows = nms.non_max_suppression(outputs[0].clone(), nc=count, **options)[0]
    masks = keypoints = None
    inside = rows[:, :4].clone()
    rows[:, :4] = ops.scale_boxes(input_size, rows[:, :4], picture_size)
    if task == "segment" and len(rows):
        prototypes = outputs[1][0]
        if retina:
            masks = ops.process_mask_native(prototypes, rows[:, 6:], rows[:, :4], picture_size)
        else:
            masks = ops.process_mask(prototypes, rows[:, 6:], inside, input_size, upsample=True)
        keep = masks.amax((-2, -1)) > 0
        rows, masks = rows[keep], masks[keep]
    if task == "pose":
        keypoints = ops.scale_coords(
            input_size, rows[:, 6:].reshape(len(rows), *keypoint_shape), picture_size)
    found = []
    for index, row in enumerate(rows):
        thing = {"box": row[:4].tolist(), "label": int(row[5]), "score": float(row[4])}
        if masks is not None:
            thing["mask"] = masks[index].numpy().astype(np.uint8)
        if keypoints is not None:
            thing["keypoints"] = keypoints[index].tolist()
        found.append(thing)
    return found


def letterbox(picture_size, target_size, **options):
    """Where a picture lies in a network's input; sizes are (height, width)."""
    box = LetterBox(new_shape=target_size, **options)
    values = box.get_params({"img": np.zeros((*picture_size, 3), np.uint8)})
    width, height = values["new_unpad"]
    return {
        "width": width + values["left"] + values["right"],
        "height": height + values["top"] + values["bottom"],
        "scaledWidth": width, "scaledHeight": height, "left": values["left"], "top": values["top"],
        "right": values["right"], "bottom": values["bottom"], "scale": values["ratio"][0],
    }
