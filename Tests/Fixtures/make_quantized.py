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
STEP_OF_VALUES = 0.02


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
    cases.add(aten + "dequantize.list", tensors[:2])
    cases.add(aten + "dequantize.any", tensors[:2])
    cases.add(aten + "dequantize.tensor", tensors[0])
    for tensor in (tensors[0], x):
        cases.add("prim::is_quantized", tensor)
    # PyTorch leaves elements as they come, so there must be none.
    cases.add(aten + "_empty_affine_quantized", [0, 2], dtype=UNSIGNED, scale=0.5, zero_point=3)
    cases.error(aten + "_empty_affine_quantized", [0, 2], dtype=torch.uint8, scale=0.5, zero_point=3)
    cases.add(aten + "_empty_per_channel_affine_quantized", [0, 2], scales=torch.tensor([0.1, 0.2]), zero_points=torch.tensor([1, 2]), axis=1, dtype=SIGNED)
    cases.add(aten + "empty_quantized", [0, 2], tensors[0])
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
                        cases.add(f"{quantized}conv{axes}d_dynamic", x.dequantize(), pack(), tolerance=STEP_OF_VALUES)
        # With a zero point: without one, PyTorch 2.13's oneDNN path gives other values than its FBGEMM path.
        transposed = quantized_of(4, 3, *[2] * axes, scale=0.02, zero_point=131, dtype=SIGNED)
        x = quantized_of(2, 4, *[3] * axes, scale=0.03)
        bias = randn(3)

        def pack():
            return getattr(torch.ops.quantized, f"conv_transpose{axes}d_prepack")(
                transposed, bias, [2] * axes, [0] * axes, [0] * axes, [1] * axes, 1)

        cases.add(f"{quantized}conv_transpose{axes}d", x, pack(), 0.09, 110)
        cases.add(f"{quantized}conv_transpose{axes}d_dynamic", x.dequantize(), pack(), tolerance=STEP_OF_VALUES)
        op = f"{quantized}conv{axes}d" + ("" if axes == 1 else ".new")
        weight = quantized_of(4, 4, *[3] * axes, scale=0.02, zero_point=128, dtype=SIGNED)
        packed = getattr(torch.ops.quantized, f"conv{axes}d_prepack")(weight, None, [1] * axes, [0] * axes, [1] * axes, 1)
        cases.error(op, quantized_of(2, 4, *[5] * axes).dequantize(), packed, 0.1, 0)
        cases.error(op, quantized_of(2, 3, *[5] * axes), packed, 0.1, 0)
        cases.error(op, quantized_of(4, 5), packed, 0.1, 0)
    engine, torch.backends.quantized.engine = torch.backends.quantized.engine, "onednn"
    x, addend = quantized_of(2, 4, 5, 5, scale=0.03), quantized_of(2, 3, 5, 5, scale=0.04, zero_point=90)
    for name in ("conv2d_add", "conv2d_add_relu"):
        packed = torch.ops.quantized.conv2d_prepack(per_channel(3, 4, 3, 3), randn(3), [1, 1], [1, 1], [1, 1], 1)
        cases.add(quantized + name, x, addend, packed, 0.1, 100, tolerance=STEP)
    torch.backends.quantized.engine = engine
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


