"""Golden cases of linear algebra and of operators made of others: LinearAlgebra*.swift, MoreProducts.swift,
NativeNorms.swift, OtherNames.swift, and antialiased resizing."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("linalg")
square = randn(3, 3) + torch.eye(3)
stack = randn(2, 4, 4) + 2 * torch.eye(4)
singular = torch.tensor([[1.0, 2.0], [2.0, 4.0]])
wide, tall = randn(3, 5), randn(2, 5, 3)

for a in (square, stack, stack.double(), singular, torch.zeros(0, 2, 2)):
    for name in ("linalg_det", "det", "linalg_slogdet", "slogdet", "logdet"):
        cases.add(f"aten::{name}", a, tolerance=1e-4)
for name in ("linalg_inv", "inverse"):
    cases.add(f"aten::{name}", square, tolerance=1e-4)
    cases.add(f"aten::{name}", stack.transpose(1, 2), tolerance=1e-4)
    cases.error(f"aten::{name}", singular)
    cases.error(f"aten::{name}", wide)
    cases.error(f"aten::{name}", randint(0, 3, 2, 2))
cases.add("aten::linalg_inv_ex", stack, tolerance=1e-4)
for left in (True, False):
    cases.add("aten::linalg_solve", square, square.t(), left=left, tolerance=1e-4)
    cases.add("aten::linalg_solve", stack, stack[0], left=left, tolerance=1e-4)
    for upper in (True, False):
        cases.add("aten::linalg_solve_triangular", stack, stack[1], upper=upper, left=left, tolerance=1e-4)
        cases.add("aten::linalg_solve_triangular", square, square, upper=upper, left=left, unitriangular=True, tolerance=1e-4)
cases.add("aten::linalg_solve", square, randn(3), tolerance=1e-4)
cases.add("aten::linalg_solve", stack, randn(2, 4), tolerance=1e-4)
cases.add("aten::linalg_solve", square, wide, tolerance=1e-4)
cases.error("aten::linalg_solve", singular, singular)
cases.error("aten::linalg_solve", square, randn(4, 3))
positive = stack @ stack.transpose(1, 2)
for upper in (False, True):
    cases.add("aten::linalg_cholesky", positive, upper=upper, tolerance=1e-4)
    cases.add("aten::cholesky", positive, upper, tolerance=1e-4)
cases.error("aten::linalg_cholesky", -positive)
for a in (square, wide, tall):
    for mode in ("reduced", "complete", "r"):
        cases.add("aten::linalg_qr", a, mode, tolerance=1e-4)
    for some in (True, False):
        cases.add("aten::qr", a, some, tolerance=1e-4)
    cases.add("aten::linalg_svdvals", a, tolerance=1e-4)
    cases.add("aten::linalg_pinv", a, 1e-4, tolerance=1e-4)
    cases.add("aten::linalg_pinv.atol_rtol_float", a, tolerance=1e-4)
cases.error("aten::linalg_qr", square, "other")
# The vectors' signs are free; these have one choice.
diagonal = torch.diag(torch.tensor([3.0, 1.0, 2.0]))
cases.add("aten::linalg_eigh", diagonal)
cases.add("aten::linalg_eigvalsh", positive, tolerance=1e-4)
cases.add("aten::linalg_eigvalsh", square, "U", tolerance=1e-4)
cases.add("aten::linalg_svd", diagonal)
cases.add("aten::linalg_svd", diagonal, False)
cases.add("aten::svd", diagonal)
for n in (0, 1, 2, 5, -2):
    cases.add("aten::linalg_matrix_power", stack, n, tolerance=1e-4)
    cases.add("aten::matrix_power", square, n, tolerance=1e-4)
inf = float("inf")
for keep in (False, True):
    for order in (1, -1, inf, -inf, 2, -2):
        cases.add("aten::linalg_matrix_norm", stack, order, [-2, -1], keep, tolerance=1e-4)
        cases.add("aten::linalg_norm", stack, order, [0, 2], keep, tolerance=1e-4)
    for order in ("fro", "nuc"):
        cases.add("aten::linalg_matrix_norm.str_ord", stack, order, [1, 0], keep, tolerance=1e-4)
        cases.add("aten::linalg_norm.ord_str", square, order, None, keep, tolerance=1e-4)
    cases.add("aten::linalg_norm", stack, None, None, keep)
    cases.add("aten::linalg_norm", stack, 3, [1], keep)
    cases.add("aten::linalg_norm", square, 1, None, keep)
    cases.add("aten::nuclear_norm", square, keep, tolerance=1e-4)
    cases.add("aten::nuclear_norm.dim", stack, [0, 2], keep, tolerance=1e-4)
cases.error("aten::linalg_norm", stack, 1)
cases.error("aten::linalg_matrix_norm", stack, 3)
cases.add("aten::linalg_vecdot", wide, wide[0])
cases.add("aten::linalg_vecdot", wide, wide, dim=0)

cases.add("aten::addbmm", randn(3, 2), randn(4, 3, 5), randn(4, 5, 2), beta=0.5, alpha=2)
cases.add("aten::addbmm", randn(2), randn(4, 3, 5), randn(4, 5, 2), beta=0)
cases.add("aten::kron", randn(2, 3), randn(2))
cases.add("aten::kron", randint(0, 5, 2), randint(0, 5, 2, 2))
cases.add("aten::vdot", randn(4), randn(4))
cases.error("aten::vdot", randn(4), randn(3))
cases.add("aten::_trilinear", randn(2, 3), randn(4, 3), randn(2, 4), [1], [0], [2], [2])
cases.add("aten::_add_relu.Tensor", wide, wide[0], alpha=-2)
cases.add("aten::_add_relu.Scalar", wide, 0.5, 2)
for power in (0.0, 1.0, 2.0, 3.0, inf):
    cases.add("aten::pdist", wide, power)
cases.add("aten::_pdist_forward", wide)

x = randn(2, 4, 3)
cases.add("aten::native_layer_norm", x, [4, 3], randn(4, 3), randn(4, 3), 1e-5)
cases.add("aten::native_layer_norm", x, [3], None, None, 1e-3)
cases.add("aten::native_group_norm", x, randn(4), randn(4), 2, 4, 3, 2, 1e-5)
mean, var, w, b = randn(4), torch.rand(4), randn(4), randn(4)
cases.add("aten::native_batch_norm", x, w, b, mean, var, False, 0.1, 1e-5)
cases.add("aten::native_batch_norm", x, w, b, None, None, True, 0.1, 1e-5)
cases.add("aten::_native_batch_norm_legit.no_stats", x, w, b, True, 0.1, 1e-5)
cases.add("aten::_native_batch_norm_legit_no_training", x, w, None, mean, var, 0.1, 1e-5)

for dim in (0, 1):
    cases.add("aten::unsafe_chunk", wide, 2, dim)
    cases.add("aten::unsafe_split.Tensor", wide, 2, dim)
cases.add("aten::unsafe_split_with_sizes", wide, [2, 3], 1)
cases.add("aten::view_copy", wide, [5, 3])
cases.add("aten::expand_copy", wide[0], [2, 5])
cases.add("aten::narrow_copy", wide, 1, 1, 2)
for name in ("_softmax", "_log_softmax"):
    cases.add(f"aten::{name}", wide, 1, False)
for name in ("special_softmax", "special_log_softmax"):
    cases.add(f"aten::{name}", wide, 0, dtype=torch.float64)
cases.add("aten::_cast_Float", randint(0, 5, 3))
cases.add("aten::_cast_Int", wide)
cases.add("aten::native_channel_shuffle", randn(1, 4, 2, 2), 2)
cases.add("aten::view.dtype", wide, torch.int32)
cases.add("aten::view.dtype", wide, torch.uint8)
cases.add("aten::view.dtype", randint(0, 99, 2, 4, dtype=torch.int16), torch.int64)
cases.add("aten::view.dtype", wide.t().contiguous().t(), torch.int32)
cases.error("aten::view.dtype", wide, torch.float64)
cases.error("aten::view.dtype", wide.t(), torch.uint8)
cases.add("aten::view_copy.dtype", wide, torch.int16)
cases.add("aten::sym_size", x)
cases.add("aten::sym_size.int", x, -1)
cases.add("aten::sym_numel", x)
cases.add("aten::_local_scalar_dense", torch.tensor([2.5]))
cases.add("aten::_is_zerotensor", x)

image = randn(1, 2, 7, 9)
for name in ("_upsample_bilinear2d_aa", "_upsample_bicubic2d_aa", "_upsample_lanczos2d_aa"):
    for corners in (False, True):
        for size in ([5, 4], [3, 15], [14, 18], [7, 2]):
            cases.add(f"aten::{name}", image, size, corners)
        cases.add(f"aten::{name}.vec", image, [4, 6], corners, None)
        cases.add(f"aten::{name}.vec", image, None, corners, [0.5, 0.4])
    cases.add(f"aten::{name}", image, [4, 4], False, 0.6, 0.5)
    cases.error(f"aten::{name}", image[0], [4, 4], False)
cases.write()
