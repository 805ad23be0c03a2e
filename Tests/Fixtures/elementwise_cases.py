"""What the golden cases of elementwise operators share: special values, and cases by operator."""

import torch

from operator_cases import SCHEMAS, randint, randn

inf, nan = float("inf"), float("nan")
FLOATS = (torch.float64, torch.float16, torch.bfloat16)
INTEGERS = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)
TRUTH = torch.tensor([True, False])
UNARY_SPECIAL = torch.tensor(
    [nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 2.5, -2.5, 0.5, -0.5, 3.0, -3.0, 6.5, -30.0, 30.0])
UNARY_WHOLE = torch.tensor([-128, -3, -1, 0, 1, 2, 7, 127])
BINARY_SPECIAL = torch.tensor([nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 2.5, -3.25])
BINARY_WHOLE = torch.tensor([-128, -7, -1, 0, 1, 2, 5, 64, 127])


def unary_family(cases, name, takes, x=None, special=None, whole=None, tolerance=None, **arguments):
    """`takes`: which of "b" bool, "i" integers, "f" floating the operator takes."""
    def call(tensor, fits=True):
        (cases.add if fits else cases.error)(name, tensor, **arguments, **({"tolerance": tolerance} if fits else {}))

    x = randn(3, 4, 2) * 2 if x is None else x
    special = UNARY_SPECIAL if special is None else special
    whole = UNARY_WHOLE if whole is None else whole
    if "f" in takes:
        call(x)
        call(x.transpose(0, 2)[:, 1:3])
        call(special)
        call(x.flatten()[0])
        call(x[:, :0])
        for dtype in FLOATS:
            call(special.to(dtype))
            call(x.flatten()[:6].to(dtype))
    else:
        call(randn(3), False)
    for dtype in INTEGERS if "i" in takes else (torch.int64,):
        call(whole.to(dtype), "i" in takes)
    call(TRUTH, "b" in takes)


def overloads(base):
    """The names of the overloads that take (Tensor, Tensor), (Tensor, number), (number, Tensor)."""
    found = {}
    for name, schema in SCHEMAS.items():
        if name.split(".")[0] != base or len(schema.arguments) < 2 or schema.arguments[-1].is_out:
            continue
        first, *rest = [str(a.type) for a in schema.arguments]
        if any(r.alias_info for r in schema.returns) or "_stat" in name or "_mode" in name:
            continue
        kinds = (first, rest[0])
        if kinds in (("Tensor", "Tensor"), ("Tensor", "number"), ("number", "Tensor")):
            found[kinds] = name
    return found


def binary_family(cases, base, takes, whole=None, zero=True, tolerance=None):
    """`takes`: which of "b" bool, "i" integers, "f" floating the operator takes."""
    names = overloads(base)
    tensors = names[("Tensor", "Tensor")]
    whole = BINARY_WHOLE if whole is None else whole
    divisors = whole if zero else whole[whole != 0]
    if "f" in takes:
        cases.add(tensors, BINARY_SPECIAL[:, None], BINARY_SPECIAL, tolerance=tolerance)
        cases.add(tensors, randn(5, 1, 3).transpose(0, 2), randn(2, 1), tolerance=tolerance)
        cases.add(tensors, randn(0, 3), randn(1, 3))
        cases.add(tensors, randn(3, 4)[:, ::2], randn(1)[0], tolerance=tolerance)
        for dtype in FLOATS:
            cases.add(tensors, BINARY_SPECIAL.to(dtype), (BINARY_SPECIAL.flip(0) + 1).to(dtype))
    else:
        cases.error(tensors, randn(2), randn(2))
    cases.error(tensors, randn(2).to(whole.dtype if "f" not in takes else torch.float32) + 1,
                (randn(3).to(whole.dtype if "f" not in takes else torch.float32) + 1))
    if "i" in takes:
        for dtype in INTEGERS:
            cases.add(tensors, whole[:, None].to(dtype), divisors.to(dtype))
        cases.add(tensors, whole.to(torch.int8), divisors[:1].to(torch.uint8))
        cases.add(tensors, whole, torch.tensor(3, dtype=torch.int8))
        cases.add(tensors, TRUTH, torch.tensor([3, 2]))
        if not zero:
            cases.error(tensors, whole, torch.zeros(1, dtype=torch.int64))
        if "f" in takes:
            cases.add(tensors, whole[:3], BINARY_SPECIAL[-3:], tolerance=tolerance)
    else:
        (cases.add if "p" in takes else cases.error)(tensors, whole, whole)
    (cases.add if "b" in takes else cases.error)(tensors, TRUTH[:, None], TRUTH)
    for kinds, name in names.items():
        if kinds == ("Tensor", "Tensor"):
            continue
        swap = (lambda a, b: (a, b)) if kinds[0] == "Tensor" else (lambda a, b: (b, a))
        numbers = [3] if "f" not in takes else [2, -2.5, 0, inf]
        for number in numbers:
            if "i" in takes and (zero or number != 0 or kinds[0] == "number"):
                safe = divisors if kinds[0] == "number" else whole
                cases.add(name, *swap(safe, number), tolerance=tolerance)
                cases.add(name, *swap(safe.clamp(0, 100).to(torch.uint8)[-3:], number), tolerance=tolerance)
            if "f" in takes:
                cases.add(name, *swap(BINARY_SPECIAL, number), tolerance=tolerance)
                cases.add(name, *swap(BINARY_SPECIAL.to(torch.float16), number), tolerance=tolerance)
        if "i" in takes:
            cases.add(name, *swap(TRUTH[:1], 2), tolerance=tolerance)
