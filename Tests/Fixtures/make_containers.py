"""Golden cases of Sources/Ops/Operators/Containers*.swift, Dictionaries.swift, Strings*.swift and Scripting.swift."""

import enum
import re

import torch

from operator_cases import Cases, randn


class Color(enum.Enum):
    RED = 1
    BLUE = 2


def kind(value):
    """The IR's type of a Python value."""
    if isinstance(value, torch.Tensor):
        return "Tensor"
    if value is None:
        return "NoneType"
    if isinstance(value, torch.device):
        return "Device"
    if isinstance(value, tuple):
        return "(" + ", ".join(kind(item) for item in value) + ")"
    if isinstance(value, list):
        return (kind(value[0]) if value else "int") + "[]"
    if isinstance(value, dict):
        key, item = next(iter(value.items()), ("", 0))
        return f"Dict({kind(key)}, {kind(item)})"
    return type(value).__name__


def annotation(text):
    """A type of Python's annotations as the IR writes it."""
    text = text.replace("(*)", "")
    while match := re.search(r"(List|Optional|Tuple|Dict)\[([^\[\]]*)\]", text):
        name, inner = match[1], match[2]
        form = {"List": f"{inner}<>", "Optional": f"{inner}?", "Tuple": f"({inner})", "Dict": f"Dict({inner})"}[name]
        text = text[: match.start()] + form + text[match.end():]
    return text.replace("<>", "[]")


def bind(pattern, value, found):
    """What the type variables of a schema's type stand for."""
    if match := re.fullmatch(r"(t\d?|tVal)(\([^)]*\))?\??", pattern):
        found[match[1]] = kind(value)
    elif pattern.endswith("[]") and value:
        bind(pattern[:-2], value[0], found)
    elif pattern.startswith("Dict(") and value:
        bind(pattern[5:-1].split(", ", 1)[1], next(iter(value.values())), found)
    elif pattern.startswith("(") and isinstance(value, tuple):
        for part, item in zip(pattern[1:-1].split(", "), value):
            bind(part, item, found)


class ScriptCases(Cases):
    """Calls through TorchScript's interpreter, which knows type variables and changes containers."""

    def add(self, name, *args, **kwargs):
        super().add(name, *args, **kwargs)
        if self.changed:
            self.cases[-1]["changed"] = {str(i): self._encode(v) for i, v in self.changed.items()}

    def _call(self, name, values, written=None):
        schema = self.schemas_of(name)
        found = {}
        for argument, value in zip(schema.arguments, values):
            bind(annotation(str(argument.type)), value, found)
        found.setdefault("t", "int")

        def concrete(text):
            return re.sub(r"\b(t\d?|tVal)\b", lambda m: found[m[1]], annotation(text))

        results = [concrete(str(r.type)) for r in schema.returns]
        texts = {}
        inputs = []
        for index, (argument, value) in enumerate(zip(schema.arguments, values)):
            texts[index] = concrete(str(argument.type)).replace("AnyEnumType", "Any")
        for index in range(len(schema.arguments), len(values)):
            texts[index] = kind(values[index])
        inputs = [f"%a{i} : {texts[i]}" for i in range(len(values))]
        outputs = ", ".join(f"%r{i} : {t}" for i, t in enumerate(results))
        changed = [i for i, a in enumerate(schema.arguments) if a.alias_info and a.alias_info.is_write]
        returned = [f"%r{i}" for i in range(len(results))] + [f"%a{i}" for i in changed]
        base = name.partition(".")[0]
        call = f"{base}({', '.join(f'%a{i}' for i in range(len(values)))})"
        graph = torch._C.parse_ir(
            f"graph({', '.join(inputs)}):\n  {outputs + ' = ' if outputs else ''}{call}\n"
            f"  %all : ({', '.join(results + [texts[i] for i in changed])}) = "
            f"prim::TupleConstruct({', '.join(returned)})\n  return (%all)\n")
        function = torch._C._create_function_from_graph("f", graph)
        result = function(*values)
        self.changed = dict(zip(changed, result[len(results):]))
        result = result[: len(results)]
        return result[0] if len(results) == 1 else (None if not results else tuple(result))


class Table(ScriptCases):
    def add(self, name, *args, **kwargs):
        # An operator that gives nothing has no results, where `Cases` would say one None.
        super().add(name, *args, **kwargs)
        if not self.schemas_of(name).returns:
            self.cases[-1]["results"] = []


