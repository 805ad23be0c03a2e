"""Golden cases of Sources/Ops/Operators/VectorNorms.swift, TensorProducts.swift and FusedAttention.swift."""

import torch
from torch import nn

from operator_cases import Cases, randint, randn

cases = Cases("fused")
inf, nan = float("inf"), float("nan")
HALF = (torch.float16, torch.bfloat16)

op = "aten::pairwise_distance"
cases.add(op, randn(3, 4), randn(3, 4))
cases.add(op, randn(3, 4), randn(4), 1.0, 1e-3, True)
cases.add(op, randn(2, 3, 4), randn(3, 4), inf)
cases.add(op, randn(4), randn(4))
cases.add(op, randn(3, 4, dtype=torch.float64), randn(3, 4, dtype=torch.float64), 3.0)
cases.error(op, randn(3, 4), randn(3, 5))

op = "aten::_weight_norm"
cases.add(op, randn(3, 4), randn(3, 1))
cases.add(op, randn(3, 4), randn(1, 4), 1)
cases.add(op, randn(3, 4, 2), randn(3, 1, 1), 0)
cases.add(op, randn(3, 4, 2), randn(1, 1, 2), 2)
cases.add(op, randn(3, 4, 2), randn(1, 4, 1), 1)
cases.add(op, randn(3, 4), randn(()), -1)
cases.add(op, randn(4, 3).t(), randn(3, 1), 0)
cases.add(op, torch.zeros(2, 3), randn(2, 1), 0)
cases.add(op, randn(3, 4, dtype=torch.float64), randn(3, 1, dtype=torch.float64))
cases.error(op, randint(0, 9, 3, 4), randint(0, 9, 3, 1))

cases.add("aten::chain_matmul", [randn(2, 3), randn(3, 4), randn(4, 2)])
cases.add("aten::chain_matmul", [randn(2, 3)])
cases.error("aten::chain_matmul", [randn(2, 3), randn(2, 3)])
cases.error("aten::chain_matmul", [randn(2, 3), randn(3)])
op = "aten::linalg_multi_dot"
cases.add(op, [randn(2, 3), randn(3, 4), randn(4, 2), randn(2, 5)])
cases.add(op, [randn(3), randn(3, 4), randn(4)])
cases.add(op, [randn(3), randn(3, 4)])
cases.add(op, [randn(2, 3), randn(3)])
cases.error(op, [randn(3, 3)])
cases.error(op, [randn(2, 3), randn(3), randn(3, 2)])
op = "aten::tensordot"
cases.add(op, randn(2, 3, 4), randn(4, 3, 5), [1, 2], [1, 0])
cases.add(op, randn(2, 3, 4), randn(4, 5), [-1], [0])
cases.add(op, randn(2, 3), randn(4), [], [])
cases.add(op, randn(2, 3), randn(3, 2), [0, 1], [1, 0])
cases.add(op, randn(2, 1), randn(3, 4), [1], [0])
cases.add(op, randint(0, 9, 2, 3), randint(0, 9, 3, 2), [1], [0])
cases.error(op, randn(2, 3), randn(4, 5), [1], [0])
cases.error(op, randn(2, 3), randn(3, 5), [1], [0, 1])
cases.error(op, randn(2, 3), randn(3, 5), [1, 1], [0, 0])
op = "aten::bilinear"
cases.add(op, randn(2, 3), randn(2, 4), randn(5, 3, 4), randn(5))
cases.add(op, randn(3), randn(4), randn(5, 3, 4))
cases.add(op, randn(2, 2, 3), randn(2, 2, 4), randn(1, 3, 4), randn(1))
cases.add(op, randn(0, 3), randn(0, 4), randn(5, 3, 4), randn(5))
cases.add(op, randn(2, 3, dtype=torch.float64), randn(2, 4, dtype=torch.float64), randn(5, 3, 4, dtype=torch.float64))
cases.error(op, randn(2, 3), randn(3, 4), randn(5, 3, 4))
cases.error(op, randn(2, 2), randn(2, 4), randn(5, 3, 4))
cases.error(op, randn(2, 3), randn(2, 4), randn(5, 3, 4), randn(4))

op = "aten::_grouped_mm"
ends = torch.tensor([3, 8], dtype=torch.int32)
for dtype in (torch.bfloat16, torch.float32):
    cases.add(op, randn(8, 16, dtype=dtype), randn(2, 16, 8, dtype=dtype), ends)
    cases.add(op, randn(2, 8, 16, dtype=dtype), randn(2, 16, 8, dtype=dtype))
    cases.add(op, randn(8, 8, dtype=dtype), randn(8, 16, dtype=dtype), ends)
    cases.add(op, randn(2, 8, 16, dtype=dtype), randn(16, 8, dtype=dtype), ends)
    cases.add(op, randn(8, 16, dtype=dtype), randn(2, 8, 16, dtype=dtype).transpose(1, 2), ends)
cases.error(op, randn(8, 16), randn(2, 16, 8))
cases.error(op, randn(8, 16), randn(2, 8, 8), ends)
cases.error(op, randn(8, 16), randn(2, 16, 8), ends, randn(2, 8))

op = "aten::_native_multi_head_attention"


def attention(width=4, heads=2, batch=2, length=3, dtype=torch.float32, mask=None, add=cases.add, x=None, **options):
    x = randn(batch, length, width, dtype=dtype) if x is None else x
    parameters = [randn(3 * width, width), randn(3 * width), randn(width, width), randn(width)]
    add(op, x, x, x, width, heads, *[p.to(dtype) for p in parameters], mask, **options)


attention()
attention(average_attn_weights=False)
attention(need_weights=False)
attention(width=6, heads=3, length=5)
attention(dtype=torch.float64)
attention(mask=torch.triu(torch.ones(3, 3, dtype=torch.bool), 1), mask_type=0)
attention(mask=torch.tensor([[False, True, True], [False, False, True]]), mask_type=1)
attention(mask=randn(2, 2, 3, 3) > 0.5, mask_type=2)
attention(mask=torch.tensor([[True, True, True], [False, False, True]]), mask_type=1)
attention(add=cases.error, x=randn(2, 3, 5))
attention(add=cases.error, x=randn(3, 4))
attention(add=cases.error, mask=torch.ones(3, 3, dtype=torch.bool))
cases.error(op, randn(1, 3, 4), randn(1, 5, 4), randn(1, 5, 4), 4, 2, randn(12, 4), randn(12), randn(4, 4), randn(4))

op = "aten::_transformer_encoder_layer_fwd"
for gelu in (False, True):
    for first in (False, True):
        for mask, kind in ((None, None), (torch.triu(torch.ones(3, 3, dtype=torch.bool), 1), 0)):
            cases.add(op, randn(2, 3, 4), 4, 2, randn(12, 4), randn(12), randn(4, 4), randn(4), gelu, first, 1e-5,
                      randn(4), randn(4), randn(4), randn(4), randn(8, 4), randn(8), randn(4, 8), randn(4), mask, kind)

cases.write()
