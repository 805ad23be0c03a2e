"""Golden cases of strings, texts, Python's math module, list searches and facts of tensors: Strings.swift,
Texts.swift, MathModule.swift, ListSearching.swift, TensorFacts.swift."""

import enum

import torch

from operator_cases import DTYPES, FORMATS, SCHEMAS, Cases, randn


def type_of(value):
    """A value's type in TorchScript's IR."""
    if isinstance(value, torch.Tensor):
        return "Tensor"
    if isinstance(value, torch.device):
        return "Device"
    if isinstance(value, list):
        return (type_of(value[0]) if value else "int") + "[]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(type_of, value)) + ")"
    return {type(None): "NoneType", bool: "bool", int: "int", float: "float", str: "str"}[type(value)]


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Ratio(enum.Enum):
    HALF = 0.5


class Word(enum.Enum):
    YES = "yes"


# What a graph's text cannot call.
PYTHON = {
    "aten::pow.int_to_int": lambda a, b: a ** b, "aten::device.with_index": torch.device,
    "aten::eq.enum": lambda a, b: a == b, "aten::ne.enum": lambda a, b: a != b,
    "prim::EnumName": lambda a: a.name, "prim::EnumValue.int": lambda a: a.value,
    "prim::EnumValue.float": lambda a: a.value, "prim::EnumValue.str": lambda a: a.value,
    "aten::_get_tracing_state": lambda: False, "aten::is_grad_enabled": lambda: False,
    "aten::_nnpack_available": lambda: False, "aten::has_torch_function": lambda x: False,
    "prim::grad": lambda x: x.grad,
}


class TextCases(Cases):
    """Calls through a graph of one node, which takes what `torch.ops` does not."""

    def _call(self, name, values, written=None):
        base = name.split(".")[0]
        if not SCHEMAS[name].returns:
            return None  # What it does is not for a fixture.
        returns = [str(r.type) for r in SCHEMAS[name].returns]
        returns = [r.replace("List[int]", "int[]").replace("List[float]", "float[]").replace("List[bool]", "bool[]")
                   .replace("List[str]", "str[]").replace("Optional[int]", "int?").replace("Optional[str]", "str?")
                   .replace("number", "Scalar") for r in returns]
        if returns and returns[0] in ("t", "List[t]"):
            returns = [type_of(values[-1] if base == "aten::mul" else values[0])]
            if base in ("aten::select",):
                returns = [type_of(values[0][0])]
        values = [FORMATS.get(v, DTYPES.get(v, v)) if isinstance(v, (torch.dtype, torch.memory_format)) else v
                  for v in values]
        if name in PYTHON:
            return PYTHON[name](*values)
        declared = [str(a.type) for a in SCHEMAS[name].arguments]
        types = ["Scalar" if declared[i:i + 1] == ["number"] else type_of(v) for i, v in enumerate(values)]
        inputs = ", ".join(f"%a{i} : {t}" for i, t in enumerate(types))
        names = ", ".join(f"%a{i}" for i in range(len(values)))
        outputs = ", ".join(f"%r{i} : {r}" for i, r in enumerate(returns))
        results = ", ".join(f"%r{i}" for i in range(len(returns)))
        text = f"graph({inputs}):\n  {outputs}{' = ' if outputs else ''}{base}({names})\n"
        if len(returns) > 1:
            text += f"  %t : ({', '.join(returns)}) = prim::TupleConstruct({results})\n"
        graph = torch._C.parse_ir(text + f"  return ({'%r0' if len(returns) == 1 else '%t'})")
        return torch._C._create_function_from_graph("f", graph)(*values)

    def _encode(self, value):
        if isinstance(value, enum.Enum):
            return {"e": [type(value).__name__, value.name, super()._encode(value.value)]}
        return super()._encode(value)

    def _arguments(self, name, args, kwargs):
        if "..." in str(self.schemas_of(name)):
            return list(args)
        return super()._arguments(name, args, kwargs)


cases = TextCases("texts")
add, error = cases.add, cases.error
x = randn(2, 3)

for name in ("upper", "lower", "swapcase", "capitalize", "title", "isalpha", "isdigit", "isdecimal", "isnumeric",
             "isalnum", "isspace", "islower", "isupper", "isprintable", "isidentifier", "istitle"):
    for text in ("hello wORLD 7", "Ab Cd", "abc", "ABC", "12", "a1", " \t", "", "_x1", "1x"):
        add(f"aten::{name}", text)