def functions():
    for dtype in (UNSIGNED, SIGNED):
        x = quantized_of(3, 40, dtype=dtype)
        image = quantized_of(1, 4, 6, 6, dtype=dtype)
        for name in ("relu", "relu6", "sigmoid", "tanh", "hardsigmoid", "leaky_relu", "gelu"):
            cases.add(aten + name, x, tolerance=STEP)
        cases.error(aten + "relu", per_channel(3, 4))
        cases.add(aten + "clamp", x, -0.3, 0.42)
        cases.add(aten + "clamp", x, None, 0.42)
        cases.add(aten + "hardtanh", x, -0.2, 0.6)
        cases.add(aten + "threshold", x, 0.12, 0.52)
        for name, options in (("max_pool2d", [[2, 2], [2, 2]]), ("max_pool2d", [[3, 3], [2, 2], [1, 1]]), ("avg_pool2d", [[2, 2], [2, 2]]),
                              ("avg_pool2d", [[3, 3], [2, 2], [1, 1]]), ("avg_pool2d", [[3, 3], [2, 2], [1, 1], False, False]),
                              ("adaptive_avg_pool2d", [[1, 1]]), ("adaptive_avg_pool2d", [[4, 3]]), ("mean", []),
                              ("mean.dim", [[2, 3], True]), ("upsample_nearest2d", [[9, 12]]),
                              ("upsample_bilinear2d", [[9, 12], False]), ("upsample_bilinear2d", [[5, 12], True]),
                              ("constant_pad_nd", [[1, 2], 0.77]), ("reflection_pad2d", [[1, 1, 2, 0]]),
                              ("upsample_nearest2d.vec", [None, [2.0, 1.5]]), ("upsample_bilinear2d.vec", [None, False, [2.0, 2.0]])):
            cases.add(aten + name, image, *options, tolerance=STEP)
            cases.add(aten + name, image.transpose(2, 3), *options, tolerance=STEP)
        cases.add(aten + "masked_fill.Scalar", x, x.int_repr() > 100, 0.33)
        cases.add(aten + "relu_", x)
        cases.add(aten + "copy_", x, randn(3, 40))
        for name in ("exp", "abs", "neg", "silu", "softplus", "sqrt"):
            cases.error(aten + name, x)
        scheme = (0.03, 90 if dtype == UNSIGNED else -20)
        for name, options in (("hardswish", []), ("sigmoid", []), ("leaky_relu", [0.1, False]), ("elu", []), ("celu", [])):
            cases.add(quantized + name, x, *options, *scheme, tolerance=STEP)
        cases.add(quantized + "elu", x, *scheme, 1.2, 1.1, 0.9, tolerance=STEP)
        cases.add(quantized + "celu", x, *scheme, 1.3, tolerance=STEP)
        cases.either(quantized + "softmax", x, 1, 1 / 256, 0, tolerance=STEP)
        cases.add(quantized + "prelu", image, quantized_of(4, dtype=dtype, scale=0.01), *scheme, tolerance=STEP)
        cases.add(quantized + "dropout", x, *scheme)
        cases.add(quantized + "relu6", x)
        cases.add(quantized + "clamp", x, -0.3, 0.42)
        cases.add(quantized + "threshold", x, 0.12, 0.52)
        cases.add(quantized + "max_pool2d", image, [3, 3], [2, 2], [1, 1], [1, 1], False)
        cases.add(quantized + "max_pool1d", image[0], [3], [2], [1], [1], False)
        cases.add(aten + "quantized_max_pool1d", image[0], [3], [2], [1])
        cases.add(aten + "quantized_max_pool2d", image, [3, 3], [2, 2], [1, 1], [1, 1], True)
        cases.either(aten + "quantized_max_pool3d", quantized_of(1, 2, 4, 4, 4, dtype=dtype), [2, 2, 2])
        # Of three axes for the pools that have them.
        for name in ("avg_pool3d", "max_pool3d"):
            cases.either(aten + name, quantized_of(1, 2, 4, 4, 4, dtype=dtype), [2, 2, 2], tolerance=STEP)
        cases.add(aten + "avg_pool1d", image[0], [2], tolerance=STEP)
        vectors = [torch.rand(4) + 0.5, randn(4), randn(4), torch.rand(4) + 0.5]
        for name in (quantized + "batch_norm2d", quantized + "batch_norm2d_relu", aten + "quantized_batch_norm", quantized + "batch_norm", quantized + "batch_norm_relu"):
            cases.add(name, image, *vectors, 1e-5, *scheme, tolerance=STEP)
        cases.error(quantized + "batch_norm2d", image, None, None, *vectors[2:], 1e-5, *scheme)
        for name in ("batch_norm1d", "batch_norm1d_relu"):
            cases.add(quantized + name, quantized_of(2, 6, 5, dtype=dtype), torch.rand(6) + 0.5, randn(6), randn(6), torch.rand(6) + 0.5, 1e-5, *scheme, tolerance=STEP)
        for name in ("batch_norm3d", "batch_norm3d_relu"):
            cases.add(quantized + name, quantized_of(1, 4, 2, 3, 3, dtype=dtype), *vectors, 1e-5, *scheme, tolerance=STEP)
        cases.add(quantized + "layer_norm", image, [6], torch.rand(6), randn(6), 1e-5, *scheme, tolerance=STEP)
        cases.add(quantized + "layer_norm", image, [4, 6, 6], None, None, 1e-5, *scheme, tolerance=STEP)
        cases.add(quantized + "group_norm", image, 2, torch.rand(4), randn(4), 1e-5, *scheme, tolerance=STEP)
        cases.add(quantized + "instance_norm", image, torch.rand(4), randn(4), 1e-5, *scheme, tolerance=STEP)


