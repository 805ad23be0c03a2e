"""Golden cases of Sources/Ops/Operators/*Normalization.swift."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("normalization")
inf, nan = float("inf"), float("nan")
HALF = (torch.float16, torch.bfloat16)


def batch(x, weight=True, bias=True, running=True, training=False, eps=1e-5, add=cases.add, dtype=None, channels=None):
    c = channels or x.shape[1]
    dtype = dtype or x.dtype
    add("aten::batch_norm", x, randn(c).to(dtype) if weight else None, randn(c).to(dtype) if bias else None,
        randn(c).to(dtype) if running else None, (randn(c).abs() + 0.1).to(dtype) if running else None, training, 0.1,
        eps, True)


for sizes in ((4, 3), (2, 5, 7), (3, 2, 4, 5), (2, 3, 2, 2, 3)):
    for training in (False, True):
        batch(randn(*sizes), training=training)
        batch(randn(*sizes), weight=False, bias=False, training=training, eps=1e-3)
        batch(randn(*sizes), bias=False, training=training)
    batch(randn(*sizes), running=False, training=True)
batch(randn(3, 4, 5, 2).permute(0, 3, 1, 2))
batch(randn(3, 4, 5, 2).permute(0, 3, 1, 2), training=True)
batch(randn(0, 3, 4))
batch(randn(4, 3, dtype=torch.float64))
batch(randn(4, 3, 5, dtype=torch.float64), training=True)
for dtype in HALF:
    batch(randn(4, 3, 5, dtype=dtype))
    batch(randn(4, 3, 5, dtype=dtype), dtype=torch.float32)
    batch(randn(4, 3, 5, dtype=dtype), dtype=torch.float32, training=True)
x = randn(2, 3, 4)
x[0, 0, 1], x[1, 2, 0] = nan, inf
batch(x)
batch(x, training=True)
batch(randn(4, 3), running=False, add=cases.error)
batch(randn(4, 3), channels=2, add=cases.error)
batch(randint(0, 9, 4, 3), dtype=torch.float32, add=cases.error)
batch(randn(4, 3), dtype=torch.float64, add=cases.error)

# layer_norm, rms_norm
for name, parameters in (("layer_norm", 2), ("rms_norm", 1)):
    op = f"aten::{name}"
    for sizes, shape in (((2, 3, 5), (5,)), ((2, 3, 5), (3, 5)), ((4,), (4,)), ((2, 3, 4), (2, 3, 4)), ((3, 1), (1,))):
        for count in range(parameters + 1):
            cases.add(op, randn(*sizes) * 3 + 1, list(shape), *[randn(*shape) for _ in range(count)])
    cases.add(op, randn(5, 6).t(), [5], randn(10)[::2], eps=0.1)
    cases.add(op, randn(0, 5), [5], randn(5))
    cases.add(op, randn(3, 7, dtype=torch.float64), [7], randn(7, dtype=torch.float64))
    for dtype in HALF:
        cases.add(op, randn(3, 7, dtype=dtype), [7], randn(7, dtype=dtype))
    x = randn(3, 4)
    x[0, 0], x[1, 1] = nan, inf
    cases.add(op, x, [4], randn(4))
    cases.add(op, torch.full((2, 3), 2.0), [3])
    cases.error(op, randn(2, 3), [4])
    cases.error(op, randn(2, 3), [])
    cases.error(op, randn(3), [2, 3])
    cases.error(op, randn(2, 3), [3], randn(4))
    cases.error(op, randint(0, 9, 2, 3), [3])
for dtype in HALF:
    cases.add("aten::layer_norm", randn(3, 7, dtype=dtype), [7], randn(7), randn(7))
cases.error("aten::layer_norm", randn(2, 3), [3], None, randn(2, 3))
cases.error("aten::layer_norm", randn(2, 3), [3], randn(3).double())

# group_norm, instance_norm
op = "aten::group_norm"
for sizes, groups in (((2, 6), 3), ((2, 6, 5), 2), ((1, 4, 3, 2), 4), ((3, 4, 2, 2, 2), 1)):
    c = sizes[1]
    cases.add(op, randn(*sizes) * 2 + 1, groups, randn(c), randn(c))
    cases.add(op, randn(*sizes), groups, eps=0.01)
    cases.add(op, randn(*sizes), groups, None, randn(c))
cases.add(op, randn(2, 3, 5, 4).permute(0, 3, 1, 2), 2, randn(4), randn(4))
cases.add(op, randn(0, 4, 3), 2)
cases.add(op, randn(2, 4, 3, dtype=torch.float64), 2)
for dtype in HALF:
    cases.add(op, randn(2, 4, 3, dtype=dtype), 2, randn(4, dtype=dtype), randn(4, dtype=dtype))
    cases.add(op, randn(2, 4, 3, dtype=dtype), 2, randn(4), randn(4))
cases.error(op, randn(2, 4, 3), 3)
cases.error(op, randn(2, 4, 3), 0)
cases.error(op, randn(4), 2)
cases.error(op, randn(2, 4, 3), 2, randn(3))
cases.error(op, randn(2, 4, 3), 2, None, randn(2, 2))
cases.error(op, randint(0, 9, 2, 4, 3), 2)

op = "aten::instance_norm"
for sizes in ((2, 3, 5), (2, 3, 4, 2), (1, 2, 2, 3, 2)):
    c = sizes[1]
    cases.add(op, randn(*sizes), None, None, None, None, True, 0.1, 1e-5, True)
    cases.add(op, randn(*sizes), randn(c), randn(c), None, None, True, 0.1, 1e-3, True)
    cases.add(op, randn(*sizes), randn(c), randn(c), randn(c), randn(c).abs() + 0.1, False, 0.1, 1e-5, True)
    cases.add(op, randn(*sizes), None, None, randn(c), randn(c).abs() + 0.1, True, 0.1, 1e-5, True)
cases.add(op, randn(2, 4, 3).transpose(1, 2), None, None, None, None, True, 0.1, 1e-5, True)
for dtype in (torch.float64,) + HALF:
    cases.add(op, randn(2, 3, 5, dtype=dtype), None, None, None, None, True, 0.1, 1e-5, True)
cases.error(op, randn(2, 3, 5), None, None, None, None, False, 0.1, 1e-5, True)
cases.error(op, randn(2, 3, 5), randn(4), None, None, None, True, 0.1, 1e-5, True)

op = "aten::cosine_similarity"
cases.add(op, randn(3, 4), randn(3, 4))
cases.add(op, randn(3, 4), randn(4), 0)
cases.add(op, randn(2, 3, 4), randn(2, 1, 4), -1, 1e-3)
cases.add(op, randn(4, 3).t(), torch.zeros(3, 4), 1)
cases.add(op, randn(5), randn(5), 0)
cases.add(op, randn(0, 4), randn(0, 4))
cases.add(op, randn(3, 4), randn(3, 4, dtype=torch.float64))
cases.add(op, randn(3, 4), randint(0, 9, 3, 4))
cases.add(op, randn(3, 4, dtype=torch.bfloat16), randn(3, 4, dtype=torch.bfloat16))
cases.add(op, torch.tensor([[nan, 1.0], [0.0, 0.0]]), torch.tensor([[1.0, 1.0], [1.0, 1.0]]))
cases.error(op, randint(0, 9, 3, 4), randint(0, 9, 3, 4))
cases.error(op, randn(3, 4), randn(3, 5))
cases.error(op, randn(3, 4), randn(3, 4), 2)

cases.write()
