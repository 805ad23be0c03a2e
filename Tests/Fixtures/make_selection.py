"""Golden cases of Sources/Ops/Operators/Selection.swift and Conversion.swift."""

import torch

from operator_cases import Cases, DTYPES, randint, randn

cases = Cases("selection")
inf, nan = float("inf"), float("nan")
SPECIAL = torch.tensor([nan, inf, -inf, 0.0, -0.0, 1.0, -2.5, 0.1, 300.7, -129.5])
WHOLE = torch.tensor([-300, -1, 0, 1, 2, 127, 128, 255, 2**40])
MASK = torch.tensor([[True, False, True], [False, False, True]])

for dtype in DTYPES:
    cases.add("aten::where.self", MASK, randint(0, 50, 2, 3).to(dtype), randint(0, 50, 3).to(dtype))
    cases.add("aten::where.self", MASK, randint(0, 50, 2, 3).to(dtype), randn(3))
    cases.add("aten::where.ScalarOther", MASK, randint(0, 50, 3).to(dtype), 2)
    cases.add("aten::where.ScalarSelf", MASK, 2.5, randint(0, 50, 3).to(dtype))
    cases.add("aten::masked_fill.Scalar", randint(0, 50, 2, 3).to(dtype), MASK, 7)
    cases.add("aten::masked_fill.Tensor", randint(0, 50, 2, 3).to(dtype), MASK, torch.tensor(2.5))
    cases.add("aten::fill.Scalar", randint(0, 50, 2, 3).to(dtype), 2.5)
    cases.add("aten::fill.Tensor", randint(0, 50, 2, 3).to(dtype), torch.tensor(3))
    cases.add("aten::where", torch.tensor([[0, 1, 2], [3, 0, 0]]).to(dtype))
cases.add("aten::where.self", MASK[:, None], randn(2, 4, 1).transpose(0, 1)[::2], randn(1)[0])
cases.add("aten::where.self", MASK[:, :0], randn(2, 1), randn(1))
cases.add("aten::where.self", torch.tensor([1, 0, 2], dtype=torch.uint8), SPECIAL[:3], randn(3))
cases.add("aten::where.self", MASK, torch.tensor(2**40 + 1), torch.tensor([1, 2, 2**53 + 1]))
cases.error("aten::where.self", torch.tensor([1, 0, 2]), randn(3), randn(3))
cases.error("aten::where.self", MASK, randn(4), randn(3))
cases.error("aten::where.ScalarOther", MASK, torch.ones(3, dtype=torch.int8), 1000)
for pair in ((1, 2), (1, 2.5), (True, False), (0.0, -inf)):
    cases.add("aten::where.Scalar", MASK, *pair)
for condition in (MASK, MASK[0, 0], torch.zeros(0, 3), randn(2, 3, 2).relu().transpose(0, 2), torch.tensor(0.0)):
    cases.add("aten::where", condition)

cases.add("aten::masked_fill.Scalar", randn(3, 2).t(), MASK, -inf)
cases.add("aten::masked_fill.Scalar", randn(4, 1, 1), MASK, 1.5)
cases.add("aten::masked_fill.Scalar", randn(1)[0], MASK[0], 2)
cases.add("aten::masked_fill.Scalar", randn(0, 3), MASK[:1], 2)
cases.add("aten::masked_fill.Scalar", torch.tensor([1, 2, 3]), MASK[0], 2**53 + 1)
cases.error("aten::masked_fill.Scalar", randn(2, 3), MASK.long(), 2)
cases.error("aten::masked_fill.Scalar", randn(2, 4), MASK, 2)
cases.error("aten::masked_fill.Scalar", torch.ones(3, dtype=torch.int8), MASK[0], 300)
cases.error("aten::masked_fill.Scalar", torch.ones(3, dtype=torch.int64), MASK[0], inf)
cases.error("aten::masked_fill.Tensor", randn(2, 3), MASK, randn(1))
cases.error("aten::fill.Scalar", torch.ones(3, dtype=torch.int8), 300)
cases.error("aten::fill.Tensor", randn(2), randn(1))
cases.add("aten::fill.Scalar", randn(2, 0), 3)

for dtype in DTYPES:
    # Out-of-range conversions to whole numbers are undefined in C++: their results differ by machine.
    cases.add("aten::to.dtype", (SPECIAL if dtype.is_floating_point or dtype == torch.bool else SPECIAL[3:8]), dtype)
    cases.add("aten::to.dtype", WHOLE, dtype)
    cases.add("aten::to.dtype", torch.tensor([True, False]), dtype, copy=True)
    cases.add("aten::to.dtype", randint(0, 9, 3, 2).to(dtype).t(), torch.float64)
    cases.add("aten::_to_copy", randint(0, 9, 3, 2).to(dtype).t(), dtype=torch.float32)
    cases.add("aten::clone", randint(0, 9, 3, 2).to(dtype).t())
x = randn(3, 4, 2).transpose(0, 2)[:, 1:]
other = torch.tensor([1], dtype=torch.int16)
cpu = torch.device("cpu")
cases.add("aten::to.dtype_layout", x, dtype=torch.float16)
cases.add("aten::to.dtype_layout", x, device=cpu)
cases.add("aten::to.device", x, cpu, torch.float64)
cases.add("aten::to.device", x, cpu, torch.float32, copy=True)
cases.add("aten::to.other", x, other)
cases.add("aten::to.prim_Device", x, cpu, 7)
cases.add("aten::to.prim_Device", x, None)
cases.add("aten::to.prim_dtype", x, 7)
cases.add("aten::to.prim_dtype", x)
cases.add("aten::to.prim_other", x)
cases.error("aten::to.device", x, torch.device("cuda:0"), torch.float32)
cases.add("aten::type_as", x, other)
cases.add("aten::type_as", x, x)
cases.add("aten::_to_copy", x)
cases.add("aten::_to_copy", torch.tensor([2**53 + 1]))
cases.add("aten::contiguous", x)
cases.add("aten::contiguous", randn(1, 2, 3, 2), memory_format=torch.channels_last)
cases.add("aten::clone", randn(1, 2, 3, 2), memory_format=torch.channels_last)
cases.add("aten::clone", randn(1)[0])
cases.add("aten::clone", randn(0, 2))
for base in ("cpu", "detach", "alias", "lift_fresh", "lift", "lift_fresh_copy", "detach_copy", "alias_copy"):
    cases.add("aten::" + base, x)
cases.write()
