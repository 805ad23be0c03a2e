"""Golden cases of operators that change an argument: for each, calls of the operator it is made from
on small tensors, on a contiguous tensor and on a view into a larger one, and one that PyTorch refuses."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("inplace")


def within(tensor):
    """The same values as a view with gaps: every second column of a transposed matrix."""
    if tensor.dim() == 0 or tensor.numel() == 0:
        return tensor
    room = torch.zeros([n * 2 for n in tensor.shape[::-1]], dtype=tensor.dtype) + 1
    view = room.permute(*reversed(range(room.dim())))[tuple(slice(1, None, 2) for _ in tensor.shape)]
    view.copy_(tensor)
    return view


def both(name, tensor, *args, **kwargs):
    cases.add(name, tensor, *args, **kwargs)
    cases.add(name, within(tensor), *args, **kwargs)


x = torch.tensor([[-2.5, 0.25, 1.5], [3.75, -0.5, 7.0]])
unit = torch.tensor([[0.1, 0.25, 0.5], [0.75, 0.9, 0.3]])
above = unit + 1
whole = torch.tensor([[-2, 0, 3], [7, -5, 4]])
positive = torch.tensor([[2, 1, 3], [7, 5, 4]])
truth = torch.tensor([[True, False, True], [False, False, True]])
row = torch.tensor([0.5, -2.0, 3.0])
whole_row = torch.tensor([1, -2, 3])

DOMAIN = {
    **{n: unit for n in "acos asin atanh arccos arcsin arctanh erfinv log log10 log2 rsqrt sqrt logit "
       "digamma lgamma reciprocal".split()},
    **{n: above for n in "acosh arccosh".split()},
}
UNARY = """abs absolute acos acosh arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh
bitwise_not ceil conj_physical cos cosh deg2rad digamma erf erfc erfinv exp exp2 expm1 fix floor frac i0
lgamma log log10 log1p log2 logical_not logit nan_to_num neg negative rad2deg reciprocal round rsqrt sgn
sigmoid sign sin sinc sinh sqrt square tan tanh trunc celu elu gelu hardsigmoid hardswish hardtanh
leaky_relu mish relu relu6 rrelu selu silu""".split()
for name in UNARY:
    operation = f"aten::{name}_"
    if name == "bitwise_not":
        both(operation, whole)
        cases.error(operation, x)
        continue
    both(operation, DOMAIN.get(name, x))
    cases.either(operation, whole)
    cases.either(operation, x[:, :1].expand(2, 3))
cases.add("aten::relu_", randn(2, 3, dtype=torch.float16))
cases.add("aten::relu_", torch.zeros(0, 3))
cases.add("aten::relu_", torch.tensor(-1.0))
both("aten::round_.decimals", x * 1.17, decimals=1)
both("aten::threshold_", x, 0.3, 20.0)
both("aten::hardtanh_", x, -1.5, 2.0)
cases.either("aten::hardtanh_", whole, 0, 4)

for name in ("clamp", "clip"):
    both(f"aten::{name}_", x, -1.0, 2.0)
    both(f"aten::{name}_.Tensor", x, row - 1, row + 1)
    both(f"aten::{name}_", whole, None, 3)
    cases.error(f"aten::{name}_", whole, 0.5, None)
both("aten::clamp_max_", x, 1.0)
both("aten::clamp_max_.Tensor", x, row)
both("aten::clamp_min_", x, 1.0)
both("aten::clamp_min_.Tensor", x, row)

for name in "add sub subtract mul multiply div divide true_divide floor_divide fmod remainder".split():
    tensors, number = f"aten::{name}_.Tensor", f"aten::{name}_.Scalar"
    both(tensors, x, row)
    both(tensors, x, whole_row)
    both(number, x, 2.5)
    cases.either(tensors, whole, whole_row)
    cases.either(tensors, whole, row)
    cases.either(number, whole, 2)
    cases.either(number, whole, 2.5)
    cases.error(tensors, row, x)
    cases.error(tensors, x[:1].expand(2, 3), x)
    cases.either(tensors, x.half(), row.double())
    cases.either(tensors, truth, truth)
    cases.either(tensors, whole, torch.tensor(2))
    cases.either(tensors, whole.int(), torch.tensor(2.5))
both("aten::add_.Tensor", x, row, alpha=3)
both("aten::add_.Scalar", x, 1.0, 3)
cases.error("aten::add_.Tensor", whole, whole_row, alpha=0.5)
for name in ("div", "divide"):
    both(f"aten::{name}_.Tensor_mode", whole, whole_row, rounding_mode="trunc")
    both(f"aten::{name}_.Tensor_mode", x, row, rounding_mode="floor")
    both(f"aten::{name}_.Scalar_mode", whole, 2, rounding_mode="floor")
    cases.error(f"aten::{name}_.Tensor_mode", whole, whole_row, rounding_mode=None)
both("aten::addcmul_", x, row, unit, value=2)
both("aten::addcdiv_", x, row, unit, value=2)
cases.error("aten::addcmul_", row, x, unit)
both("aten::lerp_.Scalar", x, unit, 0.3)
both("aten::lerp_.Tensor", x, unit, row)
both("aten::atan2_", x, row)
both("aten::arctan2_", x, row)
both("aten::copysign_.Tensor", x, row)
both("aten::copysign_.Scalar", x, -1.0)
both("aten::gcd_", whole, whole_row)
both("aten::lcm_", whole, whole_row)
both("aten::heaviside_", x, row)
both("aten::hypot_", x, row)
both("aten::nextafter_", x, row)
both("aten::xlogy_.Tensor", x, unit)
both("aten::xlogy_.Scalar_Other", x, 2.0)
both("aten::pow_.Scalar", x, 2)
both("aten::pow_.Tensor", unit, row)
cases.error("aten::pow_.Scalar", whole, 0.5)
both("aten::float_power_.Scalar", unit.double(), 0.5)
both("aten::float_power_.Tensor", unit.double(), row)
cases.error("aten::float_power_.Scalar", unit, 0.5)

for name in ("and", "or", "xor"):
    both(f"aten::bitwise_{name}_.Tensor", whole, whole_row)
    both(f"aten::bitwise_{name}_.Scalar", whole, 6)
    both(f"aten::__i{name}__.Tensor", whole, whole_row)
    both(f"aten::__i{name}__.Scalar", whole, 6)
    both(f"aten::logical_{name}_", whole, whole_row)
    cases.add(f"aten::__i{name}__.Tensor", truth, truth[0])
    cases.error(f"aten::__i{name}__.Tensor", x, x)
    cases.either(f"aten::logical_{name}_", x, row)
    cases.either(f"aten::__i{name}__.Tensor", truth, whole)
for name, short in (("left", "l"), ("right", "r")):
    both(f"aten::bitwise_{name}_shift_.Tensor", whole, positive)
    both(f"aten::bitwise_{name}_shift_.Tensor_Scalar", whole, 2)
    both(f"aten::__i{short}shift__.Tensor", whole, positive)
    both(f"aten::__i{short}shift__.Scalar", whole, 2)

for name in "eq ne not_equal lt less le less_equal gt greater ge greater_equal".split():
    both(f"aten::{name}_.Tensor", x, row)
    both(f"aten::{name}_.Scalar", whole, 3)
    cases.error(f"aten::{name}_.Tensor", row, x)

both("aten::copy_", x, row)
both("aten::copy_", whole, x)
both("aten::copy_", truth, x)
both("aten::copy_", x, truth)
both("aten::copy_", x.bfloat16(), whole.t().contiguous().t())
cases.add("aten::copy_", x, torch.tensor(4.0))
cases.error("aten::copy_", row, x)
cases.error("aten::copy_", x[:1].expand(2, 3), x)
cases.add("aten::copy", whole, x)
cases.add("aten::copy", x.t(), torch.tensor(2))
cases.error("aten::copy", row, x)
cases.add("aten::zero", whole)
cases.add("aten::zero", x.t())
both("aten::zero_", x)
both("aten::zero_", truth)
for dtype in (torch.float32, torch.int8, torch.bool):
    both("aten::fill_.Scalar", x.to(dtype), 2.5)
    both("aten::fill_.Tensor", x.to(dtype), torch.tensor(2.5))
cases.error("aten::fill_.Tensor", x, row)
for name in ("cumsum", "cumprod"):
    both(f"aten::{name}_", x, 1)
    cases.either(f"aten::{name}_", whole.int(), 0)
    cases.either(f"aten::{name}_", truth, 0)
both("aten::tril_", x)
both("aten::triu_", x, 1)

both("aten::masked_fill_.Scalar", x, truth, 9.0)
both("aten::masked_fill_.Scalar", x, truth[0], 9)
both("aten::masked_fill_.Tensor", x, truth, torch.tensor(9.0))
cases.error("aten::masked_fill_.Scalar", row, truth, 9.0)
cases.either("aten::masked_fill_.Scalar", whole, truth, 2.5)
cases.either("aten::masked_fill_.Tensor", whole, truth, torch.tensor(2.5))
both("aten::masked_scatter_", x, truth, torch.arange(6.0))
index = torch.tensor([2, 0])
for name in ("index_put_", "_index_put_impl_"):
    both(f"aten::{name}", x, [None, index], torch.tensor([8.0, 9.0]))
    both(f"aten::{name}", x, [torch.tensor([1, 1]), index], torch.tensor(5.0), True)
    both(f"aten::{name}", x, [truth], torch.tensor(5.0), note="decided by values")
    cases.error(f"aten::{name}", x, [index, index], torch.tensor(5.0))
    cases.error(f"aten::{name}", x, [None, index], torch.tensor(5))
    both(f"aten::{name}.hacked_twin", x, [torch.tensor([1, 0]), index], torch.tensor([8.0, 9.0]))
both("aten::index_add_", x, 1, index, unit[:, :2], alpha=2)
both("aten::index_copy_", x, 1, index, unit[:, :2])
both("aten::index_fill_.int_Scalar", x, 1, index, 4.0)
both("aten::index_fill_.int_Tensor", x, 1, index, torch.tensor(4.0))
both("aten::index_reduce_", x, 1, index, unit[:, :2], "prod")
cases.error("aten::index_add_", x, 1, index, whole[:, :2])
places = torch.tensor([[2, 0], [1, 1]])
both("aten::put_", x, places, torch.tensor([[1.0, 2.0], [3.0, 4.0]]), True)
both("aten::scatter_.src", x, 1, places[:, :1], unit)
both("aten::scatter_.value", x, 1, places, 3.0)
both("aten::scatter_.reduce", x, 1, places, unit, reduce="multiply")
both("aten::scatter_.value_reduce", x, 1, places, 3.0, reduce="add")
both("aten::scatter_add_", x, 1, places, unit)
both("aten::scatter_reduce_.two", x, 1, places, unit, "amax", include_self=False)

square = torch.tensor([[1.0, 2.0], [-3.0, 0.5]])
both("aten::addmm_", square, x[:, :2], unit[:, :2], beta=0.5, alpha=2)
both("aten::addmv_", square[0].clone(), square, row[:2])
both("aten::addr_", square, row[:2], row[1:])
both("aten::addbmm_", square, randn(3, 2, 2), randn(3, 2, 2), beta=0.5)
both("aten::renorm_", x, 2, 0, 1.0)
both("aten::_add_relu_.Tensor", x, row)
both("aten::_add_relu_.Scalar", x, 0.5)
both("aten::ldexp_", x, row)
cases.add("aten::fill_diagonal_", x, 9.0)
cases.add("aten::fill_diagonal_", x.t(), 9.0)
cases.add("aten::fill_diagonal_", randn(7, 2), 9.0, True)
cases.add("aten::fill_diagonal_", randn(7, 3), 9.0, True)
cases.add("aten::fill_diagonal_", randn(2, 2, 2), 9.0)
cases.error("aten::fill_diagonal_", row, 9.0)
cases.error("aten::fill_diagonal_", randn(2, 2, 3), 9.0)
cases.add("aten::resize_", x.clone(), [3, 2])
cases.add("aten::resize_", x.clone(), [2])
cases.add("aten::resize_as_", x.clone(), square)
both("aten::baddbmm_", square.repeat(2, 1, 1), randn(2, 2, 3), randn(2, 3, 2))

for name in ("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout"):
    both(f"aten::{name}_", x, 0.4, False)
    cases.add(f"aten::{name}_", x, 0.4, True, seed=3)
    cases.add(f"aten::{name}_", randn(2, 5)[:, 1:4], 0.4, True, seed=3)
    cases.add(f"aten::{name}_", x, 1.0, True)
    cases.error(f"aten::{name}_", x, 1.5, True)

# Random numbers: PyTorch's own for the seed.
for name, args in [("uniform", (-1.0, 3.0)), ("normal_functional", (1.0, 2.0)), ("log_normal", (0.5, 0.5)),
                   ("cauchy", (1.0, 2.0)), ("exponential", (2.0,)), ("geometric", (0.3,)),
                   ("random", ()), ("random.to", (10,)), ("random.from", (-5, 10))]:
    base, _, overload = name.partition(".")
    changing = "aten::" + base.removesuffix("_functional") + "_" + ("." + overload if overload else "")
    for target in (f"aten::{name}", changing):
        cases.add(target, x, *args, seed=4)
        cases.add(target, x.double(), *args, seed=5)
    cases.add(changing, randn(3, 6)[:, ::2], *args, seed=6)
    cases.either(changing, x.bfloat16(), *args, seed=7)
    cases.either(changing, whole, *args, seed=7)
    cases.either(changing, truth, *args, seed=7)
for dtype in (torch.float32, torch.int64, torch.uint8, torch.float16):
    cases.add("aten::random_", x.to(dtype), seed=8)
    cases.add("aten::random_.from", x.to(dtype), 3, None, seed=9)
cases.add("aten::random_.from", whole, -2**63, None, seed=9)
cases.error("aten::random_.from", whole.to(torch.int8), 300, None)
for target in ("aten::bernoulli.Tensor", "aten::bernoulli_.Tensor"):
    cases.add(target, x, unit, seed=1)
    cases.add(target, whole, unit[0].double(), seed=1)
    cases.error(target, x, x)
    cases.error(target, row, unit)
cases.add("aten::bernoulli_.float", x, 0.3, seed=1)
cases.add("aten::bernoulli_.float", randn(3, 6)[:, ::2], seed=1)
cases.error("aten::bernoulli_.float", x, 1.3)
cases.error("aten::cauchy_", x, 0.0, -1.0)
cases.error("aten::geometric_", x, 1.0)

room = randn(2, 1, 3)
both("aten::squeeze_", room)
both("aten::squeeze_.dim", room, 1)
both("aten::squeeze_.dims", room, [1, 2])
both("aten::unsqueeze_", x, -1)
both("aten::t_", x)
both("aten::transpose_", room, 0, -1)
both("aten::swapaxes_", room, 0, 2)
both("aten::swapdims_", room, 0, 2)
cases.add("aten::as_strided_", x, [2, 2], [1, 2], 1)
cases.add("aten::detach_", x)

cases.write()
