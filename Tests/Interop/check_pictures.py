"""`martlet classify` and `martlet detect` on picture files, beside torchvision and Ultralytics.

A seeded ResNet-18, and the digit detector that is trained; JPEG, PNG and WebP of several sizes, one of
them turned by a camera. Classes and boxes are the same, scores within 1e-4 and 1e-3, boxes overlap by
more than 0.99.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import vision_reference  # before torchvision
import yolo_models

import cv2
import numpy as np
import torch
import torchvision
from PIL import Image, ImageOps
from safetensors.torch import load_file
from torchvision import transforms
from torchvision.transforms import InterpolationMode
from ultralytics.data.augment import LetterBox

MARTLET = os.environ["MARTLET"]
DIGITS = pathlib.Path(__file__).parents[2] / "Examples" / "Digits"
CANVASES = sorted((DIGITS / "canvases").glob("*.png"))


def martlet(*arguments):
    done = subprocess.run([MARTLET, *map(str, arguments), "--json"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"martlet {' '.join(map(str, arguments))}: {done.stderr}")
    return json.loads(done.stdout)


def pictures(folder):
    """The canvases as files of other formats and sizes."""
    names = []
    for index, (path, size) in enumerate(zip(CANVASES, [(160, 160), (400, 300), (333, 517), (90, 160)])):
        image = Image.open(path).convert("RGB").resize(size, Image.BICUBIC)
        for end, options in [("png", {}), ("jpg", {"quality": 95}), ("webp", {"quality": 95})]:
            name = folder / f"{index}.{end}"
            image.save(name, **options)
            names.append(name)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = folder / "turned.jpg"
    Image.open(CANVASES[0]).convert("RGB").rotate(90, expand=True).save(turned, exif=exif, quality=95)
    return names + [turned]


def check_classify(folder, names):
    torch.manual_seed(0)
    model = torchvision.models.resnet18(weights=None).eval()
    archive = folder / "resnet18.pt"
    torch.jit.save(torch.jit.trace(model, torch.rand(1, 3, 224, 224)), archive)
    problems = []
    for mode in (InterpolationMode.BILINEAR, InterpolationMode.BICUBIC):
        prepare = transforms.Compose([
            transforms.Resize(256, interpolation=mode), transforms.CenterCrop(224),
            transforms.ToTensor(),
            transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ])
        rows = martlet("classify", archive, *names, "--top", 5, "--interpolation", mode.value)
        for name, row in zip(names, rows, strict=True):
            image = ImageOps.exif_transpose(Image.open(name)).convert("RGB")
            with torch.no_grad():
                scores, labels = model(prepare(image)[None]).softmax(1)[0].topk(5)
            mine = row["classes"]
            # Lossy decoders of two versions may differ by a level.
            close = max(abs(a["score"] - float(b)) for a, b in zip(mine, scores)) < 1e-4
            if [item["label"] for item in mine] != labels.tolist() or not close:
                problems.append(f"classify {name.name} {mode.value}: {mine}, {labels}, {scores}")
    return problems


def overlap(a, b):
    across = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    down = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    area = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return across * down / (area - across * down)


def check_detect(folder, names):
    about = json.loads((DIGITS / "detector.json").read_text())
    model = yolo_models.narrow(
        depth=about["depth"], width=about["width"], max_channels=about["maxChannels"], classes=10)
    weights = load_file(DIGITS / "detector.safetensors")
    model.load_state_dict({name: tensor.float() for name, tensor in weights.items()}, strict=False)
    model.eval()
    height, width = about["imageSize"]
    archive = folder / "digits.torchscript"
    config = {"task": "detect", "names": dict(enumerate(about["labels"])), "imgsz": [height, width],
              "stride": 32, "batch": 1}
    with torch.no_grad():
        traced = torch.jit.trace(model, torch.zeros(1, 3, height, width), check_trace=False)
    torch.jit.save(traced, archive, _extra_files={"config.txt": json.dumps(config)})
    problems = []
    count = 0
    rows = martlet("detect", archive, *names, "--output", folder / "found")
    for name, row in zip(names, rows, strict=True):
        source = cv2.imread(str(name))
        boxed = LetterBox(new_shape=(height, width), auto=False)(image=source)
        pixels = torch.from_numpy(np.ascontiguousarray(boxed[..., ::-1].transpose(2, 0, 1))).float() / 255
        with torch.no_grad():
            output = model(pixels[None])
        output = output[0] if isinstance(output, (tuple, list)) else output
        found = vision_reference.find(
            [output], "detect", 10, (height, width), source.shape[:2], conf_thres=0.25)
        mine = row["detections"]
        count += len(found)
        if [item["label"] for item in mine] != [item["label"] for item in found]:
            problems.append(f"detect {name.name}: {mine}, {found}")
            continue
        for a, b in zip(mine, found):
            if overlap(a["box"], b["box"]) < 0.99 or abs(a["score"] - b["score"]) > 1e-3:
                problems.append(f"detect {name.name}: {a}, {b}")
        if Image.open(row["output"]).size != source.shape[1::-1]:
            problems.append(f"detect {name.name}: the drawn picture has another size")
    if count < len(names):
        problems.append(f"detect: only {count} digits in {len(names)} pictures")
    return problems, count


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        names = pictures(folder)
        problems, count = check_detect(folder, names)
        problems += check_classify(folder, names)
    for problem in problems:
        print(problem)
    print(f"{len(names)} pictures, {count} digits found, {len(problems)} problems")
    sys.exit(bool(problems))


main()
