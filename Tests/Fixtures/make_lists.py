"""Golden cases of Sources/Ops/Operators/Lists.swift."""

import operator

import torch

from operator_cases import Cases, randn

# torch.ops cannot pass Python lists for TorchScript's type variables; TorchScript means what Python does.
PYTHON = {
    "aten::len.t": len, "aten::len.any": len, "aten::len.Dict_str": len, "aten::add.t": operator.add,
    "aten::mul.left_t": operator.mul, "aten::list.t": list, "aten::__getitem__.t": operator.getitem,
    "aten::slice.t": lambda items, start, end, step: items[start:end:step],
    "aten::__getitem__.Dict_str": operator.getitem, "aten::__contains__.str": operator.contains,
    "aten::keys.str": lambda d: list(d.keys()), "aten::values.str": lambda d: list(d.values()),
    "aten::__is__": lambda a, b: a is b, "aten::__isnot__": lambda a, b: a is not b,
}


class ListCases(Cases):
    def _call(self, name, values, written=None):
        return PYTHON[name](*values) if name in PYTHON else super()._call(name, values)


cases = ListCases("lists")
x = randn(2)
for a, b in ((None, None), (None, 1), (x, None), (True, False)):
    cases.add("aten::__is__", a, b)
    cases.add("aten::__isnot__", a, b)
for items in ([1, 2, 3], [], [0.5], ["a"], [x]):
    cases.add("aten::len.t", items)
    cases.add("aten::len.any", items)
    cases.add("aten::list.t", items)
    cases.add("aten::add.t", items, items)
    for count in (0, 2, -1):
        cases.add("aten::mul.left_t", items, count)
for index in (0, 2, -1, -3):
    cases.add("aten::__getitem__.t", [1, 2, 3], index)
for index in (3, -4):
    cases.error("aten::__getitem__.t", [1, 2, 3], index)
for span in ((None, None, 1), (1, None, 1), (None, -1, 1), (-9, 9, 2), (2, 1, 1), (None, None, -1), (5, None, -2)):
    cases.add("aten::slice.t", [1, 2, 3, 4], *span)
cases.add("aten::len.str", "abc")
cases.add("aten::list", "abc")
cases.add("aten::add.str", "ab", "c")
cases.add("aten::device", "cpu")
cases.add("aten::eq.device", torch.device("cpu"), torch.device("cpu"))
cases.add("aten::ne.device", torch.device("cpu"), torch.device("meta"))
for a, b in (("a", "a"), ("a", "b")):
    cases.add("aten::eq.str", a, b)
    cases.add("aten::ne.str", a, b)
    cases.add("aten::eq.str_list", [a], [b])
    cases.add("aten::ne.str_list", [a], [b])
for a, b in (([1, 2], [1, 2]), ([1, 2], [1, 3]), ([1], [1, 2]), ([], [])):
    cases.add("aten::eq.int_list", a, b)
    cases.add("aten::ne.int_list", a, b)
    cases.add("aten::eq.float_list", [v + 0.5 for v in a], [v + 0.5 for v in b])
    cases.add("aten::ne.float_list", [v + 0.5 for v in a], [v + 0.5 for v in b])
    cases.add("aten::eq.bool_list", [v > 2 for v in a], [v > 2 for v in b])
    cases.add("aten::ne.bool_list", [v > 2 for v in a], [v > 2 for v in b])
for item in (2, 5):
    cases.add("aten::__contains__.int_list", [1, 2, 3], item)
    cases.add("aten::__contains__.float_list", [1.5, 2.0], float(item))
    cases.add("aten::__contains__.str_list", ["2", "3"], str(item))
for items in ([3, 1, 2], [-1]):
    for base in ("prim::max.self_", "prim::min.self_", "aten::sum."):
        cases.add(base + "int", items)
        cases.add(base + "float", [v + 0.5 for v in items])
cases.error("prim::max.self_int", [])
for items in ([1, 0], [0, 0], [1, 1], []):
    for base in ("all", "any"):
        cases.add(f"aten::{base}.int", items)
        cases.add(f"aten::{base}.float", [float(v) for v in items])
        cases.add(f"aten::{base}.bool", [bool(v) for v in items])
table = {"a": 1, "b": 2}
cases.add("aten::len.Dict_str", table)
cases.add("aten::keys.str", table)
cases.add("aten::values.str", table)
for key in ("b", "c"):
    cases.add("aten::__contains__.str", table, key)
cases.add("aten::__getitem__.Dict_str", table, "b")
cases.error("aten::__getitem__.Dict_str", table, "c")
cases.add("aten::Int.str", "12")
cases.add("aten::Float.str", "2.5")
cases.error("aten::Int.str", "x")
cases.error("aten::Float.str", "x")
cases.add("prim::is_cuda", x)
cases.add("prim::rangelist", 3)
cases.add("prim::layout", x)
cases.write()
