"""Golden cases of Gathering, Masking, Scattering and Writing in Sources/Ops/Operators."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("indexing")
inf, nan = float("inf"), float("nan")
x = randn(3, 4, 2)
turned = randn(2, 4, 3).permute(2, 1, 0)
scalar = torch.tensor(2.5)
empty = randn(0, 3)
none = torch.tensor([], dtype=torch.int64)
t = torch.tensor
DTYPES = [torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.int16, torch.int32, torch.int64,
          torch.uint8, torch.bool]

# aten::index
index = "aten::index.Tensor"
i, j = t([0, 2, -1]), t([[1], [-2]])
mask = t([True, False, True])
wide = randint(0, 2, 3, 4, dtype=torch.bool)
INDICES = [[i], [None, j], [None, None, t([0])], [i, None, t([1, 0, 1])], [i, j], [None, i, t([0, 1, 1])], [j, None, j],
           [t(1)], [t(1), t(-1), t(0)], [i, j, t([1, 0, 1])], [none], [None, none], [i.int()], [i, j.int()],
           [mask], [None, t([True, False, False, True])], [wide], [None, randint(0, 2, 4, 2, dtype=torch.bool)],
           [mask, None, t([1, 0])], [mask, t([1, 2])], [wide, t(1)], [torch.zeros(3, dtype=torch.bool)],
           [x > 0], [torch.tensor([1, 0, 1], dtype=torch.uint8)], [t([[0, 1], [2, 0]])], [i, None], [i, None, None]]
for indices in INDICES:
    masked = any(v is not None and v.dtype in (torch.bool, torch.uint8) for v in indices)
    note = "decided by values" if masked else None
    cases.either(index, x, indices, note=note)
    cases.either(index, turned, indices, note=note)
BAD = [[t([3])], [t([-4])], [t([0.5])], [t([0], dtype=torch.int8)], [i, t([0, 1])], [i, i, t([0]), t([0])],
       [t([True, False])], [None, wide], [None, None, None, t([0])]]
for indices in BAD:
    cases.error(index, x, indices)
cases.either(index, x, [None])
cases.either(index, x, [])
cases.add(index, randn(0, 3), [none])
cases.either(index, randn(0, 3), [t([0])])
cases.add(index, randn(0, 3), [None, t([0, 1])])
cases.either(index, randn(0, 3), [None, t([7])])
cases.add(index, randn(2, 0), [t([1, 0])])
cases.either(index, scalar, [t(0)])
for dtype in DTYPES:
    cases.add(index, randint(0, 2, 4, dtype=dtype), [i])
cases.add("aten::index.Tensor_hacked_twin", x, [i, t([1, 0, 1])])
cases.error("aten::index.Tensor_hacked_twin", x, [t([3])])

# Gathering
for args in ((0, i.abs()), (1, t([3, 0, 0])), (-1, t([1], dtype=torch.int32)), (2, none), (0, t(1))):
    cases.add("aten::index_select", x, *args)
    cases.add("aten::index_select", turned, *args)
cases.add("aten::index_select", scalar, 0, t([0]))
cases.add("aten::index_select", scalar, 0, t(0))
cases.add("aten::index_select", empty, 1, t([2, 0]))
for args in ((0, t([3])), (0, t([-1])), (3, t([0])), (0, t([[0]])), (0, t([0.0])), (0, t([True]))):
    cases.either("aten::index_select", x, *args)
cases.either("aten::index_select", scalar, 0, t([0, 0]))
cases.either("aten::index_select", empty, 0, t([0]))
for dtype in DTYPES:
    cases.add("aten::index_select", randint(0, 2, 3, 2, dtype=dtype), 0, t([2, 0]))
    cases.add("aten::gather", randint(0, 2, 3, 2, dtype=dtype), 0, t([[2, 0]]))
for value in (x, turned):
    cases.add("aten::gather", value, 0, randint(0, 3, 5, 4, 2))
    cases.add("aten::gather", value, 1, randint(0, 4, 2, 3, 1))
    cases.add("aten::gather", value, -1, randint(0, 2, 4, 3, 7).permute(1, 0, 2))
cases.add("aten::gather", x, 0, torch.empty(0, 4, 2, dtype=torch.int64))
cases.add("aten::gather", scalar, 0, t(0))
cases.add("aten::gather", scalar, 0, t([0, 0]))
cases.add("aten::gather", randn(3), 0, t(1))
cases.add("aten::gather", randn(3), 0, t([1], dtype=torch.int32))
for args in ((0, randint(0, 3, 2, 2)), (0, t([[[3]]])), (0, t([[[-1]]])), (1, randint(0, 3, 4, 4, 2)),
             (3, t([[[0]]])), (0, t([[[0.0]]])), (0, none)):
    cases.either("aten::gather", x, *args)
cases.add("aten::take", turned, t([[0, 5], [-1, 23]]))
cases.add("aten::take", scalar, t(0))
cases.add("aten::take", empty, none)
for args in ((x, t([24])), (x, t([-25])), (x, t([0], dtype=torch.int32)), (empty, t([0]))):
    cases.either("aten::take", *args)
cases.add("aten::take_along_dim", x, randint(0, 3, 1, 4, 2), 0)
cases.add("aten::take_along_dim", x, randint(0, 4, 3, 6, 1), 1)
cases.add("aten::take_along_dim", x, randint(0, 24, 2, 3))
cases.either("aten::take_along_dim", x, t([0]), 0)
cases.either("aten::take_along_dim", x, t([0.5]))
cases.either("aten::take_along_dim", x, t([[[0]]]), 3)

# Masking
for args in ((x, wide.unsqueeze(2)), (turned, turned > 0), (randn(2), t([[True, False], [False, False], [True, True]])),
             (scalar, t(True)), (empty, torch.zeros(0, 3, dtype=torch.bool)), (x, t(False))):
    cases.add("aten::masked_select", *args)
cases.either("aten::masked_select", x, t([1, 0], dtype=torch.uint8))
cases.either("aten::masked_select", x, t([True, False, True]))
for args in ((x, wide.unsqueeze(2), randn(24)), (turned, turned > 0, turned), (randn(3, 1), t([True, False]), randn(6)),
             (scalar, t(True), randn(2)), (randn(2), t([[True, False], [False, True]]), randn(4))):
    cases.either("aten::masked_scatter", *args)
cases.error("aten::masked_scatter", randn(3), t([True, True, False]), randn(1))
cases.error("aten::masked_scatter", randn(3), t([True, True, False]), randint(0, 2, 3))
cases.error("aten::masked_scatter", randn(3), t([1, 1, 0]), randn(3))
for value in (x > 0, turned.relu(), scalar, t(0), empty, t([nan, 0.0, -0.0, inf])):
    for op in ("aten::nonzero", "aten::argwhere", "aten::nonzero_numpy"):
        cases.add(op, value)
for dtype in DTYPES:
    cases.add("aten::nonzero", randint(0, 2, 2, 3, dtype=dtype))
cases.write()
