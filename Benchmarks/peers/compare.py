"""Martlet beside the other runtimes, interleaved: exports the models, checks that all give one answer, measures.

Every runtime is a process of its own that idles between its turns: two OpenMP runtimes in one process
slow each other down, and machines differ from minute to minute, so that only neighbours in time compare.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import time

import numpy as np

import report
from processes import Failure, Runtime

HERE = pathlib.Path(__file__).parent
MODELS = (
    "resnet18", "resnet50", "mobilenet_v2", "mobilenet_v3_large", "squeezenet1_1", "efficientnet_b0", "vgg16",
    "vit_b_16", "convnext_tiny", "yolov8n", "bert_base")
PEERS = ("pytorch", "pytorch-frozen", "pytorch-optimized", "onnxruntime", "openvino", "ncnn", "mnn")
NEEDS = {"onnxruntime": "onnx"}
TOLERANCE = 1e-3


def counts(text):
    return [int(part) for part in text.split(",")]


def names(text):
    return text.split(",")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=names, default=list(MODELS),
                        help="a list; eleven unless given; any name that torchvision or, after timm:, timm knows")
    parser.add_argument("--runtimes", type=names, default=["martlet", *PEERS], help="a list; all unless given")
    parser.add_argument("--threads", type=counts, default=[1, 2], help="threads of a run, a list (1,2)")
    parser.add_argument("--batch", type=int, default=1, help="the first size of the inputs (1)")
    parser.add_argument("--streams", type=int, default=1, help="runs at the same time (1)")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each runtime (5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a turn (2)")
    parser.add_argument("--pause", type=float, default=0.3, help="idle seconds between turns (0.3)")
    parser.add_argument("--repeat", type=int, default=1, help="how often to do all of it")
    parser.add_argument("--files", type=pathlib.Path, default=HERE.parents[1] / "out" / "peers",
                        help="a folder for exported models (out/peers)")
    parser.add_argument("--output", type=pathlib.Path,
                        help="results as JSON; a plot lies beside it as .svg, a table as .md (FILES/results.json)")
    parser.add_argument("--quiet", action="store_true", help="no line for each model on standard error")
    given = parser.parse_args()
    for wrong in set(given.runtimes) - {"martlet", *PEERS}:
        parser.error(f"no runtime {wrong}; the runtimes are martlet, {', '.join(PEERS)}")
    if "martlet" in given.runtimes and not os.environ.get("MARTLET"):
        parser.error("MARTLET must name the built command; Benchmarks/peers/run builds it")
    given.output = given.output or given.files / "results.json"
    return given


def exported(model, batch, files):
    folder = files / (re.sub(r"[^\w.-]", "-", model) + f"-b{batch}")
    if not (folder / "done").exists():
        note(f"exporting {model}, batch {batch}")
        done = subprocess.run(
            [sys.executable, HERE / "export.py", model, str(batch), folder], stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(f"exporting {model} failed:\n{done.stderr[-2000:]}")
    return folder


def started(name, folder, threads, streams):
    """The runtime after its first run, its answer compared with PyTorch's."""
    reason = folder / f"{NEEDS.get(name, name)}.error"
    if reason.exists():
        raise Failure(f"not exported: {reason.read_text()}")
    runtime = Runtime(name, folder, threads, streams)
    try:
        runtime.error = difference(runtime.output(), np.load(folder / "expected.npy"))
        if not runtime.error <= TOLERANCE:
            raise Failure(f"differs from PyTorch by {runtime.error:.2g} of the largest")
        runtime.turn(0, 10)
        runtime.remember()
    except Failure:
        runtime.stop()
        raise
    return runtime


def difference(got, expected):
    """The largest difference, as a share of the largest value."""
    if got.size != expected.size:
        return float("inf")
    return float(np.abs(got.ravel() - expected.ravel()).max() / np.abs(expected).max())


def compared(model, threads, options):
    """One model at one number of threads: a record for each runtime."""
    folder = exported(model, options.batch, options.files)
    # Whoever loads first would wait for the disk.
    for path in folder.iterdir():
        path.read_bytes()
    running, records = [], {}
    for name in options.runtimes:
        try:
            running.append(started(name, folder, threads, options.streams))
        except Failure as failure:
            records[name] = {"failed": str(failure)}
            note(f"{model}: {name}: {failure}")
    try:
        for number in range(options.rounds):
            # Who comes first differs, so that nobody always follows the same one.
            turn = number % max(len(running), 1)
            for runtime in running[turn:] + running[:turn]:
                time.sleep(options.pause)
                runtime.turn(options.seconds, 3)
        for runtime in running:
            records[runtime.name] = runtime.record(options.rounds)
    finally:
        for runtime in running:
            runtime.stop()
    return {"model": model, "threads": threads, "batch": options.batch, "streams": options.streams,
            "runtimes": {name: records[name] for name in options.runtimes}}


def machine():
    """What the figures were measured on."""
    info = pathlib.Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    return {
        "processor": model or platform.processor(), "cores": os.cpu_count(),
        "avx2": "avx2" in flags, "avx512": "avx512f" in flags, "system": platform.platform(),
        "load": os.getloadavg()[0], "kernels": os.environ.get("MARTLET_KERNELS", ""),
        "began": time.strftime("%Y-%m-%d %H:%M:%S")}


def versions():
    from importlib import metadata

    found = {}
    for name in ("torch", "onnxruntime", "openvino", "ncnn", "MNN"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def note(text):
    if not OPTIONS.quiet:
        print(f"peers: {text}", file=sys.stderr, flush=True)


def main():
    OPTIONS.files.mkdir(parents=True, exist_ok=True)
    repeats = []
    for number in range(OPTIONS.repeat):
        results = {"machine": machine(), "versions": versions(), "rounds": OPTIONS.rounds,
                   "seconds": OPTIONS.seconds, "cells": []}
        repeats.append(results)
        for threads in OPTIONS.threads:
            for model in OPTIONS.models:
                cell = compared(model, threads, OPTIONS)
                results["cells"].append(cell)
                note(report.line(cell))
                # What is there so far outlasts an interruption.
                OPTIONS.output.write_text(json.dumps(repeats if OPTIONS.repeat > 1 else results, indent=1))
        print(report.text(results))
    OPTIONS.output.with_suffix(".md").write_text("\n".join(report.text(results) for results in repeats))
    report.plot(repeats[-1], OPTIONS.output.with_suffix(".svg"))
    note(f"wrote {OPTIONS.output}, .md and .svg")


if __name__ == "__main__":
    OPTIONS = arguments()
    main()
