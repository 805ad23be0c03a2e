"""Compares Martlet's seeded models with torchvision's, transformers' and Ultralytics': text, weights, outputs.

For each model: what `print` shows; the seeded weights, bit for bit; the outputs for the seeded weights,
and for weights with batch-norm statistics of their own that Swift loads from a file. Outputs are the
model's own and those of its compiled trace, which must be the same bits for one thread and for two.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from safetensors.torch import load_file, save_file

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import python_models
from tally import Tally

PROBE = os.environ["PROBE"]
SEED = 3
TOLERANCE = 1e-4
NAMES = sys.argv[1:] or [
    "resnet18", "resnet50", "mobilenet_v2", "mobilenet_v3_large", "mobilenet_v3_small", "efficientnet_b0",
    "efficientnet_b1", "squeezenet1_0", "squeezenet1_1", "vgg11_bn", "vgg16", "vit_b_16", "convnext_tiny", "swin_t",
    "densenet121", "inception_v3", "inception_v3_transformed", "deeplabv3_resnet50", "deeplabv3_resnet50_aux", "bert",
    "gpt2", "yolov8n", "yolov8s-seg", "yolov8n-pose", "yolov8m-cls",
]
tally = Tally()
check = tally.check


def probe(name, *arguments):
    done = subprocess.run([PROBE, name, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    sys.stderr.write(done.stderr)
    return done.stdout


def compare_states(folder, model):
    ours, theirs = load_file(folder / "state.safetensors"), model.state_dict()
    if sorted(ours) != sorted(theirs):
        return f"names differ: {sorted(set(ours) ^ set(theirs))[:5]}"
    different = [key for key in theirs if not torch.equal(ours[key], theirs[key])]
    return f"{len(different)} of {len(theirs)} differ, as {different[0]}" if different else None


def compare_outputs(folder, expected):
    for runner in ("", "-1-", "-2-", "-4-"):
        problem = compare_runner(folder, runner, expected)
        if problem:
            return problem
    for index in range(len(expected)):
        one, two, four = (folder / f"out-{threads}-{index}.npy" for threads in (1, 2, 4))
        if one.read_bytes() != two.read_bytes() or one.read_bytes() != four.read_bytes():
            return f"output {index} has other bits with more threads"
    return None


def compare_runner(folder, runner, expected):
    for index, tensor in enumerate(expected):
        got = np.load(folder / f"out{runner}{index}.npy")
        want = tensor.numpy()
        if got.shape != want.shape:
            return f"output {runner}{index} has shape {got.shape}, expected {want.shape}"
        error = np.abs(got - want).max() / max(np.abs(want).max(), 1e-30)
        if not error <= TOLERANCE:
            return f"output {runner}{index} differs by {error:.2g} of the largest value"
    return None


for name in NAMES:
    with tempfile.TemporaryDirectory() as path:
        folder = pathlib.Path(path)
        torch.manual_seed(SEED)
        model = python_models.make(name)
        example = python_models.example(name)
        np.save(folder / "in.npy", example.numpy())
        run = ["--input", folder / "in.npy", "--output", folder / "out"]

        text = probe(name, "--seed", SEED, "--print", "--save-state", folder / "state.safetensors", *run)
        check(f"{name} printed", None if text.rstrip("\n") == repr(model) else "the texts differ")
        check(f"{name} seeded weights", compare_states(folder, model))
        check(f"{name} seeded outputs", compare_outputs(folder, python_models.run(model, example)))

        python_models.disturb(model)
        save_file({k: v.clone() for k, v in model.state_dict().items()}, folder / "weights.safetensors")
        probe(name, "--weights", folder / "weights.safetensors", *run)
        check(f"{name} loaded outputs", compare_outputs(folder, python_models.run(model, example)))

tally.finish()
