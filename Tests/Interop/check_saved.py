"""Compares what PyTorch, and ncnn after PNNX, make of the archives that Martlet saves of its own models
with what PyTorch's own models give.

    check_saved.py [--only NAME …] [--keep FOLDER]
"""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import torch

import ncnn_check
import python_models
from archive_check import arguments, difference, folder, report
from case import array, flatten
from safetensors.torch import save_file

MARTLET = os.environ.get("MARTLET", "")
IMAGES = ((1, 3, 64, 64), (2, 3, 96, 64))
SMALL = ((1, 3, 32, 32), (2, 3, 64, 32))
# Every model of the catalogue. Name: the example's sizes, a second size, whether ncnn takes it (in
# the example's size alone, where it is fixed).
MODELS = {
    "resnet18": ((1, 3, 64, 64), (1, 3, 96, 128), True),
    "resnet34": (*IMAGES, False),
    "resnet50": (*IMAGES, False),
    "resnet101": (*IMAGES, False),
    "mobilenet_v2": ((1, 3, 64, 64), (1, 3, 96, 128), True),
    "squeezenet1_0": (*IMAGES, False),
    "squeezenet1_1": ((1, 3, 64, 64), (1, 3, 128, 96), True),
    **{f"vgg{depth}{norm}": (*SMALL, False) for depth in (11, 13, 16, 19) for norm in ("", "_bn")},
    "vit_b_16": ((1, 3, 224, 224), (2, 3, 224, 224), False),
    "mobilenet_v3_large": (*IMAGES, False),
    "mobilenet_v3_small": (*IMAGES, False),
    **{f"efficientnet_b{size}": (*IMAGES, False) for size in range(8)},
    "convnext_tiny": (*IMAGES, False),
    "convnext_small": (*SMALL, False),
    "convnext_base": (*SMALL, False),
    # One window, and several that do not fit.
    "swin_t": ((1, 3, 64, 64), (2, 3, 96, 200), False),
    "swin_s": (*SMALL, False),
    "swin_b": (*SMALL, False),
    **{f"densenet{depth}": (*IMAGES, False) for depth in (121, 161, 169, 201)},
    "inception_v3": ((1, 3, 80, 80), (2, 3, 96, 112), False),
    "inception_v3_transformed": ((1, 3, 80, 80), (2, 3, 96, 112), False),
    "deeplabv3_resnet50": (*IMAGES, False),
    "deeplabv3_resnet50_aux": (*IMAGES, False),
    "bert": ((2, 23), (3, 11), False),
    "gpt2": ((2, 23), (3, 11), False),
    # A trace fixes the grids' sizes, not the number of pictures.
    **{
        f"yolov8{scale}{kind}": ((1, 3, 64, 96), (2, 3, 64, 96), "fixed" if scale == "n" else False)
        for scale in "nsmlx" for kind in ("", "-seg", "-pose", "-cls")
    },
}


# Of several sizes of one architecture, the usual checks take the smallest.
SPARED = {
    "resnet34", "resnet101", "squeezenet1_0", "vgg11", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn",
    *(f"efficientnet_b{size}" for size in range(1, 8)), "convnext_small", "convnext_base", "swin_s", "swin_b",
    "densenet161", "densenet169", "densenet201",
    *(f"yolov8{scale}{kind}" for scale in "smlx" for kind in ("", "-seg", "-pose", "-cls")),
}


def command(*words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else str(words))


def make_input(name, sizes):
    generator = torch.Generator().manual_seed(5)
    if name in ("bert", "gpt2"):
        return torch.randint(1, 1000, sizes, generator=generator)
    return torch.randn(sizes, generator=generator)


def check(name, path):
    first, second, has_ncnn = MODELS[name]
    problems = {}
    torch.manual_seed(3)
    model = python_models.make(name)
    python_models.disturb(model)
    weights, archive = path / "weights.safetensors", path / f"{name}.pt"
    save_file({key: value.clone() for key, value in model.state_dict().items()}, weights)
    shape = ",".join(map(str, first))
    command(MARTLET, "trace", name, "--weights", weights, "--shape", shape, "--output", archive)
    weights.unlink()
    module = torch.jit.load(archive)
    outputs = []
    for sizes in (first, second):
        values = make_input(name, sizes)
        expected = [leaf.numpy() for leaf in python_models.run(model, values)]
        outputs.append((values.numpy(), expected))
        with torch.no_grad():
            got = [array(leaf) for leaf in flatten(module(values))]
        problem = difference(got, expected, 1e-4)
        if problem:
            problems[f"torch {list(sizes)}"] = problem
    if has_ncnn:
        # First as it stands; then for both sizes.
        for second_sizes in ((),) if has_ncnn == "fixed" else ((), [second]):
            converted = ncnn_check.convert(archive, [first] if second_sizes else (), second_sizes)
            for values, expected in outputs if second_sizes else outputs[:1]:
                problem = ncnn_check.compare(converted, values, expected)
                if problem:
                    problems[f"ncnn {list(values.shape)}"] = problem
    archive.unlink()
    return problems


def missing_models():
    """What the command's catalogue has and the table above has not."""
    done = subprocess.run([MARTLET, "trace", "-"], capture_output=True, text=True)
    names = done.stderr.rsplit("the models are ", 1)[-1].strip().split(", ")
    absent = sorted(set(names) - set(MODELS))
    return {"table": f"lacks {', '.join(absent)}"} if absent else {}


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
    found = {"catalogue": missing_models()} if not options.only else {}
    for name in options.only or [*(name for name in MODELS if options.all or name not in SPARED), "resaved"]:
        try:
            found[name] = check_resaved_yolo(path) if name == "resaved" else check(name, path)
        except Exception as error:
            found[name] = {"check": f"{type(error).__name__}: {error}"}
    sys.exit(report(found) > 0)


if __name__ == "__main__":
    main()
