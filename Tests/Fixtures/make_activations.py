"""Golden cases of Sources/Ops/Operators/Activations.swift and Clamping.swift."""

import torch

from elementwise_cases import TRUTH, unary_family, inf, nan
from elementwise_cases import UNARY_SPECIAL as SPECIAL, UNARY_WHOLE as WHOLE
from operator_cases import Cases, randn

FINITE = SPECIAL[3:]
cases = Cases("activations")
unary_family(cases, "aten::relu", "if")
unary_family(cases, "aten::relu6", "if")
cases.add("aten::hardtanh", SPECIAL)
cases.add("aten::hardtanh", SPECIAL.half())
unary_family(cases, "aten::hardtanh", "if", min_val=0.5, max_val=2.5)
cases.add("aten::hardtanh", WHOLE, min_val=-2, max_val=3)
cases.add("aten::hardtanh", SPECIAL, min_val=2, max_val=1)
cases.error("aten::hardtanh", WHOLE.to(torch.uint8))
cases.error("aten::hardtanh", TRUTH)
unary_family(cases, "aten::threshold", "if", threshold=0.5, value=20.5)
unary_family(cases, "aten::threshold", "if", threshold=-1, value=3)
cases.add("aten::threshold", torch.tensor([0.1, 0.2]), 0.1, 5)
for approximate in ("none", "tanh"):
    unary_family(cases, "aten::gelu", "f", special=FINITE, approximate=approximate)
cases.error("aten::gelu", randn(2), approximate="sigmoid")
for base in ("silu", "mish", "hardswish", "hardsigmoid", "leaky_relu", "elu", "selu", "celu", "softplus",
             "softshrink", "hardshrink", "log_sigmoid"):
    unary_family(cases, "aten::" + base, "f")
unary_family(cases, "aten::leaky_relu", "f", negative_slope=0.2)
unary_family(cases, "aten::elu", "f", alpha=2.0, scale=1.5, input_scale=0.5)
unary_family(cases, "aten::celu", "f", alpha=0.7)
cases.error("aten::celu", randn(2), alpha=0)
unary_family(cases, "aten::softplus", "f", beta=3, threshold=2)
unary_family(cases, "aten::softshrink", "f", **{"lambd": 0.1})
unary_family(cases, "aten::hardshrink", "f", **{"lambd": 2.5})
cases.error("aten::softshrink", randn(2), lambd=-1.0)
unary_family(cases, "aten::rrelu", "f")
cases.add("aten::rrelu", SPECIAL, lower=0.1, upper=0.3)
cases.error("aten::rrelu", SPECIAL, lower=0.4, upper=0.3)
# Equal bounds leave nothing to chance.
cases.add("aten::rrelu", FINITE, lower=0.25, upper=0.25, training=True)
for weight in (randn(3), randn(1), randn(1)[0]):
    cases.add("aten::prelu", randn(2, 3, 4), weight)
    cases.add("aten::prelu", randn(4, 3, 2).transpose(0, 2), weight)
cases.add("aten::prelu", SPECIAL, randn(1))
cases.add("aten::prelu", randn(1)[0], randn(1))
cases.add("aten::prelu", randn(2, 3), randn(6)[::2])
cases.add("aten::prelu", randn(0, 3), randn(3))
cases.add("aten::prelu", randn(2, 3).half(), randn(3).half())
cases.error("aten::prelu", randn(2, 3), randn(2))
cases.error("aten::prelu", randn(3), randn(3))
cases.error("aten::prelu", randn(2, 3), randn(1, 1))
cases.error("aten::prelu", randn(2, 3), randn(3).double())
cases.error("aten::prelu", WHOLE, WHOLE[:1])
cases.add("aten::_prelu_kernel", randn(2, 3), randn(3))
for dim in (0, -1, 1):
    cases.add("aten::glu", randn(4, 6, 2), dim=dim)
    cases.add("aten::glu", randn(2, 6, 4).transpose(0, 2).double(), dim=dim)
cases.add("aten::glu", randn(0, 4))
cases.add("aten::glu", SPECIAL)
cases.error("aten::glu", randn(3))
cases.error("aten::glu", randn(1)[0])
cases.error("aten::glu", randn(2, 4), dim=2)
cases.error("aten::glu", WHOLE)

for name in ("aten::clamp", "aten::clip"):
    unary_family(cases, name, "bif", min=-1, max=2)
    unary_family(cases, name, "bif", min=0.5)
    unary_family(cases, name, "bif", max=0.7)
    cases.add(name, SPECIAL, min=3, max=1)
    cases.add(name, SPECIAL, min=nan, max=1)
    cases.add(name, SPECIAL, min=-inf, max=inf)
    cases.error(name, SPECIAL)
    cases.error(name, WHOLE.to(torch.int8), min=0, max=300)
    cases.error(name, SPECIAL.half(), max=100000)
    cases.add(name + ".Tensor", SPECIAL[:, None], torch.tensor([0.0, 1.0, nan]), torch.tensor([2.0, 0.5, 3.0]))
    cases.add(name + ".Tensor", WHOLE, torch.tensor(-2.5))
    cases.add(name + ".Tensor", WHOLE, None, torch.tensor([3]))
    cases.error(name + ".Tensor", WHOLE)
cases.add("aten::clamp", WHOLE.to(torch.uint8), min=-1)
for base, bound in (("clamp_min", 1), ("clamp_max", -1.5)):
    unary_family(cases, "aten::" + base, "bif", **{base[-3:]: bound})
    cases.add(f"aten::{base}.Tensor", SPECIAL[:, None], SPECIAL)
    cases.add(f"aten::{base}.Tensor", WHOLE, torch.tensor(0.5))
cases.write()
