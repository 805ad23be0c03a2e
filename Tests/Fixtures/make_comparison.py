"""Golden cases of Sources/Ops/Operators/Comparison.swift and Logic.swift."""

import torch

from elementwise_cases import INTEGERS, TRUTH, binary_family
from elementwise_cases import BINARY_SPECIAL as SPECIAL, BINARY_WHOLE as WHOLE
from operator_cases import Cases, randn

cases = Cases("comparison")

for base in ("eq", "ne", "lt", "le", "gt", "ge"):
    binary_family(cases, "aten::" + base, "bif")
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
x = randn(2, 3)
cases.add("aten::allclose", x, x + 1e-9)
cases.add("aten::allclose", x, x + 1e-2)
cases.add("aten::equal", x, x.clone())
cases.add("aten::equal", x, x[:1])
cases.add("aten::equal", x, x.double())
cases.add("aten::equal", SPECIAL, SPECIAL.clone())

for base in ("logical_and", "logical_or", "logical_xor"):
    binary_family(cases, "aten::" + base, "bif")
cases.add("aten::logical_not", SPECIAL)
cases.add("aten::logical_not", WHOLE.to(torch.int8))
cases.add("aten::logical_not", TRUTH)
for base in ("bitwise_and", "bitwise_or", "bitwise_xor", "__and__", "__or__", "__xor__"):
    binary_family(cases, "aten::" + base, "bi")
for base in ("bitwise_left_shift", "bitwise_right_shift", "__lshift__", "__rshift__"):
    binary_family(cases, "aten::" + base, "i")
for dtype in INTEGERS + (torch.bool,):
    cases.add("aten::bitwise_not", WHOLE.to(dtype))
cases.error("aten::bitwise_not", SPECIAL)
cases.write()
