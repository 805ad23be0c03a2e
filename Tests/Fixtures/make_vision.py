"""Golden post-processing: what Ultralytics makes of raw outputs, for Tests/VisionTests.

Writes vision/vision.json (options and what is found; masks as lengths of runs, no first) and
vision/vision.safetensors (the raw outputs).
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "Interop"))
import vision_reference

import torch
from safetensors.torch import save_file

torch.manual_seed(5)
CASES, TENSORS, LETTERBOXES = [], {}, []


def scene(classes, extras, size, pictures=1, clusters=7, each=24):
    """Boxes in heaps of neighbours, and what else a raw output holds: [pictures, 4 + classes + extras, A]."""
    height, width = size
    results = []
    for _ in range(pictures):
        centres = torch.rand(clusters, 2) * torch.tensor([width, height])
        sizes = torch.rand(clusters, 2) * torch.tensor([width, height]) * 0.5 + 6
        x = (centres[:, None] + torch.randn(clusters, each, 2) * 3).reshape(-1, 2)
        wh = (sizes[:, None] * (1 + torch.randn(clusters, each, 2) * 0.15)).reshape(-1, 2)
        scores = torch.rand(clusters * each, classes) ** 3
        results.append(torch.cat([x, wh, scores, torch.randn(clusters * each, extras)], 1).T)
    return torch.stack(results).contiguous()


def runs(mask):
    """Lengths of stretches of no and yes in turn, row by row."""
    flat = mask.ravel()
    edges = [0, *(i for i in range(1, len(flat)) if flat[i] != flat[i - 1]), len(flat)]
    lengths = [int(b - a) for a, b in zip(edges, edges[1:])]
    return lengths if flat[0] == 0 else [0, *lengths]


def case(name, task, outputs, class_count, size, picture_size, keypoint_shape=None, retina=False, **options):
    found = vision_reference.find(
        outputs, task, class_count, size, picture_size, keypoint_shape, retina, **options)
    assert found, name
    for thing in found:
        if "mask" in thing:
            thing["maskSize"], thing["mask"] = list(thing["mask"].shape), runs(thing["mask"])
    keys = []
    for index, tensor in enumerate(outputs):
        kept = [key for key, other in TENSORS.items() if other is tensor]
        keys.append(kept[0] if kept else f"{name}/{index}")
        TENSORS[keys[-1]] = tensor
    entry = {
        "name": name, "task": task, "outputs": keys, "input": list(size), "picture": list(picture_size),
        "retina": retina, "options": options, "found": found,
    }
    if keypoint_shape:
        entry["keypoints"] = list(keypoint_shape)
    CASES.append(entry)


SIZE, PICTURE = (96, 128), (301, 517)
plain = [scene(5, 0, SIZE)]
case("detect", "detect", plain, 5, SIZE, PICTURE)
case("small", "detect", plain, 5, SIZE, (31, 17))
case("low", "detect", plain, 5, SIZE, PICTURE, conf_thres=0.01, iou_thres=0.3)
case("few", "detect", plain, 5, SIZE, PICTURE, max_det=4)
case("candidates", "detect", plain, 5, SIZE, PICTURE, conf_thres=0.05, max_nms=30)
case("agnostic", "detect", plain, 5, SIZE, PICTURE, agnostic=True, iou_thres=0.5)
case("classes", "detect", plain, 5, SIZE, PICTURE, classes=[1, 3])
case("labels", "detect", plain, 5, SIZE, PICTURE, conf_thres=0.05, multi_label=True)
case("one", "detect", [scene(1, 0, SIZE)], 1, SIZE, PICTURE, multi_label=True)
# Far classes, where the offset costs bits.
case("many", "detect", [scene(80, 0, SIZE, each=8)], 80, SIZE, PICTURE, conf_thres=0.5, multi_label=True)

odd = scene(3, 0, SIZE)
odd[0, 4:, :60] = (odd[0, 4:, :60] * 8).round() / 8  # equal scores
odd[0, 5, 3] = float("nan")
odd[0, 0, 7] = float("inf")
case("odd", "detect", [odd], 3, SIZE, PICTURE)

finished = torch.cat([torch.rand(1, 20, 2) * 50, torch.rand(1, 20, 2) * 50 + 60, torch.rand(1, 20, 1),
                      torch.randint(0, 4, (1, 20, 1)).float()], 2)
case("finished", "detect", [finished], 4, SIZE, PICTURE)
case("finishedFew", "detect", [finished], 4, SIZE, PICTURE, classes=[0, 2], max_det=5)

for picture, name in ((PICTURE, "wide"), ((150, 70), "high"), ((96, 128), "same"), ((90, 128), "padded")):
    prototypes = torch.nn.functional.avg_pool2d(torch.randn(1, 8, 30, 38), 7, 1) * 3
    outputs = [scene(3, 8, SIZE, each=6), prototypes]
    case(f"mask.{name}", "segment", outputs, 3, SIZE, picture)
    case(f"mask.{name}.retina", "segment", outputs, 3, SIZE, picture, retina=True)

case("pose", "pose", [scene(1, 15, SIZE)], 1, SIZE, PICTURE, keypoint_shape=(5, 3))
case("pose.flat", "pose", [scene(2, 8, SIZE)], 2, SIZE, PICTURE, keypoint_shape=(4, 2))

for picture_size in ((480, 640), (1080, 1920), (1, 3000), (3000, 1), (640, 640), (333, 517), (97, 31), (5, 5)):
    for target in ((640, 640), (160, 224), (33, 31)):
        for options in ({}, {"auto": True}, {"auto": True, "stride": 8}, {"scaleup": False}):
            LETTERBOXES.append({
                "picture": list(picture_size), "target": list(target), "options": options,
                "result": vision_reference.letterbox(picture_size, target, **options),
            })

folder = HERE / "vision"
folder.mkdir(exist_ok=True)
save_file(TENSORS, folder / "vision.safetensors")
body = {"cases": CASES, "letterboxes": LETTERBOXES}
parts = [
    f'"{key}": [\n' + ",\n".join(json.dumps(entry) for entry in entries) + "\n]" for key, entries in body.items()
]
(folder / "vision.json").write_text("{" + ",\n".join(parts) + "}\n")
