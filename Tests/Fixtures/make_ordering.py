"""Golden cases of Cumulative and Sorting in Sources/Ops/Operators."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("ordering")
inf, nan = float("inf"), float("nan")
x = randn(2, 3, 4)
turned = randn(4, 3, 2).permute(2, 1, 0)
scalar = torch.tensor(2.5)
empty = randn(0, 3)
t = torch.tensor
special = t([[1.0, nan, 2.0, -inf], [inf, 3.0, -inf, 1.0]])
whole = randint(-5, 6, 3, 4)
DTYPES = [torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.int16, torch.int32, torch.int64,
          torch.uint8, torch.bool]

for op in ("aten::cumsum", "aten::cumprod", "aten::cummax", "aten::cummin", "aten::logcumsumexp"):
    for value in (x, turned):
        for dim in (0, 1, -1):
            cases.add(op, value, dim)
    for value, dim in ((scalar, 0), (scalar, 1), (empty, 0), (empty, 1), (special, 1), (special, 0), (x, 3), (whole, 1),
                       (t([[1, 1, 0, 1, 2, 2]]), 1), (randn(2, 0, 3), 1)):
        cases.either(op, value, dim)
    for dtype in DTYPES:
        cases.either(op, randint(0, 5, 4, dtype=dtype), 0)
for op in ("aten::cumsum", "aten::cumprod"):
    for dtype in (torch.float64, torch.int32, torch.uint8, torch.float16):
        cases.add(op, randint(0, 5, 4), 0, dtype=dtype)
        cases.add(op, randn(4), 0, dtype=dtype)
cases.add("aten::diff", x)
cases.add("aten::diff", turned, 2, 1)
cases.add("aten::diff", x, 0)
cases.add("aten::diff", x, 7)
cases.add("aten::diff", x, 1, 0, randn(1, 3, 4), randn(2, 3, 4))
cases.add("aten::diff", x, 1, -1, None, randn(2, 3, 1))
for dtype in DTYPES:
    cases.add("aten::diff", randint(0, 5, 4, dtype=dtype))
for args in ((scalar,), (x, -1), (x, 1, 3), (x, 1, 0, randn(3, 4)), (x, 1, 0, randn(1, 3, 5)), (empty, 1, 0), (empty,)):
    cases.either("aten::diff", *args)

for descending in (False, True):
    for value, dim in ((x, -1), (x, 0), (turned, 1), (special, 1), (scalar, 0), (empty, 0), (empty, 1), (x, 3),
                       (t([2, 1, 2, 1, 3, 1]), 0), (t([0.0, -0.0, 1.0, 0.0]), 0)):
        cases.either("aten::sort", value, dim, descending)
        cases.either("aten::sort.stable", value, stable=True, dim=dim, descending=descending)
        cases.either("aten::argsort", value, dim, descending)
        cases.either("aten::argsort.stable", value, stable=True, dim=dim, descending=descending)
    for dtype in DTYPES:
        cases.add("aten::sort.stable", randint(0, 5, 6, dtype=dtype), stable=True, descending=descending)
for value in (x, turned, empty, scalar):
    cases.either("aten::msort", value)
for largest in (True, False):
    for value, k, dim in ((x, 2, -1), (turned, 1, 0), (x, 3, 1), (x, 0, 1), (special, 2, 1), (scalar, 1, 0), (scalar, 0, 0),
                          (x, 5, -1), (x, -1, 0), (x, 1, 3), (empty, 0, 0), (empty, 1, 0), (empty, 2, 1)):
        cases.either("aten::topk", value, k, dim, largest)
for dtype in DTYPES:
    cases.either("aten::topk", torch.randperm(5).to(dtype), 3)
    cases.either("aten::kthvalue", torch.randperm(5).to(dtype), 3)
    cases.either("aten::median", randint(0, 9, 6, dtype=dtype))
for value, k, dim, keep in ((x, 2, -1, False), (turned, 1, 0, True), (special, 4, 1, False), (special, 3, 1, False),
                            (scalar, 1, 0, False), (x, 0, 0, False), (x, 5, -1, False), (empty, 1, 1, False),
                            (x, 1, 3, False)):
    cases.either("aten::kthvalue", value, k, dim, keep)
for value in (x, turned, scalar, special, special[1], empty, whole, t([nan, nan]), t([nan, 1.0, 3.0])):
    cases.either("aten::median", value)
    cases.either("aten::nanmedian", value)
cases.write()