for text in ("  ab c\t", "", "   "):
    for name in ("strip", "lstrip", "rstrip"):
        add(f"aten::{name}", text)
        add(f"aten::{name}", "xyaxbyx", "xy")
for text, separator, limit in (("a b  c", None, -1), (" a b ", None, -1), ("a,b,,c", ",", -1), ("a,b,,c", ",", 1),
                               ("abc", "abc", -1), ("", ",", -1)):
    add("aten::split.str", text, separator, limit)
    if separator:
        add("aten::rsplit", text, separator, limit)
add("aten::split.str", "a b c d", None, 2)
add("aten::splitlines", "a\nb\rc", False)
add("aten::splitlines", "a\nb", False)
for name in ("partition", "rpartition"):
    add(f"aten::{name}", "a-b-c", "-")
    add(f"aten::{name}", "abc", "-")
add("aten::join", ", ", ["a", "b"])
add("aten::join", "", ["a"])
for limit in (-1, 2, 0):
    add("aten::replace", "aaab", "a", "xy", limit)
for text, part, start, end in (("abcabc", "c", 0, -1), ("abcabc", "c", 3, -1), ("abcabc", "ab", 0, 4), ("abcabc", "c", -2, -1),
                               ("abcabc", "x", 0, -1), ("abcabc", "c", 0, -2)):
    for name in ("find", "rfind", "count", "startswith", "endswith"):
        add(f"aten::{name}", text, part, start, end)
    if part != "x":
        add("aten::index.str", text, part, start, end) if text.find(part, start, None if end == -1 else end + 1 if end < 0 else end) >= 0 else None
for name in ("index.str", "rindex"):
    add(f"aten::{name}", "abcabc", "bc")
    error(f"aten::{name}", "abc", "z")
for name in ("center", "ljust", "rjust"):
    for width in (5, 6, 1):
        add(f"aten::{name}", "abc", width, "*")
for text in ("42", "-42", "+4", ""):
    add("aten::zfill", text, 4)
add("aten::expandtabs", "a\tbc\td", 4)
add("aten::ord", "a")
error("aten::ord", "ab")
add("aten::chr", 97)
for number in (255, -255, 0):
    for name in ("hex", "oct", "bin"):
        add(f"aten::{name}", number)
for index in (0, -1):
    add("aten::__getitem__.str", "abc", index)
    add("prim::StringIndex", "abc", index)
error("aten::__getitem__.str", "abc", 3)
for span in ((None, None, 1), (1, -1, 2), (-9, 9, 1)):
    add("aten::slice.str", "abcdef", *span)
for a, b in (("a", "b"), ("b", "a"), ("ab", "ab"), ("a", "ab")):
    for name in ("lt", "le", "gt", "ge"):
        add(f"aten::{name}.str", a, b)

for value in (1, 2.5, 1e10, 1e20, -2.0, 0.1, 1e-7, float("nan"), float("inf"), True, None, "s", [1, 2], [0.5], ["a", "b"],
              (1, "b"), (1,), torch.device("cpu")):
    add("aten::str", value)
    add("aten::format", "<{}>", value)
add("aten::format", "{} and {}: {}", 1, "b", [2.0])
add("aten::format", "none")
error("aten::format", "{} {}", 1)
for text, value in (("%d!", 3), ("a%%b %s", 1), ("%f", 2.5), ("%e", 2.5), ("%i", 2.7), ("%c", 65), ("%s", "x")):
    add("aten::percentFormat", text, value)
error("aten::percentFormat", "%d", "a")
error("aten::percentFormat", "%g", 1.5)
add("aten::manual_seed", 0)
add("aten::warn", "a warning of the tests", 2)
add("prim::Print", 1, "b")
add("aten::_print", "printed")

for name in ("fabs", "gamma", "degrees", "radians", "angle"):
    for value in (2.5, 0.5):
        add(f"aten::{name}.float", value)
        add(f"aten::{name}.Scalar", value)
    add(f"aten::{name}.int", 3)
add("aten::fabs.float", -1.5)
add("aten::angle.float", -1.5)
for a, b in ((7, 2), (-7, 2), (7, -2), (6, 3)):
    add("aten::divmod.int", a, b)
    add("aten::divmod.float", a + 0.5, float(b))
    add("aten::divmod.int_float", a, b + 0.5)
    add("aten::divmod.float_int", a + 0.5, b)
    add("aten::__round_to_zero_floordiv.int", a, b)
error("aten::divmod.int", 1, 0)
for number in (0, 1, 5):
    add("aten::factorial.int", number)
