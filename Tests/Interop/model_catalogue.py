"""Every model that archives are made of, by name."""

import importlib

FILES = [
    "models_torchvision", "models_ultralytics", "models_timm", "models_transformers", "models_sequences",
    "models_scripted", "models_quantised",
]


def models(names=()):
    """Names and functions that make a case; only those wanted, where some are."""
    found = {}
    for file in FILES:
        found |= importlib.import_module(file).MODELS
    missing = [name for name in names if name not in found]
    if missing:
        raise SystemExit(f"no model {', '.join(missing)}; there are {', '.join(found)}")
    return {name: found[name] for name in names} if names else found
