"""Archives that PyTorch wrote, to be loaded and saved again: saving/*.pt.

PyTorch loads each and saves it again first, so that its source is as it prints what it reads.
"""

import enum
import pathlib
import warnings
from typing import Dict, List, NamedTuple, Optional

import torch

FOLDER = pathlib.Path(__file__).parent / "saving"


class Shade(enum.Enum):
    LIGHT = 1
    DARK = 2


class Pair(NamedTuple):
    x: torch.Tensor
    n: int


@torch.jit.script
class Counter:
    def __init__(self, n: int):
        self.n = n

    def add(self, k: int = 2) -> int:
        self.n += k
        return self.n


@torch.jit.interface
class Scaling(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pass


class Double(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2


@torch.jit.script
def helper(x: torch.Tensor, n: int = 3, text: str = "a'\"\n\x01\u00e9") -> torch.Tensor:
    if n > 2:
        return x + n
    return x


class Scripted(torch.nn.Module):
    FACTOR: torch.jit.Final[int]
    scaling: Scaling
    nothing: Optional[int]
    numbers: List[int]

    def __init__(self):
        super().__init__()
        self.FACTOR = 4
        self.scaling = Double()
        self.linear = torch.nn.Linear(2, 2)
        self.names = ["a", "b"]
        self.table = {"x": 1.5}
        self.nothing = None
        self.numbers = []
        self.register_buffer("state", torch.zeros(2), persistent=False)
        self.pair = (1, "s")
        self.shade = Shade.LIGHT
        self.phase = 1 - 2j
        self.counter = Counter(3)

    def forward(self, x: torch.Tensor, k: int = 3):
        y = helper(x, k)
        counter = Counter(2)
        for i in range(k):
            if i == 5:
                break
            y = self.linear(y)
        while bool(y.sum() > 100.0):
            y = y / 2
        pair = Pair(y, counter.add())
        best: Optional[torch.Tensor] = None
        if k > 3:
            best = y
        if best is None:
            best = pair.x
        if self.shade == Shade.LIGHT:
            best = best + self.FACTOR
        assert k < 100, "a rather long message, which stands on a line of its own above the others"
        parts = [part + 1.0 for part in [1.0, float("inf"), -0.0, 1e-5]]
        return self.scaling(best), parts, {"a": y}, pair

    @torch.jit.export
    def other(self, x: List[int]) -> Dict[str, int]:
        return {"n": len(x), "m": x[0] if len(x) > 0 else 0}


class Traced(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3, padding=1)
        self.norm = torch.nn.BatchNorm2d(4)
        self.again = torch.nn.Conv2d(4, 4, 3, padding=1)
        self.act = torch.nn.ReLU()
        self.shared = self.act
        self.register_buffer("mask", torch.tensor([True, False]))

    def forward(self, x):
        y = self.act(self.norm(self.conv(x)))
        y = self.shared(self.again(y))
        rows = y.view(x.shape[0], -1)
        return rows / rows.norm(), [rows.sum(1), y[:, 0, None, ::2]], torch.full((2,), 0.5)


def quantized():
    from torch.ao import quantization
    model = torch.nn.Sequential(
        quantization.QuantStub(), torch.nn.Conv2d(1, 2, 3), torch.nn.Flatten(),
        torch.nn.Linear(2, 2), quantization.DeQuantStub()).eval()
    model.qconfig = quantization.get_default_qconfig("fbgemm")
    quantization.prepare(model, inplace=True)
    model(torch.rand(1, 1, 3, 3))
    quantization.convert(model, inplace=True)
    return torch.jit.trace(model, torch.rand(1, 1, 3, 3))


def main():
    warnings.simplefilter("ignore")
    torch.backends.quantized.engine = "fbgemm"
    torch.manual_seed(0)
    FOLDER.mkdir(exist_ok=True)
    archives = {
        "scripted": torch.jit.script(Scripted().eval()),
        "traced": torch.jit.trace(Traced().eval(), torch.rand(2, 3, 4, 4)),
        "quantized": quantized(),
    }
    for name, module in archives.items():
        path = FOLDER / f"{name}.pt"
        module.save(path)
        extra = {"notes/a.txt": "hello"} if name == "traced" else {}
        torch.jit.load(path).save(path, _extra_files=extra)


if __name__ == "__main__":
    main()
