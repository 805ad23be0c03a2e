"""Golden cases of Diagonals, Searching and Counting in Sources/Ops/Operators."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("searching")
inf, nan = float("inf"), float("nan")
x = randn(2, 3, 4)
turned = randn(4, 3, 2).permute(2, 1, 0)
scalar = torch.tensor(2.5)
empty = randn(0, 3)
none = torch.tensor([], dtype=torch.int64)
t = torch.tensor
DTYPES = [torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.int16, torch.int32, torch.int64,
          torch.uint8, torch.bool]

# Diagonals
for offset in (0, 1, -2):
    for value in (randn(3), randn(3, 4), randn(4, 2).t(), randn(0), randn(0, 2)):
        cases.either("aten::diag", value, offset)
    cases.add("aten::diagflat", randn(2, 2), offset)
    cases.add("aten::diag_embed", turned, offset)
    cases.add("aten::diag_embed", randn(3), offset, 1, 0)
    cases.add("aten::diag_embed", randn(2, 3), offset, 0, -1)
cases.add("aten::diagflat", scalar)
cases.error("aten::diag", x)
cases.error("aten::diag", scalar)
cases.either("aten::diag", randn(2, 2), 7)
cases.error("aten::diag_embed", x, 0, 1, 1)
cases.either("aten::diag_embed", scalar)
cases.error("aten::diag_embed", randn(2), 0, 0, 2)
for dtype in DTYPES:
    cases.add("aten::diag", randint(0, 2, 2, dtype=dtype))
    cases.either("aten::cross", randint(0, 9, 3, dtype=dtype), randint(0, 9, 3, dtype=dtype))
cases.add("aten::cross", randn(2, 3), randn(2, 3))
cases.add("aten::cross", randn(3, 2, 3), randn(3, 2, 3))
cases.either("aten::cross", randn(3, 2), randn(3, 2).double(), 0)
cases.add("aten::linalg_cross", turned.transpose(1, 2), randn(1, 4, 3))
cases.add("aten::linalg_cross", turned, turned.flip(0), dim=1)
cases.add("aten::linalg_cross", randn(0, 3), randn(0, 3))
for args in ((randn(2, 4), randn(2, 4)), (randn(3), randn(2, 3)), (randn(2, 3), randn(4, 3))):
    cases.either("aten::cross", *args)
    cases.either("aten::linalg_cross", *args)
cases.error("aten::linalg_cross", x, x)
cases.error("aten::linalg_cross", x, x, dim=3)

# Searching
edges = t([-1.0, 0.0, 0.0, 2.0])
rows = randn(2, 3, 5).sort(-1).values
for right in (False, True):
    for value in (t([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0]), turned, scalar, empty, t([nan, inf, -inf])):
        cases.add("aten::searchsorted.Tensor", edges, value, right=right)
        cases.add("aten::bucketize.Tensor", value, edges, right=right, out_int32=True)
    cases.add("aten::searchsorted.Tensor", rows, randn(2, 3, 2), right=right)
    cases.add("aten::searchsorted.Scalar", edges, 0.0, right=right)
    cases.add("aten::searchsorted.Scalar", t([1, 3, 3, 5]), 3, right=right, out_int32=True)
    cases.add("aten::bucketize.Scalar", 0.0, edges, right=right)
    cases.add("aten::bucketize.Scalar", 2.5, t([1, 3, 5]), right=right)
    cases.add("aten::bucketize.Tensor", t([1, 3, 4]), t([1, 3, 5]), right=right)
for side in ("left", "right"):
    cases.add("aten::searchsorted.Tensor", edges, t([0.0]), side=side)
cases.error("aten::searchsorted.Tensor", edges, t([0.0]), side="left", right=True)
cases.error("aten::searchsorted.Tensor", edges, t([0.0]), side="middle")
shuffled = edges[t([2, 0, 3, 1])]
cases.add("aten::searchsorted.Tensor", shuffled, t([0.0, 1.0]), sorter=shuffled.argsort())
for args in ((rows, randn(3, 2)), (edges, t([1])), (rows[0], randn(2, 2))):
    cases.either("aten::searchsorted.Tensor", *args)
cases.either("aten::searchsorted.Scalar", rows, 1.0)
cases.either("aten::searchsorted.Tensor", edges, t([0.0]), sorter=t([0, 1]))
cases.either("aten::bucketize.Tensor", x, rows)
for invert in (False, True):
    cases.add("aten::isin.Tensor_Tensor", randint(0, 5, 3, 4), t([1, 3]), invert=invert)
    cases.add("aten::isin.Tensor_Scalar", randint(0, 5, 3, 4), 2, invert=invert)
    cases.add("aten::isin.Scalar_Tensor", 2, randint(0, 5, 3, 4), invert=invert)
cases.add("aten::isin.Tensor_Tensor", t([1.0, nan, 2.0]), t([nan, 2.0]))
cases.add("aten::isin.Tensor_Tensor", turned, none.float())

# Counting
cases.add("aten::one_hot", t([[0, 2], [1, 0]]), 4)
cases.add("aten::one_hot", t(1), 3)
cases.add("aten::one_hot", none, 3)
cases.add("aten::one_hot", t([0, 2]), note="decided by values")
for args in ((t([3]), 3), (t([-1]), 3), (t([1.0]), 3), (none,), (t([0]), 0), (t([0], dtype=torch.int32), 2), (t([-1]),)):
    cases.either("aten::one_hot", *args)
cases.add("aten::bincount", t([1, 3, 1, 0]))
cases.add("aten::bincount", t([1, 3, 1], dtype=torch.uint8), None, 6)
cases.add("aten::bincount", t([1, 3, 1]), t([0.5, 1.0, 0.25]))
cases.add("aten::bincount", t([1, 3, 1]), t([1, 2, 3]))
cases.add("aten::bincount", t([1, 3, 1]), t([0.5, 1.0, 0.25]).double(), 2)
cases.add("aten::bincount", none)
for args in ((t([-1]),), (t([1.0]),), (t([[1]]),), (t([1]), t([1.0, 2.0])), (t([1]), None, -1)):
    cases.either("aten::bincount", *args)
cases.add("aten::histc", t([1.0, 2.0, 1.0, 4.0]), 4, 0, 3)
cases.add("aten::histc", turned, 5)
cases.add("aten::histc", torch.ones(3), 4)
cases.add("aten::histc", randn(50).double(), 7, -1.5, 1.5)
for args in ((t([nan, 1.0]), 3), (t([nan, 1.0]), 3, 0, 2), (t([1, 2]), 3), (x, 0), (x, 3, 2, 1), (t([inf, 1.0]), 3),
             (empty, 3), (randn(3).half(), 3), (randn(3).bfloat16(), 3)):
    cases.either("aten::histc", *args)
for value in (t([3, 1, 3, 2]), t([[2.0, 1.0], [2.0, -1.0]]), none, t(5), t([nan, 1.0, nan]), t([True, False, True]),
              turned):
    for inverse, counts in ((False, False), (True, True), (True, False), (False, True)):
        cases.either("aten::_unique2", value, True, inverse, counts)
        cases.either("aten::unique_consecutive", value, inverse, counts)
cases.add("aten::unique_consecutive", t([1, 1, 2, 2, 1]), True, True)
cases.add("aten::unique_consecutive", t([1, 1, 2, 2, 1]), True, True, 0)
for dtype in DTYPES:
    cases.add("aten::_unique2", randint(0, 4, 6, dtype=dtype))
cases.write()
