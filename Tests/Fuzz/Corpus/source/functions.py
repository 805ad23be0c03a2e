"""Functions whose source text Martlet compiles as PyTorch does; see make_sources.py."""
import math
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import torch
import torch.nn.functional as F
from torch import Tensor


def early_return(x: Tensor, n: int) -> Tensor:
    if n > 3:
        return x + 1
    y = x * 2
    if n < 0:
        return y
    return y - 1


def nested_return(x: Tensor, n: int):
    if n > 3:
        if n > 5:
            return x + 1
        x = x * 2
    else:
        x = x - 1
    return x.relu()


def loops(x: Tensor, n: int) -> Tensor:
    for i in range(n):
        if i == 3:
            break
        if i == 1:
            continue
        x = x + i
    return x


def return_from_loop(x: Tensor, n: int) -> Tensor:
    for i in range(1, n, 2):
        if x.sum() > 30:
            return x
        x = x + i
    i = 0
    while i < 4 and bool(x.sum() < 300):
        i += 1
        x.add_(i)
        if i == 3:
            break
    return x


def nested_loops(x: Tensor, n: int) -> int:
    t = 0
    for i in range(n):
        for j in range(i):
            if j == 2:
                continue
            if i + j == 7:
                return t
            t += j
    return t


def walk_tensor(x: Tensor, n: int) -> int:
    i = 0
    for t in x:
        i += int(t.sum().item())
    return i


def walk_lists(x: Tensor, n: int) -> float:
    l = [1, 2, n]
    m = [0.5, 1.5, 2.5]
    s = 0.0
    for i, t in enumerate(l):
        s += i * t
    for a, b in zip(l, m):
        s += a * b
    for i, (a, b) in enumerate(zip(l, m)):
        s += a * b * i
    return s


def indices(x: Tensor, n: int):
    m = torch.tensor([1, 0])
    a = x[0]
    b = x[1:, None, ..., 0]
    c = x[..., -1]
    d = x[:, 1]
    e = x[m]
    f = x[[0, 1]]
    g = x[x > 2]
    h = x[:, m]
    i = x[::2]
    j = x[None]
    k = x[1, 1:3]
    o = x[m, 0]
    return a, b, c, d, e, f, g, h, i, j, k, o


def assignments(x: Tensor, n: int):
    y = x.clone()
    m = torch.tensor([1, 0])
    y[0] = 3.0
    y[:, 1] += 2
    y[m] = y[m] + 1
    y[m, m] += 1
    y[0, 1] = y[1, 0]
    l = [1, 2, 3]
    d = {"a": 1}
    l[0] = 3
    l[1] += 2
    d["b"] = 2
    d["a"] += n
    y += 1
    y *= y
    y /= 2
    y -= 1
    n += 1
    return y, l, d, n


def optional(x: Optional[Tensor], n: int) -> Tensor:
    if x is None:
        x = torch.ones(2)
    return x + n


def both(x: Optional[Tensor], n: int) -> Tensor:
    y = x if n > 0 else None
    if x is not None and y is not None:
        return x + y
    if x is None or y is None:
        return torch.zeros(1)
    return x


def asserted(x: Optional[Tensor], n: int) -> Tensor:
    assert x is not None, "no x"
    return x + 1


def comprehensions(x: Tensor, n: int):
    l = [1, 2, 3]
    a = [i * 2 for i in l]
    c = {i: i + 1 for i in l}
    d = [t.sum() for t in x]
    f: List[Tensor] = []
    for i in range(2):
        f.append(x[i])
    return a, c, d, torch.stack(f), torch.cat([x, x], dim=0)


def strings(x: Tensor, n: int):
    s = "a,b\n'q\""
    a = s + "x"
    c = s.upper()
    d = f"n={n} {s}"
    e = s[1:3]
    f = "{} {}".format(n, s)
    g = s.split(",")
    h = "-".join(g)
    return a, c, d, e, f, g, h, s == "abc", len(s), str(n), s[0]


def numbers(x: Tensor, n: int):
    f = 2.5
    b = n > 2
    a = n + 1
    c = n // 2
    d = n / 2
    e = -n % 3
    g = n**2
    k = n == 2 and b or not b
    q = int(f)
    r = float(n)
    t = math.sqrt(f)
    u = math.pi * 2
    v = n & 3
    w = n | 8
    y = n ^ 1
    z = n << 2
    dd = 0 < n < 5
    cc = 1 if b else 2
    return a, c, d, e, g, k, q, r, t, u, v, w, y, z, cc, dd, max(n, 3), min(f, 2.0), abs(-n)


