"""Golden cases of Sources/Ops/Operators/Functions.swift, Rounding.swift, Activations.swift and Clamping.swift."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("unary")
inf, nan = float("inf"), float("nan")
SPECIAL = torch.tensor([nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 2.5, -2.5, 0.5, -0.5, 3.0, -3.0, 6.5, -30.0, 30.0])
FINITE = SPECIAL[3:]
WHOLE = torch.tensor([-128, -3, -1, 0, 1, 2, 7, 127])
TRUTH = torch.tensor([True, False])
INTEGERS = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)
FLOATS = (torch.float64, torch.float16, torch.bfloat16)


def family(name, takes, x=None, special=None, whole=None, tolerance=None, **arguments):
    """`takes`: which of "b" bool, "i" integers, "f" floating the operator takes."""
    def call(tensor, fits=True):
        (cases.add if fits else cases.error)(name, tensor, **arguments, **({"tolerance": tolerance} if fits else {}))

    x = randn(3, 4, 2) * 2 if x is None else x
    special = SPECIAL if special is None else special
    whole = WHOLE if whole is None else whole
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


half = torch.linspace(-0.99, 0.99, 24).reshape(3, 4, 2)
positive = randn(3, 4, 2).abs() + 0.1
ones = torch.tensor([0, 1])
for base in ("exp", "exp2", "expm1", "sin", "cos", "tan", "atan", "tanh", "asinh", "erf", "erfc", "sigmoid",
             "sinc", "deg2rad", "rad2deg", "reciprocal"):
    family("aten::" + base, "bif")
for base in ("log", "log2", "log10", "log1p", "sqrt", "rsqrt", "lgamma"):
    family("aten::" + base, "bif", x=positive)
for base in ("asin", "acos", "atanh", "erfinv"):
    family("aten::" + base, "bif", x=half)
family("aten::acosh", "bif", x=positive + 1)
family("aten::sinh", "bif", whole=WHOLE[1:-1])
family("aten::cosh", "bif", whole=WHOLE[1:-1])
family("aten::digamma", "bif", x=randn(3, 4, 2))
family("aten::i0", "bif", whole=WHOLE[1:-1])
for eps in (None, 0.1):
    family("aten::logit", "bif", x=torch.rand(3, 4, 2), eps=eps)
for base in ("arcsin", "arccos", "arctan", "arcsinh", "arccosh", "arctanh", "special_expm1", "special_exp2",
             "special_log1p", "special_erf", "special_erfc", "special_erfinv", "special_gammaln",
             "special_digamma", "special_psi", "special_expit", "special_sinc", "special_i0",
             "special_ndtr", "special_entr", "special_logit"):
    cases.add("aten::" + base, torch.cat([half.flatten()[::3], randn(4), SPECIAL]))
    cases.add("aten::" + base, torch.tensor([0, 1, 2]))

for base in ("neg", "negative", "abs", "absolute", "floor", "ceil", "round", "trunc", "fix"):
    family("aten::" + base, "if")
cases.add("aten::round", torch.arange(-3, 3, 0.25))
for base in ("sign", "sgn", "isnan", "isinf", "isfinite", "isposinf", "isneginf", "isreal"):
    family("aten::" + base, "bif")
family("aten::signbit", "bif", special=SPECIAL[1:])
family("aten::frac", "f")
family("aten::square", "bif", special=SPECIAL.clamp(-100, 100), whole=WHOLE.clamp(-11, 11))
family("aten::positive", "if")
for base in ("real", "conj", "conj_physical", "resolve_conj", "resolve_neg"):
    cases.add("aten::" + base, randn(2, 3).t())
    cases.add("aten::" + base, WHOLE)
for places in (1, 2, -1, 0):
    cases.add("aten::round.decimals", randn(20) * 100, decimals=places)
    cases.add("aten::round.decimals", randn(20, dtype=torch.float64) * 100, decimals=places)
    cases.add("aten::special_round", randn(6), decimals=places)
cases.error("aten::round.decimals", WHOLE, decimals=1)
family("aten::nan_to_num", "bif")
family("aten::nan_to_num", "bif", nan=1.5, posinf=100.0, neginf=-3.0)

family("aten::relu", "if")
family("aten::relu6", "if")
cases.add("aten::hardtanh", SPECIAL)
cases.add("aten::hardtanh", SPECIAL.half())
family("aten::hardtanh", "if", min_val=0.5, max_val=2.5)
cases.add("aten::hardtanh", WHOLE, min_val=-2, max_val=3)
cases.add("aten::hardtanh", SPECIAL, min_val=2, max_val=1)
cases.error("aten::hardtanh", WHOLE.to(torch.uint8))
cases.error("aten::hardtanh", TRUTH)
family("aten::threshold", "if", threshold=0.5, value=20.5)
family("aten::threshold", "if", threshold=-1, value=3)
cases.add("aten::threshold", torch.tensor([0.1, 0.2]), 0.1, 5)
for approximate in ("none", "tanh"):
    family("aten::gelu", "f", special=FINITE, approximate=approximate)
cases.error("aten::gelu", randn(2), approximate="sigmoid")
for base in ("silu", "mish", "hardswish", "hardsigmoid", "leaky_relu", "elu", "selu", "celu", "softplus",
             "softshrink", "hardshrink", "log_sigmoid"):
    family("aten::" + base, "f")
family("aten::leaky_relu", "f", negative_slope=0.2)
family("aten::elu", "f", alpha=2.0, scale=1.5, input_scale=0.5)
family("aten::celu", "f", alpha=0.7)
cases.error("aten::celu", randn(2), alpha=0)
family("aten::softplus", "f", beta=3, threshold=2)
family("aten::softshrink", "f", **{"lambd": 0.1})
family("aten::hardshrink", "f", **{"lambd": 2.5})
cases.error("aten::softshrink", randn(2), lambd=-1.0)
family("aten::rrelu", "f")
cases.add("aten::rrelu", SPECIAL, lower=0.1, upper=0.3)
cases.error("aten::rrelu", SPECIAL, lower=0.4, upper=0.3)
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
    family(name, "bif", min=-1, max=2)
    family(name, "bif", min=0.5)
    family(name, "bif", max=0.7)
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
    family("aten::" + base, "bif", **{base[-3:]: bound})
    cases.add(f"aten::{base}.Tensor", SPECIAL[:, None], SPECIAL)
    cases.add(f"aten::{base}.Tensor", WHOLE, torch.tensor(0.5))
cases.write()
