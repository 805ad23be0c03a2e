"""Small archives of torch.jit.save for Tests/TorchScriptTests: each carries its inputs and PyTorch's results
as the extra file `case.json`."""

import json
import pathlib
from typing import Dict, List, Optional

import torch
from torch import nn

HERE = pathlib.Path(__file__).parent / "modules"
torch.manual_seed(0)


def flat(value):
    if isinstance(value, torch.Tensor):
        return [value.detach().double().flatten().tolist()]
    if isinstance(value, dict):
        return [part for item in value.values() for part in flat(item)]
    if isinstance(value, (list, tuple)):
        return [part for item in value for part in flat(item)]
    return [[float(value)]]


class Convolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(2, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.block = nn.Conv2d(4, 4, 1)
        self.again = self.block
        self.tied = nn.Parameter(torch.randn(4, 1, 1))
        self.register_buffer("offset", torch.tensor([0.5]))

    def forward(self, x):
        y = torch.relu_(self.norm(self.first(x)))
        y += self.again(self.block(y))
        y[:, 0] = 1.0
        return y * self.tied + self.offset


class Counting(nn.Module):
    count: int
    seen: List[float]

    def __init__(self):
        super().__init__()
        self.register_buffer("total", torch.zeros(2))
        self.count = 0
        self.seen = []

    def forward(self, x: torch.Tensor, scale: Optional[float] = None):
        self.count += 1
        self.total += x
        if scale is not None:
            x = x * scale
        self.seen.append(float(x.sum()))
        table: Dict[str, torch.Tensor] = {}
        for i in range(self.count):
            table[str(i)] = x + i
        return self.total.clone(), self.count, self.seen, table

    @torch.jit.export
    def reset(self):
        self.count = 0
        self.total.zero_()
        self.seen.clear()


@torch.jit.script
def function(x: torch.Tensor, n: int):
    for i in range(n):
        x = x * 2 - i
    return x


def write(name, make, *calls):
    fresh, used = make(), make()
    used.load_state_dict(fresh.state_dict()) if isinstance(used, nn.Module) else None
    results = [flat(used(*call)) for call in calls]
    case = {
        "calls": [
            {"inputs": [{"shape": list(v.shape) if isinstance(v, torch.Tensor) else None, "values": flat(v)[0]} for v in call],
             "expects": result}
            for call, result in zip(calls, results)
        ]
    }
    torch.jit.save(fresh, str(HERE / f"{name}.pt"), _extra_files={"case.json": json.dumps(case)})


HERE.mkdir(exist_ok=True)
with torch.no_grad():
    x = torch.randn(1, 2, 5, 5)
    write("convolutions", lambda: torch.jit.trace(Convolutions().eval(), x), (x,), (torch.randn(2, 2, 3, 4),))
    write("counting", lambda: torch.jit.script(Counting()), (torch.ones(2),), (torch.ones(2), 2.0), (torch.ones(2),))
    write("function", lambda: function, (torch.ones(3), 4))
