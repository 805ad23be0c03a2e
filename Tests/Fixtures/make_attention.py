"""Golden cases of Sources/Ops/Operators/Softmax.swift, Attention.swift, Embedding.swift and Dropout.swift."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("attention")
inf, nan = float("inf"), float("nan")
HALF = (torch.float16, torch.bfloat16)

for name in ("softmax", "log_softmax"):
    op = f"aten::{name}.int"
    for sizes, dim in (((3, 4), 1), ((3, 4), 0), ((2, 3, 4), -2), ((5,), 0), ((), 0), ((), -1), ((3, 1), 1)):
        cases.add(op, randn(*sizes or [()]) * 5, dim)
    cases.add(op, randn(3, 5, 2).transpose(0, 2), 1)
    cases.add(op, randn(4, 6)[:, ::2], -1)
    for sizes, dim in (((0, 3), 1), ((0, 3), 0), ((3, 0), 1)):
        cases.add(op, randn(*sizes), dim)
    cases.add(op, torch.tensor([[nan, 1, 2], [inf, 0, 1], [-inf, -inf, -inf], [-inf, 1, 2], [1e30, 1, -1e30]]), 1)
    cases.add(op, torch.tensor([100.0, 200.0, -300.0]), 0)
    for dtype in (torch.float64,) + HALF:
        cases.add(op, randn(3, 9, dtype=dtype), 1)
    cases.add(op, randint(0, 9, 3, 4), 1, torch.float32)
    cases.add(op, randn(3, 4), 1, torch.float64)
    cases.add(op, randn(3, 4, dtype=torch.float16), 1, torch.float32)
    cases.error(op, randint(0, 9, 3, 4), 1)
    cases.error(op, randn(3, 4), 2)
    cases.error(op, randn(3, 4), -3)

op = "aten::embedding"
for indices in (torch.tensor(2), torch.tensor([0, 3, 3]), torch.tensor([[1, 2], [4, 0]]), torch.zeros(0, 2, dtype=torch.int64)):
    cases.add(op, randn(5, 3), indices)
cases.add(op, randn(5, 3), torch.tensor([1, 4], dtype=torch.int32), 1)
cases.add(op, randn(3, 5).t(), torch.tensor([[0, 1], [2, 3]]).t())
for dtype in (torch.float64, torch.int64, torch.uint8, torch.bool) + HALF:
    cases.add(op, randint(0, 2, 5, 3, dtype=dtype), torch.tensor([4, 0]))
cases.error(op, randn(5, 3), torch.tensor([5]))
cases.error(op, randn(5, 3), torch.tensor([-1]))
cases.error(op, randn(5), torch.tensor([1]))
cases.error(op, randn(5, 3), torch.tensor([1.0]))

for name in ("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout"):
    op = f"aten::{name}"
    cases.add(op, randn(2, 3), 0.5, False)
    cases.add(op, randn(2, 3), 0.0, True)
    cases.add(op, randn(2, 3), 1.0, True)
    cases.add(op, randn(3, 2).t(), 0.3, False)
    cases.add(op, randint(0, 9, 2, 3), 0.3, False)
    cases.add(op, randn(0, 3), 0.3, True)
    cases.error(op, randn(2, 3), 1.5, True)
    cases.error(op, randn(2, 3), -0.1, False)

op = "aten::scaled_dot_product_attention"
sdpa = lambda *a, **k: cases.add(op, *a, **k)
sdpa(randn(2, 3, 4, 5), randn(2, 3, 6, 5), randn(2, 3, 6, 5))
sdpa(randn(2, 3, 4, 5), randn(2, 3, 6, 5), randn(2, 3, 6, 7))
sdpa(randn(3, 4, 5), randn(3, 6, 5), randn(3, 6, 5))
sdpa(randn(4, 5), randn(6, 5), randn(6, 5))
sdpa(randn(2, 4, 3, 5).transpose(1, 2), randn(2, 6, 3, 5).transpose(1, 2), randn(2, 6, 3, 5).transpose(1, 2))
sdpa(randn(2, 3, 4, 5), randn(1, 3, 6, 5), randn(2, 1, 6, 5))
for mask in (randn(4, 6), randn(2, 1, 4, 6), randn(2, 3, 4, 6), randn(1, 6), randn(4, 6) > 0):
    sdpa(randn(2, 3, 4, 5), randn(2, 3, 6, 5), randn(2, 3, 6, 5), mask)
mask = torch.ones(4, 6, dtype=torch.bool)
mask[1] = False
sdpa(randn(2, 3, 4, 5), randn(2, 3, 6, 5), randn(2, 3, 6, 5), mask)
additive = torch.zeros(4, 6).masked_fill(~mask, -inf)
sdpa(randn(2, 3, 4, 5), randn(2, 3, 6, 5), randn(2, 3, 6, 5), additive)
sdpa(randn(2, 3, 6, 5), randn(2, 3, 6, 5), randn(2, 3, 6, 5), is_causal=True)
sdpa(randn(2, 3, 4, 5), randn(2, 3, 6, 5), randn(2, 3, 6, 5), is_causal=True)
sdpa(randn(1, 6, 5), randn(1, 4, 5), randn(1, 4, 5), is_causal=True)
sdpa(randn(2, 3, 4, 5), randn(2, 3, 6, 5), randn(2, 3, 6, 5), scale=0.7)
sdpa(randn(2, 6, 4, 5), randn(2, 2, 6, 5), randn(2, 2, 6, 5), enable_gqa=True)
sdpa(randn(2, 6, 4, 5), randn(2, 2, 4, 5), randn(2, 2, 4, 5), is_causal=True, enable_gqa=True)
for dtype in (torch.float64,) + HALF:
    sdpa(randn(1, 2, 4, 8, dtype=dtype), randn(1, 2, 6, 8, dtype=dtype), randn(1, 2, 6, 8, dtype=dtype))
sdpa(randn(1, 2, 4, 8, dtype=torch.bfloat16), randn(1, 2, 6, 8, dtype=torch.bfloat16),
     randn(1, 2, 6, 8, dtype=torch.bfloat16), randn(4, 6, dtype=torch.bfloat16))
sdpa(randn(0, 3, 4, 5), randn(0, 3, 6, 5), randn(0, 3, 6, 5))
sdpa(randn(2, 3, 0, 5), randn(2, 3, 6, 5), randn(2, 3, 6, 5))
refused = lambda *a, **k: cases.error(op, *a, **k)
refused(randn(2, 3, 4, 5), randn(2, 3, 6, 4), randn(2, 3, 6, 5))
refused(randn(2, 3, 4, 5), randn(2, 2, 6, 5), randn(2, 2, 6, 5))
refused(randn(5), randn(6, 5), randn(6, 5))
refused(randn(4, 5), randn(4, 5).double(), randn(4, 5))
refused(randint(0, 9, 4, 5), randint(0, 9, 4, 5), randint(0, 9, 4, 5))
refused(randn(4, 5), randn(4, 5), randn(4, 5), randn(4, 4), is_causal=True)
refused(randn(4, 5), randn(4, 5), randn(4, 5), randn(4, 3))
refused(randn(4, 5), randn(4, 5), randn(4, 5), randint(0, 2, 4, 4))
refused(randn(2, 5, 4, 5), randn(2, 2, 6, 5), randn(2, 2, 6, 5), enable_gqa=True)
cases.write()
