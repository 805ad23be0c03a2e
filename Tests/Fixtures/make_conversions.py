"""Conversions between all pairs of dtypes and torch.promote_types, for Tests/TensorTests:
tensor/conversions.json. Values are bit patterns in hexadecimal."""

import json
import math
import pathlib

import torch

DTYPES = ["float32", "float64", "float16", "bfloat16", "int8", "int16", "int32", "int64", "uint8",
          "bool", "complex64", "complex128"]
VIEW = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
NUMBERS = [
    0.0, -0.0, 0.5, -0.5, 0.99, -0.99, 1.5, -1.5, 2.5, 3.5, 127.0, 128.0, -128.0, -129.0, 255.0,
    256.0, 300.0, -1.0, 2048.0, 2049.0, 2051.0, 32767.0, 32768.0, 65535.0, 65536.0, -32769.0,
    16777217.0, 16777219.0, 2147483647.0, 2147483648.0, -2147483648.0, -2147483649.0, 4294967296.0,
    4294967301.0, -4294967301.0, 1099511627783.0, 9.2e18, 9.3e18, -9.3e18, 1e20, 1e300, -1e300,
    math.nan, math.inf, -math.inf, 65504.0, 65519.0, 65520.0, 70000.0, 3.4e38, 3.39e38, 3.5e38,
    1e-8, 6e-8, 2.9e-8, 3e-8, 1e-45, 1e-46, 6.1e-5, 5.9e-5, 1.00390625, 1.01171875, 1 / 3,
    1.0000000596046448, 1.0000001788139343, 0.1,
]
INTEGERS = [0, 1, -1, 5, 127, 128, -128, -129, 255, 256, 300, 2049, 2051, 32767, 32768, 65535,
            65519, 65520, -32769, 16777217, 16777219, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1,
            2**32 + 5, 2**53 + 1, 2**53 + 3, 2**62 + 1, 2**63 - 1, -(2**63), 257, 259]


def bits(tensor):
    if tensor.is_complex():
        tensor = torch.view_as_real(tensor).flatten()
    width = tensor.element_size()
    mask = (1 << (8 * width)) - 1
    return " ".join(f"{v & mask:x}" for v in tensor.view(VIEW[width]).tolist())


def source(dtype):
    if dtype.is_complex:
        real = torch.tensor(NUMBERS, dtype=torch.float64)
        return torch.complex(real, real.flip(0)).to(dtype)
    if dtype.is_floating_point:
        return torch.tensor(NUMBERS, dtype=torch.float64).to(dtype)
    if dtype == torch.bool:
        return torch.tensor([False, True])
    info = torch.iinfo(dtype)
    return torch.tensor([v for v in INTEGERS if info.min <= v <= info.max], dtype=dtype)


def main():
    conversions = []
    for name in DTYPES:
        values = source(getattr(torch, name))
        conversions.append({
            "from": name, "bits": bits(values),
            "to": {other: bits(values.to(getattr(torch, other))) for other in DTYPES},
        })
    promotions = {
        f"{a} {b}": str(torch.promote_types(getattr(torch, a), getattr(torch, b)))[6:]
        for a in DTYPES for b in DTYPES
    }
    folder = pathlib.Path(__file__).parent / "tensor"
    folder.mkdir(exist_ok=True)
    with open(folder / "conversions.json", "w") as file:
        json.dump({"conversions": conversions, "promotions": promotions}, file, indent=1)
        file.write("\n")


main()