def tensors(x: Tensor, n: int):
    y = x + 1
    a = x + y
    b = x @ y.t()
    c = -x
    d = x**2
    e = x // 2
    f = x % 3
    g = 1 - x
    h = 2 / y
    i = 2**x
    j = x == y
    k = x < 1
    l = ~(x > 0)
    o = x.reshape([3, -1])
    p = x.permute(1, 0)
    z = x[0].expand(2, -1)
    ee, ff = torch.max(x, dim=1)
    ii = torch.where(x > 2, x, y)
    mm = torch.arange(0, 3, dtype=torch.float32, device=x.device)
    return (
        a, b, c, d, e, f, g, h, i, j, k, l, o, p, x.size(0), x.shape, x.dim(), x.double(), z,
        ee, ff, ii, x.numel(), mm, torch.max(x, 1)[0], 3 < x, n * x,
    )


def functional(x: Tensor, n: int):
    a = F.relu(x)
    d = F.softmax(x, dim=1)
    g = F.log_softmax(x, -1)
    h = F.leaky_relu(x, 0.1)
    i = F.layer_norm(x, [3])
    k = F.normalize(x, dim=1)
    l = F.pad(x, [1, 1])
    o = F.interpolate(x[None, None], scale_factor=2.0)
    p = F.max_pool2d(x[None], 2)
    q = F.dropout(x, 0.5, False)
    return a, d, g, h, i, k, l, o, p, q


def tuples(x: Tensor, n: int):
    t = (n, x, "s")
    a, b, c = t
    d = t[1]
    e = t[1:]
    i, (j, k) = 1, (x, 2)
    for z in (1, 2, 3):
        a += z
    return a, b, c, d, e, len(t), i, j, k


def choices(x: Tensor, n: int):
    t = n > 2
    y = x if t else x + 1
    a, b = (1, 2) if t else (3, 4)
    l = [x, y] if t else [y]
    return y, a, b, torch.cat(l)


def dictionaries(x: Tensor, n: int):
    d = {"a": x, "b": x + 1}
    e = {1: 0.5, 3: 1.5}
    s = torch.zeros(2, 3)
    for k in d:
        s = s + d[k]
    for k2, v in d.items():
        s += v
    for v2 in d.values():
        s += v2
    if "a" in d:
        s += d["a"]
    w: Dict[str, int] = {}
    w["q"] = n
    del d["a"]
    d.pop("b")
    return s, e.get(3), e.get(4, 2.0), list(e.keys()), len(d), w


def lists(x: Tensor, n: int):
    l = [3, 1, 2]
    l.append(n)
    l.extend([1, 2])
    a = l + [4]
    b = l.pop()
    l.insert(0, 2)
    l.reverse()
    l.sort()
    c = l.index(2)
    d = l.count(2)
    e = l[1:]
    f = l * 2
    l.remove(3)
    k = 3 in l
    l += [1]
    m = [x[0], x[0] + 1]
    return a, b, c, d, e, f, k, l, m, [0] * 3, l == a


def annotated(x: Tensor, n: int):
    m: List[List[float]] = x.tolist()
    k = torch.jit.annotate(List[int], [])
    o = torch.jit.annotate(Optional[Tensor], None)
    s: Optional[int] = None
    if x.sum() > 0:
        s = 2
        o = x
    return m, k, o, s


def while_break(x: Tensor, n: int) -> int:
    i = 0
    while True:
        i += 1
        if i > n:
            break
        if i % 2 == 0:
            continue
        n -= 1
    return i


def conditions(x: Tensor, n: int):
    if n > 0 and n > 3 or n < -3:
        x = x + 1
    elif not (n == 2):
        x = x - 1
    return x


def raising(x: Tensor, n: int) -> int:
    if n == 0:
        raise RuntimeError("zero " + str(n))
    elif n == 1:
        raise ValueError("one")
    else:
        r = n
    return r


def creation(x: Tensor, n: int):
    return (
        torch.tensor([1, 2]), torch.tensor(3.0), torch.full((2, 2), 1.5), x.sum(dim=1, keepdim=True),
        x.mean([0, 1]), torch.linspace(0, 1, 5), x.dtype == torch.float32, torch.eye(3),
        torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.ones_like(x, dtype=torch.float64),
        x.to(torch.int64), torch.zeros([2], dtype=torch.int64), x.new_zeros(2),
    )


def chunks(x: Tensor, n: int):
    a, b = x.chunk(2)
    c, d = torch.split(x, 1)
    e = x.split([1, 1], dim=0)
    g, h = x.unbind(0)
    i = torch.topk(x, 2)[1]
    j, k = x.sort(dim=-1, descending=True)
    return a, b, c, d, e, g, h, i, j, k


def instances(x: Tensor, n: int):
    y: Union[int, str] = n
    i = 0
    if isinstance(y, int):
        i += y
    return i
