"""Golden cases of Sources/Ops/Operators/Arithmetic.swift, Powers.swift, Comparison.swift and Logic.swift."""

import torch

from operator_cases import Cases, SCHEMAS, randint, randn

cases = Cases("binary")
inf, nan = float("inf"), float("nan")
SPECIAL = torch.tensor([nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 2.5, -3.25])
WHOLE = torch.tensor([-128, -7, -1, 0, 1, 2, 5, 64, 127])
FLOATS = (torch.float64, torch.float16, torch.bfloat16)
INTEGERS = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)
TRUTH = torch.tensor([True, False])


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


def family(base, takes, whole=None, zero=True, tolerance=None):
    """`takes`: which of "b" bool, "i" integers, "f" floating the operator takes."""
    names = overloads(base)
    tensors = names[("Tensor", "Tensor")]
    whole = WHOLE if whole is None else whole
    divisors = whole if zero else whole[whole != 0]
    if "f" in takes:
        cases.add(tensors, SPECIAL[:, None], SPECIAL, tolerance=tolerance)
        cases.add(tensors, randn(5, 1, 3).transpose(0, 2), randn(2, 1), tolerance=tolerance)
        cases.add(tensors, randn(0, 3), randn(1, 3))
        cases.add(tensors, randn(3, 4)[:, ::2], randn(1)[0], tolerance=tolerance)
        for dtype in FLOATS:
            cases.add(tensors, SPECIAL.to(dtype), (SPECIAL.flip(0) + 1).to(dtype))
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
            cases.add(tensors, whole[:3], SPECIAL[-3:], tolerance=tolerance)
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
                cases.add(name, *swap(SPECIAL, number), tolerance=tolerance)
                cases.add(name, *swap(SPECIAL.to(torch.float16), number), tolerance=tolerance)
        if "i" in takes:
            cases.add(name, *swap(TRUTH[:1], 2), tolerance=tolerance)


for base in ("add", "sub", "rsub", "subtract"):
    name = f"aten::{base}"
    cases.add(name + ".Tensor", randn(2, 3), randn(3), alpha=2)
    cases.add(name + ".Tensor", randn(5, 1, 7).transpose(0, 2), randn(3, 1), alpha=-0.5)
    cases.add(name + ".Tensor", SPECIAL[:, None], SPECIAL)
    cases.add(name + ".Tensor", randn(0, 3), randn(1, 3))
    for dtype in FLOATS + INTEGERS:
        cases.add(name + ".Tensor", randint(0, 100, 3).to(dtype), randint(0, 100, 3).to(dtype), alpha=3)
    cases.add(name + ".Tensor", randint(0, 9, 3), randn(3))
    cases.add(name + ".Tensor", randn(3), torch.tensor(2, dtype=torch.float64))
    cases.add(name + ".Scalar", randint(0, 9, 3), 2.5)
    cases.add(name + ".Scalar", randint(0, 9, 3, dtype=torch.uint8), -20)
    cases.add(name + ".Scalar", randint(0, 9, 3, dtype=torch.int8), 300)
    cases.add(name + ".Scalar", randn(3), 2, 3)
    cases.error(name + ".Tensor", randn(2), randn(3))
    cases.error(name + ".Tensor", randint(0, 9, 3), randint(0, 9, 3), alpha=0.5)
    cases.error(name + ".Tensor", randint(0, 9, 3), randint(0, 9, 3), alpha=True)
    if base != "add":
        cases.error(name + ".Tensor", TRUTH, TRUTH)
        cases.error(name + ".Tensor", TRUTH, torch.tensor([1, 2]))
        cases.error(name + ".Scalar", randint(0, 9, 3), True)

family("aten::mul", "bif")
family("aten::div", "bif")
for base in ("multiply", "divide", "true_divide"):
    cases.add(f"aten::{base}.Tensor", WHOLE, SPECIAL)
    cases.add(f"aten::{base}.Scalar", WHOLE, 3)