def arithmetic():
    for dtype in (UNSIGNED, SIGNED):
        a, b = quantized_of(3, 33, dtype=dtype), quantized_of(3, 33, scale=0.031, zero_point=90, dtype=dtype)
        scheme = (0.07, 77 if dtype == UNSIGNED else -50)
        for name in ("add", "add_relu", "mul", "mul_relu"):
            cases.add(quantized + name, a, b, *scheme, tolerance=STEP)
            cases.add(quantized + name, a.t(), b.t(), *scheme, tolerance=STEP)
            cases.add(quantized + name, a, b[:1], *scheme, tolerance=STEP)
            cases.error(quantized + name, a, b.dequantize(), *scheme)
            cases.error(quantized + name, a, per_channel(3, 33), *scheme)
        for number in (0.3, -1.27, 100.0, -100.0, 0.0, 2):
            for name in ("add", "mul"):
                for suffix in ("", "_relu"):
                    cases.add(f"{quantized}{name}_scalar{suffix}", a, number, tolerance=STEP)
        for name in ("add", "mul"):
            for suffix in ("", "_relu"):
                cases.add(f"{quantized}{name}_scalar{suffix}.Tensor", a, torch.tensor(0.7), tolerance=STEP)
                cases.add(f"{quantized}{name}{suffix}.Scalar", a, 0.7, tolerance=STEP)
                cases.add(f"{quantized}{name}{suffix}.Scalar2", 0.7, a, tolerance=STEP)
        for name in ("cat", "cat_relu"):
            cases.add(quantized + name, [a, b], 1, *scheme, tolerance=STEP)
            cases.add(quantized + name, [a, b[:2]], 0, None, None, tolerance=STEP)
        cases.error(quantized + "cat", [a, b.dequantize()], 1, *scheme)
    cases.add("_quantized::add", a, b, *scheme, tolerance=STEP)


def fakes():
    x = randn(3, 8) * 4
    for dtype in (torch.float32, torch.float16):
        cases.either(aten + "fake_quantize_per_tensor_affine", x.to(dtype), 0.1, 3, 0, 255)
    for name in ("fake_quantize_per_tensor_affine", "fake_quantize_per_tensor_affine_cachemask"):
        cases.add(aten + name, x, 0.05, -3, -30, 30)
        cases.error(aten + name, x, 0.05, 300, 0, 255)
    cases.add(aten + "fake_quantize_per_tensor_affine.tensor_qparams", x, torch.tensor(0.1), torch.tensor(3, dtype=torch.int32), 0, 255, note="decided by values")
    cases.add(aten + "_fake_quantize_per_tensor_affine_cachemask_tensor_qparams", x, torch.tensor([0.1]), torch.tensor([3], dtype=torch.int32), torch.tensor([1]), 0, 60, note="decided by values")
    cases.add(aten + "_fake_quantize_per_tensor_affine_cachemask_tensor_qparams", x, torch.tensor([0.1]), torch.tensor([3], dtype=torch.int32), torch.tensor([0]), 0, 60, note="decided by values")
    for name in ("fake_quantize_per_channel_affine", "fake_quantize_per_channel_affine_cachemask"):
        for axis in (0, 1):
            count = x.shape[axis]
            scale, point = torch.linspace(0.05, 0.2, count), torch.arange(count, dtype=torch.int32)
            cases.add(aten + name, x, scale, point, axis, -40, 60)
        cases.error(aten + name, x, scale, point, 0, -40, 60)
        cases.error(aten + name, x, scale, point, 1, 60, -40)
    cases.error(aten + "fake_quantize_per_tensor_affine", randint(0, 9, 3), 0.1, 3, 0, 255)
    switch = {True: torch.tensor([1]), False: torch.tensor([0])}
    for observes, quantizes in ((True, True), (True, False), (False, True)):
        for symmetric in (True, False):
            # Without an observer, ends that nobody saw have no scheme.
            for low, high in ((inf, -inf), (-1.5, 1.3)) if observes else ((-1.5, 1.3), (-0.4, 2.0)):
                running = [torch.tensor(low), torch.tensor(high)]
                cases.add(aten + "fused_moving_avg_obs_fake_quant", x, switch[observes], switch[quantizes], *running,
                          torch.tensor([0.1]), torch.tensor([3], dtype=torch.int32), 0.01, 0, 255, -1, False, symmetric)
            running = [torch.full((3,), inf), torch.full((3,), -inf)] if observes else [-torch.rand(3), torch.rand(3)]
            cases.add(aten + "fused_moving_avg_obs_fake_quant", x, switch[observes], switch[quantizes], *running,
                      torch.linspace(0.05, 0.1, 3), torch.zeros(3, dtype=torch.int32), 0.01, -128, 127, 0, True, symmetric)


