"""Trains a narrow YOLOv8 that finds handwritten digits, and writes what the Swift side needs.

    python Examples/Digits/train_detector.py [--folder /tmp/digits] [--epochs 32] [--canvases 2000]
    python Examples/Digits/train_detector.py --weights digits/weights/last.pt   # only writes

Needs ultralytics, safetensors and scikit-learn (`make interop` puts them into .venv). Trains from
scratch on one CPU thread, in about half an hour. Writes beside itself:

    detector.safetensors     the weights, float16, with Ultralytics' names
    detector.json            the network's sizes, its labels, and how well it does
    canvases/N.png           a few of the held-out canvases
    canvases/expected.json   what Ultralytics finds on them, and what is there
"""

import argparse
import json
import os
import random
import sys
from pathlib import Path

os.environ.setdefault("YOLO_OFFLINE", "true")
os.environ.setdefault("YOLO_AUTOINSTALL", "false")

sys.path.append(str(Path(__file__).parents[2] / "Tests" / "Interop"))
import torchvision_operators  # before ultralytics, which asks for torchvision's operators

import cv2
import numpy as np
import torch
import ultralytics
import yaml
from safetensors.torch import save_file
from ultralytics import YOLO

from canvases import HELD_OUT, SEED, SIDE, TRAINING, Canvases

DEPTH, WIDTH, MAX_CHANNELS = 0.33, 0.125, 512
LABELS = [str(digit) for digit in range(10)]
HELD_OUT_CANVASES = 200
PICTURES = [0, 2, 3, 4, 11, 15, 17]


def write_canvases(folder, split, count):
    """Pictures and labels as Ultralytics reads them."""
    canvases = Canvases(split)
    name = ["train", "val"][split]
    (folder / "images" / name).mkdir(parents=True, exist_ok=True)
    (folder / "labels" / name).mkdir(parents=True, exist_ok=True)
    for index in range(count):
        picture, objects = canvases.make(index)
        cv2.imwrite(str(folder / "images" / name / f"{index:05}.png"), picture[:, :, ::-1])
        rows, columns = picture.shape[:2]
        lines = [
            f"{int(label)} {(x1 + x2) / 2 / columns:.6f} {(y1 + y2) / 2 / rows:.6f}"
            f" {(x2 - x1) / columns:.6f} {(y2 - y1) / rows:.6f}\n"
            for label, x1, y1, x2, y2 in objects
        ]
        (folder / "labels" / name / f"{index:05}.txt").write_text("".join(lines))


def write_data(folder, count):
    """The data set's and the network's description; their paths."""
    write_canvases(folder, TRAINING, count)
    write_canvases(folder, HELD_OUT, HELD_OUT_CANVASES)
    names = dict(enumerate(LABELS))
    data = {"path": str(folder), "train": "images/train", "val": "images/val", "names": names}
    (folder / "digits.yaml").write_text(yaml.safe_dump(data))
    source = Path(ultralytics.__file__).parent / "cfg" / "models" / "v8" / "yolov8.yaml"
    network = yaml.safe_load(source.read_text())
    network["nc"] = len(LABELS)
    network["scales"] = {"n": [DEPTH, WIDTH, MAX_CHANNELS]}
    (folder / "yolov8n-digits.yaml").write_text(yaml.safe_dump(network))
    return folder / "digits.yaml", folder / "yolov8n-digits.yaml"


def train(folder, network, data, epochs):
    model = YOLO(str(network), task="detect")
    model.train(
        data=str(data), epochs=epochs, imgsz=SIDE, batch=16, nbs=16, workers=0, cache=False,
        device="cpu", seed=SEED, optimizer="AdamW", lr0=4e-3, lrf=0.02, cos_lr=True,
        warmup_epochs=1, amp=False, val=False, plots=False, project=str(folder), name="run",
        exist_ok=True, mosaic=0, fliplr=0, scale=0.15, translate=0.08, hsv_h=0.03,
    )
    return folder / "run" / "weights" / "last.pt"


def rounded(path):
    """The trained network with its weights as float16 holds them, computing in float32."""
    model = YOLO(str(path), task="detect")
    network = model.model.float().eval()
    state = {
        name: tensor.half() if tensor.is_floating_point() else tensor
        for name, tensor in network.state_dict().items()
    }
    network.load_state_dict(state)
    return model, {name: tensor.contiguous() for name, tensor in state.items()}


def measure(model, data, folder):
    """mAP on the held-out canvases, each padded to the network's square."""
    found = model.val(
        data=str(data), imgsz=SIDE, batch=8, workers=0, device="cpu", rect=False, plots=False,
        project=str(folder), name="val", exist_ok=True, verbose=False,
    )
    return {"mAP50": round(float(found.box.map50), 5), "mAP50-95": round(float(found.box.map), 5)}


def boxes(model, picture):
    """What Ultralytics finds on a picture: label, box and score, best first."""
    result = model.predict(
        picture[:, :, ::-1], imgsz=SIDE, rect=False, device="cpu", verbose=False, save=False
    )[0]
    return [
        {"label": int(label), "box": [round(v, 4) for v in box], "score": round(score, 6)}
        for label, box, score in zip(
            result.boxes.cls.tolist(), result.boxes.xyxy.tolist(), result.boxes.conf.tolist()
        )
    ]


def write_pictures(model, folder):
    """A few held-out canvases, what is on them, and what the network finds."""
    folder.mkdir(exist_ok=True)
    canvases = Canvases(HELD_OUT)
    expected = []
    for place, index in enumerate(PICTURES):
        picture, objects = canvases.make(index)
        cv2.imwrite(
            str(folder / f"{place}.png"), picture[:, :, ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9]
        )
        there = [{"label": int(label), "box": list(map(float, box))} for label, *box in objects]
        expected.append({
            "picture": f"{place}.png", "canvas": index, "found": boxes(model, picture),
            "there": there,
        })
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, default=Path("/tmp/digits"))
    parser.add_argument("--epochs", type=int, default=32)
    parser.add_argument("--canvases", type=int, default=2000)
    parser.add_argument("--weights", type=Path, help="a checkpoint to write from, without training")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torchvision_operators.enable()
    random.seed(SEED)
    np.random.seed(SEED)

    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    data, network = write_data(folder, options.canvases)
    weights = options.weights or train(folder, network, data, options.epochs)

    here = Path(__file__).parent
    model, state = rounded(weights)
    figures = measure(model, data, folder)
    save_file(state, here / "detector.safetensors")
    description = {
        "task": "detect", "depth": DEPTH, "width": WIDTH, "maxChannels": MAX_CHANNELS,
        "imageSize": [SIDE, SIDE], "labels": LABELS, "heldOutCanvases": HELD_OUT_CANVASES,
        **figures,
    }
    (here / "detector.json").write_text(json.dumps(description, indent=1) + "\n")
    write_pictures(model, here / "canvases")
    count = sum(tensor.numel() for tensor in state.values())
    print(f"{count} numbers, mAP50 {figures['mAP50']:.4f}, mAP50-95 {figures['mAP50-95']:.4f}")


if __name__ == "__main__":
    sys.exit(main())
