"""Every operator case, by name."""

import importlib

FILES = ["operators_pointwise", "operators_shapes", "operators_network", "operators_scripted"]


def operators(names=()):
    """Names and functions that make a case; only those whose name begins as one wanted, where some are."""
    found = {}
    for file in FILES:
        found |= importlib.import_module(file).operators()
    return {
        name: maker for name, maker in found.items() if not names or name.startswith(tuple(names))
    }
