"""Compares what Swift finds in pictures with what Ultralytics finds.

First the digit detector of Examples/Digits on its held-out canvases: Swift's YOLOv8 with the committed
weights, traced, saved, loaded and compiled, and Swift's post-processing, against Ultralytics' network and
post-processing; and the mAP of Swift's boxes against the one stated in detector.json. Ultralytics also
runs the archive that Swift saved. Then random raw outputs of every kind, options and sizes.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
DIGITS = pathlib.Path(__file__).parents[2] / "Examples" / "Digits"
sys.path.append(str(DIGITS))
import vision_reference

import numpy as np
import torch
from safetensors.torch import load_file
from ultralytics import YOLO
from ultralytics.engine.validator import BaseValidator
from ultralytics.utils.metrics import ap_per_class, box_iou

import canvases
import yolo_models
from tally import Tally

PROBE = os.environ["PROBE"]
COMPARED, MEASURED = 100, 200
tally = Tally()
check = tally.check


def probe(folder, jobs, network=None):
    path = folder / "jobs.json"
    path.write_text(json.dumps({"network": network, "jobs": jobs}))
    done = subprocess.run([PROBE, "vision", path], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def difference(found, expected, tolerance=1e-3):
    """How two lists of things differ, or None; things of equal scores may change places."""
    if len(found) != len(expected):
        return f"{len(found)} things, expected {len(expected)}"
    rest = list(expected)
    for thing in found:
        fitting = [
            other for other in rest
            if other["label"] == thing["label"] and abs(other["score"] - thing["score"]) <= tolerance
            and overlap(thing["box"], other["box"]) > 0.99
        ]
        if not fitting:
            return f"{thing['label']} at {thing['box']} ({thing['score']:.4f}) is not expected"
        other = fitting[0]
        rest = [one for one in rest if one is not other]
        problem = part_difference(thing, other)
        if problem:
            return problem
    return None


def overlap(one, other):
    if np.allclose(one, other, atol=1e-3):
        return 1.0  # boxes without an area too
    return float(box_iou(torch.tensor([one]), torch.tensor([other]))[0, 0])


def part_difference(thing, other):
    if "mask" in other:
        lengths = thing["mask"]
        flat = np.repeat(np.arange(len(lengths)) % 2, lengths)
        differing = int((flat != other["mask"].ravel()).sum())
        if differing > max(2, other["mask"].sum() / 200):
            return f"{differing} of {other['mask'].sum()} pixels of a mask differ"
    if "keypoints" in other and not np.allclose(thing["keypoints"], other["keypoints"], atol=1e-2):
        return "key points differ"
    return None


# The digit detector.


def padded(picture):
    """A canvas in the network's square, as letterboxing places it; and where."""
    place = vision_reference.letterbox(picture.shape[:2], (canvases.SIDE, canvases.SIDE))
    square = np.full((canvases.SIDE, canvases.SIDE, 3), 114, np.uint8)
    rows, columns = picture.shape[:2]
    square[place["top"] : place["top"] + rows, place["left"] : place["left"] + columns] = picture
    return square, place


def mean_precision(found, truths):
    """mAP50 and mAP50-95 of things found in pictures, by Ultralytics' functions."""

    class Thresholds:
        iouv = torch.linspace(0.5, 0.95, 10)

    hits, scores, labels = [], [], []
    for things, truth in zip(found, truths):
        classes = torch.tensor([thing["label"] for thing in things])
        if len(things):
            boxes = torch.tensor([thing["box"] for thing in things])
            overlaps = box_iou(torch.tensor(truth[:, 1:], dtype=torch.float32), boxes)
            correct = BaseValidator.match_predictions(
                Thresholds(), classes, torch.tensor(truth[:, 0]), overlaps)
            hits.append(correct.numpy())
        scores += [thing["score"] for thing in things]
        labels += classes.tolist()
    targets = np.concatenate([truth[:, 0] for truth in truths])
    precision = ap_per_class(np.concatenate(hits), np.array(scores), np.array(labels), targets)[5]
    return float(precision[:, 0].mean()), float(precision.mean())


