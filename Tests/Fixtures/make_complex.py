"""Golden cases of complex numbers: Sources/Ops/Operators/ComplexNumbers.swift, and the operators of
other families on complex tensors."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("complex")
inf, nan = float("inf"), float("nan")
c64, c128 = torch.complex64, torch.complex128


def randc(*sizes, dtype=c64):
    return torch.randn(*sizes, dtype=c128).to(dtype)


grid = torch.tensor([complex(a, b) for a in (-2.5, -0.3, 0.0, 0.4, 3.0) for b in (-1.5, 0.0, 0.7)])
tiny = torch.tensor([1e-6 + 1e-6j, -1e-7j, 0.99999 + 1e-4j, -1e-5 + 0j, 1e-20 - 1e-20j], dtype=c128)

# Parts.
for dtype in (torch.float32, torch.float64):
    cases.add("aten::complex", randn(2, 3, dtype=dtype), randn(3, dtype=dtype))
    cases.add("aten::polar", randn(2, 3, dtype=dtype), randn(2, 1, dtype=dtype))
cases.add("aten::complex", randn(3, 2).t(), randn(2, 3))
cases.add("aten::complex", randn(0, 2), randn(2))
cases.error("aten::complex", randn(2), randn(2, dtype=torch.float64))
cases.error("aten::complex", randint(0, 3, 2), randint(0, 3, 2))
cases.error("aten::polar", randint(0, 3, 2), randint(0, 3, 2))
for x in (randc(2, 3), randc(3, 2, dtype=c128).t(), randc(0, 2), randc(5)[1::2], randc(2, 3)[0, 1]):
    cases.add("aten::view_as_real", x)
    cases.add("aten::real", x)
    cases.add("aten::imag", x)
    cases.add("aten::is_complex", x)
    cases.add("aten::angle", x)
    cases.add("aten::resolve_neg", x)
    cases.add("aten::is_conj", x)
    cases.add("aten::is_neg", x)
    for name in ("conj", "_conj_physical", "conj_physical", "resolve_conj", "abs", "absolute",
                 "neg", "negative", "sgn", "positive"):
        cases.add(f"aten::{name}", x)
cases.add("aten::_conj", randc(3))
for name in ("real", "is_complex", "conj", "conj_physical", "_conj_physical", "resolve_conj", "angle"):
    cases.add(f"aten::{name}", randn(3))
    cases.add(f"aten::{name}", randint(-3, 3, 3))
cases.add("aten::angle", torch.tensor([nan, -inf, -0.0, 0.0, -1.0]))
cases.add("aten::angle", torch.tensor([True, False]))
cases.add("aten::angle", randn(3, dtype=torch.float16))
cases.error("aten::imag", randn(3))
cases.error("aten::view_as_real", randn(3))
for x in (randn(2, 3, 2), randn(2, 3, 4, dtype=torch.float64)[..., 2:], randn(2), randn(0, 2),
          randn(4, 4, 2).transpose(0, 1)):
    cases.add("aten::view_as_complex", x)
cases.error("aten::view_as_complex", randn(2, 3))
cases.error("aten::view_as_complex", torch.tensor(1.0))
cases.error("aten::view_as_complex", randn(2, 3).t()[:2])
cases.error("aten::view_as_complex", randn(2, 3)[:, :2])
cases.error("aten::view_as_complex", randint(0, 3, 2))

# Elementwise functions.
functions = """exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh asinh
    acosh atanh sqrt rsqrt reciprocal sigmoid sinc square arcsin arccos arctan arcsinh arccosh
    arctanh special_expm1 special_exp2 special_log1p special_expit special_sinc""".split()
for name in functions:
    for x in (grid, grid.to(c64)[::2], tiny):
        cases.either(f"aten::{name}", x[x != 0] if name in ("log", "log2", "log10", "rsqrt",
                     "reciprocal") else x)
special = torch.tensor([complex(a, b) for a in (nan, inf, -inf, 1.0) for b in (nan, inf, -inf, 0.0)])
for name in ("isnan", "isinf", "isfinite", "isreal", "abs", "conj", "neg"):
    cases.add(f"aten::{name}", special)
    cases.add(f"aten::{name}", grid.to(c64))
for name in ("sign", "floor", "ceil", "round", "trunc", "frac", "signbit", "isposinf", "erf",
             "relu", "lgamma", "deg2rad"):
    cases.either(f"aten::{name}", randc(3))

# Arithmetic.
for name in ("add", "sub", "rsub", "mul", "div", "eq", "ne", "multiply", "true_divide",
             "not_equal", "divide", "subtract"):
    op = f"aten::{name}.Tensor"
    cases.add(op, randc(2, 3), randc(3))
    cases.add(op, randc(3, 2).t(), randc(2, 1, dtype=c128))
    cases.add(op, randc(2), randn(2))
    cases.add(op, randn(2, dtype=torch.float64), randc(2))
    cases.add(op, randc(2), randn(2, dtype=torch.float64)[0])
    cases.add(op, randint(1, 4, 2), randc(2))
    cases.add(op, randint(1, 4, 2), randc(2, dtype=c128)[0])
    cases.add(op, torch.tensor([1 + 1j, 2.0]), torch.tensor([1 + 1j, 3.0]))
    for x in (randc(2), randn(2), randn(2, dtype=torch.float64), randint(1, 4, 2)):
        for number in (1.5 - 2j, 2, 0.5):
            cases.add(f"aten::{name}.Scalar", x, number)
cases.add("aten::add.Tensor", randc(2), randc(2), alpha=1 - 2j)
cases.add("aten::add.Tensor", randc(2), randc(2), alpha=0.5)
cases.add("aten::rsub.Scalar", randc(2), 2j, alpha=3)
cases.error("aten::add.Tensor", randn(2), randn(2), alpha=1j)
cases.add("aten::div.Tensor", torch.tensor([1 + 1j, 0j, 1e-200j, 1e200 + 1e200j], dtype=c128),
          torch.tensor([0j, 0j, 1e-200 + 1e-200j, 1e200 - 1e200j], dtype=c128))
cases.add("aten::div.Tensor_mode", randc(3), randc(3), rounding_mode=None)
cases.error("aten::div.Tensor_mode", randc(3), randc(3), rounding_mode="floor")
for value in (1, 2j, 0.5):
    cases.add("aten::addcmul", randc(3), randc(2, 1), randc(3), value=value)
    cases.add("aten::addcdiv", randc(3), randc(2, 1), randc(3), value=value)
for name in ("lt", "le", "gt", "ge", "remainder", "fmod", "floor_divide"):
    cases.either(f"aten::{name}" + (".Tensor" if name != "floor_divide" else ""), randc(2), randc(2))
for exponent in (0, 1, 2, 3, -1, -2, 0.5, -0.5, 2.5, 1 - 1j, 0j, 2 + 0j):
    cases.add("aten::pow.Tensor_Scalar", grid[grid != 0], exponent)
cases.add("aten::pow.Tensor_Scalar", randn(3), 1j)
cases.add("aten::pow.Tensor_Scalar", randc(3), 2)
cases.add("aten::pow.Tensor_Tensor", randc(3), randc(2, 1))
cases.add("aten::pow.Tensor_Tensor", randn(3).abs(), randc(3))
cases.add("aten::pow.Scalar", 2j, randn(3))
cases.add("aten::pow.Scalar", 2.0, randc(3))
cases.add("aten::float_power.Tensor_Scalar", randc(3), 2)
cases.add("aten::isclose", randc(3), randc(3), rtol=0.5, atol=0.5)
cases.add("aten::isclose", special, special, equal_nan=True)
cases.add("aten::allclose", special, special, equal_nan=True)
cases.add("aten::allclose", randc(3), randc(3))
cases.add("aten::equal", randc(3), randc(3))
cases.add("aten::equal", grid, grid.clone())
for name in ("maximum", "minimum", "fmax", "atan2", "hypot"):
    cases.either(f"aten::{name}", randc(2), randc(2))

for name in ("logical_and", "logical_or", "logical_xor"):
    cases.add(f"aten::{name}", torch.tensor([0j, 0j, 1j, 1.0]), torch.tensor([0j, 2j, 0j, 1.0]))
cases.add("aten::logical_not", torch.tensor([0j, 1j, 1.0]))
cases.add("aten::lerp.Scalar", randc(3), randc(3), 0.3)
cases.add("aten::lerp.Tensor", randc(3), randc(3), randc(3))
cases.add("aten::nan_to_num", special)
cases.add("aten::nan_to_num", special.to(c64), 1.0, 2.0, -3.0)
cases.add("aten::copy", randc(2, 3), randn(3))
cases.add("aten::copy", randn(2, 3), randn(3, dtype=torch.float64))
cases.add("aten::zero", randc(2, 3))
for name in ("add_", "mul_", "copy_", "masked_fill_", "fill_", "zero_", "conj_physical_"):
    x = randc(3, 2).t()
    if name == "masked_fill_":
        cases.either("aten::masked_fill_.Scalar", x, torch.tensor([True, False, True]), 1j)
    elif name == "fill_":
        cases.add("aten::fill_.Scalar", x, 2j)
    elif name in ("zero_", "conj_physical_"):
        cases.add(f"aten::{name}", x)
    else:
        cases.add(f"aten::{name}" + (".Tensor" if name != "copy_" else ""), x, randc(3))
cases.error("aten::add_.Tensor", randn(3), randc(3))
cases.add("aten::tensordot", randc(2, 3, 4), randc(4, 3), [2], [0])

# Reductions.
for x in (randc(2, 3, 4), randc(3, 2, dtype=c128).t(), randc(0, 3)):
    for name in ("sum", "mean", "prod"):
        cases.add(f"aten::{name}", x)
        cases.add(f"aten::{name}.{'dim_int' if name == 'prod' else 'dim_IntList' if name == 'sum' else 'dim'}",
                  x, 1 if name == "prod" else [1], keepdim=True)
    cases.add("aten::cumsum", x, -1)
    cases.add("aten::cumprod", x, 0)
    cases.add("aten::any", x)
    cases.add("aten::all.dim", x, 1)
    cases.add("aten::count_nonzero", x)
cases.add("aten::sum", randn(3), dtype=c64)
cases.add("aten::sum", randint(0, 5, 3), dtype=c128)
cases.add("aten::sum", randc(3), dtype=c128)
cases.add("aten::mean", randint(0, 5, 3), dtype=c64)
cases.add("aten::cumsum", randn(3), 0, dtype=c64)
cases.add("aten::trace", randc(3, 4))
for name in ("max", "min", "amax", "argmax", "sort", "median"):
    cases.error(f"aten::{name}", randc(4))
cases.error("aten::topk", randc(4), 2)

# Products.
cases.add("aten::mm", randc(2, 3), randc(3, 4))
cases.add("aten::mm", randc(3, 2).t(), randc(4, 3, dtype=c64).t())
cases.add("aten::bmm", randc(2, 2, 3, dtype=c128), randc(2, 3, 2, dtype=c128))
cases.add("aten::matmul", randc(3, 2, 1, 4), randc(2, 4, 2))
cases.add("aten::matmul", randc(4), randc(4))
cases.add("aten::matmul", randc(2, 4), randc(4))
cases.add("aten::mv", randc(2, 4), randc(4))
cases.add("aten::dot", randc(4), randc(4))
cases.add("aten::linear", randc(2, 3), randc(4, 3), randc(4))
cases.add("aten::mm", randc(2, 0), randc(0, 3))
cases.add("aten::addmm", randc(4), randc(2, 3), randc(3, 4), beta=2j, alpha=1 - 1j)
cases.add("aten::addmm", randc(2, 4), randc(2, 3), randc(3, 4), beta=0.5)
cases.add("aten::baddbmm", randc(2, 1, 4), randc(2, 2, 3), randc(2, 3, 4))
cases.add("aten::outer", randc(2), randc(3))
cases.add("aten::outer", randn(2), randc(3))
cases.add("aten::inner", randc(2, 3), randc(4, 3))
cases.add("aten::einsum", "bij,bkj->bik", [randc(2, 3, 4), randc(2, 2, 4)])
cases.add("aten::einsum", "ij->j", [randc(3, 4)])
for x in (randc(2, 3), randc(3, 2, dtype=c128).t()):
    cases.add("aten::linalg_vector_norm", x)
    cases.add("aten::linalg_vector_norm", x, 3, [1], True)
    cases.add("aten::linalg_vector_norm", x, inf)
    cases.add("aten::norm.Scalar", x, 1)
    cases.add("aten::norm.ScalarOpt_dim", x, 2, [0])
cases.error("aten::mm", randc(2, 3), randn(3, 4))
cases.add("aten::adjoint", randc(2, 3))
cases.add("aten::mH", randc(2, 2, 3))
cases.add("aten::matrix_H", randc(2, 3))
cases.add("aten::mT", randc(2, 3))

cases.add("aten::vdot", randc(4), randc(4))
cases.add("aten::vdot", randn(4), randn(4))
cases.error("aten::vdot", randc(4), randn(4))
cases.add("aten::linalg_cross", randc(2, 3), randc(2, 3))
for x in (randc(3, 4), randc(2, 3, dtype=c128).t()):
    cases.add("aten::var", x)
    cases.add("aten::std.dim", x, [1], keepdim=True)
    cases.add("aten::var_mean.correction", x, [0], correction=0)
cases.add("aten::logaddexp", randc(3), randc(3))

# Moves.
for dtype in (c64, c128):
    x, y = randc(3, 4, dtype=dtype), randc(2, 4, dtype=dtype)
    cases.add("aten::cat", [x, y, randn(1, 4)])
    cases.add("aten::stack", [x, x.clone()], 1)
    cases.add("aten::index.Tensor", x, [torch.tensor([2, 0]), None])
    cases.add("aten::index_select", x, 1, torch.tensor([3, 0]))
    cases.add("aten::gather", x, 0, randint(0, 3, 2, 4))
    cases.add("aten::take", x, torch.tensor([5, -1]))
    cases.add("aten::masked_select", x, torch.tensor([True, False, True, True]))
    cases.add("aten::masked_fill.Scalar", x, torch.tensor([True, False, True, True]), 1 - 2j)
    cases.add("aten::masked_fill.Tensor", x, torch.tensor([True, False, True, True]), torch.tensor(2j))
    cases.add("aten::masked_scatter", x, torch.tensor([True, False, True, True]), randc(12, dtype=dtype))
    cases.add("aten::where.self", torch.tensor([True, False, True, True]), x, randn(3, 1))
    cases.add("aten::scatter.src", x, 0, randint(0, 3, 1, 4), y)
    cases.add("aten::scatter_add", x, 0, randint(0, 3, 2, 4), y)
    cases.add("aten::index_add", x, 0, torch.tensor([2, 0]), y, alpha=2j)
    cases.add("aten::index_put", x, [torch.tensor([2, 0])], y, accumulate=True)
    cases.add("aten::index_put", x, [torch.tensor([2, 0])], y)
    cases.add("aten::index_fill.int_Scalar", x, 0, torch.tensor([2, 0]), 1j)
    cases.add("aten::slice_scatter", x, y, 0, 1)
    cases.add("aten::flip", x, [0, 1])
    cases.add("aten::roll", x, [1], [1])
    cases.add("aten::repeat", x, [2, 1])
    cases.add("aten::tril", x)
    cases.add("aten::triu", x, 1)
    cases.add("aten::diag", x[0])
    cases.add("aten::constant_pad_nd", x, [1, -1], 2 - 1j)
    cases.add("aten::reflection_pad1d", x, [1, 2])
    cases.add("aten::nonzero", torch.tensor([0j, 1j, 1.0], dtype=dtype))
    cases.add("aten::clone", x.t())
    cases.add("aten::contiguous", x.t())
    cases.add("aten::reshape", x.t(), [2, 6])
    cases.add("aten::fill.Scalar", x, 2 + 1j)
    cases.add("aten::embedding", x, torch.tensor([2, 1]))
    for other in (torch.float32, torch.int64, torch.bool, c64, c128, torch.bfloat16):
        cases.add("aten::_to_copy", x.t(), dtype=other)
        cases.add("aten::_to_copy", randn(2).to(other), dtype=dtype)
    for size in ([2, 3], []):
        cases.add("aten::zeros", size, dtype=dtype)
        cases.add("aten::ones", size, dtype=dtype)
        cases.add("aten::full", size, 1 - 2j, dtype=dtype)
        cases.add("aten::full", size, 3, dtype=dtype)
    cases.add("aten::eye", 2, dtype=dtype)
    cases.add("aten::zeros_like", x)
    cases.add("aten::ones_like", x)
    cases.add("aten::new_full", x, [2], 0.5)
    cases.add("aten::scalar_tensor", 1j, dtype=dtype)
cases.add("aten::full", [2], 1j)
cases.error("aten::full", [2], 1j, dtype=torch.float32)
cases.error("aten::fill.Scalar", randn(2), 1j)
cases.error("aten::masked_fill.Scalar", randn(2), torch.tensor([True, False]), 1j)
cases.add("aten::where.ScalarOther", torch.tensor([True, False]), randn(2), 1j)
cases.add("aten::item", torch.tensor(1 - 2j))
cases.add("aten::tensor.complex", 1 - 2j)

# Numbers of a graph.
parts = {"int": -2, "float": 1.5, "bool": True, "Tensor": torch.tensor(2.5)}
for a in parts:
    for b in parts:
        cases.add(f"aten::Complex.{a}_{b}", parts[a], parts[b])
cases.add("aten::Complex.Scalar", 2)
cases.add("aten::ComplexImplicit", torch.tensor(1 - 2j))
cases.error("aten::ComplexImplicit", torch.tensor([1 - 2j]))
for name in ("add", "sub", "mul"):
    cases.add(f"aten::{name}.complex", 1 - 2j, 0.5 + 3j)
    for other in ("int", "float"):
        cases.add(f"aten::{name}.complex_{other}", 1 - 2j, parts[other])
        cases.add(f"aten::{name}.{other}_complex", parts[other], 1 - 2j)
    cases.add(f"aten::{name}", 1 - 2j, 3)
for name in ("div", "pow"):
    cases.add(f"aten::{name}.complex", 1 - 2j, 0.5 + 3j)
cases.add("aten::pow.complex_float", 1 - 2j, 2.5)
cases.add("aten::pow.float_complex", 2.5, 1 - 2j)
for overload, a, b in (("complex_complex", 1 - 2j, 3j), ("complex_int", 1j, 3),
                       ("complex_float", 2j, 0.5), ("int_complex", 2, 3j),
                       ("float_complex", 2.5, 1 + 3j)):
    cases.add(f"aten::log.{overload}", a, b)
for name in ("eq", "ne"):
    cases.add(f"aten::{name}.complex", 1 - 2j, 1 - 2j)
    cases.add(f"aten::{name}.complex_float", 1.5 + 0j, 1.5)
    cases.add(f"aten::{name}.float_complex", 1.5, 1.5 + 1j)
for name in ("neg", "exp", "log", "log10", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan",
             "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "isnan", "isinf", "isfinite",
             "angle"):
    cases.add(f"aten::{name}.complex", 0.5 - 1.5j)
cases.add("prim::abs.complex", 3 - 4j)
for overload, a, b in (("int", 2, 3), ("float", 1.5, 0.5), ("int_float", 2, 0.5),
                       ("float_int", 1.5, 2), ("Scalar_Scalar", 2, 0.5)):
    cases.add(f"aten::polar.{overload}", a, b)
cases.add("aten::angle.int", -3)
cases.add("aten::angle.float", nan)
cases.add("aten::angle.Scalar", -2.5)
cases.add("aten::sum.complex", [1j, 2 + 0j])
cases.write()
