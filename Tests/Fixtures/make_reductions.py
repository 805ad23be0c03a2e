"""Golden cases of Sums, Extremes and Truths in Sources/Ops/Operators."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("reductions")
inf, nan = float("inf"), float("nan")
x = randn(2, 3, 4)
turned = randn(4, 3, 2).permute(2, 1, 0)
scalar = torch.tensor(2.5)
empty = randn(0, 3)
t = torch.tensor
special = t([[1.0, nan, 2.0], [inf, 3.0, 1.0], [inf, -inf, 0.0]])
whole = randint(-5, 6, 3, 4)
DTYPES = [torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.int16, torch.int32, torch.int64,
          torch.uint8, torch.bool]
DIMS = [[0], [-1], [0, 2], [], None, [1, -1]]

for op in ("aten::sum", "aten::mean", "aten::prod", "aten::max", "aten::min", "aten::any", "aten::all", "aten::argmax",
           "aten::argmin", "aten::aminmax", "aten::amax", "aten::amin", "aten::nansum", "aten::nanmean",
           "aten::count_nonzero"):
    for value in (x, turned, scalar, empty, special, special[0], whole):
        cases.either(op, value)
    for dtype in DTYPES:
        cases.either(op, randint(0, 7, 2, 3, dtype=dtype))
for op in ("aten::sum.dim_IntList", "aten::mean.dim", "aten::nansum", "aten::nanmean", "aten::amax", "aten::amin",
           "aten::any.dims", "aten::all.dims", "aten::logsumexp"):
    # PyTorch's logsumexp fails in its own copy where no axis is named.
    for dims in [[0], [0, 2]] if op == "aten::logsumexp" else DIMS:
        for value in (x, turned):
            for keep in (False, True):
                rest = {"keepdim": keep}
                cases.either(op, value, dims, **rest)
    for value, dims in ((scalar, [0]), (scalar, [-1]), (scalar, [1]), (empty, [0]), (empty, [1]), (special, [1]),
                        (special, [0]), (x, [0, 0]), (x, [3]), (x, [0, -3]), (whole, [0]), (randn(2, 0, 3), [1])):
        cases.either(op, value, dims)
for op in ("aten::prod.dim_int", "aten::max.dim", "aten::min.dim", "aten::argmax", "aten::argmin", "aten::any.dim",
           "aten::all.dim", "aten::count_nonzero", "aten::median.dim", "aten::nanmedian.dim"):
    for dim in (0, 1, -1):
        for value in (x, turned):
            cases.either(op, value, dim)
            cases.either(op, value, dim, keepdim=True) if op != "aten::count_nonzero" else None
    for value, dim in ((scalar, 0), (scalar, 1), (empty, 0), (empty, 1), (special, 1), (special, 0), (x, 3),
                       (randn(2, 0, 3), 1), (randn(2, 0, 3), 0)):
        cases.either(op, value, dim)
    for dtype in DTYPES:
        cases.either(op, torch.stack([torch.randperm(7)[:4] for _ in range(2)]).to(dtype), 1)
ties = t([[3, 1, 3, 1], [2, 2, 2, 2]])
for op in ("aten::max.dim", "aten::min.dim", "aten::argmax", "aten::argmin"):
    cases.add(op, ties, 1)
    cases.add(op, ties > 1, 1) if "arg" not in op else None
cases.add("aten::argmax", ties)
for op in ("aten::sum", "aten::mean", "aten::prod", "aten::nansum", "aten::nanmean"):
    for dtype in (torch.float64, torch.float16, torch.int32, torch.uint8, torch.bool, torch.float32):
        cases.either(op, whole, dtype=dtype)
        cases.either(op, randn(3) * 3, dtype=dtype)
cases.add("aten::sum.dim_IntList", whole, [1], dtype=torch.float32)
cases.add("aten::mean.dim", whole, [1], True, dtype=torch.float64)
cases.add("aten::sum", torch.full((3000,), 0.1))
cases.add("aten::mean", torch.full((3000,), 1e4) + torch.rand(3000))
cases.add("aten::var", torch.full((2000,), 1e3) + torch.rand(2000))
cases.add("aten::sum.dim_IntList", randint(100, 127, 4, 3, dtype=torch.int8), [0])
cases.add("aten::aminmax", x, dim=1)
cases.add("aten::aminmax", turned, dim=-1, keepdim=True)
cases.either("aten::aminmax", empty, dim=0)
cases.either("aten::aminmax", empty, dim=1)
for value in (t([-inf, -inf]), t([inf, 1.0]), t([1e4, 1e4]), t([inf, -inf])):
    cases.add("aten::logsumexp", value, [0])
    cases.add("aten::special_logsumexp", value, [0], True)
cases.either("aten::logsumexp", whole, [1])
cases.add("aten::count_nonzero.dim_IntList", whole, [0])
cases.either("aten::count_nonzero.dim_IntList", whole, [])
cases.add("aten::count_nonzero.dim_IntList", x, [0, -1])
for value in (randn(3, 3), randn(2, 4).t(), whole, whole > 0, randn(0, 2), x, scalar):
    cases.either("aten::trace", value)
cases.write()
