"""Golden cases of Sources/Ops/Operators/Convolution.swift."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("convolution")
inf, nan = float("inf"), float("nan")
FLAGS = (False, False, True)
SIZES = {1: (7,), 2: (5, 6), 3: (3, 4, 3)}


def general(x, w, b, stride, padding, dilation, transposed, output_padding, groups):
    arguments = (x, w, b, stride, padding, dilation, transposed, output_padding, groups)
    cases.add("aten::_convolution", *arguments, *FLAGS, True)
    return arguments


for axes, sizes in SIZES.items():
    kernel = (3, 2, 2)[:axes]
    x = randn(2 if axes == 1 else 1, 4, *sizes)
    for groups, outputs in ((1, 3), (2, 4), (4, 4), (4, 8))[:5 - axes]:
        general(x, randn(outputs, 4 // groups, *kernel), randn(outputs), [2] + [1] * (axes - 1), [1] * axes,
                [1] * axes, False, [0] * axes, groups)
    for stride, padding, dilation in ((1, 0, 1), (2, 1, 1), (1, 2, 2), (3, 0, 1)):
        if axes == 3 and stride == 1:
            continue
        general(x, randn(3, 4, *kernel), None, [stride] * axes, [padding] * axes, [dilation] * axes, False,
                [0] * axes, 1)
        general(x, randn(4, 3, *kernel), randn(3), [stride] * axes, [min(padding, 1)] * axes,
                [dilation] * axes, True, [min(stride, 2) - 1] * axes, 1)
    general(x, randn(4, 2, *kernel), randn(4), [2] * axes, [0] * axes, [1] * axes, True, [0] * axes, 2)
    general(x, randn(5, 4, *[1] * axes), randn(5), [1] * axes, [0] * axes, [1] * axes, False, [0] * axes, 1)
    general(x, randn(4, 5, *[1] * axes), randn(5), [1] * axes, [0] * axes, [1] * axes, True, [0] * axes, 1)
    general(x, randn(5, 4, *[1] * axes), randn(5), [2] * axes, [1] * axes, [1] * axes, False, [0] * axes, 1)

# The other overloads.
x, w, b = randn(1, 4, 5, 6), randn(6, 2, 3, 3), randn(6)
cases.add("aten::_convolution.deprecated", x, w, b, [1, 2], [0, 1], [1, 1], False, [0, 0], 2, *FLAGS)
cases.add("aten::convolution", x, w, b, [1, 2], [0, 1], [1, 1], False, [0, 0], 2)
cases.add("aten::convolution", x, w, b, [2], [1], [1], False, [0], 2)
cases.add("aten::conv2d", x, w, b, [2], [1], [1], 2)
cases.add("aten::conv2d", x[0], w, None, [1, 2], [1, 0], [1, 1], 2)
cases.add("aten::conv1d", randn(2, 3, 8), randn(4, 3, 3), randn(4), [2], [1], [2])
cases.add("aten::conv1d", randn(3, 8), randn(4, 3, 3))
cases.add("aten::conv3d", randn(1, 2, 3, 4, 5), randn(4, 1, 2, 2, 2), randn(4), [1, 1, 1], [1, 0, 1], [1, 1, 1], 2)
cases.add("aten::conv3d", randn(2, 3, 4, 5), randn(4, 2, 2, 2, 2))
cases.add("aten::conv_transpose1d", randn(2, 3, 5), randn(3, 4, 3), randn(4), [2], [1], [1], 1, [2])
cases.add("aten::conv_transpose1d", randn(3, 5), randn(3, 4, 3))
cases.add("aten::conv_transpose2d.input", randn(2, 4, 3, 4), randn(4, 2, 2, 3), randn(4), [2, 2], [0, 1], [1, 0], 2)
cases.add("aten::conv_transpose2d.input", randn(4, 3, 4), randn(4, 2, 2, 3))
cases.add("aten::conv_transpose3d.input", randn(1, 2, 3, 2, 2), randn(2, 3, 2, 2, 2), randn(3), [2, 1, 2])
cases.add("aten::conv_transpose3d.input", randn(2, 3, 2, 2), randn(2, 3, 2, 2, 2))
for padding in ("same", "valid"):
    cases.add("aten::conv1d.padding", randn(2, 3, 8), randn(4, 3, 4), randn(4), [1], padding)
    cases.add("aten::conv1d.padding", randn(3, 8), randn(4, 3, 3), randn(4), [1], padding, [2])
    cases.add("aten::conv2d.padding", randn(2, 3, 6, 7), randn(4, 3, 2, 3), None, [1, 1], padding, [1, 2])
    cases.add("aten::conv2d.padding", randn(3, 6, 7), randn(4, 3, 2, 4), None, [1, 1], padding)
    cases.add("aten::conv3d.padding", randn(1, 2, 3, 4, 5), randn(4, 2, 2, 3, 2), randn(4), [1, 1, 1], padding)
    cases.add("aten::_convolution_mode", randn(2, 4, 6, 7), randn(4, 2, 2, 3), randn(4), [1, 1], padding, [1, 1], 2)
cases.add("aten::_convolution_mode", randn(1, 2, 6), randn(4, 2, 3), None, [2], "valid", [1], 1)
cases.error("aten::_convolution_mode", randn(1, 2, 6), randn(4, 2, 3), None, [2], "same", [1], 1)
cases.error("aten::_convolution_mode", randn(1, 2, 6), randn(4, 2, 3), None, [1], "full", [1], 1)

# Dtypes, views, NaN, empties.
for dtype in (torch.float64, torch.float16, torch.bfloat16):
    x, w, b = randn(2, 4, 5, 6, dtype=dtype), randn(6, 2, 3, 3, dtype=dtype), randn(6, dtype=dtype)
    general(x, w, b, [1, 1], [1, 1], [1, 1], False, [0, 0], 2)
    general(x, randn(4, 3, 3, 3, dtype=dtype), b, [2, 2], [1, 1], [1, 1], True, [1, 1], 2)
for dtype in (torch.int64, torch.int32, torch.uint8):
    general(randint(0, 9, 1, 2, 4, 4, dtype=dtype), randint(0, 9, 3, 2, 2, 2, dtype=dtype), None, [1, 1], [0, 0],
            [1, 1], False, [0, 0], 1)
x = randn(2, 5, 6, 4).permute(0, 3, 1, 2)
general(x, randn(3, 3, 2, 4).permute(2, 3, 0, 1), randn(4)[::2], [1, 1], [1, 1], [1, 1], False, [0, 0], 1)
general(randn(2, 4, 10, 12)[:, :, ::2, ::2], randn(3, 4, 3, 3), randn(3), [1, 1], [1, 1], [1, 1], False, [0, 0], 1)
x = randn(1, 2, 5, 5)
x[0, 0, 2, 2], x[0, 1, 0, 4] = nan, inf
general(x, randn(2, 2, 3, 3), None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1)
general(randn(0, 3, 5, 5), randn(4, 3, 3, 3), randn(4), [1, 1], [1, 1], [1, 1], False, [0, 0], 1)
general(randn(0, 3, 5, 5), randn(3, 4, 3, 3), randn(4), [1, 1], [1, 1], [1, 1], True, [0, 0], 1)

# What PyTorch refuses.
x, w = randn(1, 4, 5, 5), randn(6, 4, 3, 3)


def refused(x, w, b=None, stride=[1, 1], padding=[0, 0], dilation=[1, 1], transposed=False, extra=[0, 0], groups=1):
    cases.error("aten::_convolution", x, w, b, stride, padding, dilation, transposed, extra, groups, *FLAGS, True)


refused(randn(1, 3, 5, 5), w)
refused(randn(4, 5, 5), w)
refused(x, randn(6, 4, 6, 3))
refused(x, w, stride=[0, 1])
refused(x, w, padding=[-1, 0])
refused(x, w, dilation=[0, 1])
refused(x, w, groups=0)
refused(x, w, groups=4)
refused(x, w, b=randn(5))
refused(x, w, b=randn(6, 1))
refused(x, w, stride=[1, 1, 1])
refused(x, w.double())
refused(x, randn(4, 3, 3, 3), transposed=True, extra=[1, 1])
refused(x, randn(3, 4, 3, 3), transposed=True)
refused(x, randn(4, 3, 3, 3), b=randn(4), transposed=True)
refused(x, randn(4, 3, 1, 1), padding=[3, 3], transposed=True)
refused(randn(1, 4, 0, 5), w, padding=[2, 2])
refused(x.bool(), w.bool())
cases.error("aten::conv2d", randn(4, 5), randn(6, 4, 3, 3))
cases.error("aten::conv2d", randn(1, 4, 5, 5), randn(6, 4, 3))
cases.error("aten::conv1d", randn(1, 2, 4, 5), randn(6, 4, 3))

cases.write()
