"""Golden cases of Sources/Ops/Quantized: quantised tensors, and the layers with packed weights."""

import warnings

import torch

from operator_cases import Cases, randint, randn

warnings.filterwarnings("ignore")
cases = Cases("quantized")
aten, quantized = "aten::", "quantized::"
inf, nan = float("inf"), float("nan")
UNSIGNED, SIGNED, WIDE = torch.quint8, torch.qint8, torch.qint32
# Sums are exact, but a value halfway between two numbers may be rounded either way.
STEP = 1


def quantized_of(*sizes, scale=0.05, zero_point=100, dtype=UNSIGNED):
    if dtype == SIGNED:
        zero_point -= 128
    return torch.quantize_per_tensor(randn(*sizes), scale, zero_point, dtype)


def per_channel(*sizes, axis=0, dtype=SIGNED, symmetric=True):
    count = sizes[axis]
    scales = torch.linspace(0.01, 0.03, count, dtype=torch.float64)
    points = torch.zeros(count, dtype=torch.int64) if symmetric else torch.arange(count) - 1
    return torch.quantize_per_channel(randn(*sizes), scales, points, axis, dtype)


def per_channel_float(*sizes, axis=0):
    count = sizes[axis]
    return torch.quantize_per_channel(
        randn(*sizes), torch.linspace(0.01, 0.03, count), torch.linspace(100, 120.5, count), axis, UNSIGNED)


def into_and_out():
    x = torch.cat([randn(2, 9) * 4, torch.tensor([[0., 0.05, 0.15, -0.05, 1e30, -1e30, inf, -inf, 12.75]])])
    for dtype in (UNSIGNED, SIGNED, WIDE):
        cases.add(aten + "quantize_per_tensor", x, 0.1, 3, dtype)
        cases.add(aten + "quantize_per_tensor.tensor_qparams", x, torch.tensor(0.1), torch.tensor(3), dtype)
    cases.add(aten + "quantize_per_tensor", x.t(), 0.1, 3, UNSIGNED)
    cases.add(aten + "quantize_per_tensor", x[:, ::2], 0.037, 120, UNSIGNED)
    cases.add(aten + "quantize_per_tensor", randn(0, 3), 0.1, 3, UNSIGNED)
    cases.add(aten + "quantize_per_tensor", torch.tensor(0.3), 0.1, 3, UNSIGNED)
    cases.add(aten + "quantize_per_tensor.tensors", [x, randn(3)], torch.tensor([0.1, 0.2]), torch.tensor([3, 4]), UNSIGNED)
    for values in (randn(40), randn(3, 4).abs(), -randn(3, 4).abs(), torch.zeros(3), randn(4) * 1e-6):
        for dtype in (UNSIGNED, SIGNED):
            cases.add(aten + "quantize_per_tensor_dynamic", values, dtype, False)
        cases.add(aten + "quantize_per_tensor_dynamic", values, UNSIGNED, True)
    for wrong in (x.double(), x.half(), randint(0, 3, 4), quantized_of(3)):
        cases.error(aten + "quantize_per_tensor", wrong, 0.1, 3, UNSIGNED)
    cases.error(aten + "quantize_per_tensor", x, 0.1, 300, UNSIGNED)
    cases.error(aten + "quantize_per_tensor", x, 0.1, -1, UNSIGNED)
    cases.error(aten + "quantize_per_tensor", x, 0.1, 3, torch.int8)
    y = randn(2, 3, 4)
    for axis in range(3):
        count = y.shape[axis]
        scales, points = torch.rand(count, dtype=torch.float64) / 10 + 0.01, torch.arange(count) - 1
        for dtype in (SIGNED, WIDE):
            cases.add(aten + "quantize_per_channel", y, scales, points, axis, dtype)
        cases.add(aten + "quantize_per_channel", y, scales.float(), points.float() + 100.3, axis, UNSIGNED)
    cases.error(aten + "quantize_per_channel", y, scales, points, 0, SIGNED)
    cases.error(aten + "quantize_per_channel", y, scales, points, 3, SIGNED)
    cases.error(aten + "quantize_per_channel", y, scales, points + 400, 2, SIGNED)
    tensors = [quantized_of(3, 4), quantized_of(3, dtype=SIGNED), quantized_of(2, 3, dtype=WIDE),
               per_channel(3, 4), per_channel(3, 4, axis=1, symmetric=False), per_channel_float(3, 4)]
    for tensor in tensors + [quantized_of(3, 4).t(), quantized_of(0, 3), quantized_of(4, 6)[1:, ::2]]:
        cases.add(aten + "dequantize.self", tensor)
        cases.add(aten + "int_repr", tensor)
        if tensor.qscheme() != torch.per_channel_affine_float_qparams:
            cases.add(aten + "clone", tensor)
    cases.add(aten + "dequantize.self", x)
    cases.add(aten + "dequantize.self", randn(3, dtype=torch.float16))
    cases.add(aten + "dequantize.tensors", tensors[:2])
    for tensor in tensors[:3]:
        cases.add(aten + "q_scale", tensor)
        cases.add(aten + "q_zero_point", tensor)
        cases.add(aten + "qscheme", tensor)
        cases.error(aten + "q_per_channel_scales", tensor)
    for tensor in tensors[3:]:
        cases.add(aten + "q_per_channel_scales", tensor)
        cases.add(aten + "q_per_channel_zero_points", tensor)
        cases.add(aten + "q_per_channel_axis", tensor)
        cases.error(aten + "q_scale", tensor)
    for name in ("int_repr", "q_scale", "q_zero_point", "q_per_channel_axis", "qscheme"):
        cases.error(aten + name, x)
    for dtype in (torch.int8, torch.uint8, torch.int32):
        numbers = randint(0, 100, 2, 3, dtype=dtype)
        cases.add(aten + "_make_per_tensor_quantized_tensor", numbers, 0.25, 7)
        cases.add(aten + "_make_per_channel_quantized_tensor", numbers, torch.tensor([0.1, 0.2, 0.4]), torch.tensor([1, 2, 3]), 1)
    cases.error(aten + "_make_per_tensor_quantized_tensor", randint(0, 3, 4), 0.25, 7)


