"""What PyTorch prints for many tensors, for Tests/TensorTests: tensor/printing.json.

A case is a tensor (dtype, sizes, the elements as a list or by a formula) and the text.
"""

import json
import math
import pathlib

import torch

nan, inf = math.nan, math.inf


def formula(name, count):
    """The same numbers that the Swift test makes: whole-number arithmetic, then one division."""
    index = torch.arange(count, dtype=torch.float64)
    match name:
        case "ramp":  # -1 ... with four digits
            return (index * 7919 % 20011 - 10000) / 10007
        case "whole":
            return index * 7919 % 20011 - 10000
        case "small":
            return (index % 97 + 1) / 1048576
        case "bits":
            return index * 5 % 3 % 2
    raise ValueError(name)


def encode(value):
    if isinstance(value, complex):
        return f"{value.real} {value.imag}".lower()
    return str(value).lower() if isinstance(value, float) else str(int(value))


def cases():
    def listed(values, dtype, sizes=None, **options):
        tensor = torch.tensor(values, dtype=dtype)
        sizes = list(tensor.shape) if sizes is None else sizes
        flat = tensor.flatten()
        texts = [encode(v) for v in (flat.double() if dtype.is_floating_point else flat).tolist()]
        return {"sizes": sizes, "dtype": str(dtype)[6:], "values": texts}, tensor.reshape(sizes)

    def made(name, sizes, dtype):
        tensor = formula(name, math.prod(sizes)).to(dtype).reshape(sizes)
        return {"sizes": sizes, "dtype": str(dtype)[6:], "formula": name}, tensor

    floats = [torch.float32, torch.float64, torch.float16, torch.bfloat16]
    for dtype in floats:
        for values in [
            [], 1.0, 0.5, -0.0, nan, inf, -inf, 1e-5, 3e4, [0.0], [1.0, 2.0], [1.0, -2.0, 0.5],
            [[0.1234, -1.0], [2.5, 10.0]], [0.0, 0.0], [nan, nan], [nan, 1.0], [inf, -1.0, nan],
            [inf, 0.5, -inf, nan], [1.0, 1000.0], [1.0, 1001.0], [0.001, 1.5], [1e-4, 2e-4],
            [9e-5, 2e-4], [-1e-5, 0.0], [0.99999, 1.00001], [-0.0, 0.0, 1.0], [1.0, nan, -inf],
            [123.456, -9.1], [65504.0, 1.0], [100.0, 20.0, 3.0], [0.00005, 0.5, inf],
            [[[1.5]]], [[1.0], [2.0]],
        ]:
            yield listed(values, dtype)
        yield made("ramp", [40], dtype)
        yield made("ramp", [3, 17], dtype)
        yield made("whole", [3, 17], dtype)
        yield made("small", [2, 9], dtype)
        yield made("ramp", [1001], dtype)
    for dtype in [torch.float32, torch.float64]:
        for values in [
            1e9, 1e8, 100000001.0, [1e8, 1e6], [2e8, 1e6], [1e38, 1.0], [16777216.0, 16777215.0],
            [1e-45, 1.0], [12345678.0, 12345.5], [1e-38, 3e38], [2.5, 1e9, nan, -inf],
            [0.00049999, 0.25], [2.00005, 3.00015, 1.99995],
        ]:
            yield listed(values, dtype)
    yield listed([1e300, 1e-300], torch.float64)
    for dtype in [torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8]:
        high = 100 if dtype != torch.int64 else 2**53 - 1
        for values in [[], 7, [0], [1, 20, 100], [[1, 2], [3, high]], [[[5]], [[6]]]]:
            yield listed(values, dtype)
        if dtype != torch.uint8:
            yield listed([-100, 5], dtype)
        yield made("bits", [2, 30], dtype)
    for values in [[], True, [True, False], [[False], [False]], [True] * 30]:
        yield listed(values, torch.bool)
    yield made("bits", [1200], torch.bool)
    for sizes in [[0, 3], [2, 0], [0], [1, 0, 2], [0, 0]]:
        for dtype in [torch.float32, torch.float16, torch.int64, torch.bool]:
            yield {"sizes": sizes, "dtype": str(dtype)[6:], "values": []}, torch.empty(
                sizes, dtype=dtype)
    for sizes in [[1000], [10, 100], [1001], [7, 200], [200, 7], [6, 300], [500, 2], [11, 11, 11],
                  [2, 3, 4, 50], [5, 7, 1, 40], [1, 1, 1, 1, 1001], [2, 2, 2, 2, 2], [8, 8, 8, 8]]:
        yield made("ramp", sizes, torch.float32)
        yield made("whole", sizes, torch.float64)
    for sizes in [[2, 3], [7], [30, 30, 2]]:
        yield made("whole", sizes, torch.int32)
        yield made("whole", sizes, torch.float16)
    for dtype in [torch.complex64, torch.complex128]:
        for values in [
            [], 1 + 2j, -0.5j, complex(-0.0, -0.0), complex(nan, inf), [1j, 2.5], [1e9, 1e-3j],
            [complex(nan, -0.0), complex(1e9, -inf)], [[1 + 1j, -2 - 2j], [0.25, 1e-5j]],
            [complex(k, -k / 3) for k in range(11)], [[[1.5j]]], [100 + 1j, -1000 - 20j],
            [complex(k % 7, k) for k in range(1001)], [complex(0.001 * k, 1) for k in range(8)],
        ]:
            yield listed(values, dtype)
        yield {"sizes": [0, 3], "dtype": str(dtype)[6:], "values": []}, torch.empty(
            [0, 3], dtype=dtype)
    # A suffix at the line's end: with and without room.
    for count in range(7, 12):
        yield made("ramp", [count], torch.float64)
        yield made("whole", [count], torch.int32)


def main():
    result = []
    for case, tensor in cases():
        assert list(tensor.shape) == case["sizes"]
        result.append({**case, "text": str(tensor)})
    for sizes in [[], [3], [2, 3], [0], [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]]:
        for dtype in [torch.float32, torch.float64, torch.int64, torch.bool, torch.complex64]:
            tensor = torch.empty(sizes, dtype=dtype, device="meta")
            result.append({"sizes": sizes, "dtype": str(dtype)[6:], "meta": True,
                           "text": str(tensor)})
    options = [
        {"precision": 2}, {"precision": 8, "sci_mode": True}, {"sci_mode": False},
        {"threshold": 5, "edgeitems": 2}, {"linewidth": 40}, {"threshold": 5, "edgeitems": 1},
    ]
    for option in options:
        tensor = formula("ramp", 60).float().reshape(3, 20)
        torch.set_printoptions(profile="default")
        torch.set_printoptions(**option)
        result.append({"sizes": [3, 20], "dtype": "float32", "formula": "ramp",
                       "options": option, "text": str(tensor)})
    folder = pathlib.Path(__file__).parent / "tensor"
    folder.mkdir(exist_ok=True)
    text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in result)
    (folder / "printing.json").write_text(f"[\n{text}\n]\n")


main()