VALUES = "decided by values"
cases = Table("containers")
x, y = randn(2), randn(2)
for items, element in (([1, 2, 1], 1), ([0.5, 2.5], 2.5), ([True], True), (["b", "a"], "a")):
    name = kind(element)
    cases.add("aten::append.t", items, element)
    cases.add("aten::insert.t", items, 1, element)
    cases.add("aten::insert.t", items, -1, element)
    cases.add("aten::insert.t", items, 9, element)
    cases.add("aten::pop.t", items, -1)
    cases.add("aten::pop.t", items, 0)
    cases.add("aten::Delete.t", items, -1)
    cases.add("aten::_set_item.t", items, -1, element)
    cases.add("aten::clear.t", items)
    cases.add("aten::reverse.t", items)
    cases.add("aten::extend.t", items, items)
    cases.add("aten::add_.t", items, items)
    cases.add("aten::mul_.t", items, 2)
    cases.add("aten::mul.right_", 2, items)
    cases.add("aten::copy.t", items)
    cases.add(f"aten::remove.{name}", items, element)
    cases.add(f"aten::index.list_{name}", items, element)
    cases.add(f"aten::count.{name}", items, element)
    for reverse in (False, True):
        cases.add(f"aten::sort.{name}", items, reverse)
    cases.add(f"aten::sorted.{name}", items)
for name in ("int", "float", "str"):
    absent = {"int": ([1], 2), "float": ([1.0], 2.0), "str": (["a"], "b")}[name]
    cases.error(f"aten::remove.{name}", *absent)
    cases.error(f"aten::index.list_{name}", *absent)
cases.error("aten::pop.t", [1], 3)
cases.error("aten::_set_item.t", [1], 1, 2)
cases.error("aten::Delete.t", [1], -2)
cases.add("aten::sort.any", [(2, "b"), (1, "c"), (2, "a")], False)
cases.add("aten::sorted.any", [(2, "b"), (1, "c"), (2, "a")])
one, two, three = (torch.tensor(float(i)) for i in (1, 2, 3))
cases.add("aten::remove.Tensor", [one, two], two, note=VALUES)
cases.add("aten::index.list_Tensor", [one, two], two, note=VALUES)
cases.add("aten::count.Tensor", [one, two], two, note=VALUES)
cases.add("aten::sort.Tensor", [two, three, one], False, note=VALUES)
cases.add("aten::sorted.Tensor", [two, three, one], note=VALUES)
cases.add("aten::eq.Tensor_list", [one, two], [one, two], note=VALUES)
cases.add("aten::ne.Tensor_list", [one, two], [one, three], note=VALUES)
keys = {"str": ("a", "b", "c"), "int": (1, 2, 3), "float": (0.5, 1.5, 2.5), "bool": (True, False, False)}
for name, (first, second, absent) in keys.items():
    table = {first: 1, second: 2}
    cases.add(f"aten::len.Dict_{name}", table)
    cases.add(f"aten::__contains__.{name}", table, second)
    cases.add(f"aten::__getitem__.Dict_{name}", table, second)
    cases.add(f"aten::get.{name}", table, second)
    cases.add(f"aten::get.default_{name}", table, absent, 7)
    cases.add(f"aten::keys.{name}", table)
    cases.add(f"aten::values.{name}", table)
    cases.add(f"aten::items.{name}", table)
    cases.add(f"aten::copy.Dict_{name}", table)
    cases.add(f"aten::dict.Dict_{name}", table)
    cases.add(f"aten::dict.{name}", list(table.items()))
    cases.add(f"aten::_set_item.{name}", table, first, 5)
    cases.add(f"aten::_set_item.{name}", table, absent, 5)
    cases.add(f"aten::setdefault.{name}", table, first, 5)
    cases.add(f"aten::setdefault.{name}", table, absent, 5)
    cases.add(f"aten::update.{name}", table, {second: 8, absent: 9})
    cases.add(f"aten::Delete.Dict_{name}", table, first)
    cases.add(f"aten::pop.Dict_{name}", table, first)
    cases.add(f"aten::pop.Dict_default_{name}", table, first, 4)
    cases.add(f"aten::popitem.{name}", {first: 1})
    cases.add(f"aten::clear.{name}", table)
cases.error("aten::__getitem__.Dict_int", {1: 1}, 2)
cases.error("aten::pop.Dict_str", {"a": 1}, "b")

table = {1 + 2j: 1, 3j: 2}
for name, key in (("__contains__.complex", 3j), ("__getitem__.Dict_complex", 3j), ("get.complex", 1j)):
    cases.add(f"aten::{name}", table, key)
cases.add("aten::get.default_complex", table, 1j, 7)
for name, key in (("Delete.Dict_complex", 3j), ("pop.Dict_complex", 3j)):
    cases.add(f"aten::{name}", table, key)
