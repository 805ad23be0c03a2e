"""Golden cases of Reshaping, Axes, Expanding, Slicing and Splitting in Sources/Ops/Operators."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("views")
x = randn(2, 3, 4)
scalar = torch.tensor(2.5)
empty = randn(0, 3)
turned = randn(4, 3, 2).permute(2, 1, 0)
DTYPES = [torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.int16, torch.int32, torch.int64,
          torch.uint8, torch.bool]

# Sizes
for op in ("aten::view", "aten::reshape"):
    cases.add(op, x, [6, 4])
    cases.add(op, x, [-1])
    cases.add(op, x, [2, 1, -1, 1, 4])
    cases.add(op, scalar, [])
    cases.add(op, scalar, [1, 1])
    cases.add(op, empty, [0, 7])
    cases.add(op, empty, [-1, 3])
    cases.add(op, randn(4, 6)[:, ::2], [4, 3, 1])
    cases.add(op, randn(3, 1).expand(3, 4), [3, 2, 2])
    for sizes in ([5, -1], [-1, -1], [2, 3], [-2, 12], [0, -1]):
        cases.error(op, x, sizes)
    cases.error(op, empty, [0, -1])
    for dtype in DTYPES:
        cases.add(op, randint(0, 2, 2, 3, dtype=dtype), [3, 2])
cases.add("aten::view", randn(4, 6)[:, :3].unsqueeze(0), [2, 2, 3])
cases.error("aten::view", turned, [24])
cases.add("aten::reshape", turned, [4, 6])
cases.add("aten::reshape_as", turned, randn(6, 4))
cases.error("aten::reshape_as", x, randn(5))
cases.add("aten::view_as", x, randint(0, 2, 4, 6))
cases.error("aten::view_as", turned, randn(24))
cases.add("aten::_reshape_alias", x, [6, 4], [4, 1])
cases.add("aten::ravel", turned)
cases.add("aten::ravel", scalar)
flatten = "aten::flatten.using_ints"
for args in ((), (1,), (0, 1), (-2, -1), (1, 1)):
    cases.add(flatten, turned, *args)
cases.add(flatten, scalar)
cases.add(flatten, empty)
cases.error(flatten, x, 2, 1)
cases.error(flatten, x, 3)
unflatten = "aten::unflatten.int"
cases.add(unflatten, x, 2, [2, -1])
cases.add(unflatten, turned, -1, [2, 1, 2])
cases.add(unflatten, empty, 0, [0, 2])
cases.error(unflatten, x, 2, [3, -1])
cases.error(unflatten, x, 3, [1])
cases.error(unflatten, x, 0, [])
cases.error(unflatten, x, 1, [-1, -1])

# Axes
cases.add("aten::permute", x, [2, 0, 1])
cases.add("aten::permute", turned, [-1, 0, -2])
cases.add("aten::permute", scalar, [])
cases.add("aten::permute", empty, [1, 0])
cases.error("aten::permute", x, [0, 1])
cases.error("aten::permute", x, [0, 1, 1])
cases.error("aten::permute", x, [0, 1, 3])
for op in ("aten::transpose.int", "aten::swapaxes", "aten::swapdims"):
    cases.add(op, x, 0, 2)
    cases.add(op, turned, -1, 1)
    cases.add(op, scalar, 0, -1)
    cases.add(op, empty, 0, 1)
    cases.error(op, x, 0, 3)
    cases.error(op, scalar, 0, 1)
for value in (scalar, randn(3), randn(2, 3)):
    cases.add("aten::t", value)
cases.error("aten::t", x)
for op in ("aten::numpy_T", "aten::numpy_T.a"):
    cases.add(op, randn(2, 3))
for op in ("aten::mT", "aten::mT.a", "aten::mH", "aten::mH.a", "aten::adjoint"):
    cases.add(op, x)
    cases.add(op, randn(2, 3))
    cases.error(op, randn(3))
for op in ("aten::matrix_H", "aten::matrix_H.a"):
    cases.add(op, randn(2, 3))
    cases.error(op, x)
for dim in (0, 1, 3, -1, -4):
    cases.add("aten::unsqueeze", turned, dim)
cases.add("aten::unsqueeze", scalar, -1)
cases.error("aten::unsqueeze", x, 4)
cases.error("aten::unsqueeze", scalar, 1)
ones = randn(1, 3, 1, 2, 1)
cases.add("aten::squeeze", ones)
cases.add("aten::squeeze", scalar)
cases.add("aten::squeeze", randn(1, 0))
for dim in (0, 1, -1):
    cases.add("aten::squeeze.dim", ones, dim)
cases.add("aten::squeeze.dim", scalar, 0)
cases.error("aten::squeeze.dim", ones, 5)
cases.error("aten::squeeze.dim", scalar, 1)
for dims in ([], [0, 2], [-1, 1], [0, -1, 2]):
    cases.add("aten::squeeze.dims", ones, dims)
cases.add("aten::squeeze.dims", scalar, [0])
cases.error("aten::squeeze.dims", ones, [0, 0])
cases.error("aten::squeeze.dims", ones, [7])
for op in ("aten::movedim", "aten::moveaxis"):
    cases.add(op + ".int", x, 0, 2)
    cases.add(op + ".int", turned, -1, 0)
    cases.add(op + ".intlist", x, [0, 1], [1, 2])
    cases.add(op + ".intlist", x, [2, 0], [0, -1])
    cases.add(op + ".intlist", x, [], [])
    cases.error(op + ".int", x, 3, 0)
    cases.error(op + ".intlist", x, [0, 1], [1])
    cases.error(op + ".intlist", x, [0, 0], [1, 2])

# Expanding
for op in ("aten::expand", "aten::broadcast_to"):
    cases.add(op, randn(3, 1), [3, 4])
    cases.add(op, randn(3, 1), [2, -1, 4])
    cases.add(op, scalar, [2, 2])
    cases.add(op, randn(1, 3), [0, 3])
    cases.add(op, scalar, [])
    cases.error(op, randn(3, 2), [3, 4])
    cases.error(op, randn(3), [-1, 3])
    cases.error(op, x, [3, 4])
    cases.error(op, randn(3, 1), [3, -2])
    cases.error(op, randn(2), [0])
cases.add("aten::expand_as", randn(3, 1), randint(0, 2, 2, 3, 4))
cases.error("aten::expand_as", randn(3), randn(4))
cases.add("aten::broadcast_tensors", [randn(3, 1), randn(4), scalar])
cases.error("aten::broadcast_tensors", [randn(3), randn(4)])
for rank in ("1", "2", "3"):
    for value in (scalar, randn(3), randn(2, 3), turned):
        cases.add(f"aten::atleast_{rank}d", value)
    cases.add(f"aten::atleast_{rank}d.Sequence", [scalar, randn(3), randn(2, 3)])

# Slicing
select = "aten::select.int"
cases.add(select, x, 0, 1)
cases.add(select, turned, -1, -1)
cases.add(select, randn(3), 0, 0)
cases.add(select, randn(2, 0), 0, 1)
for args in ((0, 2), (1, -4), (3, 0)):
    cases.error(select, x, *args)
cases.error(select, scalar, 0, 0)
cases.error(select, empty, 0, 0)
slice_ = "aten::slice.Tensor"
for args in ((), (1, 1), (1, -2, -1), (2, 0, 4, 2), (2, 1, None, 3), (-1, None, -1), (1, 2, 1), (2, 10, 20),
             (2, -10, 3), (2, 0, 9223372036854775807), (0, 2)):
    cases.add(slice_, x, *args)
cases.add(slice_, turned, 2, 1, None, 2)
cases.add(slice_, empty, 0, 0, 3)
cases.error(slice_, x, 3)
cases.error(slice_, x, 0, 0, 1, 0)
cases.error(slice_, x, 0, 0, 1, -1)
cases.error(slice_, scalar)
for args in ((0, 1, 1), (2, -3, 2), (1, 3, 0), (-1, 0, 4)):
    cases.add("aten::narrow", x, *args)
for args in ((0, 1, 2), (0, 3, 0), (0, -3, 1), (0, 0, -1), (3, 0, 0)):
    cases.error("aten::narrow", x, *args)
cases.error("aten::narrow", scalar, 0, 0, 0)
cases.add("aten::narrow.Tensor", x, 2, torch.tensor(1), 2)
cases.add("aten::narrow.Tensor", x, 2, torch.tensor(-2, dtype=torch.int32), 1)
cases.error("aten::narrow.Tensor", x, 2, torch.tensor(1.0), 2)
cases.error("aten::narrow.Tensor", x, 2, torch.tensor([1]), 2)
cases.add("aten::unbind.int", x)
cases.add("aten::unbind.int", turned, -1)
cases.add("aten::unbind.int", empty)
cases.add("aten::unbind.int", empty, 1)
cases.error("aten::unbind.int", scalar)
cases.error("aten::unbind.int", x, 3)
for args in ((), (1,), (-1,), (5,), (-7,), (0, 1, 2), (1, -1, 0), (0, 2, -2)):
    cases.add("aten::diagonal", x, *args)
cases.add("aten::diagonal", empty)
cases.error("aten::diagonal", x, 0, 1, 1)
cases.error("aten::diagonal", randn(3))
cases.error("aten::diagonal", x, 0, 0, 3)
cases.add("aten::linalg_diagonal", x)
cases.add("aten::linalg_diagonal", x, offset=1, dim1=0, dim2=2)
cases.error("aten::linalg_diagonal", x, dim1=1, dim2=1)
for args in ((0, 2, 1), (2, 2, 2), (2, 3, 1), (-1, 1, 3), (1, 0, 1)):
    cases.add("aten::unfold", x, *args)
cases.add("aten::unfold", turned, 2, 2, 1)
cases.add("aten::unfold", scalar, 0, 1, 1)
cases.add("aten::unfold", randn(0), 0, 0, 1)
for args in ((0, 3, 1), (0, -1, 1), (0, 1, 0), (3, 1, 1)):
    cases.error("aten::unfold", x, *args)
cases.add("aten::as_strided", x, [2, 3], [4, 2])
cases.add("aten::as_strided", x, [3, 3], [1, 1], 5)
cases.add("aten::as_strided", x, [], [], 23)
cases.add("aten::as_strided", x, [0, 2], [100, 100])
cases.error("aten::as_strided", x, [2, 3], [4])
cases.error("aten::as_strided", x, [5, 5], [5, 1])
cases.error("aten::as_strided", x, [2], [-1], 3)
cases.error("aten::as_strided", x, [2], [1], -1)

# Splitting
for args in ((1,), (2, 1), (3, 2), (4, -1), (100, 0)):
    cases.add("aten::split.Tensor", x, *args)
cases.add("aten::split.Tensor", empty, 0)
cases.add("aten::split.Tensor", empty, 2)
cases.add("aten::split.Tensor", turned, 2, 2)
for args in ((0,), (-1,), (1, 3)):
    cases.error("aten::split.Tensor", x, *args)
cases.error("aten::split.Tensor", scalar, 1)
for op in ("aten::split.sizes", "aten::split", "aten::split_with_sizes"):
    cases.add(op, x, [1, 3], 2)
    cases.add(op, turned, [0, 3, 0], -2)
    for args in (([1, 2], 2), ([-1, 5], 2), ([], 2), ([2], 3)):
        cases.error(op, x, *args)
    cases.error(op, scalar, [1])
for args in ((2,), (2, 2), (3, 2), (5, -1), (100, 1)):
    cases.add("aten::chunk", x, *args)
cases.add("aten::chunk", empty, 3)
cases.add("aten::chunk", turned, 3, 2)
cases.error("aten::chunk", x, 0)
cases.error("aten::chunk", scalar, 1)
for args in ((2,), (3, 2), (5, 2), (1, -1)):
    cases.add("aten::tensor_split.sections", x, *args)
cases.error("aten::tensor_split.sections", x, 0)
cases.error("aten::tensor_split.sections", scalar, 1)
for indices in ([1], [1, 3], [3, 1], [-1], [0, 10], []):
    cases.add("aten::tensor_split.indices", x, indices, 2)
for value in (torch.tensor(3), torch.tensor([1, -1]), torch.tensor([], dtype=torch.int64)):
    cases.add("aten::tensor_split.tensor_indices_or_sections", x, value, 2)
cases.error("aten::tensor_split.tensor_indices_or_sections", x, torch.tensor([1.0]), 2)
for op, dim in (("h", 1), ("v", 0), ("d", 2)):
    cases.add(f"aten::{op}split.int", randn(4, 2, 6), 2)
    cases.add(f"aten::{op}split.array", x, [1, 2])
    cases.error(f"aten::{op}split.int", randn(5, 5, 5), 2)
    cases.error(f"aten::{op}split.int", scalar, 1)
cases.add("aten::hsplit.int", randn(4), 2)
cases.add("aten::hsplit.array", randn(4), [1])
cases.write()
