"""Golden cases of operators: what PyTorch gives for each call, for Tests/OpsTests.

A family's script (make_<family>.py) makes a `Cases`, calls `add` for each case and `write` at the end:

    cases = Cases("arithmetic")
    cases.add("aten::add.Tensor", randn(2, 3), randn(3), alpha=2)
    cases.error("aten::add.Tensor", randn(2), randn(3))
    cases.write()

Arguments are given as to `torch.ops.aten.<name>.<overload>`; missing ones get the schema's defaults.
Tensors keep their strides, so give transposed or sliced ones to test views. One JSON and one
safetensors file are written to Tests/Fixtures/operators; keep both small (tens of kilobytes).
"""

import json
import math
import pathlib

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
SCHEMAS = {
    s.name + ("." + s.overload_name if s.overload_name else ""): s
    for s in torch._C._jit_get_all_schemas()
}
torch.manual_seed(0)

DTYPES = {
    torch.uint8: 0, torch.int8: 1, torch.int16: 2, torch.int32: 3, torch.int64: 4,
    torch.float16: 5, torch.float32: 6, torch.float64: 7, torch.bool: 11, torch.bfloat16: 15,
}
# Those that cases are not made for one by one have numbers too.
CODES = {
    **DTYPES, torch.complex64: 9, torch.complex128: 10, torch.qint8: 12, torch.quint8: 13, torch.qint32: 14,
}
SCHEMES = {
    torch.per_tensor_affine: 0, torch.per_channel_affine: 1,
    torch.per_channel_affine_float_qparams: 4,
}
FORMATS = {torch.contiguous_format: 0, torch.preserve_format: 1, torch.channels_last: 2}


def randn(*sizes, dtype=torch.float32):
    return torch.randn(*sizes).to(dtype)


def randint(low, high, *sizes, dtype=torch.int64):
    return torch.randint(low, high, sizes).to(dtype)


def rebased(tensor):
    """A copy of a tensor's storage, flat, and the tensor's view of it. Of a view with gaps only what
    it can reach is kept, with a little before it, so that offsets are not zero."""
    if tensor.is_contiguous() or tensor.numel() == 0:
        copy = tensor.clone().contiguous()
        return copy.view(-1), copy
    reach = 1 + sum((n - 1) * s for n, s in zip(tensor.shape, tensor.stride()))
    flat = torch.as_strided(tensor, (reach,), (1,), tensor.storage_offset())
    base = torch.cat([torch.zeros(2, dtype=tensor.dtype), flat])
    return base, torch.as_strided(base, tensor.shape, tensor.stride(), 2)


