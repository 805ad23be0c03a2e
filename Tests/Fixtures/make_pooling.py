"""Golden cases of Sources/Ops/Operators/MaxPooling.swift and AveragePooling.swift."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("pooling")
inf, nan = float("inf"), float("nan")
SIZES = {1: (9,), 2: (5, 6), 3: (4, 5, 3)}
WAYS = [
    # kernel, stride, padding, dilation, ceil_mode
    ((2, 3, 2), None, (0, 0, 0), (1, 1, 1), False),
    ((3, 2, 3), (2, 2, 1), (1, 1, 1), (1, 1, 1), False),
    ((3, 3, 2), (2, 2, 2), (1, 0, 1), (1, 1, 1), True),
    ((2, 2, 2), (3, 3, 3), (1, 1, 1), (1, 1, 1), True),
    ((2, 3, 2), (1, 2, 1), (1, 1, 1), (2, 2, 2), False),
]

for axes, sizes in SIZES.items():
    shapes = ((1, 2, *sizes), (2, *sizes))
    for kernel, stride, padding, dilation, ceil in WAYS:
        kernel, padding, dilation = list(kernel[:axes]), list(padding[:axes]), list(dilation[:axes])
        stride = list(stride[:axes]) if stride else []
        for shape in shapes:
            for name in ("", "_with_indices"):
                if (name == "") == (shape == shapes[0]) and axes > 1:
                    continue
                cases.add(f"aten::max_pool{axes}d{name}", randn(*shape), kernel, stride, padding, dilation, ceil)
        if set(dilation) != {1}:
            continue
        for include in (True, False):
            cases.add(f"aten::avg_pool{axes}d", randn(*shapes[0]), kernel, stride, padding, ceil, include)
        cases.add(f"aten::avg_pool{axes}d", randn(*shapes[1]), kernel, stride, padding, ceil)
        if axes > 1:
            cases.add(f"aten::avg_pool{axes}d", randn(*shapes[0]), kernel, stride, padding, ceil, True, 5)
    full = randn(1, 2, *sizes)
    for name in (f"max_pool{axes}d", f"max_pool{axes}d_with_indices", f"avg_pool{axes}d"):
        op = f"aten::{name}"
        cases.add(op, full, [2])
        cases.add(op, torch.cat([full, full], -1)[..., ::2], [2])
        cases.add(op, randn(0, 3, *sizes), [2])
        dtypes = [torch.float64] if name == "avg_pool3d" else [torch.float64, torch.float16, torch.bfloat16]
        for dtype in dtypes:
            cases.add(op, full.to(dtype), [3], [2], [1])
        if axes > 1 and "max" in name:
            for dtype in (torch.int64, torch.int32, torch.uint8):
                cases.add(op, randint(0, 9, *full.shape, dtype=dtype), [2])
        cases.error(op, full, [0])
        cases.error(op, full, [2], [0])
        cases.error(op, full, [2], [1], [2])
        cases.error(op, full, [2], [1], [-1])
        cases.error(op, full, [20])
        if axes > 1:
            cases.error(op, full, [2] * (axes + 1))
        cases.error(op, full[0, 0], [2])
        cases.error(op, full[None], [2])
        cases.error(op, randn(2, 0, *sizes) if axes == 3 else randn(2, 3, *[0] * axes), [2])
        special = full.clone()
        special[0, 0].view(-1)[1], special[0, 1].view(-1)[2], special[0, 1].view(-1)[3] = nan, inf, -inf
        cases.add(op, special, [3], [2], [1])
        cases.error(op, full.bool(), [2])
    for outputs in ((1, 1, 1), (3, 2, 2), (4, 5, 4)):
        outputs = list(outputs[:axes])
        cases.add(f"aten::adaptive_avg_pool{axes}d", randn(*shapes[outputs[0] % 2]), outputs)
        cases.add(f"aten::adaptive_max_pool{axes}d", randn(*shapes[outputs[-1] % 2]), outputs)
    for name in (f"adaptive_avg_pool{axes}d", f"adaptive_max_pool{axes}d"):
        op = f"aten::{name}"
        cases.add(op, full.transpose(0, 1), [2] * axes)
        cases.add(op, special, [2] * axes)
        cases.add(op, randn(0, 3, *sizes), [2] * axes)
        cases.add(op, full, [0] * axes)
        for dtype in (torch.float64, torch.float16, torch.bfloat16):
            cases.add(op, full.to(dtype), [2] * axes)
        cases.error(op, full.long(), [2] * axes)
        cases.error(op, full[0, 0], [2] * axes)
        cases.error(op, randn(2, 3, *[0] * axes), [2] * axes)
        cases.error(op, full, [-1] * axes)
cases.error("aten::avg_pool2d", randn(1, 4, 4), [2], [2], [0], False, True, 0)
cases.error("aten::avg_pool3d", randn(1, 4, 4, 4), [2], [2], [0], False, True, 0)
cases.add("aten::avg_pool2d", randint(0, 30, 1, 4, 4), [2])
cases.write()
