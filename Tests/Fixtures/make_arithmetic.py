"""Golden cases of Sources/Ops/Operators/Arithmetic.swift and Reshaping.swift."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("arithmetic")
inf, nan = float("inf"), float("nan")

cases.add("aten::add.Tensor", randn(2, 3), randn(2, 3))
cases.add("aten::add.Tensor", randn(2, 3), randn(3), alpha=2)
cases.add("aten::add.Tensor", randn(5, 1, 7).transpose(0, 2), randn(3, 1), alpha=-0.5)
cases.add("aten::add.Tensor", torch.tensor([nan, inf, -inf, 0.0]), torch.tensor([1.0, -inf, -inf, -0.0]))
cases.add("aten::add.Tensor", randn(0, 3), randn(1, 3))
for dtype in (torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.int32, torch.int64, torch.uint8):
    cases.add("aten::add.Tensor", randint(0, 100, 3, dtype=dtype), randint(0, 100, 3, dtype=dtype))
cases.add("aten::add.Tensor", randint(0, 9, 3), randn(3))
cases.add("aten::add.Tensor", torch.tensor([True, False]), torch.tensor([True, True]))
cases.error("aten::add.Tensor", randn(2), randn(3))
cases.add("aten::add.Scalar", randint(0, 9, 3), 2.5)
cases.add("aten::add.Scalar", randn(3), 2, alpha=3)
cases.add("aten::reshape", randn(4, 6).t(), [3, -1])
cases.add("aten::reshape", randn(0, 3), [0, 7])
cases.add("aten::view", randn(2, 3, 4).transpose(0, 1).transpose(0, 1), [6, 4])
cases.error("aten::view", randn(4, 6).t(), [24])
cases.error("aten::reshape", randn(4, 6), [5, -1])
cases.write()
