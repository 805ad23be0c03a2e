"""Golden cases of Sources/Ops/Operators/Creation.swift, Sequences.swift, Windows.swift and RandomNumbers.swift."""

import torch

from operator_cases import Cases, DTYPES, randint, randn

inf, nan = float("inf"), float("nan")


class CreationCases(Cases):
    def _call(self, name, values, written=None):
        # torch.ops cannot pass a Python list for TorchScript's `t[]`.
        if name == "aten::tensor":
            return torch.tensor(values[0], dtype=values[1])
        return super()._call(name, values, written)


cases = CreationCases("creation")
x = randn(2, 3)
whole = torch.tensor([[1, 2], [3, 4]], dtype=torch.int16)
cpu = torch.device("cpu")
for base in ("zeros", "ones"):
    for dtype in DTYPES:
        cases.add(f"aten::{base}", [2, 1, 3], dtype=dtype, layout=torch.strided, device=cpu, pin_memory=False)
    for size in ([], [0], [2, 0, 3]):
        cases.add(f"aten::{base}", size)
    cases.error(f"aten::{base}", [-1])
    for tensor in (x, whole.t(), randn(0, 2), torch.tensor(True)):
        cases.add(f"aten::{base}_like", tensor)
        cases.add(f"aten::{base}_like", tensor, dtype=torch.float64)
        cases.add(f"aten::new_{base}", tensor, [3, 2])
        cases.add(f"aten::new_{base}", tensor, [2], dtype=torch.int64)
    cases.error(f"aten::new_{base}", x, [-2])
for value in (3, 2.5, True, -inf, 2**53 + 1):
    cases.add("aten::full", [2, 2], value)
    cases.add("aten::full_like", x, value)
    cases.add("aten::new_full", x, [3], value)
    cases.add("aten::scalar_tensor", value)
    cases.add("aten::full", [2], value, dtype=torch.float64)
    cases.add("aten::full", [2], value, dtype=torch.bool)
cases.add("aten::full", [2], 2.7, dtype=torch.int32)
cases.add("aten::full", [2], -3, dtype=torch.uint8)
cases.add("aten::full_like", whole, 2.5)
cases.add("aten::new_full", whole, [2, 2], 7)
cases.add("aten::scalar_tensor", 3, dtype=torch.int8)
cases.error("aten::full", [2], 300, dtype=torch.int8)
cases.error("aten::full_like", whole, 70000)
cases.error("aten::full", [2], nan, dtype=torch.int64)
cases.error("aten::zeros", [2], device=torch.device("cuda:0"))
# What is empty has no values to compare.
cases.add("aten::empty.memory_format", [0, 3])
cases.add("aten::empty.memory_format", [2, 0], dtype=torch.int8, memory_format=torch.contiguous_format)
cases.add("aten::empty_strided", [0, 3], [3, 1])
cases.add("aten::empty_like", randn(0, 4))
cases.add("aten::new_empty", whole, [0, 2])
cases.add("aten::new_empty_strided", whole, [0, 2], [2, 1])
cases.error("aten::empty.memory_format", [-1])

for t in (3, -1):
    cases.add("aten::tensor.int", t)
    cases.add("aten::tensor.float", t + 0.5)
cases.add("aten::tensor.bool", True)
cases.add("aten::tensor.float", 2.5, dtype=torch.int64)
for data in ([1, 2, 3], [1.5, 2.0], [True, False], [[1, 2], [3, 4]], [[[1.0], [2.5]]], [[0.5, 2.0]]):
    cases.add("aten::tensor", data)
    cases.add("aten::tensor", data, dtype=torch.float64)
for tensor in (x, torch.tensor(1.0), randn(0, 3)):
    cases.add("aten::_shape_as_tensor", tensor)

for end in (5, 0, 2.5, 3.0, 0.3, True):
    cases.add("aten::arange", end)
for dtype in DTYPES:
    if dtype != torch.bool:
        cases.add("aten::arange", 5, dtype=dtype)
        cases.add("aten::arange.start_step", -3, 9, 2.5, dtype=dtype)
        cases.add("aten::linspace", -3, 9.5, 7, dtype=dtype) if dtype != torch.uint8 else None
cases.error("aten::arange", 3, dtype=torch.bool)
for span in ((2, 7), (-2.5, 2), (3, 3), (0.0, 1.0)):
    cases.add("aten::arange.start", *span)
for span in ((0, 5, 2), (5, 0, -2), (0, 1, 0.3), (1.0, 4, 1), (0, 2.5, 1), (0, 1, 0.1), (10, 0, -3), (2, 2, -1)):
    cases.add("aten::arange.start_step", *span)
cases.add("aten::arange.start_step", 0.5, 5.7, 1.5, dtype=torch.int64)
cases.add("aten::arange.start_step", 2**40, 2**40 + 7, 3)
for span in ((0, 5, 0), (0, 5, -1), (0, inf, 1), (nan, 2, 1)):
    cases.error("aten::arange.start_step", *span)