class Cases:
    def __init__(self, family):
        self.family = family
        self.cases = []
        self.tensors = {}
        self.keys = {}
        self.schemas = {}

    def add(self, name, *args, tolerance=None, note=None, seed=None, **kwargs):
        """A call that succeeds; `tolerance` only where the operator's own does not do, `seed` where
        it draws random numbers."""
        values = self._arguments(name, args, kwargs)
        encoded = [self._encode(value) for value in values]
        written = {}
        if seed is not None:
            torch.manual_seed(seed)
        result = self._call(name, values, written)
        returns = self.schemas_of(name).returns
        results = [result] if len(returns) == 1 else list(result or [])
        case = {"op": name, "arguments": encoded, "results": [self._encode(r) for r in results]}
        if written:
            # All that the storage of a changed argument holds then.
            case["after"] = {str(index): self._encode(base) for index, base in written.items()}
        if seed is not None:
            case["seed"] = seed
        if tolerance is not None:
            case["tolerance"] = tolerance
        if note:
            case["note"] = note
        self.cases.append(case)

    def error(self, name, *args, note=None, **kwargs):
        """A call that PyTorch refuses."""
        values = self._arguments(name, args, kwargs)
        encoded = [self._encode(value) for value in values]
        try:
            self._call(name, values)
        except Exception as error:
            text = str(error).splitlines()[0][:200]
            self.cases.append({"op": name, "arguments": encoded, "error": text})
            return
        raise AssertionError(f"{name} was expected to fail")

    def either(self, name, *args, **kwargs):
        """A call that succeeds or fails as PyTorch decides."""
        given = {k: v for k, v in kwargs.items() if k not in ("tolerance", "note", "seed")}
        try:
            self._call(name, self._arguments(name, args, dict(given)))
        except Exception:
            return self.error(name, *args, **given)
        self.add(name, *args, **kwargs)

    def write(self):
        folder = HERE / "operators"
        folder.mkdir(exist_ok=True)
        body = {"schemas": self.schemas, "cases": self.cases}
        (folder / f"{self.family}.json").write_text(
            json.dumps(body, separators=(",", ":")).replace('{"op"', '\n{"op"') + "\n")
        save_file(self.tensors, folder / f"{self.family}.safetensors")
        print(f"{self.family}: {len(self.cases)} cases, {len(self.tensors)} tensors")

    def schemas_of(self, name):
        schema = SCHEMAS[name]
        self.schemas[name] = str(schema)
        return schema

    def _arguments(self, name, args, kwargs):
        values = list(args)
        for parameter in self.schemas_of(name).arguments[len(args):]:
            if parameter.name in kwargs:
                values.append(kwargs.pop(parameter.name))
            elif parameter.has_default_value():
                values.append(parameter.default_value)
            else:
                raise TypeError(f"{name}: no value for {parameter.name}")
        assert not kwargs, f"{name}: unknown arguments {kwargs}"
        return values

    def _call(self, name, values, written=None):
        namespace, rest = name.split("::")
        base, _, overload = rest.partition(".")
        op = getattr(getattr(getattr(torch.ops, namespace), base), overload or "default")
        arguments = self.schemas_of(name).arguments
        # The encoded tensors keep the values from before an in-place call.
        values = list(values)
        for index, (value, argument) in enumerate(zip(values, arguments)):
            marks = argument.alias_info
            if isinstance(value, torch.Tensor) and marks is not None and marks.is_write:
                base, values[index] = rebased(value)
                if written is not None:
                    written[index] = base
        positional = [v for v, a in zip(values, arguments) if not a.kwarg_only]
        keywords = {a.name: v for v, a in zip(values, arguments) if a.kwarg_only}
        return op(*positional, **keywords)

    def _encode(self, value):
        if value is None:
            return None
        if isinstance(value, torch.Tensor):
            return self._tensor(value.detach().resolve_conj().resolve_neg())
        if isinstance(value, bool):
            return {"b": value}
        if isinstance(value, int):
            return {"i": value}
        if isinstance(value, float):
            return {"f": repr(value) if math.isfinite(value) else str(value)}
        if isinstance(value, complex):
            return {"c": [str(value.real), str(value.imag)]}
        if isinstance(value, str):
            return {"s": value}
        if isinstance(value, torch.dtype):
            return {"i": CODES[value]}
        if isinstance(value, torch.ScriptObject):
            # Packed weights of a quantised layer, as archives hold them.
            state, name = value.__getstate__()
            return {"p": name, "state": self._encode(state)}
        if isinstance(value, torch.qscheme):
            return {"i": SCHEMES[value]}
        if isinstance(value, torch.memory_format):
            return {"i": FORMATS[value]}
        if isinstance(value, torch.layout):
            return {"i": 0}
        if isinstance(value, torch.device):
            return {"d": str(value)}
        if isinstance(value, tuple):
            return {"u": [self._encode(item) for item in value]}
        if isinstance(value, dict):
            return {"m": [[self._encode(key), self._encode(item)] for key, item in value.items()]}
        if isinstance(value, list):
            return {"l": [self._encode(item) for item in value]}
        raise TypeError(f"cannot encode {type(value)}")

    def _quantized(self, tensor):
        """The stored numbers and the scheme."""
        entry = {"q": self._tensor(tensor.int_repr())}
        if tensor.qscheme() == torch.per_tensor_affine:
            return entry | {"scale": repr(tensor.q_scale()), "zero_point": tensor.q_zero_point()}
        return entry | {
            "scales": self._tensor(tensor.q_per_channel_scales()),
            "zero_points": self._tensor(tensor.q_per_channel_zero_points()),
            "axis": tensor.q_per_channel_axis(),
        }

    def _tensor(self, tensor):
        if tensor.is_quantized:
            return self._quantized(tensor)
        if tensor.is_contiguous() or tensor.numel() == 0:
            return {"t": self._key(tensor)}
        key = self._key(rebased(tensor)[0])
        return {"t": key, "size": list(tensor.shape), "stride": list(tensor.stride()), "offset": 2}

    def _key(self, tensor):
        """The name of a contiguous tensor in the file; equal ones are stored once."""
        tensor = tensor.clone().contiguous()
        if tensor.is_complex():
            # The file's format has no complex128, so parts are stored.
            return "c" + self._key(torch.view_as_real(tensor))
        data = tensor.reshape(-1).view(torch.uint8).tolist() if tensor.numel() else []
        content = (tensor.dtype, tensor.shape, bytes(data))
        key = self.keys.setdefault(content, str(len(self.keys)))
        self.tensors[key] = tensor
        return key
