"""Writes sources/sources.json: for each function of sources/functions.py its text, the text that
PyTorch prints for it, the operators of PyTorch's graph, and what PyTorch gives for an input."""
import ast
import json
import sys
from pathlib import Path

import torch

here = Path(__file__).parent / "sources"
sys.path.insert(0, str(here))
import functions  # noqa: E402

STRUCTURE = {"prim::dtype", "prim::device", "prim::min", "prim::max"}


def operators(block):
    names = []
    for node in block.nodes():
        if not node.kind().startswith("prim::") or node.kind() in STRUCTURE:
            names.append(node.schema().split("(")[0])
        for inner in node.blocks():
            names += operators(inner)
    return names


def text(value):
    """One spelling for a result, here and in the test."""
    if isinstance(value, torch.Tensor):
        items = ", ".join(f"{float(x):.3f}" for x in value.double().flatten())
        return f"{list(value.shape)}({items})"
    if value is None or isinstance(value, (bool, int)):
        return str(value)
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, str):
        return f"<{value}>"
    if isinstance(value, list):
        return f"[{', '.join(map(text, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(text, value))})"
    return "{" + ", ".join(f"{text(k)}: {text(v)}" for k, v in value.items()) + "}"


def main():
    source = (here / "functions.py").read_text()
    cases = []
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        scripted = torch.jit.script(getattr(functions, node.name))
        torch._C._jit_set_profiling_executor(False)
        names = sorted(operators(scripted.graph))
        code = scripted.code
        # What calls the library is compared by its result alone.
        is_alone = "__torch__" not in code and "CONSTANTS" not in code
        x = torch.tensor([[1.0, 2.0, 3.0], [-4.0, 5.0, 6.0]])
        result = scripted(x, 4)
        cases.append({
            "name": node.name,
            "source": ast.get_source_segment(source, node) + "\n",
            "code": code if is_alone else None,
            "operators": names if is_alone else None,
            "result": text(result),
        })
    (here / "sources.json").write_text(json.dumps(cases, indent=1) + "\n")


main()
