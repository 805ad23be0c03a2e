"""A model or an operator to compare: how it is made, on which inputs; and its files."""

import dataclasses
import json
import pathlib
from typing import Any, Callable

import numpy as np
import torch


@dataclasses.dataclass
class Case:
    """What a catalogue's function gives: a traced or scripted module and inputs for `forward`."""

    module: Any
    inputs: tuple
    second: tuple | None = None
    tolerance: float = 1e-4
    extra_files: dict = dataclasses.field(default_factory=dict)
    # Whether a run changes what the next one gives.
    keeps_state: bool = False


def seeded(function: Callable[[], Case], seed: int = 0) -> Case:
    """A case made from one random state, whatever ran before."""
    torch.manual_seed(seed)
    with torch.no_grad():
        return function()


def disturb(model):
    """Gives batch norms statistics, and zero parameters values, that show in the results; ends training."""
    generator = torch.Generator().manual_seed(11)
    norms = torch.nn.modules.batchnorm._NormBase
    for module in model.modules():
        if isinstance(module, norms) and module.running_mean is not None:
            count = module.running_mean.numel()
            module.running_mean.copy_(torch.randn(count, generator=generator) * 0.1)
            module.running_var.copy_(torch.rand(count, generator=generator) + 0.5)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.numel() and parameter.is_floating_point() and not parameter.any():
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.02)
    return model.eval()


def traced(model, *inputs, second=None, tolerance=1e-4, **options):
    """The case of a disturbed model traced on inputs."""
    disturb(model)
    with torch.no_grad():
        module = torch.jit.trace(model, inputs, check_trace=False, **options)
    return Case(module, inputs, second, tolerance)


def scripted(model, *inputs, second=None, tolerance=1e-4, keeps_state=False):
    """The case of a disturbed model compiled with its control flow."""
    return Case(torch.jit.script(disturb(model)), inputs, second, tolerance, keeps_state=keeps_state)


def flatten(value) -> list:
    """The tensors and numbers of a result, nested tuples, lists and dictionaries in turn, without None."""
    if value is None or isinstance(value, str):
        return []
    if isinstance(value, (list, tuple)):
        return [leaf for part in value for leaf in flatten(part)]
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in flatten(part)]
    return [value]


def array(value) -> np.ndarray:
    """A leaf as NumPy holds it: numbers as 0-dimensional int64, float64 or bool."""
    if isinstance(value, torch.Tensor):
        if value.is_quantized:
            value = value.dequantize()
        if value.dtype == torch.bfloat16:
            raise ValueError("NumPy has no bfloat16: convert within the case")
        return value.detach().resolve_conj().resolve_neg().contiguous().numpy()
    return np.asarray(value)


def copy(value):
    """Inputs that a model may write to."""
    if isinstance(value, torch.Tensor):
        return value.clone()
    if isinstance(value, (list, tuple)):
        return type(value)(copy(part) for part in value)
    if isinstance(value, dict):
        return {key: copy(part) for key, part in value.items()}
    return value


def evaluate(module, inputs) -> list:
    """What a module gives for inputs, flattened as NumPy arrays."""
    torch.manual_seed(0)
    with torch.no_grad(), torch.jit.optimized_execution(False):
        return [array(leaf) for leaf in flatten(module(*copy(inputs)))]


def save_arrays(folder: pathlib.Path, prefix: str, arrays) -> list[str]:
    paths = []
    for index, values in enumerate(arrays):
        path = folder / f"{prefix}{index}.npy"
        np.save(path, values)
        paths.append(str(path))
    return paths


def write(name: str, case: Case, folder: pathlib.Path) -> dict:
    """Writes a case's archive, inputs and PyTorch's results; the manifest's entry."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / "model.pt"
    torch.jit.save(case.module, str(archive), _extra_files=case.extra_files)
    entry = {"name": name, "archive": str(archive), "tolerance": case.tolerance, "runs": []}
    entry["keepsState"] = case.keeps_state
    for prefix, inputs in (("", case.inputs), ("second_", case.second)):
        if inputs is None:
            continue
        arrays = [array(leaf) for leaf in flatten(inputs)]
        entry["runs"].append({
            "inputs": save_arrays(folder, f"{prefix}input_", arrays),
            # Loaded: a number that a trace holds as a tensor promotes differently there.
            "expects": save_arrays(
                folder, f"{prefix}expect_", evaluate(torch.jit.load(str(archive)), inputs)),
        })
    (folder / "case.json").write_text(json.dumps(entry, indent=1))
    return entry
