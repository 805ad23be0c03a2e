"""Compares what Martlet makes of models' TorchScript archives with PyTorch, and what it saves of them.

    check_archives.py [--only NAME …] [--keep FOLDER] [--from FOLDER] [--all]
"""

import json
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import torchvision_operators  # noqa: F401
from archive_check import arguments, check_all, folder, report

# Hundreds of megabytes, or minutes; --all takes them.
LARGE = [
    "vgg11_bn", "alexnet", "vit_b_16", "maxvit_t", "fcn_resnet50", "efficientnet_v2_s", "resnext50_32x4d",
    "timm_levit", "timm_mixer", "timm_hrnet", "timm_efficientformer", "timm_coat", "swin_v2_t",
]


def main():
    options = arguments()
    if options.source:
        entries = json.loads((pathlib.Path(options.source) / "models" / "manifest.json").read_text())
        wanted = [entry for entry in entries if not options.only or entry["name"] in options.only]
        path, temporary = folder(None)
        sys.exit(report(check_all(wanted, path, verbose=True), verbose=True) > 0)
    from case import seeded, write
    from model_catalogue import models

    makers = models(options.only)
    if not options.all and not options.only:
        makers = {name: maker for name, maker in makers.items() if name not in LARGE}
    path, temporary = folder(options.keep)
    found = {}
    for name, maker in makers.items():
        try:
            entry = write(name, seeded(maker), path / name)
        except Exception as error:
            print(f"FAIL {name}: make: {error}", flush=True)
            found[name] = {"make": f"{type(error).__name__}: {str(error).splitlines()[0]}"}
            continue
        found |= check_all([entry], path, verbose=True)
        if not options.keep:
            shutil.rmtree(path / name)
    sys.exit(report(found, verbose=True) > 0)


if __name__ == "__main__":
    main()
