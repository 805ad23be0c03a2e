"""Golden cases of Sources/Ops/Operators/Functions.swift and Rounding.swift."""

import torch

from elementwise_cases import unary_family
from elementwise_cases import UNARY_SPECIAL as SPECIAL, UNARY_WHOLE as WHOLE
from operator_cases import Cases, randn

cases = Cases("functions")
half = torch.linspace(-0.99, 0.99, 24).reshape(3, 4, 2)
positive = randn(3, 4, 2).abs() + 0.1
ones = torch.tensor([0, 1])
for base in ("exp", "exp2", "expm1", "sin", "cos", "tan", "atan", "tanh", "asinh", "erf", "erfc", "sigmoid",
             "sinc", "deg2rad", "rad2deg", "reciprocal"):
    unary_family(cases, "aten::" + base, "bif")
for base in ("log", "log2", "log10", "log1p", "sqrt", "rsqrt", "lgamma"):
    unary_family(cases, "aten::" + base, "bif", x=positive)
for base in ("asin", "acos", "atanh", "erfinv"):
    unary_family(cases, "aten::" + base, "bif", x=half)
unary_family(cases, "aten::acosh", "bif", x=positive + 1)
unary_family(cases, "aten::sinh", "bif", whole=WHOLE[1:-1])
unary_family(cases, "aten::cosh", "bif", whole=WHOLE[1:-1])
unary_family(cases, "aten::digamma", "bif", x=randn(3, 4, 2))
unary_family(cases, "aten::i0", "bif", whole=WHOLE[1:-1])
for eps in (None, 0.1):
    unary_family(cases, "aten::logit", "bif", x=torch.rand(3, 4, 2), eps=eps)
for base in ("arcsin", "arccos", "arctan", "arcsinh", "arccosh", "arctanh", "special_expm1", "special_exp2",
             "special_log1p", "special_erf", "special_erfc", "special_erfinv", "special_gammaln",
             "special_digamma", "special_psi", "special_expit", "special_sinc", "special_i0",
             "special_ndtr", "special_entr", "special_logit"):
    cases.add("aten::" + base, torch.cat([half.flatten()[::3], randn(4), SPECIAL]))
    cases.add("aten::" + base, torch.tensor([0, 1, 2]))

for base in ("neg", "negative", "abs", "absolute", "floor", "ceil", "round", "trunc", "fix"):
    unary_family(cases, "aten::" + base, "if")
cases.add("aten::round", torch.arange(-3, 3, 0.25))
for base in ("sign", "sgn", "isnan", "isinf", "isfinite", "isposinf", "isneginf", "isreal"):
    unary_family(cases, "aten::" + base, "bif")
unary_family(cases, "aten::signbit", "bif", special=SPECIAL[1:])
unary_family(cases, "aten::frac", "f")
unary_family(cases, "aten::square", "bif", special=SPECIAL.clamp(-100, 100), whole=WHOLE.clamp(-11, 11))
unary_family(cases, "aten::positive", "if")
for base in ("real", "conj", "conj_physical", "resolve_conj", "resolve_neg"):
    cases.add("aten::" + base, randn(2, 3).t())
    cases.add("aten::" + base, WHOLE)
for places in (1, 2, -1, 0):
    cases.add("aten::round.decimals", randn(20) * 100, decimals=places)
    cases.add("aten::round.decimals", randn(20, dtype=torch.float64) * 100, decimals=places)
    cases.add("aten::special_round", randn(6), decimals=places)
cases.error("aten::round.decimals", WHOLE, decimals=1)
unary_family(cases, "aten::nan_to_num", "bif")
unary_family(cases, "aten::nan_to_num", "bif", nan=1.5, posinf=100.0, neginf=-3.0)
cases.write()