def views():
    x = quantized_of(2, 3, 4)
    c = per_channel(2, 3, 4, axis=1, symmetric=False)
    for tensor in (x, c):
        cases.add(aten + "view", tensor, [2, 3, 2, 2])
        cases.add(aten + "reshape", tensor, [2, 3, -1])
        cases.add(aten + "flatten.using_ints", tensor, 2)
        cases.add(aten + "select.int", tensor, 0, 1)
        cases.add(aten + "select.int", tensor, 1, -1)
        cases.add(aten + "slice.Tensor", tensor, 1, 0, 2, 1)
        cases.add(aten + "slice.Tensor", tensor, 1, 0, None, 2)
        cases.add(aten + "slice.Tensor", tensor, 2, 1, 3, 1)
        cases.add(aten + "unsqueeze", tensor, 0)
        cases.add(aten + "unsqueeze", tensor, 2)
        cases.add(aten + "squeeze.dim", tensor[:1], 0)
        cases.add(aten + "chunk", tensor, 2, 1)
        cases.add(aten + "contiguous", tensor)
        cases.add(aten + "detach", tensor)
        cases.add(aten + "size.int", tensor, 1)
        cases.add(aten + "eq.Scalar", tensor, 0.0)
        cases.add(aten + "lt.Scalar", tensor, 0.3)
        cases.add(aten + "gt.Tensor", tensor, randn(4))
        cases.error(aten + "add.Tensor", tensor, tensor)
        cases.error(aten + "exp", tensor)
        cases.error(aten + "sum", tensor)
        cases.error(aten + "where.self", tensor.dequantize() > 0, tensor, tensor)
        cases.error(aten + "to.dtype", tensor, torch.float32)
        cases.error(aten + "matmul", tensor, tensor.int_repr())
    cases.add(aten + "select.int", x, 2, 0)
    cases.add(aten + "permute", x, [2, 0, 1])
    cases.add(aten + "transpose.int", x, 0, 2)
    cases.add(aten + "expand", x, [5, 2, 3, 4])
    cases.add(aten + "reshape", x.transpose(0, 2), [4, 6])
    cases.add(aten + "contiguous", x.transpose(0, 2))
    cases.error(aten + "expand", c, [5, 2, 3, 4])
    cases.error(aten + "as_strided", c, [2], [1])
    other = quantized_of(2, 3, 4)
    for name in ("cat", "stack"):
        cases.add(aten + name, [x, other], 1)
        cases.error(aten + name, [c, c], 1)
    cases.add(aten + "cat", [x, quantized_of(2, 1, 4, scale=0.02, zero_point=90)], 1)
    cases.add(aten + "index_select", x, 1, torch.tensor([2, 0]))
    cases.add(aten + "index.Tensor", x, [None, torch.tensor([2, 0])])
    cases.add(aten + "flip", x, [0, 2])
    cases.add(aten + "repeat", x, [2, 1, 1])
    cases.add(aten + "topk", x, 2)
    cases.add(aten + "sort", x, 1, True)
    cases.add(aten + "max", x)
    cases.add(aten + "min.dim", x, 1)
    cases.add(aten + "pixel_shuffle", quantized_of(1, 8, 2, 2), 2)
    cases.add(aten + "channel_shuffle", quantized_of(1, 6, 2, 2), 2)


