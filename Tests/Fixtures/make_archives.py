"""Archives that PyTorch wrote, for Tests/TorchScriptTests: archives/*.pt and index.json.

index.json tells of each file of weights its tensors: dtype, sizes, values in row-major order.
"""

import collections
import enum
import io
import json
import pathlib
import pickle
import warnings
import zipfile
from typing import Dict, List, NamedTuple, Optional, Tuple

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).parent / "archives"
DTYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.int16,
          torch.int32, torch.int64, torch.uint8, torch.bool, torch.complex64, torch.complex128]


class Shade(enum.Enum):
    LIGHT = 1
    DARK = 2


class Pair(NamedTuple):
    x: torch.Tensor
    n: int


class Scale(torch.nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = weight
        self.register_buffer("steps", torch.arange(3))

    def forward(self, x):
        return x * self.weight


class Everything(torch.nn.Module):
    ints: List[int]
    floats: List[float]
    bools: List[bool]
    texts: List[str]
    tensors: List[torch.Tensor]
    counts: Dict[str, int]
    halves: Dict[int, torch.Tensor]
    nothing: Optional[int]
    pair: Tuple[int, str]
    nested: List[List[int]]

    def __init__(self):
        super().__init__()
        weight = torch.nn.Parameter(torch.ones(3))
        self.a = Scale(weight)
        self.b = Scale(weight)
        self.ints = [1, 2]
        self.floats = [1.5]
        self.bools = [True]
        self.texts = ["a", "a", "b"]
        self.tensors = [torch.ones(2), weight.detach()[1:]]
        self.counts = {"k": 3}
        self.halves = {1: torch.zeros(2, dtype=torch.half)}
        self.nothing = None
        self.pair = (70000, "x")
        self.nested = [[1], [2**40]]
        self.small = -5
        self.medium = 300
        self.large = 2**33
        self.real = 2.5
        self.imaginary = 1 + 2j
        self.device = torch.device("cpu")
        self.shade = Shade.DARK
        self.named = Pair(torch.ones(1), 3)
        self.register_buffer("empty", torch.empty(0, 3))
        self.register_buffer("q", torch.quantize_per_tensor(
            torch.ones(2), 0.1, 3, torch.qint8))
        self.register_buffer("channels", torch.quantize_per_channel(
            torch.ones(2, 2), torch.tensor([0.1, 0.2]), torch.tensor([1, 2]), 1, torch.quint8))

    def forward(self, x):
        if self.shade == Shade.LIGHT:
            x = x + torch.tensor([1.0, 2.0, 3.0])
        return self.b(self.a(x)) + self.ints[0] + self.tensors[0].sum() + len(self.texts)


def values(tensor):
    if tensor.dtype.is_complex:
        return [f"{v.real!r},{v.imag!r}" for v in tensor.reshape(-1).tolist()]
    return [repr(v) if isinstance(v, float) else str(int(v)) for v in tensor.reshape(-1).tolist()]


def described(tensor):
    return {"dtype": str(tensor.dtype)[6:], "sizes": list(tensor.shape),
            "strides": list(tensor.stride()), "values": values(tensor.detach())}


def weights():
    base = torch.arange(24.0)
    result = collections.OrderedDict()
    for dtype in DTYPES:
        result[f"plain.{str(dtype)[6:]}"] = (torch.arange(6).reshape(2, 3) % 2).to(dtype)
    result["parameter"] = torch.nn.Parameter(torch.full((2,), 0.5))
    result["whole"] = base
    result["part"] = base[4:10]
    result["transposed"] = base.reshape(4, 6).t()
    result["stepped"] = base[::5]
    result["expanded"] = base[3].expand(2, 2)
    result["scalar"] = torch.tensor(7)
    result["empty"] = torch.empty(0, 3)
    return result


def saved(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def rezipped(data, change=lambda name, bytes: bytes, method=zipfile.ZIP_STORED):
    """The entries through Python's zip writer, which aligns nothing and can deflate."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, \
            zipfile.ZipFile(output, "w", method) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name)
            target.writestr(info, change(name, source.read(name)), method)
    return output.getvalue()


def swapped(data):
    """As a machine of the other byte order writes it."""
    widths = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pickled = [n for n in archive.namelist() if n.endswith("data.pkl")][0]
        text = archive.read(pickled)

    class Reader(pickle.Unpickler):
        def find_class(self, module, name):
            if name == "OrderedDict":
                return collections.OrderedDict
            return (module, name) if name.endswith("Storage") else (lambda *a: None)

        def persistent_load(self, id):
            _, (_, name), key, _, _ = id
            storage = getattr(torch, name)
            width = torch.tensor([], dtype=storage.dtype).element_size()
            widths[key] = width // 2 if storage.dtype.is_complex else width

    Reader(io.BytesIO(text)).load()

    def change(name, bytes):
        folder, _, key = name.rpartition("/")
        if folder.endswith("data") and key in widths:
            return np.frombuffer(bytes, f"u{widths[key]}").byteswap().tobytes()
        return b"big" if name.endswith("byteorder") else bytes

    return rezipped(data, change)


def main():
    warnings.simplefilter("ignore")
    FOLDER.mkdir(exist_ok=True)
    torch.manual_seed(0)
    tensors = weights()
    plain = saved(tensors)
    files = {
        "weights.pth": plain,
        "legacy.pth": saved(tensors, _use_new_zipfile_serialization=False),
        "protocol4.pth": saved(dict(tensors), pickle_protocol=4),
        "checkpoint.pth": saved({
            "epoch": 3, "loss": torch.tensor(0.5), "best": np.float64(0.5), "args": {"sizes": {1, 2}, "name": "x"},
            "state_dict": tensors, "optimizer": {"state": {0: {"step": torch.tensor(1.0)}}}}),
        "deflated.pth": rezipped(plain, method=zipfile.ZIP_DEFLATED),
        "unaligned.pth": rezipped(plain),
        "big.pth": swapped(plain),
    }
    index = {name: {key: described(value) for key, value in tensors.items()} for name in files}
    quantized = {
        "q": torch.quantize_per_tensor(torch.ones(2), 0.1, 3, torch.qint8),
        "channels": torch.quantize_per_channel(
            torch.ones(2, 2), torch.tensor([0.1, 0.2]), torch.tensor([1, 2]), 1, torch.quint8)}
    files["quantized.pth"] = saved(quantized)
    files["meta.pth"] = saved({"m": torch.empty(4, 3, device="meta").t()})
    files["uint16.pth"] = saved({"x": torch.ones(2, dtype=torch.uint16)})
    files["sparse.pth"] = saved({"x": torch.eye(2).to_sparse()})
    # Small, for trying every length and every byte.
    files["small.pth"] = saved({"a": torch.arange(3.0), "b": torch.ones(1, dtype=torch.bool)})
    files["small_legacy.pth"] = saved(
        {"a": torch.arange(3.0)}, _use_new_zipfile_serialization=False)
    for name, data in files.items():
        # The old format has addresses of memory for keys: other bytes each time.
        if "legacy" not in name or not (FOLDER / name).exists():
            (FOLDER / name).write_bytes(data)
    model = torch.nn.Linear(2, 3)
    with torch.no_grad():
        model.weight.copy_(torch.arange(6.0).reshape(3, 2))
        model.bias.zero_()
    torch.jit.save(torch.jit.trace(model, torch.zeros(1, 2)), FOLDER / "linear.pt",
                   _extra_files={"notes/a.txt": "hello"})
    torch.jit.save(torch.jit.script(Everything()), FOLDER / "everything.pt")
    (FOLDER / "index.json").write_text(json.dumps(index, indent=0, sort_keys=True) + "\n")


main()
