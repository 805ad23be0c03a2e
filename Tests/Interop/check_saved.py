"""Compares what PyTorch, and ncnn after PNNX, make of the archives that Martlet saves of its own models.

    check_saved.py [--only NAME …] [--keep FOLDER]
"""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import numpy as np
import torch

import ncnn_check
from archive_check import arguments, difference, folder, report
from case import array, flatten

PROBE, MARTLET = os.environ.get("PROBE", ""), os.environ.get("MARTLET", "")
# Name: the example's sizes, a second size, whether ncnn takes it.
MODELS = {
    "resnet18": ((1, 3, 64, 64), (1, 3, 96, 128), True),
    "resnet50": ((1, 3, 64, 64), (2, 3, 96, 64), False),
    "mobilenet_v2": ((1, 3, 64, 64), (1, 3, 96, 128), True),
    "squeezenet1_0": ((1, 3, 64, 64), (2, 3, 96, 96), False),
    "squeezenet1_1": ((1, 3, 64, 64), (1, 3, 128, 96), True),
    "vgg11_bn": ((1, 3, 32, 32), None, False),
    "vit_b_16": ((1, 3, 224, 224), None, False),
    "bert": ((2, 23), (3, 11), False),
}


def command(*words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else str(words))


def make_input(name, sizes):
    generator = torch.Generator().manual_seed(5)
    if name == "bert":
        return torch.randint(1, 1000, sizes, generator=generator)
    return torch.randn(sizes, generator=generator)


def swift_outputs(name, path, index):
    """What the Swift model gives, compiled for two threads."""
    prefix = path / f"{name}-{index}-"
    command(PROBE, name, "--seed", 0, "--input", path / f"in{index}.npy", "--output", prefix)
    found = sorted(path.glob(f"{name}-{index}--2-*.npy"))
    return [np.load(file) for file in found]


def check(name, path):
    first, second, has_ncnn = MODELS[name]
    problems = {}
    archive = path / f"{name}.pt"
    shape = ",".join(map(str, first))
    command(MARTLET, "trace", name, "--seed", 0, "--shape", shape, "--output", archive)
    module = torch.jit.load(archive)
    outputs = []
    for index, sizes in enumerate([first, second]):
        if sizes is None:
            continue
        values = make_input(name, sizes)
        np.save(path / f"in{index}.npy", values.numpy())
        expected = swift_outputs(name, path, index)
        outputs.append((values.numpy(), expected))
        with torch.no_grad():
            got = [array(leaf) for leaf in flatten(module(values))]
        problem = difference(got, expected, 1e-4)
        if problem:
            problems[f"torch {list(sizes)}"] = problem
    if has_ncnn:
        # First as it stands; then for both sizes.
        for second_sizes in ((), [second]):
            model = ncnn_check.convert(archive, [first] if second_sizes else (), second_sizes)
            for values, expected in outputs if second_sizes else outputs[:1]:
                problem = ncnn_check.compare(model, values, expected)
                if problem:
                    problems[f"ncnn {list(values.shape)}"] = problem
    return problems


def check_resaved_yolo(path):
    """Ultralytics' export, loaded and saved again by Martlet, then through PNNX. It fixes the size."""
    import models_ultralytics
    from case import evaluate, seeded

    case = seeded(models_ultralytics.MODELS["yolov8n"])
    torch.jit.save(case.module, str(path / "yolo.pt"))
    archive = path / "yolov8n.pt"
    command(MARTLET, "convert", path / "yolo.pt", "--output", archive)
    values = case.inputs[0]
    model = ncnn_check.convert(archive, [values.shape])
    problem = ncnn_check.compare(model, values.numpy(), evaluate(case.module, case.inputs))
    return {"ncnn": problem} if problem else {}


def main():
    options = arguments()
    path, temporary = folder(options.keep)
    found = {}
    for name in options.only or [*MODELS, "yolov8n"]:
        try:
            found[name] = check_resaved_yolo(path) if name == "yolov8n" else check(name, path)
        except Exception as error:
            found[name] = {"check": f"{type(error).__name__}: {error}"}
    sys.exit(report(found) > 0)


if __name__ == "__main__":
    main()
