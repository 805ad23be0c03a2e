"""Models compiled by torch.jit.script: control flow, containers, strings, classes."""

from enum import Enum
from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import nn

from case import Case, scripted


class Loops(nn.Module):
    """Loops that end by a tensor's value; lists that grow."""

    def __init__(self):
        super().__init__()
        self.step = nn.Linear(4, 4)

    def forward(self, x, limit: int = 6):
        states: List[torch.Tensor] = []
        count = 0
        while bool(x.abs().sum() > 0.5) and count < limit:
            x = torch.tanh(self.step(x)) * 0.7
            states.append(x)
            count += 1
        for index in range(len(states)):
            if index % 2 == 0:
                continue
            states[index] = states[index] * 2
        if len(states) == 0:
            return x, count
        return torch.stack(states).sum(0), count


class Repeat(nn.Module):
    def forward(self, x):
        count = 0
        while bool(x.norm() > 0.1):
            x = x * 0.5
            count += 1
        return x + count


class Point(NamedTuple):
    position: torch.Tensor
    weight: Optional[torch.Tensor]


class Containers(nn.Module):
    """Dictionaries, tuples, optionals and named tuples."""

    def __init__(self):
        super().__init__()
        self.scales: Dict[str, float] = {"a": 0.5, "b": 2.0}
        self.layers = nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 3)])
        self.heads = nn.ModuleDict({"left": nn.Linear(3, 2), "right": nn.Linear(3, 2)})

    def point(self, x, heavy: bool) -> Point:
        weight: Optional[torch.Tensor] = None
        if heavy:
            weight = x.norm()
        return Point(x * 2, weight)

    def forward(self, x) -> Tuple[Dict[str, torch.Tensor], Tuple[torch.Tensor, int], List[torch.Tensor]]:
        results: Dict[str, torch.Tensor] = {}
        for name, scale in self.scales.items():
            results[name] = x * scale
        for layer in self.layers:
            x = torch.relu(layer(x))
        for name, head in self.heads.items():
            results[name] = head(x)
        light, heavy = self.point(x, False), self.point(x, True)
        total = light.position
        weight = heavy.weight
        if weight is not None:
            total = total + weight
        if light.weight is None and "a" in results:
            total = total - results["a"]
        long = 0
        for key in results.keys():
            long += int(len(key) > 1)
        return results, (total, long), [light.position, heavy.position[0]]


class Words(nn.Module):
    """Strings: formatted, compared, looked up."""

    def __init__(self):
        super().__init__()
        self.names = ["zero", "one", "two"]
        self.table: Dict[str, int] = {"zero_0": 3, "one_1": 5, "two_2": 7}

    def forward(self, x):
        total = 0
        for index, name in enumerate(self.names):
            key = "{}_{}".format(name, index)
            if key in self.table and not key.startswith("one"):
                total += self.table[key]
        mode = "wide" if x.size(0) > 2 else "narrow"
        if mode == "wide":
            return x * total
        assert mode == "narrow", f"no mode {mode}"
        return x + total


class Colour(Enum):
    RED = 1
    GREEN = 2


@torch.jit.script
class Accumulator:
    """A class of its own, with a state."""

    def __init__(self, start: torch.Tensor):
        self.total = start
        self.count = 0

    def add(self, x: torch.Tensor):
        self.total = self.total + x
        self.count += 1

    def mean(self) -> torch.Tensor:
        return self.total / max(self.count, 1)


class Objects(nn.Module):
    """Objects with methods, enums, early returns."""

    def __init__(self):
        super().__init__()
        self.colour = Colour.GREEN

    def choose(self, x, colour: Colour):
        if colour == Colour.RED:
            return x
        for index in range(3):
            if bool(x.sum() > index):
                return x * (index + 2)
        return -x

    def forward(self, x):
        sums = Accumulator(torch.zeros_like(x))
        for row in x:
            sums.add(row)
        return self.choose(sums.mean(), self.colour), self.choose(x, Colour.RED)