cases.error("aten::arange", -3)
cases.add("aten::range", 0, 5)
cases.add("aten::range.step", 0, 5, 2)
cases.add("aten::range.step", 1.5, -1.0, -0.5)
cases.error("aten::range.step", 0, 5, -2)
for steps in (0, 1, 2, 5, 10):
    cases.add("aten::linspace", 0, 1, steps)
    cases.add("aten::linspace", 3.5, -7, steps)
    cases.add("aten::logspace", -1, 2, steps)
cases.add("aten::linspace", 0, 10, 5, dtype=torch.int64)
cases.add("aten::linspace", -10, 10, 6, dtype=torch.int64)
cases.add("aten::logspace", 0, 3, 4, 2.0, dtype=torch.float64)
low, high = torch.tensor(-1.5), torch.tensor(4, dtype=torch.int64)
for base, rest in (("linspace", (5,)), ("logspace", (4, 2.0))):
    cases.add(f"aten::{base}.Tensor_Tensor", low, high, *rest)
    cases.add(f"aten::{base}.Tensor_Scalar", low, 2, *rest)
    cases.add(f"aten::{base}.Scalar_Tensor", 0.5, high, *rest)
    cases.add(f"aten::{base}.Tensor_Tensor", low, high, *rest, dtype=torch.float64)
    cases.error(f"aten::{base}.Tensor_Scalar", torch.tensor([1.0]), 2, *rest)
cases.error("aten::linspace", 0, 1, -1)
cases.error("aten::linspace", 0, 1, 3, dtype=torch.bool)
for n in (0, 1, 4):
    cases.add("aten::eye", n)
    cases.add("aten::eye.m", n, 3, dtype=torch.int64)
cases.add("aten::eye", 3, dtype=torch.bool)
cases.error("aten::eye", -1)
for base in ("tril", "triu"):
    for dtype in DTYPES:
        cases.add(f"aten::{base}", torch.arange(12).reshape(3, 4).to(dtype) + (0 if dtype == torch.bool else 1))
    for diagonal in (-5, -1, 1, 2, 9):
        cases.add(f"aten::{base}", randn(3, 4), diagonal)
        cases.add(f"aten::{base}_indices", 3, 4, diagonal)
    cases.add(f"aten::{base}", randn(2, 4, 3).transpose(0, 2), -1)
    cases.add(f"aten::{base}", randn(2, 0, 3))
    cases.add(f"aten::{base}_indices", 0, 4)
    cases.add(f"aten::{base}_indices", 2, 3, dtype=torch.int32)
    cases.error(f"aten::{base}", randn(3))
    cases.error(f"aten::{base}_indices", -1, 2)

for base in ("hann", "hamming", "bartlett", "blackman", "kaiser"):
    name = f"aten::{base}_window"
    for length in (0, 1, 2, 7):
        cases.add(name, length)
        # Blackman's ends are rounding noise around zero.
        cases.add(name + ".periodic", length, False, tolerance=2.0 if length == 2 else None)
    cases.add(name, 6, dtype=torch.float64)
    cases.add(name + ".periodic", 6, True, dtype=torch.float16)
    cases.error(name, 6, dtype=torch.int64)
    cases.error(name, -1)
cases.add("aten::hamming_window.periodic_alpha", 6, True, 0.4)
cases.add("aten::hamming_window.periodic_alpha_beta", 6, False, 0.4, 0.3)
cases.add("aten::kaiser_window.beta", 6, True, 5.0)

# Random numbers depend on the generator's state, so only what does not is compared here.
cases.add("aten::rand", [0, 2])
cases.add("aten::randn", [2, 0], dtype=torch.float64)
cases.add("aten::randint", 5, [0])
cases.add("aten::randint", 1, [4])
cases.add("aten::randint.low", 3, 4, [2, 2], dtype=torch.int8)
cases.add("aten::randint_like", x, 1)
cases.add("aten::randint_like.low_dtype", whole, 7, 8)
cases.add("aten::randperm", 1)
cases.add("aten::randperm", 0, dtype=torch.int32)
cases.add("aten::rand_like", randn(0, 2).half())
cases.add("aten::randn_like", randn(0, 2))
cases.add("aten::normal.Tensor_float", x, 0.0)
cases.add("aten::normal.float_Tensor", 1.5, torch.zeros(2, 3))
cases.add("aten::normal.Tensor_Tensor", randn(3).double(), torch.zeros(2, 1))
cases.add("aten::normal.float_float", 2.0, 0.0, [2, 2])
cases.add("aten::bernoulli", torch.tensor([0.0, 1.0, 1.0, 0.0]))
cases.add("aten::bernoulli.p", x, 1.0)
cases.add("aten::bernoulli.p", whole, 0.0)
cases.error("aten::rand", [2], dtype=torch.int64)
cases.error("aten::randint", 0, [2])
cases.error("aten::randint.low", 3, 3, [2])
cases.error("aten::randperm", -1)
cases.error("aten::normal.float_float", 0.0, -1.0, [2])
cases.error("aten::normal.Tensor_float", whole, 1.0)
cases.error("aten::bernoulli", torch.tensor([1.5]))
cases.error("aten::bernoulli", whole)
cases.error("aten::bernoulli.p", x, 1.5)
cases.write()
