"""Random numbers of PyTorch's CPU generator, for Tests/TensorTests: tensor/random.json.

Each case is a chain of calls after one seed; what comes out is kept as bit patterns: of short
tensors all of them, of long ones some and a checksum (sum of pattern * (index + 1) mod 2**32).
"""

import json
import math
import pathlib

import torch
from torch.nn import init

DTYPES = ["float32", "float64", "float16", "bfloat16"]
INTEGER_VIEW = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}


def bits(tensor):
    tensor = tensor.detach().contiguous().flatten()
    width = tensor.element_size()
    values = tensor.view(INTEGER_VIEW[width]).tolist()
    mask = (1 << (8 * width)) - 1
    values = [v & mask for v in values]
    checksum = 0
    for i, v in enumerate(values):
        checksum = (checksum + (v & 0xFFFFFFFF) * (i + 1) + (v >> 32)) & 0xFFFFFFFF
    kept = values if len(values) <= 40 else values[:8] + values[-8:]
    return {"count": len(values), "bits": [str(v) for v in kept], "checksum": checksum}


def draw(call):
    """One call, in the words that the Swift test reads."""
    kind, sizes, dtype = call["kind"], call["sizes"], getattr(torch, call["dtype"])
    args = call.get("args", {})
    empty = torch.empty(sizes, dtype=dtype)
    match kind:
        case "rand":
            return torch.rand(sizes, dtype=dtype)
        case "randn":
            return torch.randn(sizes, dtype=dtype)
        case "uniform":
            return empty.uniform_(args["from"], args["to"])
        case "normal":
            return empty.normal_(args["mean"], args["std"])
        case "exponential":
            return empty.exponential_(args["rate"])
        case "bernoulli":
            return empty.bernoulli_(args["p"])
        case "randint":
            return torch.randint(args["low"], args["high"], sizes, dtype=dtype)
        case "randperm":
            return torch.randperm(sizes[0], dtype=dtype)
        case "xavierUniform":
            return init.xavier_uniform_(empty, args["gain"])
        case "xavierNormal":
            return init.xavier_normal_(empty, args["gain"])
        case "kaimingUniform":
            return init.kaiming_uniform_(empty, args["a"], args["mode"], args["nonlinearity"])
        case "kaimingNormal":
            return init.kaiming_normal_(empty, args["a"], args["mode"], args["nonlinearity"])
        case "truncNormal":
            return init.trunc_normal_(empty, args["mean"], args["std"], args["a"], args["b"])
    raise ValueError(kind)


def call(kind, sizes, dtype="float32", **args):
    return {"kind": kind, "sizes": sizes, "dtype": dtype, "args": args}


def cases():
    for dtype in DTYPES:
        for size in [0, 1, 3, 15, 16, 17, 31, 32, 1003]:
            yield 0, [call("randn", [size], dtype), call("randn", [3], dtype)]
        yield 1, [call("rand", [5, 7], dtype), call("rand", [1000], dtype)]
        # The kept half of a pair outlives whole tensors in between.
        yield 2, [call("randn", [3], dtype), call("randn", [20], dtype), call("randn", [4], dtype)]
        yield 3, [call("normal", [7], dtype, mean=0.3, std=0.7),
                  call("normal", [4001], dtype, mean=-1.25, std=2.5),
                  call("normal", [3], dtype, mean=5.0, std=0.0)]
        yield 4, [call("uniform", [2000], dtype, **{"from": -0.3, "to": 0.7}),
                  call("uniform", [2000], dtype, **{"from": 1.1, "to": 2.9}),
                  call("uniform", [5], dtype, **{"from": 2.0, "to": 2.0})]
        yield 5, [call("exponential", [1000], dtype, rate=1.5)]
        yield 6, [call("truncNormal", [1000], dtype, mean=0.0, std=0.02, a=-2.0, b=2.0),
                  call("truncNormal", [1000], dtype, mean=0.0, std=1.0, a=-1.0, b=1.0),
                  call("truncNormal", [10], dtype, mean=0.5, std=1.0, a=0.0, b=1.5),
                  call("truncNormal", [500], dtype, mean=0.0, std=1.0, a=2.0, b=3.0)]
        yield 7, [call("randn", [64, 3, 7, 7], dtype)]
    for dtype in [*DTYPES, "int8", "int16", "int32", "int64", "uint8", "bool"]:
        yield 8, [call("bernoulli", [300], dtype, p=0.3), call("bernoulli", [5], dtype, p=1.0)]
        high = 2 if dtype == "bool" else 100
        yield 9, [call("randint", [300], dtype, low=0, high=high)]
        if dtype != "bool":
            yield 10, [call("randperm", [100], dtype), call("randperm", [0], dtype),
                       call("randperm", [1], dtype), call("rand", [1])]
    for low, high in [(-5, 7), (0, 2**28 - 1), (0, 2**28), (-(2**40), 2**50), (-(2**63), 2**63 - 1)]:
        yield 11, [call("randint", [50], "int64", low=low, high=high)]
    yield 11, [call("randint", [50], "int32", low=-(2**31), high=2**31)]
    yield 11, [call("randint", [50], "float32", low=-(2**27) + 1, high=2**26 + 3)]
    yield 11, [call("randint", [50], "bfloat16", low=1, high=1000)]
    yield 12, [call("randperm", [5000], "int64")]
    for seed in [-1, 123456789012345, 2**63 - 1]:
        yield seed, [call("rand", [4]), call("randn", [16])]
    sizes = [[6, 5], [8, 4, 3, 3], [4, 1, 5]]
    for size in sizes:
        yield 13, [call("xavierUniform", size, gain=1.0), call("xavierNormal", size, gain=1.7),
                   call("kaimingUniform", size, a=math.sqrt(5), mode="fan_in",
                        nonlinearity="leaky_relu"),
                   call("kaimingNormal", size, a=0.0, mode="fan_out", nonlinearity="relu"),
                   call("kaimingUniform", size, a=0.0, mode="fan_in", nonlinearity="tanh"),
                   call("kaimingNormal", size, a=0.0, mode="fan_in", nonlinearity="selu"),
                   call("kaimingNormal", size, a=0.0, mode="fan_in", nonlinearity="linear")]
    yield 14, [call("kaimingUniform", [3, 0], a=0.0, mode="fan_in", nonlinearity="relu"),
               call("xavierUniform", [0, 3], gain=1.0), call("rand", [3])]


def orthogonal():
    """Values, not bits: LAPACK's rounding is its own."""
    for sizes in [[3, 5], [5, 3], [4, 4], [6, 2, 2], [2, 3, 3]]:
        torch.manual_seed(15)
        values = init.orthogonal_(torch.empty(sizes), gain=1.5).flatten().tolist()
        yield {"sizes": sizes, "values": values}


def main():
    result = []
    for seed, calls in cases():
        torch.manual_seed(seed)
        outputs = []
        for one in calls:
            outputs.append(bits(draw(one)))
        result.append({"seed": str(seed), "calls": calls, "outputs": outputs})
    folder = pathlib.Path(__file__).parent / "tensor"
    folder.mkdir(exist_ok=True)
    text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in result)
    (folder / "random.json").write_text(f"[\n{text}\n]\n")
    (folder / "orthogonal.json").write_text(json.dumps(list(orthogonal())) + "\n")


main()