for base in ("div", "divide"):
    for mode in ("floor", "trunc", None):
        cases.add(f"aten::{base}.Tensor_mode", SPECIAL[:, None], SPECIAL, rounding_mode=mode)
        cases.add(f"aten::{base}.Tensor_mode", WHOLE[:, None], WHOLE[WHOLE != 0], rounding_mode=mode)
        cases.add(f"aten::{base}.Tensor_mode", randn(40) * 10, randn(40), rounding_mode=mode)
        cases.add(f"aten::{base}.Scalar_mode", WHOLE, 2, rounding_mode=mode)
        cases.add(f"aten::{base}.Scalar_mode", WHOLE.to(torch.int8), -1, rounding_mode=mode)
        cases.add(f"aten::{base}.Scalar_mode", SPECIAL, -0.7, rounding_mode=mode)
    cases.error(f"aten::{base}.Tensor_mode", WHOLE, WHOLE, rounding_mode="floor")
    cases.error(f"aten::{base}.Tensor_mode", WHOLE, WHOLE, rounding_mode="round")
    cases.error(f"aten::{base}.Tensor_mode", TRUTH, TRUTH, rounding_mode="trunc")
family("aten::floor_divide", "if", zero=False)
family("aten::remainder", "if", zero=False)
family("aten::fmod", "if", zero=False)
cases.add("aten::floor_divide", torch.arange(0, 1, 0.1), torch.tensor(0.1))
cases.add("aten::remainder.Tensor", torch.tensor([2**63 - 1, -(2**63)]), torch.tensor([-1]))
cases.add("aten::floor_divide", randint(0, 3, 0), torch.tensor([0]))

small = torch.tensor([-3, -2, -1, 0, 1, 2, 7])
family("aten::pow", "if", whole=small)
cases.error("aten::pow.Tensor_Scalar", small, -1)
cases.add("aten::pow.Tensor_Scalar", SPECIAL, -1)
cases.add("aten::pow.Tensor_Scalar", SPECIAL, 0.5)
cases.add("aten::pow.Tensor_Scalar", SPECIAL, -0.5)
cases.add("aten::pow.Tensor_Scalar", SPECIAL, 3)
cases.add("aten::pow.Tensor_Scalar", TRUTH, True)
family("aten::float_power", "bif", whole=small)
for base in ("maximum", "minimum", "fmax", "fmin"):
    family("aten::" + base, "bif")
for base in ("max", "min"):
    cases.add(f"aten::{base}.other", SPECIAL[:, None], SPECIAL)
    cases.add(f"aten::{base}.other", WHOLE, randn(9))
family("aten::atan2", "bif")
cases.add("aten::arctan2", SPECIAL[:, None], SPECIAL)
family("aten::hypot", "f")
family("aten::logaddexp", "f")
family("aten::logaddexp2", "f")
family("aten::copysign", "bif")
family("aten::xlogy", "bif")
cases.add("aten::special_xlogy", SPECIAL[:, None], SPECIAL)
cases.add("aten::special_xlogy.other_scalar", SPECIAL, 2)
cases.add("aten::special_xlogy.self_scalar", 2, SPECIAL)
family("aten::special_xlog1py", "bif")
cases.add("aten::heaviside", SPECIAL[:, None], SPECIAL)
cases.add("aten::heaviside", WHOLE[:, None], WHOLE)
cases.add("aten::heaviside", TRUTH[:, None], TRUTH)
cases.error("aten::heaviside", WHOLE, SPECIAL)
cases.add("aten::nextafter", SPECIAL[:, None], SPECIAL)
cases.error("aten::nextafter", WHOLE, WHOLE)
family("aten::gcd", "i", whole=WHOLE.clamp(min=-127))
family("aten::lcm", "i", whole=WHOLE.clamp(min=-127))
cases.add("aten::ldexp.Tensor", randn(3), torch.tensor([1, -2, 3]))
cases.add("aten::ldexp.Tensor", torch.tensor([1, 2, 3]), torch.tensor([1, -2, 3]))

