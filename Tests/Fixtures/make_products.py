"""Golden cases of Sources/Ops/Operators/MatrixProducts.swift and AffineProducts.swift."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("products")
inf, nan = float("inf"), float("nan")
FLOATS = (torch.float64, torch.float16, torch.bfloat16)
WHOLE = (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8)

# mm
cases.add("aten::mm", randn(3, 5), randn(5, 2))
cases.add("aten::mm", randn(5, 3).t(), randn(2, 5).t())
cases.add("aten::mm", randn(6, 10)[::2, ::2], randn(5, 8)[:, 1::2])
cases.add("aten::mm", randn(1, 7), randn(7, 1))
cases.add("aten::mm", randn(3, 1), randn(1, 4).expand(1, 4))
cases.add("aten::mm", randn(3, 1).expand(3, 4), randn(1, 5).expand(4, 5))
for sizes in ((0, 3, 2), (2, 3, 0), (2, 0, 3), (0, 0, 0)):
    cases.add("aten::mm", randn(sizes[0], sizes[1]), randn(sizes[1], sizes[2]))
cases.add("aten::mm", torch.tensor([[nan, 1.0], [inf, 0.0]]), torch.tensor([[1.0, 0.0], [2.0, inf]]))
for dtype in FLOATS + WHOLE:
    cases.add("aten::mm", randint(0, 50, 3, 4, dtype=dtype), randint(0, 50, 4, 2, dtype=dtype))
cases.error("aten::mm", randn(2, 3), randn(2, 3))
cases.error("aten::mm", randn(2), randn(2, 3))
cases.error("aten::mm", randn(2, 3), randn(3, 2).double())
cases.error("aten::mm", torch.ones(2, 2, dtype=torch.bool), torch.ones(2, 2, dtype=torch.bool))

# bmm
cases.add("aten::bmm", randn(4, 3, 5), randn(4, 5, 2))
cases.add("aten::bmm", randn(3, 4, 5).transpose(0, 1), randn(4, 2, 5).transpose(1, 2))
cases.add("aten::bmm", randn(1, 3, 5).expand(4, 3, 5), randn(4, 5, 2))
cases.add("aten::bmm", randn(0, 3, 5), randn(0, 5, 2))
cases.add("aten::bmm", randn(2, 3, 0), randn(2, 0, 2))
for dtype in FLOATS + (torch.int64,):
    cases.add("aten::bmm", randint(-9, 9, 2, 3, 4, dtype=dtype), randint(-9, 9, 2, 4, 2, dtype=dtype))
cases.error("aten::bmm", randn(2, 3, 4), randn(3, 4, 2))
cases.error("aten::bmm", randn(2, 3, 4), randn(2, 3, 2))
cases.error("aten::bmm", randn(3, 4), randn(4, 2))

# mv, dot
cases.add("aten::mv", randn(3, 4), randn(4))
cases.add("aten::mv", randn(4, 3).t(), randn(8)[::2])
cases.add("aten::mv", randn(0, 4), randn(4))
cases.add("aten::mv", randn(3, 0), randn(0))
cases.add("aten::mv", randint(0, 9, 3, 4), randint(0, 9, 4))
cases.add("aten::mv", randn(3, 4, dtype=torch.bfloat16), randn(4, dtype=torch.bfloat16))
cases.error("aten::mv", randn(3, 4), randn(3))
cases.error("aten::mv", randn(3), randn(3))
cases.add("aten::dot", randn(7), randn(7))
cases.add("aten::dot", randn(14)[::2], randn(7))
cases.add("aten::dot", randn(0), randn(0))
cases.add("aten::dot", randint(0, 9, 4), randint(0, 9, 4))
cases.add("aten::dot", randn(7, dtype=torch.float64), randn(7, dtype=torch.float64))
cases.error("aten::dot", randn(7), randn(6))
cases.error("aten::dot", randn(7, 1), randn(7))
cases.error("aten::dot", randn(7), randn(7).double())

# matmul
MATMUL = [
    ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((5, 2, 3), (3,)), ((3,), (5, 3, 2)),
    ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((5, 2, 3), (5, 3, 4)), ((5, 1, 2, 3), (4, 3, 2)),
    ((1, 4, 2, 3), (5, 1, 3, 2)), ((0, 2, 3), (3, 4)), ((2, 2, 0), (0, 4)), ((2, 0, 3), (2, 3, 4)),
    ((4, 3, 0, 2), (2, 5)), ((0,), (0,)),
]
for a, b in MATMUL:
    cases.add("aten::matmul", randn(*a), randn(*b))
cases.add("aten::matmul", randn(2, 3, 4, 5).transpose(1, 2), randn(2, 4, 6, 5).transpose(2, 3))
cases.add("aten::matmul", randn(1, 3, 4).expand(2, 3, 4), randn(4, 2))
for dtype in FLOATS + WHOLE:
    cases.add("aten::matmul", randint(0, 9, 2, 3, 4, dtype=dtype), randint(0, 9, 4, 2, dtype=dtype))
cases.error("aten::matmul", randn(2, 3), randn(2, 3))
cases.error("aten::matmul", randn(()), randn(2, 3))
cases.error("aten::matmul", randn(2, 2, 3), randn(3, 3, 4))
cases.error("aten::matmul", randn(2, 3), randn(3, 2).double())
cases.add("aten::linalg_matmul", randn(2, 3), randn(3, 4))
cases.add("aten::linalg_matmul", randn(5, 2, 3), randn(3))

# linear
for x in ((2, 3), (3,), (4, 2, 3), (2, 1, 2, 3), (0, 3)):
    cases.add("aten::linear", randn(*x), randn(5, 3), randn(5))
    cases.add("aten::linear", randn(*x), randn(5, 3))
cases.add("aten::linear", randn(2, 0), randn(4, 0), randn(4))
cases.add("aten::linear", randn(2, 3), randn(0, 3), randn(0))
cases.add("aten::linear", randn(2, 3), randn(3))
cases.add("aten::linear", randn(3), randn(3))
cases.add("aten::linear", randn(2, 3), randn(4, 3), randn(1))
cases.add("aten::linear", randn(2, 3), randn(4, 3), randn(2, 4))
cases.add("aten::linear", randn(3, 2, 4).transpose(0, 2), randn(3, 5).t(), randn(10)[::2])
cases.add("aten::linear", randn(4, 6)[:, ::2], randn(5, 3), randn(5))
cases.add("aten::linear", torch.tensor([[nan, 1.0], [inf, 0.0]]), randn(3, 2), randn(3))
for dtype in FLOATS:
    cases.add("aten::linear", randn(2, 7, dtype=dtype), randn(5, 7, dtype=dtype), randn(5, dtype=dtype))
cases.add("aten::linear", randint(0, 9, 2, 3), randint(0, 9, 5, 3), randint(0, 9, 5))
cases.error("aten::linear", randn(2, 4), randn(5, 3))
cases.error("aten::linear", randn(2, 3), randn(5, 3), randn(4))
cases.error("aten::linear", randn(2, 3), randn(5, 3).double())
cases.error("aten::linear", randn(2, 3), randn(5, 3), randn(5).double())
cases.error("aten::linear", randn(()), randn(5, 3))
cases.error("aten::linear", randn(2, 3), randn(2, 5, 3))
cases.error("aten::linear", randn(2, 3), randn(3), randn(()))

# beta * self + alpha * product
for name, a, b, out in (("addmm", (2, 3), (3, 4), (2, 4)), ("baddbmm", (2, 2, 3), (2, 3, 4), (2, 2, 4)),
                        ("addmv", (2, 3), (3,), (2,)), ("addr", (2,), (4,), (2, 4))):
    op = f"aten::{name}"
    cases.add(op, randn(*out), randn(*a), randn(*b))
    cases.add(op, randn(*out), randn(*a), randn(*b), beta=0.5, alpha=-2)
    cases.add(op, torch.full(out, nan), randn(*a), randn(*b), beta=0)
    cases.add(op, randn(*out), randn(*a), randn(*b), alpha=0)
    cases.add(op, randn(()), randn(*a), randn(*b))
    cases.add(op, randn(1), randn(*a), randn(*b))
    cases.add(op, randn(*reversed(out)).permute(*reversed(range(len(out)))), randn(*a), randn(*b))
    for dtype in FLOATS + (torch.int64, torch.int16):
        cases.add(op, *[randint(-5, 5, *s, dtype=dtype) for s in (out, a, b)], beta=2, alpha=3)
    cases.error(op, randn(*out), randn(*a), randn(*b, 1))
    cases.error(op, randn(*[n + 1 for n in out]), randn(*a), randn(*b))
    if name != "addr":
        cases.error(op, randn(*out), randn(*a).double(), randn(*b))
        cases.add(op, randn(*out), torch.zeros(*a[:-1], 0), torch.zeros(*b[:-2], 0, *b[-1:]) if len(b) > 1 else torch.zeros(0))
        cases.error(op, *[torch.ones(*s, dtype=torch.bool) for s in (out, a, b)])
cases.error("aten::addr", randint(0, 9, 2, 4), randint(0, 9, 2), randint(0, 9, 4), beta=0.5)
cases.add("aten::addmm", randint(0, 9, 2, 4), randint(0, 9, 2, 3), randint(0, 9, 3, 4), beta=1.7)
for op in ("aten::outer", "aten::ger"):
    cases.add(op, randn(3), randn(4))
    cases.add(op, randn(0), randn(4))
    cases.add(op, randn(6)[::2], randint(0, 9, 4))
    cases.add(op, torch.tensor([True, False]), torch.tensor([True, True]))
    cases.add(op, torch.tensor([nan, inf]), torch.tensor([0.0, 1.0]))
    cases.error(op, randn(3, 1), randn(4))
op = "aten::inner"
for a, b in (((3,), (3,)), ((2, 3), (3,)), ((2, 3), (4, 3)), ((2, 1, 3), (4, 3)), ((2, 0), (3, 0))):
    cases.add(op, randn(*a), randn(*b))
cases.add(op, randn(()), randn(2, 3))
cases.add(op, randint(0, 9, 2, 3), randint(0, 9, 3))
cases.error(op, randn(2, 3), randn(2))

cases.write()
