"""Golden cases of Scattering and Writing in Sources/Ops/Operators."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("scattering")
inf, nan = float("inf"), float("nan")
x = randn(3, 4, 2)
turned = randn(2, 4, 3).permute(2, 1, 0)
scalar = torch.tensor(2.5)
empty = randn(0, 3)
none = torch.tensor([], dtype=torch.int64)
t = torch.tensor
DTYPES = [torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.int16, torch.int32, torch.int64,
          torch.uint8, torch.bool]

# The scatter family; indices that meet more than once only where the order does not matter.
apart = torch.stack([torch.randperm(4)[:3] for _ in range(6)]).reshape(3, 2, 3).permute(0, 2, 1)
meeting = randint(0, 4, 3, 6, 2)
source = randn(6, 3, 3).permute(1, 0, 2)
for value in (x, turned):
    cases.add("aten::scatter.src", value, 1, apart, source)
    cases.add("aten::scatter.value", value, 1, meeting, -1.5)
    cases.add("aten::scatter_add", value, 1, meeting, source)
    cases.add("aten::scatter.reduce", value, -2, meeting, source, reduce="add")
    cases.add("aten::scatter.reduce", value, -2, meeting, source, reduce="multiply")
    cases.add("aten::scatter.value_reduce", value, 1, meeting, 2, reduce="add")
    cases.add("aten::scatter.value_reduce", value, 1, meeting, 2, reduce="multiply")
    for reduce in ("sum", "prod", "mean", "amax", "amin"):
        for include in (True, False):
            cases.add("aten::scatter_reduce.two", value, 1, meeting, source, reduce, include_self=include)
special = t([nan, 1.0, inf, -inf])
for reduce in ("sum", "prod", "mean", "amax", "amin"):
    cases.add("aten::scatter_reduce.two", t([1.0, nan, 2.0]), 0, t([0, 0, 1, 2]), special, reduce)
    for dtype in DTYPES:
        a, b = randint(0, 9, 3, dtype=dtype), randint(0, 9, 4, dtype=dtype)
        cases.either("aten::scatter_reduce.two", a, 0, t([0, 1, 1, 0]), b, reduce)
    cases.either("aten::index_reduce", t([1.0, nan, 2.0]), 0, t([0, 0, 1, 2]), special, reduce)
    for include in (True, False):
        cases.either("aten::index_reduce", x, 1, t([3, 0, 3]), randn(3, 3, 2), reduce, include_self=include)
    cases.either("aten::index_reduce", t([7, -8, 9]), 0, t([0, 1, 1]), t([2, -4, 3]), reduce)
for dtype in DTYPES:
    a, b = randint(0, 9, 3, dtype=dtype), randint(0, 9, 2, dtype=dtype)
    cases.add("aten::scatter.src", a, 0, t([2, 0]), b)
    cases.add("aten::scatter.value", a, 0, t([2, 0]), 1)
    cases.either("aten::scatter_add", a, 0, t([2, 2]), b)
    cases.either("aten::index_add", a, 0, t([2, 2]), b)
    cases.add("aten::index_copy", a, 0, t([2, 0]), b)
    cases.add("aten::index_fill.int_Scalar", a, 0, t([2]), 1)
    cases.either("aten::put", a, t([2, 2]), b, True)
for op, more in (("aten::scatter.src", ()), ("aten::scatter_add", ()), ("aten::scatter_reduce.two", ("sum",))):
    cases.add(op, scalar, 0, t(0), t(1.0), *more)
    cases.add(op, x, 0, torch.empty(0, 4, 2, dtype=torch.int64), x, *more)
    cases.either(op, x, 0, none, x, *more)
    cases.either(op, randn(3), 0, t(1), t(1.0), *more)
    cases.either(op, x, 0, t([[[0]]], dtype=torch.int32), x, *more)
    for bad in ((0, t([[[3]]]), x), (0, t([[[-1]]]), x), (0, t([[0]]), x), (0, randint(0, 3, 3, 5, 2), randn(3, 5, 2)),
                (0, randint(0, 3, 3, 4, 2), randn(2, 4, 2)), (3, t([[[0]]]), x), (0, t([[[0.0]]]), x),
                (0, t([[[0]]]), x.double())):
        cases.either(op, x, *bad, *more)
cases.error("aten::scatter_reduce.two", x, 0, t([[[0]]]), x, "median")
cases.error("aten::scatter.reduce", x, 0, t([[[0]]]), x, reduce="mean")
cases.either("aten::scatter.value", randint(0, 5, 3), 0, t([0]), 2.5)
cases.either("aten::scatter.value", x, 0, t([[[5]]]), 2.5)
cases.either("aten::scatter.value_reduce", x, 0, t([[[5]]]), 2.5, reduce="add")

# Slices of an axis
for value in (x, turned):
    cases.add("aten::index_add", value, 1, t([3, 0, 3]), randn(3, 3, 2))
    cases.add("aten::index_add", value, -1, t([1]), randn(1, 4, 3).permute(2, 1, 0), alpha=-2.5)
    cases.add("aten::index_copy", value, 1, t([3, 0]), randn(3, 2, 2))
    cases.add("aten::index_fill.int_Scalar", value, 2, t([0]), -1)
    cases.add("aten::index_fill.int_Tensor", value, 0, t([0, -1]), t(3.5))
cases.either("aten::index_add", scalar, 0, t([0]), t(1.0))
cases.either("aten::index_add", scalar, 0, t(0), t(1.0))
cases.either("aten::index_add", randn(3), 0, t(0), t(1.0))
cases.either("aten::index_copy", scalar, 0, t([0]), t(1.0))
cases.either("aten::index_copy", randn(3), 0, t(1), t(1.0))
cases.either("aten::index_fill.int_Scalar", scalar, 0, t([0]), 1)
cases.either("aten::index_add", x, 0, none, randn(0, 4, 2))
for op in ("aten::index_add", "aten::index_copy"):
    for bad in ((0, t([3]), randn(1, 4, 2)), (0, t([-1]), randn(1, 4, 2)), (0, t([0]), randn(2, 4, 2)),
                (0, t([0]), randn(1, 4, 3)), (0, t([0]), randn(4, 2)), (0, t([0]), randn(1, 4, 2).double()),
                (0, t([[0]]), randn(1, 4, 2)), (0, t([0.0]), randn(1, 4, 2)), (3, t([0]), randn(1, 4, 2))):
        cases.either(op, x, *bad)
cases.either("aten::index_add", randint(0, 5, 3), 0, t([0]), t([1]), alpha=2.5)
for bad in ((0, t([3]), 1), (0, t([-4]), 1), (3, t([0]), 1), (0, t([[0]]), 1), (0, t([0.0]), 1)):
    cases.either("aten::index_fill.int_Scalar", x, *bad)
cases.error("aten::index_fill.int_Tensor", x, 0, t([0]), t([1.0]))
cases.add("aten::put", turned, t([[0, 5], [-1, 22]]), randn(2, 2))
cases.add("aten::put", turned, t([0, 0, 1]), randn(3), True)
for bad in ((t([24]), randn(1)), (t([0]), randn(2)), (t([0]), randn(1).double()), (t([0], dtype=torch.int32), randn(1))):
    cases.either("aten::put", x, *bad)

# Parts
cases.add("aten::slice_scatter", x, randn(3, 2, 2), 1, 1, 3)
cases.add("aten::slice_scatter", turned, randn(2, 4, 2), 0, None, None, 2)
cases.add("aten::slice_scatter", x, randn(3, 4, 2))
cases.add("aten::slice_scatter", x, randn(3, 0, 2), 1, 2, 2)
cases.add("aten::slice_scatter", x, randn(3, 1, 2), 1, -1, 9223372036854775807)
cases.either("aten::slice_scatter", randint(0, 5, 3), t([1.7]), 0, 1, 2)
cases.either("aten::slice_scatter", x, randn(3, 1, 2), 1, 1, 3)
cases.either("aten::slice_scatter", x, randn(3, 4, 2), 3)
cases.either("aten::slice_scatter", scalar, scalar)
cases.add("aten::select_scatter", x, randn(4, 2), 0, -1)
cases.add("aten::select_scatter", turned, randn(3, 2), 1, 2)
cases.either("aten::select_scatter", x, randn(4, 2), 0, 3)
cases.either("aten::select_scatter", x, randn(2), 0, 0)
cases.add("aten::diagonal_scatter", x, randn(2, 3), 0)
cases.add("aten::diagonal_scatter", turned, randn(3, 1), 1, 1, 2)
cases.either("aten::diagonal_scatter", x, randn(5))
cases.add("aten::as_strided_scatter", x, randn(2, 3), [2, 3], [4, 1], 2)
cases.either("aten::as_strided_scatter", x, randn(2, 3), [2, 3], [40, 1])

# aten::index_put
put = "aten::index_put"
mask = t([True, False, True])
for value in (x, turned):
    cases.add(put, value, [t([0, -1])], randn(2, 4, 2))
    cases.add(put, value, [t([0, -1])], randn(2))
    cases.add(put, value, [t([0, -1])], scalar)
    cases.add(put, value, [None, t([[1], [2]]), t([0])], randn(3, 2, 1))
    cases.add(put, value, [t([0, 1]), None, t([1, 0])], randn(2, 4))
    cases.add(put, value, [t([0, 0, 1])], randn(3, 4, 2), True)
    cases.error(put, value, [t([0, 1]), None, t([1, 0])], randn(1, 2, 4), True)
    cases.add(put, value, [mask], randn(2, 4, 2))
    cases.add(put, value, [value > 0], t(0.0))
    cases.add(put, value, [value > 0], t(1.0), True)
    cases.add(put, value, [mask, None, t([1, 1])], randn(2, 1))
    cases.add(put, value, [none], scalar)
for dtype in DTYPES:
    cases.add(put, randint(0, 2, 3, dtype=dtype), [t([0, 2])], t([1, 1], dtype=dtype))
    cases.add(put, randint(0, 2, 3, dtype=dtype), [t([0, 0])], t([1, 1], dtype=dtype), True)
cases.add("aten::index_put.hacked_twin", x, [t([0, 1])], scalar)
for args in (([t([3])], scalar), ([t([0])], t(1)), ([t([0])], randn(3)), ([t([0, 1])], randn(2, 4, 3)),
             ([t([0.0])], scalar), ([t([0])] * 4, scalar), ([t([True, False])], scalar)):
    cases.error(put, x, *args)
cases.either(put, x, [], scalar)
cases.either(put, x, [None], scalar)
cases.write()
