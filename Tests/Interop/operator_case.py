"""Operator cases from rows of text: an expression over inputs that short specifications describe.

A row is `expression` or `(expression, {input: specification, …})`. Inputs that a row does not describe take the
table's. A specification is `dtype[sizes]` with the dtypes below, and after it where wanted
`+` (positive), `<n` (integers from 0 below n), `.T` (transposed, so with strides of its own).
"""

import re
import zlib

import torch

from case import Case

DTYPES = {
    "f16": torch.float16, "f32": torch.float32, "f64": torch.float64, "i8": torch.int8, "u8": torch.uint8,
    "i16": torch.int16, "i32": torch.int32, "i64": torch.int64, "b": torch.bool, "c64": torch.complex64,
    "c128": torch.complex128,
}
_SPECIFICATION = re.compile(r"(\w+)\[([\d,]*)\](\+?)(?:<(\d+))?(\.T)?$")


def tensor(specification: str, generator) -> torch.Tensor:
    """The random tensor that a specification describes."""
    match = _SPECIFICATION.match(specification)
    if not match:
        raise ValueError(f"no specification: {specification}")
    name, sizes, positive, limit, transposed = match.groups()
    dtype = DTYPES[name]
    shape = [int(size) for size in sizes.split(",") if size]
    if dtype.is_complex or dtype.is_floating_point:
        wide = torch.complex128 if dtype.is_complex else torch.float64
        result = torch.randn(shape, dtype=wide, generator=generator)
        result = (result.abs() + 0.1 if positive else result).to(dtype)
    elif dtype == torch.bool:
        result = torch.rand(shape, generator=generator) > 0.5
    else:
        low = 0 if limit or name == "u8" else -9
        low = 1 if positive else low
        result = torch.randint(low, int(limit or 10), shape, generator=generator).to(dtype)
    return result.mT.contiguous().mT if transposed else result


def _module(names, expression):
    """A module whose `forward` evaluates an expression; statements before it are parted by semicolons."""
    *statements, result = [part.strip() for part in expression.split(";")]
    body = "".join(f"    {statement}\n" for statement in statements)
    source = f"def forward(self, {', '.join(names)}):\n{body}    return {result}\n"
    scope = {"torch": torch, "F": torch.nn.functional, "nn": torch.nn}
    exec(source, scope)
    return type("Operator", (torch.nn.Module,), {"forward": scope["forward"]})()


def expression_case(expression, specifications, tolerance=1e-4):
    """A maker of the traced case of an expression."""
    if any(value.startswith("f16") for value in specifications.values()):
        tolerance = 2e-3
    names = [name for name in specifications if re.search(rf"\b{name}\b", expression)]

    def make():
        generator = torch.Generator().manual_seed(zlib.crc32(expression.encode()))
        inputs = tuple(tensor(specifications[name], generator) for name in names)
        copies = tuple(value.clone() for value in inputs)
        module = torch.jit.trace(_module(names, expression).eval(), copies, check_trace=False)
        return Case(module, inputs, tolerance=tolerance)

    return make


def layer_case(layer, inputs, tolerance=1e-4):
    """A maker of the traced case of a layer in inference."""

    def make():
        from case import disturb

        generator = torch.Generator().manual_seed(zlib.crc32(layer.encode()))
        module = disturb(eval(layer, {"nn": torch.nn, "torch": torch}))
        values = tuple(tensor(specification, generator) for specification in inputs)
        return Case(torch.jit.trace(module, values, check_trace=False), values, tolerance=tolerance)

    return make


def key(text: str) -> str:
    """A file's name for an expression, told apart from others by a checksum."""
    words = re.sub(r"\W+", "_", text).strip("_")[:60]
    return f"{words}_{zlib.crc32(text.encode()):08x}"


def table(prefix, rows, **inputs):
    """The cases of a table's rows, by name."""
    found = {}
    for row in rows:
        expression, own = row if isinstance(row, tuple) else (row, {})
        specifications = inputs | own
        text = expression + "".join(f" {name}={value}" for name, value in own.items())
        found[f"{prefix}_{key(text)}"] = expression_case(expression, specifications)
    return found
