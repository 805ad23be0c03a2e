"""Writes the archives of models and operators with their inputs and PyTorch's results.

    write_archives.py FOLDER [--models] [--operators] [--only NAME …]

FOLDER/models/NAME and FOLDER/operators/NAME each hold model.pt, input_N.npy, expect_N.npy (and second_…
for a second size of input); FOLDER/models/manifest.json lists them.
"""

import argparse
import json
import pathlib
import sys
import time
import traceback
import warnings

import torch

from case import seeded, write


def write_all(makers, folder, log=False):
    """The manifest's entries, and what could not be made."""
    entries, failures = [], []
    for name, maker in makers.items():
        start = time.time()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                entries.append(write(name, seeded(maker), folder / name))
        except Exception as error:
            failures.append(name)
            line = str(error).strip().splitlines()[:1]
            print(f"FAILED to make {name}: {type(error).__name__}: {''.join(line)}", file=sys.stderr, flush=True)
            if log:
                traceback.print_exc()
        if log:
            print(f"{name}: {time.time() - start:.1f} s", flush=True)
    everything = [json.loads(path.read_text()) for path in sorted(folder.glob("*/case.json"))]
    (folder / "manifest.json").write_text(json.dumps(everything, indent=1))
    return entries, failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--models", action="store_true")
    parser.add_argument("--operators", action="store_true")
    parser.add_argument("--only", nargs="*", default=[])
    arguments = parser.parse_args()
    failures = []
    if arguments.models:
        from model_catalogue import models

        folder = arguments.folder.absolute() / "models"
        folder.mkdir(parents=True, exist_ok=True)
        failures += write_all(models(arguments.only), folder, log=True)[1]
    if arguments.operators:
        from operator_catalogue import operators

        folder = arguments.folder.absolute() / "operators"
        folder.mkdir(parents=True, exist_ok=True)
        failures += write_all(operators(arguments.only), folder)[1]
    sys.exit(len(failures) > 0)


if __name__ == "__main__":
    main()
