"""Golden cases of Sources/Ops/Operators/Numbers.swift and NumberConversion.swift."""

import torch

from operator_cases import Cases, SCHEMAS, randn

cases = Cases("numbers")
inf, nan = float("inf"), float("nan")
INTS = [(7, 2), (-7, 2), (7, -2), (0, 3), (-8, -2), (3, 3)]
FLOATS = [(7.5, 2.0), (-7.5, 2.0), (7.5, -2.25), (0.0, inf), (nan, 1.0), (1.0, nan), (2.0, 0.0)]
MIXES = {"int": INTS, "float": FLOATS, "int_float": [(a, 1.5) for a, _ in INTS],
         "float_int": [(-7.25, b) for _, b in INTS], "": INTS[:2] + FLOATS[:2] + [(3, 0.5)]}


def two(name, overloads=("int", "float", "int_float", "float_int", ""), scalars=""):
    for overload in overloads:
        full = f"{name}.{overload}" if overload else name + ("." + scalars if scalars else "")
        for a, b in MIXES[overload]:
            cases.add(full, a, b)


for base in ("aten::add", "aten::sub", "aten::mul", "aten::floordiv", "aten::remainder", "prim::max",
             "prim::min", "aten::eq", "aten::ne", "aten::lt", "aten::le", "aten::gt", "aten::ge",
             "aten::fmod", "aten::mathremainder", "aten::copysign"):
    two(base)
two("aten::pow", scalars="Scalar_Scalar")
two("aten::atan2", scalars="Scalar_Scalar")
two("aten::div", ("int", "float", ""))
cases.add("aten::div.int", 1, 0)
cases.error("aten::floordiv.int", 3, 0)  # remainder.int(3, 0) ends PyTorch's process; ours throws.
for base in ("aten::neg", "prim::abs", "aten::floor", "aten::ceil", "aten::round", "aten::sqrt",
             "aten::exp", "aten::log", "aten::log10", "aten::log1p", "aten::expm1", "aten::sin",
             "aten::cos", "aten::tan", "aten::asin", "aten::acos", "aten::atan", "aten::sinh",
             "aten::cosh", "aten::tanh", "aten::asinh", "aten::acosh", "aten::atanh", "aten::erf",
             "aten::erfc", "aten::lgamma"):
    # Python's nan compares unequal in the arguments' check of some of these; numbers suffice.
    for a in (1, 0) if base in ("aten::asin", "aten::acos", "aten::atanh") else (3, 1):
        cases.add(base + ".int", a)
        cases.add(base + ".Scalar", a)
    for a in (0.5, 0.25):
        cases.add(base + ".float", a)
        cases.add(base + ".Scalar", a)
for a in (-2.5, 2.5, -0.7):
    for base in ("aten::neg", "prim::abs", "aten::floor", "aten::ceil", "aten::round"):
        cases.add(base + ".float", a)
cases.add("aten::gcd.int", 12, -18)
for overload, pair in (("int_int", (8, 2)), ("float_float", (2.5, 10.0)), ("int_float", (8, 0.5)),
                       ("float_int", (2.5, 3)), ("Scalar_Scalar", (9, 3))):
    cases.add("aten::log." + overload, *pair)
for base in ("__and__", "__or__", "__xor__", "__lshift__", "__rshift__"):
    cases.add(f"aten::{base}.int", 12, 5)
    cases.add(f"aten::{base}.int", -12, 1)
for base in ("__and__", "__or__", "__xor__", "eq", "ne"):
    for pair in ((True, True), (True, False), (False, False)):
        cases.add(f"aten::{base}.bool", *pair)

x = randn(2, 3, 4).transpose(0, 1)
for dim in (0, -1, 2):
    cases.add("aten::size.int", x, dim)
    cases.add("aten::stride.int", x, dim)
cases.error("aten::size.int", x, 3)
cases.error("aten::size.int", torch.tensor(1.0), 0)
for tensor in (x, torch.tensor(2.0), randn(0, 3)):
    for base in ("aten::size", "aten::dim", "aten::numel", "aten::is_floating_point", "prim::dtype",
                 "aten::stride"):
        cases.add(base, tensor)
cases.add("aten::is_floating_point", torch.tensor([1]))
cases.add("prim::device", x)
cases.add("aten::len.Tensor", x)
cases.error("aten::len.Tensor", torch.tensor(1.0))
for value in (torch.tensor(3), torch.tensor([[-2.7]]), torch.tensor(True), torch.tensor(2.5).half()):
    for base in ("aten::Int.Tensor", "aten::Float.Tensor", "aten::Bool.Tensor", "aten::item"):
        cases.add(base, value)
for base in ("aten::Int.Tensor", "aten::Float.Tensor", "aten::Bool.Tensor", "aten::item"):
    cases.error(base, x)
for value in (torch.tensor(3), torch.tensor(2.5), torch.tensor(True)):
    cases.add("aten::ScalarImplicit", value)
cases.add("aten::IntImplicit", torch.tensor(3, dtype=torch.int32))
cases.add("aten::FloatImplicit", torch.tensor(3.5, dtype=torch.float64))
cases.add("aten::FloatImplicit", torch.tensor(3.5))
cases.add("aten::FloatImplicit", torch.tensor(1))
cases.error("aten::FloatImplicit", torch.tensor([1.0]))
for name, tensor in (("IntImplicit", torch.tensor(1.5)), ("IntImplicit", torch.tensor([1])),
 ("ScalarImplicit", torch.tensor([1]))):
    cases.error("aten::" + name, tensor)
for a in (True, False):
    cases.add("aten::Int.bool", a)
    cases.add("aten::Float.bool", a)
    cases.add("aten::__not__", a)
    cases.add("prim::NumToTensor.bool", a)
for a in (3.7, -3.7):
    cases.add("aten::Int.float", a)
    cases.add("aten::Int.Scalar", a)
    cases.add("aten::Bool.float", a)
    cases.add("aten::Float.Scalar", a)
for a in (0, -4):
    cases.add("aten::Float.int", a)
    cases.add("aten::Bool.int", a)
    cases.add("aten::Float.Scalar", a)
for a in (3, 2.5, 2**40):
    cases.add("prim::NumToTensor.Scalar", a)
for span in ((0, 10, 3), (10, 0, -3), (3, 3, 1), (5, 0, 1)):
    cases.add("aten::__range_length", *span)
cases.error("aten::__range_length", 0, 3, 0)
for a in (1.0, inf, -inf, nan):
    for base in ("isinf", "isnan", "isfinite"):
        cases.add(f"aten::{base}.float", a)
cases.write()