def check_digits(folder):
    stated = json.loads((DIGITS / "detector.json").read_text())
    size = (canvases.SIDE, canvases.SIDE)
    model = yolo_models.narrow(
        depth=stated["depth"], width=stated["width"], max_channels=stated["maxChannels"],
        classes=len(stated["labels"])).eval()
    model.load_state_dict(load_file(DIGITS / "detector.safetensors"))
    archive = folder / "digits.torchscript"
    network = {
        "weights": str(DIGITS / "detector.safetensors"), "input": size, "archive": str(archive),
        **{key: stated[key] for key in ("depth", "width", "maxChannels", "labels")},
    }
    measuring = {"conf_thres": 0.001, "multi_label": True}
    source = canvases.Canvases(canvases.HELD_OUT)
    jobs, expected, theirs, truths, pictures = [], [], [], [], []
    for index in range(MEASURED):
        picture, objects = source.make(index)
        square, place = padded(picture)
        np.save(folder / f"{index}.npy", picture)
        np.save(folder / f"{index}-square.npy", square)
        tensor = torch.from_numpy(square.transpose(2, 0, 1)[None].copy()).float() / 255
        with torch.no_grad():
            raw = model(tensor)
        if index < COMPARED:
            pictures.append(picture)
            expected.append(vision_reference.find([raw], "detect", 0, size, picture.shape[:2]))
            jobs.append({
                "pixels": str(folder / f"{index}.npy"), "task": "detect", "input": size,
                "picture": picture.shape[:2], "options": {},
            })
        theirs.append(vision_reference.find([raw], "detect", 0, size, size, **measuring))
        truths.append(objects + np.array([0, *[place["left"], place["top"]] * 2]))
    compared = len(jobs)
    jobs += [
        {"pixels": str(folder / f"{index}-square.npy"), "task": "detect", "input": size,
         "picture": size, "options": measuring} for index in range(MEASURED)
    ]
    found = probe(folder, jobs, network)
    for index in range(compared):
        check(f"canvas {index}", difference(found[index], expected[index]))
    count = sum(map(len, expected))
    check("canvases", None if count > 3 * compared else f"only {count} things on {compared} canvases")

    ours, reference = mean_precision(found[compared:], truths), mean_precision(theirs, truths)
    want = stated["mAP50"], stated["mAP50-95"]
    print(f"{count} digits compared; mAP50 {ours[0]:.5f}, mAP50-95 {ours[1]:.5f} from Swift's boxes, "
          f"{reference[0]:.5f}, {reference[1]:.5f} from PyTorch's, {want[0]:.5f}, {want[1]:.5f} stated")
    check("mAP against PyTorch's", None if np.allclose(ours, reference, atol=1e-4) else f"{ours}, {reference}")
    # The validator does not clip boxes to the picture.
    check("mAP against the stated one", None if np.allclose(ours, want, atol=5e-4) else f"{ours}, {want}")
    check_archive(archive, pictures[:10], found, stated["labels"])
    check_pictures(stated, source)


def check_archive(archive, pictures, found, labels):
    """Ultralytics runs what Swift saved, with the task, labels and sizes that Swift wrote."""
    model = YOLO(str(archive), task="detect")
    for index, picture in enumerate(pictures):
        result = model.predict(picture[:, :, ::-1], device="cpu", verbose=False, imgsz=canvases.SIDE)[0]
        boxes = [
            {"label": int(label), "box": box, "score": score} for label, box, score in zip(
                result.boxes.cls.tolist(), result.boxes.xyxy.tolist(), result.boxes.conf.tolist())
        ]
        check(f"Swift's archive in Ultralytics, canvas {index}", difference(found[index], boxes))
    names = [model.names[index] for index in range(len(labels))]
    check("labels in the archive", None if names == labels else names)


def check_pictures(stated, source):
    """The committed pictures are the canvases of their numbers."""
    import cv2

    for entry in json.loads((DIGITS / "canvases" / "expected.json").read_text()):
        picture = cv2.imread(str(DIGITS / "canvases" / entry["picture"]))[:, :, ::-1]
        made, objects = source.make(entry["canvas"])
        same = picture.shape == made.shape and np.abs(picture.astype(int) - made).max() <= 1
        check(entry["picture"], None if same else "is not the canvas that the script makes")


# Raw outputs at random.


def random_job(folder, index):
    random = np.random.default_rng(index)
    generator = torch.Generator().manual_seed(index)
    size = tuple(int(32 * side) for side in random.integers(1, 7, 2))
    picture = tuple(int(side) for side in random.integers(1, 400, 2))
    task = ["detect", "segment", "pose"][index % 3]
    classes, anchors = int(random.integers(1, 12)), int(random.integers(7, 400))
    shape = (int(random.integers(1, 9)), int(random.integers(2, 4)))
    extras = {"detect": 0, "segment": 6, "pose": shape[0] * shape[1]}[task]
    raw = torch.cat([
        torch.rand(1, 2, anchors, generator=generator) * max(size),
        torch.rand(1, 2, anchors, generator=generator) * max(size) / 2 + 4,
        torch.rand(1, classes, anchors, generator=generator) ** 2,
        torch.randn(1, extras, anchors, generator=generator),
    ], 1)
    outputs = [raw]
    if task == "segment":
        outputs.append(torch.nn.functional.interpolate(
            torch.randn(1, 6, 4, 5, generator=generator), (size[0] // 4, size[1] // 4), mode="bicubic"))
    options = {"conf_thres": float(random.choice([0.05, 0.25, 0.6])), "iou_thres": float(random.choice([0.3, 0.7]))}
    if random.random() < 0.3:
        options["agnostic"] = True
    if random.random() < 0.3:
        options["multi_label"] = True
    if random.random() < 0.3:
        options["classes"] = [int(label) for label in random.integers(0, classes, 2)]
    if random.random() < 0.3:
        options["max_det"] = 5
    job = {
        "outputs": [], "task": task, "keypoints": shape, "input": size, "picture": picture,
        "retina": bool(random.random() < 0.5), "options": options,
    }
    for place, tensor in enumerate(outputs):
        job["outputs"].append(str(folder / f"raw{index}-{place}.npy"))
        np.save(job["outputs"][-1], tensor.numpy())
    expected = vision_reference.find(
        outputs, task, classes, size, picture, shape, job["retina"], **options)
    return job, expected


def check_random(folder):
    made = [random_job(folder, index) for index in range(90)]
    for index, (found, (job, expected)) in enumerate(zip(probe(folder, [job for job, _ in made]), made)):
        check(f"raw outputs {index} ({job['task']}, {job['options']})", difference(found, expected))


with tempfile.TemporaryDirectory() as path:
    check_digits(pathlib.Path(path))
    check_random(pathlib.Path(path))
tally.finish()