x, y, z = randn(2, 3), randn(3), randn(2, 1)
cases.add("aten::addcmul", x, y, z)
cases.add("aten::addcmul", x, y.double(), z, value=0.5)
cases.add("aten::addcmul", WHOLE, WHOLE, WHOLE.to(torch.int8), value=3)
cases.add("aten::addcmul", x.half(), y.half(), z.half(), value=3)
cases.error("aten::addcmul", TRUTH, TRUTH, TRUTH)
cases.error("aten::addcmul", x, randn(4), z)
cases.add("aten::addcdiv", x, y, z)
cases.add("aten::addcdiv", x, torch.tensor([1, 2, 3]), z, value=-2)
cases.add("aten::addcdiv", SPECIAL, SPECIAL, SPECIAL.flip(0))
cases.error("aten::addcdiv", WHOLE, WHOLE, WHOLE)
cases.add("aten::lerp.Scalar", x, y, 0.25)
cases.add("aten::lerp.Scalar", x, y, 0.75)
cases.add("aten::lerp.Scalar", x.double(), y.double(), 1)
cases.add("aten::lerp.Tensor", x, y, torch.tensor([[0.1], [0.9]]))
cases.add("aten::lerp.Tensor", SPECIAL, SPECIAL.flip(0), SPECIAL.abs())
cases.error("aten::lerp.Scalar", x, y.double(), 0.5)
cases.error("aten::lerp.Scalar", WHOLE, WHOLE, 0.5)

for base in ("eq", "ne", "lt", "le", "gt", "ge"):
    family("aten::" + base, "bif")
for base in ("not_equal", "less", "less_equal", "greater", "greater_equal"):
    cases.add(f"aten::{base}.Tensor", WHOLE, WHOLE.flip(0).double())
    cases.add(f"aten::{base}.Scalar", WHOLE, 2.5)
cases.add("aten::eq.Scalar", torch.tensor([0.1, 0.2], dtype=torch.float32), 0.1)
cases.add("aten::eq.Scalar", torch.tensor([0.1, 0.2], dtype=torch.float16), 0.1)
cases.add("aten::lt.Scalar", torch.tensor([44, 45], dtype=torch.int8), 300)
cases.add("aten::eq.Tensor", torch.tensor([2**53 + 1, 2**53]), torch.tensor([2**53]))
cases.add("aten::isclose", SPECIAL[:, None], SPECIAL)
cases.add("aten::isclose", SPECIAL[:, None], SPECIAL, equal_nan=True)
cases.add("aten::isclose", randn(50).abs(), randn(50).abs(), rtol=0.5, atol=0.1)
cases.add("aten::isclose", WHOLE, WHOLE + 1, rtol=0.1)
cases.error("aten::isclose", WHOLE, SPECIAL)
cases.error("aten::isclose", SPECIAL, SPECIAL, rtol=-1.0)
cases.add("aten::allclose", x, x + 1e-9)
cases.add("aten::allclose", x, x + 1e-2)
cases.add("aten::equal", x, x.clone())
cases.add("aten::equal", x, x[:1])
cases.add("aten::equal", x, x.double())
cases.add("aten::equal", SPECIAL, SPECIAL.clone())

for base in ("logical_and", "logical_or", "logical_xor"):
    family("aten::" + base, "bif")
cases.add("aten::logical_not", SPECIAL)
cases.add("aten::logical_not", WHOLE.to(torch.int8))
cases.add("aten::logical_not", TRUTH)
for base in ("bitwise_and", "bitwise_or", "bitwise_xor", "__and__", "__or__", "__xor__"):
    family("aten::" + base, "bi")
for base in ("bitwise_left_shift", "bitwise_right_shift", "__lshift__", "__rshift__"):
    family("aten::" + base, "i")
for dtype in INTEGERS + (torch.bool,):
    cases.add("aten::bitwise_not", WHOLE.to(dtype))
cases.error("aten::bitwise_not", SPECIAL)
cases.write()