def packing():
    for axes in (1, 2, 3):
        weight = quantized_of(4, 3, *[2] * axes, scale=0.02, zero_point=128, dtype=SIGNED)
        setting = [[2] * axes, [1] * axes, [1] * axes]
        cases.add(quantized + f"conv{axes}d_prepack", weight, randn(4), *setting, 1)
        packed = getattr(torch.ops.quantized, f"conv{axes}d_prepack")(weight, randn(4), *setting, 1)
        cases.add(quantized + f"conv{axes}d_unpack", packed)
        if axes > 1:
            for name in ("stride", "padding", "dilation", "output_padding", "groups", "transpose"):
                cases.add(quantized + f"conv{axes}d_{name}", packed)
        transposed = quantized_of(3, 4, *[2] * axes, scale=0.02, zero_point=128, dtype=SIGNED)
        setting = [[2] * axes, [0] * axes, [1] * axes, [1] * axes]
        cases.add(quantized + f"conv_transpose{axes}d_prepack", transposed, randn(4), *setting, 1)
        packed = getattr(torch.ops.quantized, f"conv_transpose{axes}d_prepack")(transposed, None, *setting, 1)
        cases.add(quantized + f"conv_transpose{axes}d_unpack", packed)
        if axes > 1:
            for name in ("stride", "padding", "dilation", "output_padding", "groups", "transpose"):
                cases.add(quantized + f"conv_transpose{axes}d_{name}", packed)
        cases.error(quantized + f"conv{axes}d_prepack", weight.dequantize(), None, [1] * axes, [0] * axes, [1] * axes, 1)
        cases.error(quantized + f"conv{axes}d_prepack", weight, randn(3), [1] * axes, [0] * axes, [1] * axes, 1)
    weight = per_channel(4, 2, 3, 3)
    cases.add(quantized + "conv_prepack", weight, None, [1, 1], [0, 0], [1, 1], 2)
    cases.add(quantized + "conv_unpack", torch.ops.quantized.conv2d_prepack(weight, None, [1, 1], [0, 0], [1, 1], 2))
    for weight in (quantized_of(4, 3, scale=0.02, zero_point=128, dtype=SIGNED), per_channel(4, 3)):
        for bias in (None, randn(4)):
            cases.add(quantized + "linear_prepack", weight, bias)
        cases.add(quantized + "linear_unpack", torch.ops.quantized.linear_prepack(weight, randn(4)))
    cases.error(quantized + "linear_prepack", randn(4, 3), None)
    cases.error(quantized + "linear_prepack", quantized_of(4), None)
    half = torch.cat([randn(3, 3), torch.tensor([[1e5, -1e6, 1e-9]])])
    cases.add(quantized + "linear_prepack_fp16", half, randn(4))
    cases.add(quantized + "linear_unpack_fp16", torch.ops.quantized.linear_prepack_fp16(half, None))
    table = per_channel_float(5, 4)
    cases.add(quantized + "embedding_bag_prepack", table)
    cases.add(quantized + "embedding_bag_unpack", torch.ops.quantized.embedding_bag_prepack(table))
    products = [torch.ops.quantized.linear_prepack(quantized_of(12, n, scale=0.02, zero_point=128, dtype=SIGNED), None)
                for n in (4, 3)]
    cases.add(quantized + "make_quantized_cell_params_dynamic", *products, randn(12), randn(12), True)
    products = [torch.ops.quantized.linear_prepack_fp16(randn(12, n), randn(12)) for n in (4, 3)]
    cases.add(quantized + "make_quantized_cell_params_fp16", *products)


