"""Golden cases of Joining, Repeating and Padding in Sources/Ops/Operators."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("joining")
inf, nan = float("inf"), float("nan")
x = randn(2, 3, 4)
turned = randn(4, 3, 2).permute(2, 1, 0)
scalar = torch.tensor(2.5)
empty = randn(0, 3)
legacy = torch.tensor([])
DTYPES = [torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.int16, torch.int32, torch.int64,
          torch.uint8, torch.bool]

# Joining
for op in ("aten::cat", "aten::concat", "aten::concatenate"):
    cases.add(op, [x, turned])
    cases.add(op, [x, randn(2, 1, 4), turned], 1)
    cases.either(op, [])
cases.add("aten::cat", [x, turned], -1)
cases.add("aten::cat", [x])
cases.add("aten::cat", [randn(2, 0), randn(2, 3)], 1)
cases.add("aten::cat", [legacy, x], 2)
cases.add("aten::cat", [x, legacy, legacy], -3)
cases.add("aten::cat", [legacy, legacy])
cases.add("aten::cat", [legacy, randint(0, 5, 2, 2)])
cases.add("aten::cat", [torch.tensor([nan, inf]), torch.tensor([-0.0])])
for dtype in DTYPES:
    cases.add("aten::cat", [randint(0, 2, 2, 2, dtype=dtype), randint(0, 2, 1, 2, dtype=dtype)])
    cases.add("aten::cat", [randint(0, 2, 2, dtype=dtype), randint(0, 2, 2, dtype=torch.uint8)])
    cases.add("aten::cat", [randint(0, 2, 2, dtype=dtype), randn(1, dtype=torch.float16)])
for args in (([x, randn(2, 3)],), ([x, randn(2, 3, 5)],), ([scalar, scalar],), ([x], 3), ([x, randn(0, 3)], 0),
             ([legacy], 1)):
    cases.either("aten::cat", *args)
for dim in (0, 2, -1, -4, 3):
    cases.add("aten::stack", [x, turned], dim)
cases.add("aten::stack", [scalar, torch.tensor(1)])
cases.add("aten::stack", [empty, empty], 1)
for args in (([],), ([x, randn(2, 3)],), ([x], 4), ([scalar], 1), ([legacy, randn(2)],)):
    cases.either("aten::stack", *args)
for op in ("aten::hstack", "aten::vstack", "aten::dstack", "aten::row_stack", "aten::column_stack"):
    cases.either(op, [randn(3), randn(3)])
    cases.either(op, [randn(2, 3), randn(2, 3)])
    cases.either(op, [x, turned])
    cases.either(op, [scalar, torch.tensor(1)])
    cases.either(op, [])
    cases.either(op, [randn(2), randn(3, 2)])
cases.add("aten::block_diag", [randn(2, 1), scalar, randint(0, 5, 3), randn(0, 2)])
cases.either("aten::block_diag", [x])
cases.either("aten::block_diag", [])
for op, more in (("aten::meshgrid", {}), ("aten::meshgrid.indexing", {"indexing": "ij"}),
                 ("aten::meshgrid.indexing", {"indexing": "xy"})):
    cases.add(op, [randn(2), randn(3)], **more)
    cases.add(op, [randn(2), scalar, randn(6)[::2]], **more)
    cases.add(op, [randn(2)], **more)
    cases.add(op, [randn(0), randn(2)], **more)
    cases.either(op, [randn(2, 2)], **more)
    cases.either(op, [randn(2), randint(0, 2, 2)], **more)
    cases.either(op, [], **more)
cases.error("aten::meshgrid.indexing", [randn(2)], indexing="yx")
cases.add("aten::cartesian_prod", [randn(2), randn(3)])
cases.add("aten::cartesian_prod", [randn(2)])
cases.error("aten::cartesian_prod", [x])

# Repeating
for op in ("aten::repeat", "aten::tile"):
    cases.add(op, randn(2, 3), [2, 1, 2])
    cases.add(op, turned, [1, 2, 3])
    cases.add(op, scalar, [2])
    cases.add(op, scalar, [])
    cases.add(op, randn(2), [0])
    cases.add(op, empty, [2, 2])
    cases.either(op, x, [2])
    cases.either(op, randn(2), [-1])
    for dtype in DTYPES:
        cases.add(op, randint(0, 2, 2, dtype=dtype), [2])
op = "aten::repeat_interleave.self_int"
cases.add(op, x, 2, 1)
cases.add(op, turned, 3, -1)
cases.add(op, turned, 2)
cases.add(op, scalar, 2)
cases.either(op, scalar, 2, 0)
cases.add(op, randn(2), 0)
cases.add(op, empty, 2, 0)
cases.add(op, randn(3), 2, output_size=6)
cases.either(op, randn(3), 2, output_size=7)
cases.error(op, x, 2, 3)
cases.error(op, x, -1, 0)
op = "aten::repeat_interleave.self_Tensor"
cases.add(op, x, torch.tensor([1, 0, 2]), 1)
cases.add(op, turned, torch.tensor([2]), 1)
cases.add(op, turned, torch.tensor(2), -1)
cases.add(op, randn(3), torch.tensor([1, 2, 0], dtype=torch.int32))
cases.add(op, randn(3), torch.tensor([1, 2, 0]), output_size=3)
cases.add(op, empty, torch.tensor([], dtype=torch.int64), 0)
cases.either(op, x, torch.tensor([1, 2]), 1)
cases.either(op, x, torch.tensor([1.0]), 1)
cases.either(op, x, torch.tensor([-1, 1, 1]), 1)
cases.either(op, x, torch.ones(3, 3, dtype=torch.int64), 1)
cases.add("aten::repeat_interleave.Tensor", torch.tensor([1, 0, 3]))
cases.add("aten::repeat_interleave.Tensor", torch.tensor([2, 1], dtype=torch.int32))
cases.either("aten::repeat_interleave.Tensor", torch.tensor([[1]]))
cases.either("aten::repeat_interleave.Tensor", torch.tensor([-1]))
for args in (([1],), ([-2], [1]), ([1, 2], [0, 2]), ([1, -1], [-1, -1]), ([100], [2]), ([0], [0])):
    cases.add("aten::roll", turned, *args)
cases.add("aten::roll", scalar, [1])
cases.add("aten::roll", empty, [1], [0])
cases.add("aten::roll", randint(0, 2, 5, dtype=torch.bool), [2], [0])
for args in (([1, 2],), ([],), ([1], [3]), ([1], [0, 1])):
    cases.either("aten::roll", x, *args)
cases.either("aten::roll", scalar, [1], [0])
cases.add("aten::flip", x, [0])
cases.add("aten::flip", turned, [-1, 0])
cases.add("aten::flip", x, [])
cases.add("aten::flip", scalar, [])
cases.add("aten::flip", empty, [0, 1])
cases.add("aten::flip", x[:, ::2], [1])
cases.error("aten::flip", x, [0, 0])
cases.error("aten::flip", x, [3])
for dtype in DTYPES:
    cases.add("aten::flip", randint(0, 2, 4, dtype=dtype), [0])
for op in ("aten::fliplr", "aten::flipud"):
    cases.add(op, x)
    cases.either(op, randn(3))
    cases.either(op, scalar)
for k in (-1, 0, 1, 2, 3, 4):
    cases.add("aten::rot90", x, k)
cases.add("aten::rot90", turned, 1, [-1, 0])
cases.error("aten::rot90", x, 1, [0, 0])
cases.error("aten::rot90", x, 1, [0])
cases.error("aten::rot90", randn(3))

# Padding
op = "aten::constant_pad_nd"
for amounts in ([1, 2], [1, 0, 0, 2], [-1, 1], [-1, -2, 1, 0], [0, 0, 0, 0, 2, -1], [], [-4, 0]):
    cases.add(op, x, amounts, 1.5)
cases.add(op, turned, [1, 1])
cases.add(op, scalar, [])
cases.add(op, empty, [1, 1, 1, 1], 3)
cases.either(op, x, [-3, -2])
cases.either(op, x, [1])
cases.either(op, x, [1] * 8)
cases.either(op, randn(2), [-5, 5])
for dtype in DTYPES:
    cases.add(op, randint(0, 2, 2, dtype=dtype), [1, 1], 1)
cases.add(op, randint(0, 2, 2), [1, 1], 2.7)
cases.add(op, randn(2), [1, 1], inf)
batch = randn(2, 2, 3, 4)
volume = randn(1, 2, 3, 2, 3)
for mode in ("reflect", "replicate", "circular"):
    cases.add("aten::pad", x, [2, 1], mode)
    cases.add("aten::pad", randn(3, 5), [1, 2], mode)
    cases.add("aten::pad", x, [1, 2, 2, 0], mode)
    cases.add("aten::pad", batch.transpose(2, 3), [1, 1, 2, 1], mode)
    cases.add("aten::pad", volume, [1, 1, 1, 0, 0, 1], mode)
    cases.add("aten::pad", randn(2, 3, 2, 3), [2, 0, 1, 1, 1, 1], mode)
    cases.either("aten::pad", x, [-1, 1], mode)
    cases.either("aten::pad", x, [-1, -1, 1, -2], mode)
    cases.either("aten::pad", x, [4, 0], mode)
    cases.either("aten::pad", x, [5, 0], mode)
    cases.either("aten::pad", x, [1, 1], mode, 1.0)
    cases.either("aten::pad", x, [1, 1], mode, 0.0)
    cases.either("aten::pad", randn(3), [1, 1], mode)
    cases.either("aten::pad", batch, [1, 1], mode)
    cases.either("aten::pad", randn(0, 2, 3), [1, 1], mode)
    cases.either("aten::pad", randn(2, 0, 3), [1, 1], mode)
    cases.either("aten::pad", randn(2, 2, 0), [1, 1], mode)
    cases.either("aten::pad", x, [1], mode)
for args in (([1, 2],), ([1, 2], "constant", 2.0), ([1, 1, 0, 2], "constant", nan), ([], "constant")):
    cases.add("aten::pad", x, *args)
cases.add("aten::pad", randint(0, 5, 2), [1, 1], "constant", 2.0)
cases.error("aten::pad", x, [1, 1], "mirror")
for n, value in ((1, x), (2, batch), (3, volume)):
    for kind in ("reflection", "replication"):
        op = f"aten::{kind}_pad{n}d"
        cases.add(op, value, [1, 0, 1, 1, 1, 1][:2 * n])
        cases.add(op, value[0], [1, 1, 0, 1, 0, 1][:2 * n])
        cases.either(op, value, [9, 0, 1, 1, 1, 1][:2 * n])
        cases.either(op, value, [1])
        cases.either(op, value[0].clone().reshape(-1), [1, 0, 1, 1, 1, 1][:2 * n])
        cases.either(op, value, [-3, -3, 0, 0, 0, 0][:2 * n])
        for dtype in DTYPES[:3] + [torch.int64, torch.uint8]:
            cases.either(op, randint(0, 9, *value.shape, dtype=dtype)[:1], [1] * (2 * n))
cases.write()