@torch.jit.interface
class Stage(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pass


class Double(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2


class Shift(nn.Module):
    def __init__(self):
        super().__init__()
        self.by = nn.Parameter(torch.tensor([1.0, 2.0, 3.0]))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.by


class Interfaces(nn.Module):
    """A submodule behind an interface, and forks."""

    stage: Stage

    def __init__(self, stage):
        super().__init__()
        self.stage = stage
        self.twice = Double()

    def forward(self, x):
        future = torch.jit.fork(self.twice, x)
        y = self.stage.forward(x)
        return y + torch.jit.wait(future)


class Buffers(nn.Module):
    """A module that keeps a state from call to call, and writes to slices."""

    def __init__(self):
        super().__init__()
        self.register_buffer("memory", torch.zeros(3, 4))
        self.calls = 0

    def forward(self, x):
        self.memory[self.calls % 3] = x
        self.memory[:, 1:3] += 1
        self.calls += 1
        self.memory.mul_(0.5)
        return self.memory.clone(), self.calls


class Decoder(nn.Module):
    """Greedy decoding: a cell runs until it gives the end's word."""

    def __init__(self):
        super().__init__()
        self.words, self.cell, self.out = nn.Embedding(11, 8), nn.GRUCell(8, 8), nn.Linear(8, 11)

    def forward(self, state):
        word = torch.zeros(state.size(0), dtype=torch.long)
        results = torch.jit.annotate(List[torch.Tensor], [])
        done = torch.zeros(state.size(0), dtype=torch.bool)
        while len(results) < 12 and not bool(done.all()):
            state = self.cell(self.words(word), state)
            word = self.out(state).argmax(-1)
            word = torch.where(done, torch.full_like(word, 10), word)
            done = done | (word == 10)
            results.append(word)
        return torch.stack(results, 1), state


class Numbers(nn.Module):
    """Arithmetic of integers, floats and bools; slices and comprehensions."""

    def forward(self, x, n: int, scale: float):
        half, rest = n // 2, n % 2
        power = float(n) ** 0.5
        values = [i * half - i * i - rest for i in range(n)]
        values.sort()
        values.reverse()
        flag = n > 3 and (scale < 1.0 or not x.is_floating_point())
        size = x.size(-1)
        y = x[..., : size - 1] if flag else x[..., ::2]
        total = sum(values) + len(values) + min(n, 4) + abs(-n) + int(power)
        return y * total + round(scale) / (n + 1), values, flag, power


def _mixed():
    """A trace inside a script, a script inside a trace."""

    class Mixed(nn.Module):
        def __init__(self):
            super().__init__()
            self.traced = torch.jit.trace(nn.Sequential(nn.Linear(4, 4), nn.ReLU()), torch.randn(2, 4))
            self.loops = torch.jit.script(Repeat().eval())

        def forward(self, x):
            return self.loops(self.traced(x))

    model = Mixed().eval()
    return Case(torch.jit.trace(model, torch.randn(2, 4), check_trace=False), (torch.randn(3, 4),))


def _frozen():
    case = scripted(Containers(), torch.randn(2, 3), second=(torch.randn(5, 3),))
    return Case(torch.jit.freeze(case.module), case.inputs, case.second)


MODELS = {
    "scripted_loops": lambda: scripted(Loops(), torch.randn(3, 4), second=(torch.randn(5, 4) * 1e-3,)),
    "scripted_containers": lambda: scripted(Containers(), torch.randn(2, 3), second=(torch.randn(5, 3),)),
    "scripted_words": lambda: scripted(Words(), torch.randn(2, 3), second=(torch.randn(5, 3),)),
    "scripted_objects": lambda: scripted(Objects(), torch.randn(4, 3), second=(-torch.rand(2, 3),)),
    "scripted_interfaces": lambda: scripted(Interfaces(Shift()), torch.randn(2, 3)),
    "scripted_buffers": lambda: scripted(Buffers(), torch.randn(4), keeps_state=True),
    "scripted_decoder": lambda: scripted(Decoder(), torch.randn(3, 8), second=(torch.randn(5, 8),)),
    "scripted_numbers": lambda: scripted(Numbers(), torch.randn(2, 7), 7, 0.75, second=(torch.randn(3, 4), 2, 2.5)),
    "scripted_in_traced": _mixed,
    "scripted_frozen": _frozen,
}