def layers():
    for axes in (1, 2, 3):
        for symmetric in (True, False):
            for channels in (True, False):
                for groups in (1, 2):
                    sizes = (4, 4 // groups, *[3] * axes)
                    weight = per_channel(*sizes, symmetric=symmetric) if channels else quantized_of(
                        *sizes, scale=0.02, zero_point=128 if symmetric else 131, dtype=SIGNED)
                    padding = [0] * axes if symmetric else [1] * axes
                    stride = [1 + (axes == 2)] * axes
                    dilation = [1 + (axes == 1)] * axes
                    bias = randn(4) if groups == 1 else None

                    def pack():
                        # PyTorch keeps the first call's settings in the packed weights.
                        return getattr(torch.ops.quantized, f"conv{axes}d_prepack")(
                            weight, bias, stride, padding, dilation, groups)

                    x = quantized_of(2, 4, *[(7, 5, 4)[axes - 1]] * axes, scale=0.03)
                    for name in ("", "_relu"):
                        op = f"{quantized}conv{axes}d{name}" + ("" if axes == 1 else ".new")
                        cases.add(op, x, pack(), 0.11, 120)
                    if axes > 1 and groups == 2:
                        for name in ("", "_relu"):
                            cases.add(f"{quantized}conv{axes}d{name}", x, pack(), [9], [9], [9], 9, 0.11, 120)
                    if groups == 1 and channels:
                        cases.add(f"{quantized}conv{axes}d_dynamic", x.dequantize(), pack())
        transposed = quantized_of(4, 3, *[2] * axes, scale=0.02, zero_point=128, dtype=SIGNED)
        x = quantized_of(2, 4, *[3] * axes, scale=0.03)
        bias = randn(3)

        def pack():
            return getattr(torch.ops.quantized, f"conv_transpose{axes}d_prepack")(
                transposed, bias, [2] * axes, [0] * axes, [0] * axes, [1] * axes, 1)

        cases.add(f"{quantized}conv_transpose{axes}d", x, pack(), 0.09, 110)
        cases.add(f"{quantized}conv_transpose{axes}d_dynamic", x.dequantize(), pack())
        op = f"{quantized}conv{axes}d" + ("" if axes == 1 else ".new")
        weight = quantized_of(4, 4, *[3] * axes, scale=0.02, zero_point=128, dtype=SIGNED)
        packed = getattr(torch.ops.quantized, f"conv{axes}d_prepack")(weight, None, [1] * axes, [0] * axes, [1] * axes, 1)
        cases.error(op, quantized_of(2, 4, *[5] * axes).dequantize(), packed, 0.1, 0)
        cases.error(op, quantized_of(2, 3, *[5] * axes), packed, 0.1, 0)
        cases.error(op, quantized_of(4, 5), packed, 0.1, 0)
    for symmetric in (True, False):
        for channels in (True, False):
            weight = per_channel(5, 8, symmetric=symmetric) if channels else quantized_of(
                5, 8, scale=0.02, zero_point=128 if symmetric else 131, dtype=SIGNED)
            packed = torch.ops.quantized.linear_prepack(weight, randn(5) if symmetric else None)
            for sizes in ((3, 8), (2, 3, 8), (8,)):
                for name in ("linear", "linear_relu"):
                    cases.either(quantized + name, quantized_of(*sizes, scale=0.03), packed, 0.07, 120)
                for name in ("linear_dynamic", "linear_relu_dynamic"):
                    cases.either(quantized + name, randn(*sizes), packed)
                cases.either(quantized + "linear_dynamic", randn(*sizes), packed, True)
            for name in ("linear_with_input_q_dq_qweight_dq_output_fp32", "linear_with_input_q_dq_qweight_dq_relu_output_fp32"):
                cases.either(quantized + name, randn(3, 8), 0.03, 120, packed)
            cases.error(quantized + "linear", randn(3, 8), packed, 0.1, 0)
            cases.error(quantized + "linear", quantized_of(3, 7), packed, 0.1, 0)
            cases.error(quantized + "linear", quantized_of(3, 8, dtype=SIGNED), packed, 0.1, 0)
    packed = torch.ops.quantized.linear_prepack_fp16(randn(5, 8), randn(5))
    for name in ("linear_dynamic_fp16", "linear_relu_dynamic_fp16"):
        cases.add(quantized + name, randn(2, 3, 8), packed)
    cases.add(quantized + "linear_dynamic_fp16_unpacked_weight", randn(2, 3, 8), randn(5, 8), randn(5))
    for dtype in (UNSIGNED, SIGNED):
        cases.either(quantized + "matmul", quantized_of(2, 3, 4, dtype=dtype), quantized_of(2, 4, 5, dtype=dtype), 0.2, 5)


into_and_out()
views()
packing()
layers()
cases.write()
