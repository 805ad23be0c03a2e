"""Files that NumPy and safetensors wrote, for Tests/TensorTests: tensor/files.json.

Each case has the file's bytes (base64) and the array in C order (dtype, sizes, bit patterns).
`canonical` marks files whose bytes our writer must give too.
"""

import base64
import io
import json
import pathlib

import numpy as np
import safetensors.torch
import torch

VIEW = {1: "u1", 2: "u2", 4: "u4", 8: "u8"}
NAMES = {"f2": "float16", "f4": "float32", "f8": "float64", "i1": "int8", "i2": "int16",
         "i4": "int32", "i8": "int64", "u1": "uint8", "b1": "bool",
         "c8": "complex64", "c16": "complex128"}


def numbers(code, count):
    generator = np.random.default_rng(count + len(code))
    if code == "b1":
        return generator.integers(0, 2, count).astype(bool)
    kind = np.dtype(code)
    if kind.kind == "f":
        values = generator.standard_normal(count).astype(kind)
        values[: min(count, 3)] = [np.nan, -np.inf, -0.0][: min(count, 3)]
        return values
    if kind.kind == "c":
        half = {8: "f4", 16: "f8"}[kind.itemsize]
        return numbers(half, 2 * count).view(kind)
    info = np.iinfo(kind)
    return generator.integers(info.min, info.max, count, dtype=kind, endpoint=True)


def described(array):
    flat = np.ascontiguousarray(array).reshape(-1)
    native = flat.astype(flat.dtype.newbyteorder("="))
    width = array.dtype.itemsize // (2 if array.dtype.kind == "c" else 1)
    bits = native.view(VIEW[width]).tolist()
    return {"dtype": NAMES[array.dtype.str[1:]], "sizes": list(array.shape),
            "bits": [str(b) for b in bits]}


def npy(array, version=None):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=version)
    return base64.b64encode(buffer.getvalue()).decode()


def npy_cases():
    for code in NAMES:
        for sizes in [(), (0,), (3,), (2, 3), (2, 1, 5), (0, 4)]:
            array = numbers(code, int(np.prod(sizes))).reshape(sizes)
            yield {"name": f"{code} {sizes}", "file": npy(array), "canonical": True,
                   **described(array)}
        array = np.asfortranarray(numbers(code, 24).reshape(2, 3, 4))
        yield {"name": f"{code} fortran", "file": npy(array), **described(array)}
        array = array.astype(array.dtype.newbyteorder(">"))
        yield {"name": f"{code} fortran, swapped", "file": npy(array), **described(array)}
        array = numbers(code, 6).reshape(3, 2)
        array = array.astype(array.dtype.newbyteorder(">"))
        yield {"name": f"{code} swapped", "file": npy(array), **described(array)}
    array = numbers("f4", 6).reshape(3, 2)
    for version in [(2, 0), (3, 0)]:
        yield {"name": f"version {version}", "file": npy(array, version), **described(array)}


def refused_npy():
    structured = np.zeros(3, dtype=[("a", "<f4"), ("b", "<i4")])
    objects = np.array([1, "a"], dtype=object)
    for name, array, message in [
        ("structured", structured, "structured arrays are not supported"),
        ("objects", objects, "the element type '|O' (Python objects are never read)"),
        ("uint16", np.zeros(3, dtype="u2"), "the element type '<u2' is not one of"),
        ("longdouble", np.zeros(3, dtype="f16"), "the element type '<f16' is not one of"),
        ("text", np.array(["abc"]), "the element type '<U3' is not one of"),
        ("bytes", np.array([b"abc"]), "the element type '|S3' is not one of"),
        ("times", np.array(["2020-01-01"], dtype="M8[D]"), "the element type '<M8[D]' is not"),
        ("raw", np.zeros(3, dtype="V2"), "the element type '|V2' (raw bytes; NumPy has no bfloat16)"),
    ]:
        yield {"name": name, "file": npy(array), "message": message}


def safetensors_cases():
    torch.manual_seed(0)
    everything = {
        "f64": torch.randn(3, dtype=torch.float64), "f32": torch.randn(2, 3),
        "f16": torch.randn(5).half(), "bf16": torch.randn(1, 3).bfloat16(),
        "i64": torch.randint(-(2**62), 2**62, (2,)), "i32": torch.arange(3, dtype=torch.int32),
        "i16": torch.arange(3, dtype=torch.int16), "i8": torch.arange(-2, 3, dtype=torch.int8),
        "u8": torch.arange(250, 255, dtype=torch.uint8), "bool": torch.tensor([True, False, True]),
        "c64": torch.randn(3, dtype=torch.complex64),
        "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3), "empty.bool": torch.zeros(2, 0).bool(),
        "é \"quoted\" \\ \n\t\x01\b\f\r/": torch.zeros(1), "b": torch.ones(2), "a": torch.ones(1),
    }
    for name, tensors, metadata in [
        ("every dtype", everything, {"format": "pt"}), ("none", {}, None),
        ("one", {"x": torch.arange(3.0)}, None), ("metadata alone", {}, {"a": "é\u0001"}),
    ]:
        contents = {}
        for key, tensor in tensors.items():
            view = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
            flat = torch.view_as_real(tensor) if tensor.is_complex() else tensor
            width = flat.element_size()
            bits = flat.flatten().view(view[width]).tolist()
            mask = (1 << (8 * width)) - 1
            contents[key] = {"dtype": str(tensor.dtype)[6:], "sizes": list(tensor.shape),
                             "bits": [str(b & mask) for b in bits]}
        data = safetensors.torch.save(tensors, metadata=metadata)
        yield {"name": name, "file": base64.b64encode(data).decode(), "metadata": metadata or {},
               "tensors": contents}


def main():
    result = {"npy": list(npy_cases()), "refused": list(refused_npy()),
              "safetensors": list(safetensors_cases())}
    folder = pathlib.Path(__file__).parent / "tensor"
    folder.mkdir(exist_ok=True)
    with open(folder / "files.json", "w") as file:
        json.dump(result, file, separators=(",", ":"))
        file.write("\n")


main()