error("aten::factorial.int", -1)
for number in (8.5, -0.3, 0.0):
    add("aten::frexp", number)
    add("aten::modf", number)
add("aten::ldexp", 1.5, 3)
for a, b in ((2, 10), (-3, 3), (5, 0)):
    add("aten::pow.int_to_int", a, b)
add("aten::__derive_index", 2, 10, -3)
for name in ("_infer_size", "broadcast_shapes"):
    add(f"aten::{name}", [2, 1], [3])
    error(f"aten::{name}", [2], [3])
add("aten::Size", [1, 2])

for kind, items, item in (("int", [1, 2, 1], 1), ("float", [0.5, 1.5], 1.5), ("bool", [True, False], False), ("str", ["a", "b"], "b")):
    add(f"aten::count.{kind}", items, item)
    add(f"aten::index.list_{kind}", items, item)
    if kind != "bool":
        add(f"aten::sorted.{kind}", list(reversed(items)))
    add(f"aten::select.t", items, -1)
add("aten::sorted.bool", [True, False])
add("aten::sorted.any", [(2, "a"), (1, "b"), (1, "a")])
error("aten::index.list_int", [1], 2)
for kind, a, b in (("int", [1, 3], [1, 2]), ("float", [0.5], [0.5, 1.0]), ("bool", [False], [True])):
    for name in ("max", "min"):
        add(f"prim::{name}.{kind}_list", a, b)
for name in ("max", "min"):
    add(f"prim::{name}.self_bool", [True, False])
add("aten::mul.right_", 2, [1, 2])
add("aten::any.str", ["", "a"])
add("aten::sum.bool", [True, True, False])

for name in ("prim::is_cpu", "prim::requires_grad", "prim::itemsize", "prim::nbytes", "prim::name",
             "aten::is_signed", "aten::element_size", "aten::storage_offset",
             "aten::is_contiguous", "prim::data", "prim::abs"):
    add(name, x)
for kind in "ipu maia mkldnn mps mtia nested sparse sparse_csr vulkan xla xpu".split():
    add(f"prim::is_{kind}", x)
add("aten::is_contiguous", x.t())
for layout in (torch.contiguous_format, torch.channels_last):
    add("aten::is_contiguous.memory_format", randn(1, 2, 2, 3), layout)
    add("aten::is_contiguous.memory_format", randn(1, 2, 2, 3).contiguous(memory_format=torch.channels_last), layout)
add("aten::is_contiguous.memory_format", x, torch.channels_last)
for name in ("is_scripting", "is_autocast_enabled", "is_autocast_cpu_enabled", "is_vulkan_available",
             "_use_cudnn_rnn_flatten_weight"):
    add(f"aten::{name}")
add("aten::set_grad_enabled", False)
add("aten::requires_grad_", x, False)
add("prim::is_meta", x)
for name, args in (("Tensor", (x, torch.tensor([1]))), ("Scalar", (torch.tensor([1]), 2.5)),
                   ("Scalar_Tensor", (2, x.half())), ("Scalar_Scalar", (1, 2.5))):
    add(f"aten::result_type.{name}", *args)
for a, b in ((torch.uint8, torch.int8), (torch.int64, torch.float16), (torch.bfloat16, torch.float16)):
    add("aten::promote_types", a, b)
add("aten::is_nonzero", torch.tensor([2.0]))
error("aten::is_nonzero", x)
add("aten::is_same_size", x, x)
add("aten::is_same_size", x, x[0])
add("prim::type", torch.device("cpu"))
add("prim::index", torch.device("cpu"))
add("aten::device.with_index", "cpu", 0)
for a, b in ((6, 4), (4, 6), (0, 1), (11, 4), (4, 11), (7, 6)):
    add("aten::can_cast", torch.float32 if a == 6 else torch.int64 if a == 4 else torch.uint8, torch.int64 if b == 4 else torch.float32)
add("aten::_unwrap_optional", 3)
add("prim::unchecked_unwrap_optional", 3)
for a, b in ((Colour.RED, Colour.RED), (Colour.RED, Colour.BLUE)):
    add("aten::eq.enum", a, b)
    add("aten::ne.enum", a, b)
for member, kind in ((Colour.BLUE, "int"), (Ratio.HALF, "float"), (Word.YES, "str")):
    add("prim::EnumName", member)
    add(f"prim::EnumValue.{kind}", member)
for name in ("_get_tracing_state", "is_grad_enabled", "_nnpack_available"):
    add(f"aten::{name}")
add("aten::has_torch_function", x)
add("prim::grad", x)
cases.write()