def networks():
    table = torch.ops.quantized.embedding_bag_prepack(per_channel_float(6, 4))
    cases.add(quantized + "embedding_byte", table, torch.tensor([3, 0, 5, 3]))
    cases.error(quantized + "embedding_byte", table, torch.tensor([6]))
    cases.add(quantized + "embedding_bag_byte", table, torch.tensor([3, 0, 5, 3]), torch.tensor([0, 3]))
    cases.add(quantized + "embedding_bag_byte", table, torch.tensor([3, 0, 5, 3]), torch.tensor([0, 3, 4]), include_last_offset=True)
    cases.add(quantized + "embedding_bag_byte", table, torch.tensor([[3, 0], [5, 3]]))
    cases.add(quantized + "embedding_bag_byte", table, torch.tensor([3, 0, 5, 3]), torch.tensor([0, 3]), per_sample_weights=torch.rand(4))
    for kind, gates in (("lstm", 4), ("gru", 3)):
        for half in (False, True):
            for directions in (1, 2):
                cells = []
                for layer in range(2):
                    for _ in range(directions):
                        width = 5 if layer == 0 else 3 * directions
                        weights, biases = [randn(gates * 3, width) / 2, randn(gates * 3, 3) / 2], [randn(gates * 3), randn(gates * 3)]
                        if half:
                            products = [torch.ops.quantized.linear_prepack_fp16(w, b) for w, b in zip(weights, biases)]
                            cells.append(torch.ops.quantized.make_quantized_cell_params_fp16(*products))
                        else:
                            products = [torch.ops.quantized.linear_prepack(torch.quantize_per_tensor(w, 0.02, 0, SIGNED), b)
                                        for w, b in zip(weights, biases)]
                            cells.append(torch.ops.quantized.make_quantized_cell_params_dynamic(*products, *biases, True))
                state = randn(2 * directions, 2, 3)
                states = [state, randn(2 * directions, 2, 3)] if kind == "lstm" else state
                rest = (True, 2, 0.0, False, directions == 2)
                cases.add(f"{aten}quantized_{kind}.input", randn(4, 2, 5), states, cells, *rest, False)
                cases.add(f"{aten}quantized_{kind}.input", randn(2, 4, 5), states, cells, *rest, True)
                cases.add(f"{aten}quantized_{kind}.data", randn(6, 5), torch.tensor([2, 2, 1, 1]), states, cells, *rest)
    for name, gates in (("lstm", 4), ("gru", 3), ("rnn_tanh", 1), ("rnn_relu", 1)):
        biases = [randn(gates * 3), randn(gates * 3)]
        products = [torch.ops.quantized.linear_prepack(torch.quantize_per_tensor(randn(gates * 3, n), 0.02, 0, SIGNED), b)
                    for n, b in zip((5, 3), biases)]
        state = [randn(2, 3), randn(2, 3)] if name == "lstm" else randn(2, 3)
        cases.add(f"{quantized}quantized_{name}_cell_dynamic", randn(2, 5), state, *products, *biases)


into_and_out()
views()
packing()
layers()
cases.write()
cases = Cases("quantized_functions")
functions()
arithmetic()
fakes()
networks()
cases.write()