cases.add("aten::pop.Dict_default_complex", table, 1j, 4)
cases.add("aten::_set_item.complex", table, 1j, 5)
cases.add("aten::setdefault.complex", table, 1j, 5)
cases.add("aten::update.complex", table, {1j: 8})
# Tensors are keys by identity, which two readings of a file do not share.
tensors = {x: 1}
cases.add("aten::__contains__.Tensor", tensors, y)
cases.error("aten::__getitem__.Dict_Tensor", tensors, y)
cases.add("aten::get.Tensor", tensors, y)
cases.add("aten::get.default_Tensor", tensors, y, 7)
cases.error("aten::Delete.Dict_Tensor", tensors, y)
cases.error("aten::pop.Dict_Tensor", tensors, y)
cases.add("aten::pop.Dict_default_Tensor", tensors, y, 4)
cases.add("aten::_set_item.Tensor", tensors, y, 5)
cases.add("aten::setdefault.Tensor", tensors, y, 5)
cases.add("aten::update.Tensor", tensors, {y: 8})
for name, table in (("complex", {1 + 2j: 1}), ("Tensor", tensors)):
    for base in ("len.Dict_", "copy.Dict_", "dict.Dict_", "keys.", "values.", "items.", "popitem.", "clear."):
        cases.add(f"aten::{base}{name}", table)
    cases.add(f"aten::dict.{name}", list(table.items()))

text = "ab,Cd ab"
cases.add("aten::str", 3)
for number in (1.0, 0.1, 1e20, -2.5, float("inf")):
    cases.add("aten::str", number)
cases.add("aten::str", [1.0, 2.5])
cases.add("aten::str", True)
cases.add("aten::format", "a {} b {} c", 1, "x")
cases.add("aten::format", "{}", 0.5)
cases.error("aten::format", "{} {}", 1)
cases.add("aten::percentFormat", "%d %s %f %%", (3, "x", 1.5))
cases.add("aten::percentFormat", "%d", 3)
cases.error("aten::percentFormat", "%d %d", (3,))
for index in (0, -1):
    cases.add("aten::__getitem__.str", text, index)
cases.error("aten::__getitem__.str", text, 20)
cases.add("aten::slice.str", text, 1, 5, 2)
cases.add("aten::ord", "a")
cases.add("aten::chr", 98)
cases.add("aten::join", ", ", ["a", "b"])
for separator in (None, ",", "ab"):
    cases.add("aten::split.str", text, separator, -1)
    cases.add("aten::split.str", text, separator, 1)
cases.add("aten::splitlines", "a\nb\n\nc", False)
cases.add("aten::replace", text, "ab", "x", -1)
cases.add("aten::replace", text, "ab", "x", 1)
for name in ("find", "rfind", "index.str", "rindex", "count", "startswith", "endswith"):
    cases.add(f"aten::{name}", text, "ab", 0, -1)
cases.add("aten::find", text, "zz", 0, -1)
cases.add("aten::find", text, "ab", 1, -1)
cases.error("aten::index.str", text, "zz", 0, -1)
for name in ("isdigit", "isdecimal", "isnumeric", "isspace", "isalpha", "isalnum", "isupper", "islower"):
    for word in ("12", "ab", "A1", " ", ""):
        cases.add(f"aten::{name}", word)
for name in ("lower", "upper", "swapcase", "capitalize"):
    cases.add(f"aten::{name}", text)
for name in ("strip", "lstrip", "rstrip"):
    cases.add(f"aten::{name}", "  ab \n", " \n\t\f\v")
for name in ("ljust", "rjust", "center"):
    cases.add(f"aten::{name}", "abc", 8, "-")
    cases.add(f"aten::{name}", "ab", 7, "-")
cases.add("aten::zfill", "-7", 5)
for name in ("bin", "oct", "hex"):
    cases.add(f"aten::{name}", 12)
    cases.add(f"aten::{name}", -12)
for name in ("lt", "gt", "le", "ge"):
    for other in ("ab", "ab,Cd ab", "b"):
        cases.add(f"aten::{name}.str", text, other)

for a, b in ((7, 2), (-7, 2), (7, -2)):
    cases.add("aten::divmod.int", a, b)
    cases.add("aten::divmod.float", a + 0.5, float(b))
    cases.add("aten::divmod.int_float", a, b + 0.5)
    cases.add("aten::divmod.float_int", a + 0.5, b)
cases.error("aten::divmod.int", 1, 0)
cases.add("aten::__derive_index", 2, 5, 3)
cases.add("prim::requires_grad", x)
cases.add("prim::unchecked_unwrap_optional", 3)
cases.add("aten::_unwrap_optional", 3)
cases.add("prim::type", torch.device("cpu"))
cases.add("prim::index", torch.device("cpu"))
for name in ("mkldnn", "mps", "mtia", "ipu", "maia", "vulkan", "xla", "xpu", "sparse", "sparse_csr", "nested"):
    cases.add(f"prim::is_{name}", x)
cases.add("aten::sum.bool", [True, False, True])
for name in ("max", "min"):
    cases.add(f"prim::{name}.int_list", [1, 2], [1, 3])
    cases.add(f"prim::{name}.float_list", [1.0, 2.0], [1.0])
    cases.add(f"prim::{name}.bool_list", [True], [False])
cases.add("aten::set_grad_enabled", False)
for name in ("is_grad_enabled", "is_autocast_enabled", "is_scripting", "_get_tracing_state", "dict"):
    cases.add(f"aten::{name}")
cases.write()
