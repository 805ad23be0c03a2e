"""Golden cases of Sources/Ops/Operators/Resizing.swift, GridSampling.swift, Shuffling.swift and Unfolding.swift."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("resizing")
inf, nan = float("inf"), float("nan")
HALF = (torch.float16, torch.bfloat16)
SIZES = {1: (5,), 2: (4, 5), 3: (3, 4, 2)}
METHODS = [("upsample_nearest", 123, False), ("_upsample_nearest_exact", 123, False), ("upsample_linear", 1, True),
           ("upsample_bilinear", 2, True), ("upsample_trilinear", 3, True), ("upsample_bicubic", 2, True)]

for name, counts, corners in METHODS:
    for axes in (int(c) for c in str(counts)):
        sizes = SIZES[axes]
        op = f"aten::{name}{axes}d"
        for align in ((False, True) if corners else (None,)):
            middle = [] if align is None else [align]
            for target in ((7, 3, 5), (10, 8, 4), (1, 1, 1))[align is True:]:
                target = list(target[:axes])
                cases.add(op, randn(1, 1, *sizes), target, *middle)
            cases.add(op, randn(1, 1, *sizes), list((7, 3, 5)[:axes]), *middle, *(1.4, 0.7, 2.3)[:axes])
            for factors in ((2.0, 2.0, 2.0), (1.5, 0.7, 2.3), (0.4, 0.6, 1.0)):
                cases.add(op + ".vec", randn(1, 1, *sizes), None, *middle, list(factors[:axes]))
            cases.add(op + ".vec", randn(1, 1, *sizes), list((3, 6, 5)[:axes]), *middle, None)
        x = randn(2, 2, *sizes)
        cases.add(op, x.transpose(0, 1), [6, 5, 3][:axes], *middle)
        cases.add(op, x[..., ::2], [3] * axes, *middle)
        cases.add(op, randn(0, 2, *sizes), [6, 5, 3][:axes], *middle)
        special = x.clone()
        special[0, 0].view(-1)[1], special[0, 1].view(-1)[2] = nan, inf
        cases.add(op, special, [4] * axes, *middle)
        for dtype in (torch.float64,) + HALF:
            cases.add(op, x[:1].to(dtype), [6, 5, 3][:axes], *middle)
        if "nearest" in name:
            cases.add(op, randint(0, 255, 1, 1, *sizes, dtype=torch.uint8), [6, 5, 3][:axes])
        cases.error(op, x[0], [6, 5, 3][:axes], *middle)
        cases.error(op, x, [6] * (axes + 1), *middle)
        cases.error(op, x, [0] * axes, *middle)
        cases.error(op, x.long(), [6, 5, 3][:axes], *middle)
        cases.error(op + ".vec", x, None, *middle, None)
        cases.error(op + ".vec", x, [6, 5, 3][:axes], *middle, [2.0] * axes)

op = "aten::grid_sampler"
for mode in (0, 1, 2):
    for padding in (0, 1, 2):
        for align in (False, True):
            cases.add(op, randn(1, 2, 4, 5), randn(1, 3, 2, 2) * 1.3, mode, padding, align)
            if mode < 2:
                cases.add(op, randn(1, 2, 3, 2, 4), randn(1, 2, 2, 3, 3), mode, padding, align)
cases.add(op, randn(2, 4, 5, 3).permute(0, 3, 1, 2), randn(2, 2, 3, 2).permute(0, 2, 1, 3), 0, 0, False)
cases.add(op, randn(1, 2, 1, 1), randn(1, 2, 2, 2), 0, 2, True)
cases.add(op, randn(0, 2, 3, 4), randn(0, 2, 2, 2), 0, 0, False)
cases.add(op, randn(1, 2, 3, 4, dtype=torch.float64), randn(1, 2, 2, 2, dtype=torch.float64), 0, 0, False)
cases.error(op, randn(1, 2, 3), randn(1, 2, 2), 0, 0, False)
cases.error(op, randn(1, 2, 3, 4), randn(2, 2, 2, 2), 0, 0, False)
cases.error(op, randn(1, 2, 3, 4), randn(1, 2, 2, 3), 0, 0, False)
cases.error(op, randn(1, 2, 0, 4), randn(1, 2, 2, 2), 0, 0, False)
cases.error(op, randn(1, 2, 3, 4), randn(1, 2, 2, 2).double(), 0, 0, False)
cases.error(op, randn(1, 2, 3, 4, 5), randn(1, 2, 2, 2, 3), 2, 0, False)
op = "aten::affine_grid_generator"
for align in (False, True):
    cases.add(op, randn(2, 2, 3), [2, 3, 3, 4], align)
    cases.add(op, randn(1, 3, 4), [1, 1, 2, 3, 4], align)
    cases.add(op, randn(1, 2, 3), [1, 1, 1, 2], align)
cases.add(op, randn(1, 2, 3, dtype=torch.float64), [1, 1, 2, 2], False)
cases.error(op, randn(2, 2, 3), [2, 3, 3], False)
cases.error(op, randn(2, 2, 3), [1, 3, 3, 4], False)

cases.add("aten::pixel_shuffle", randn(2, 8, 3, 2), 2)
cases.add("aten::pixel_shuffle", randn(9, 2, 3), 3)
cases.add("aten::pixel_shuffle", randint(0, 9, 2, 1, 4, 2, 2).transpose(0, 1), 2)
cases.add("aten::pixel_shuffle", randn(0, 4, 3, 2), 2)
cases.add("aten::pixel_shuffle", randn(3, 2, 2), 1)
cases.error("aten::pixel_shuffle", randn(6, 2, 2), 2)
cases.error("aten::pixel_shuffle", randn(4, 2), 2)
cases.error("aten::pixel_shuffle", randn(4, 2, 2), 0)
cases.add("aten::pixel_unshuffle", randn(2, 2, 4, 6), 2)
cases.add("aten::pixel_unshuffle", randn(2, 6, 3, dtype=torch.bfloat16), 3)
cases.add("aten::pixel_unshuffle", randn(1, 2, 4, 4).transpose(2, 3), 2)
cases.error("aten::pixel_unshuffle", randn(2, 3, 4), 2)
cases.error("aten::pixel_unshuffle", randn(4, 4), 2)
cases.error("aten::pixel_unshuffle", randn(2, 4, 4), -1)
cases.add("aten::channel_shuffle", randn(2, 6, 2, 3), 3)
cases.add("aten::channel_shuffle", randn(1, 4, 3), 2)
cases.add("aten::channel_shuffle", randint(0, 9, 2, 3, 4).transpose(1, 2), 2)
cases.error("aten::channel_shuffle", randn(2, 6, 2, 3), 4)
cases.error("aten::channel_shuffle", randn(2, 6), 3)

op = "aten::im2col"
for kernel, dilation, padding, stride in (([2, 3], [1, 1], [0, 0], [1, 1]), ([2, 2], [2, 1], [1, 1], [2, 1]),
                                          ([1, 1], [1, 1], [0, 0], [1, 1]), ([3, 2], [1, 2], [2, 0], [1, 3])):
    x = randn(2, 2, 4, 5)
    for image in (x, x[1], x.transpose(2, 3)):
        columns = torch.ops.aten.im2col(image, kernel, dilation, padding, stride)
        cases.add(op, image, kernel, dilation, padding, stride)
        cases.add("aten::col2im", randn(*columns.shape), list(image.shape[-2:]), kernel, dilation, padding, stride)
for dtype in (torch.float64, torch.bool) + HALF:
    cases.add(op, randn(1, 1, 3, 3).to(dtype), [2, 2], [1, 1], [1, 1], [1, 1])
    if dtype != torch.bool:
        cases.add("aten::col2im", randn(1, 4, 4).to(dtype), [3, 3], [2, 2], [1, 1], [0, 0], [1, 1])
cases.add(op, randn(0, 2, 3, 3), [2, 2], [1, 1], [0, 0], [1, 1])
cases.error(op, randn(3, 3), [2, 2], [1, 1], [0, 0], [1, 1])
cases.error(op, randn(1, 2, 3, 3), [4, 2], [1, 1], [0, 0], [1, 1])
cases.error(op, randn(1, 2, 3, 3), [2, 0], [1, 1], [0, 0], [1, 1])
cases.error(op, randn(1, 2, 3, 3), [2, 2], [1, 1], [0, -1], [1, 1])
cases.error("aten::col2im", randn(1, 5, 4), [3, 3], [2, 2], [1, 1], [0, 0], [1, 1])
cases.error("aten::col2im", randn(1, 4, 5), [3, 3], [2, 2], [1, 1], [0, 0], [1, 1])
cases.error("aten::col2im", randn(4), [3, 3], [2, 2], [1, 1], [0, 0], [1, 1])
cases.write()
