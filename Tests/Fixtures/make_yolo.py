"""Golden YOLOv8s: what Ultralytics' seeded models hold, print and compute, for Tests/ModelsTests; and a canvas of
digits for Tests/VisionTests.

Writes models/yolo.json (text, names, shapes and a checksum of the bits of each weight), models/yolo.safetensors (inputs
and outputs) and vision/canvas.safetensors (the pixels of Examples/Digits/canvases/2.png).
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "Interop"))
sys.path.append(str(HERE.parents[1] / "Examples" / "Digits"))
import yolo_models

import torch
from safetensors.torch import save_file

import canvases

TENSORS, CASES = {}, {}
# Name: the arguments of yolo_models.narrow.
MODELS = {
    "detect": {},
    "segment": {"kind": "seg", "classes": 2, "width": 0.1},
    "pose": {"kind": "pose", "classes": 1, "kpt_shape": [5, 3]},
    "pose.flat": {"kind": "pose", "classes": 2, "kpt_shape": [4, 2], "max_channels": 128},
    "classify": {"kind": "cls", "classes": 7, "max_channels": 1024},
    "deep": {"depth": 0.67, "width": 0.06},
}


def checksum(tensor):
    kind = torch.int32 if tensor.dtype == torch.float32 else torch.int64
    bits = tensor.contiguous().view(kind).flatten().tolist()
    mask = 0xFFFFFFFF if kind == torch.int32 else 0xFFFFFFFFFFFFFFFF
    return sum((bit & mask) * (place + 1) for place, bit in enumerate(bits)) % 2**64


for seed, (name, arguments) in enumerate(MODELS.items()):
    torch.manual_seed(seed)
    model = yolo_models.narrow(**arguments)
    picture = torch.rand(1, 3, 64, 32, generator=torch.Generator().manual_seed(seed))
    CASES[name] = {
        "seed": seed, "repr": repr(model),
        "state": [
            {"name": key, "sizes": list(value.shape), "checksum": str(checksum(value))}
            for key, value in model.state_dict().items()
        ],
    }
    with torch.no_grad():
        outputs = model.eval()(picture)
    TENSORS[f"{name}/in"] = picture
    for index, output in enumerate(outputs if isinstance(outputs, tuple) else (outputs,)):
        TENSORS[f"{name}/out/{index}"] = output.contiguous()

save_file(TENSORS, HERE / "models" / "yolo.safetensors")
lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in CASES.items())
(HERE / "models" / "yolo.json").write_text("{\n" + lines + "\n}\n")
pictures = json.loads((HERE.parents[1] / "Examples" / "Digits" / "canvases" / "expected.json").read_text())
picture, _ = canvases.Canvases(canvases.HELD_OUT).make(pictures[2]["canvas"])
save_file({"pixels": torch.from_numpy(picture)}, HERE / "vision" / "canvas.safetensors")
