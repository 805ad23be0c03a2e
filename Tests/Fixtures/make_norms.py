"""Golden cases of Variances and Norms in Sources/Ops/Operators."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("norms")
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

for op in ("aten::std", "aten::var", "aten::var_mean", "aten::std_mean", "aten::norm.Scalar", "aten::linalg_vector_norm"):
    for value in (x, turned, scalar, empty, special[0], whole):
        cases.either(op, value)
    for dtype in DTYPES:
        cases.either(op, randint(0, 7, 2, 3, dtype=dtype))
for op in ("aten::var.dim", "aten::std.correction", "aten::var_mean.dim", "aten::linalg_vector_norm"):
    lead = (2,) if op == "aten::linalg_vector_norm" else ()
    for dims in DIMS:
        for keep in (False, True):
            cases.either(op, turned, *lead, dims, keepdim=keep)
    for value, dims in ((scalar, [0]), (scalar, [-1]), (scalar, [1]), (empty, [0]), (empty, [1]), (empty, []),
                        (special[:1], [1]), (x, [0, 0]), (x, [3]), (x, [0, -3]), (whole, [0]), (randn(2, 0, 3), [1])):
        cases.either(op, value, *lead, dims)
for op in ("aten::std", "aten::var", "aten::std_mean", "aten::var_mean"):
    cases.add(op, x, False)
    cases.add(op, t([1.0]))
    cases.add(op + ".dim", turned, [0, 1], False, True)
    cases.add(op + ".dim", x, None)
    for correction in (0, 1, 2, 0.5, 5, None):
        cases.either(op + ".correction", x, [1], correction=correction)
    cases.add(op + ".correction", turned, None, correction=0, keepdim=True)
    cases.either(op + ".correction", whole, [1])
    cases.either(op + ".dim", randn(2, 0), [1])
for p in (0, 1, 2, 3, 0.5, -1, -2, inf, -inf):
    cases.add("aten::linalg_vector_norm", x, p, [1])
    cases.add("aten::linalg_vector_norm", turned, p)
    cases.add("aten::linalg_vector_norm", special, p, [1])
    cases.either("aten::linalg_vector_norm", empty, p)
    cases.either("aten::linalg_vector_norm", empty, p, [0])
    cases.either("aten::linalg_vector_norm", empty, p, [1])
    cases.either("aten::linalg_vector_norm", scalar, p)
    cases.add("aten::norm.ScalarOpt_dim", x, p, [0, -1], True)
    cases.add("aten::dist", x, turned, p)
cases.add("aten::linalg_vector_norm", x, 2, [1], dtype=torch.float64)
cases.either("aten::linalg_vector_norm", x.double(), 2, [1], dtype=torch.float32)
cases.either("aten::linalg_vector_norm", whole, 2, [1], dtype=torch.float32)
cases.add("aten::norm.ScalarOpt_dim", x, None, [1])
cases.either("aten::norm.ScalarOpt_dtype", x, None, dtype=torch.float64)
cases.either("aten::norm.ScalarOpt_dtype", x.double(), 1, dtype=torch.float32)
cases.add("aten::norm.ScalarOpt_dim_dtype", x, 2, [1], False, dtype=torch.float64)
cases.add("aten::frobenius_norm.dim", x, [0, 1])
cases.either("aten::frobenius_norm.dim", x, [0, 1, 2])
cases.either("aten::dist", randn(2), randn(3))
cases.either("aten::dist", whole, whole)
cases.add("aten::dist", randn(3, 1), randn(4))
for p in (0.0, 1.0, 2.0, 3.0, inf):
    cases.add("aten::cdist", randn(2, 3, 4), randn(5, 4), p)
    cases.add("aten::_cdist_forward", randn(3, 2), randn(4, 2), p, None)
cases.add("aten::cdist", randn(0, 2), randn(3, 2))
cases.add("aten::cdist", randn(2, 0), randn(3, 0))
cases.add("aten::cdist", randn(3, 2).double(), randn(3, 2).double())
cases.either("aten::cdist", randn(3, 2).double(), randn(3, 2))
for a, b, p in ((randn(2), randn(2, 2), 2.0), (randn(2, 3), randn(2, 2), 2.0), (randn(2, 3), randn(2, 3), -1.0),
                (randint(0, 3, 2, 2), randint(0, 3, 2, 2), 2.0)):
    cases.either("aten::cdist", a, b, p)
cases.write()
