"""Operators of control flow, containers, strings and numbers, which only scripts use."""

import importlib.util
import pathlib
import sys
import tempfile
import zlib

import torch

from case import Case

_FOLDER = tempfile.TemporaryDirectory(prefix="scripted")

_FUNCTIONS = {
    "if": "x: Tensor, n: int\nif n > 2:\n  y = x + n\nelse:\n  y = x - 1\nreturn y",
    "if_tensor": "x: Tensor, n: int\nif bool(x.sum() > 0):\n  return x\nreturn -x",
    "while": "x: Tensor, n: int\ni = 0\nwhile i < n:\n  x = x * 2\n  i += 1\nreturn x, i",
    "for_break": "x: Tensor, n: int\nfor i in range(10):\n  if i == n:\n    break\n  x = x + i\nreturn x",
    "for_continue": "x: Tensor, n: int\nfor i in range(10):\n  if i % n == 0:\n    continue\n  x = x + i\nreturn x",
    "for_rows": "x: Tensor, n: int\ntotal = torch.zeros(4)\nfor row in x:\n  total += row\nreturn total",
    "enumerate_zip": "x: Tensor, n: int\nout: List[int] = []\nfor i, (a, b) in enumerate(zip([1, 2], [3, 4])):\n  out.append(a * b + i)\nreturn x, out",
    "lists": "x: Tensor, n: int\na = [1, 2, 3]\na.append(n)\na.insert(1, 7)\na.extend([5, 6])\nb = a.pop()\na.remove(2)\na.reverse()\na[0] = 9\nc = a[1:3] + [a.index(9), a.count(9)]\na.sort()\ndel a[0]\nreturn x, a, b, c, len(a), 3 in a",
    "tensor_lists": "x: Tensor, n: int\na = [x, x + 1]\na.append(x * 2)\na += [x * 3]\nreturn torch.cat(a), len(a), a[-1]",
    "dictionaries": "x: Tensor, n: int\nd = {'a': x, 'b': x + 1}\nd['c'] = x * 2\ne = d.pop('a')\nf = d.get('z', x)\nk = len(d)\nd.update({'q': x})\ndel d['q']\nreturn d, e, f, k, 'b' in d, list(d.values())",
    "dictionary_of_ints": "x: Tensor, n: int\nd = {1: 2.0, 3: 4.0}\nd[n] = 5.0\nt = 0.0\nfor k, v in d.items():\n  t += k * v\nreturn x * t",
    "tuples": "x: Tensor, n: int\nt = (x, n, 2.5)\na, b, c = t\nreturn t[0] + b, t[1:], (a, (b, c))",
    "optionals": "x: Tensor, n: Optional[int]\nif n is None:\n  return x\nelse:\n  return x * n",
    "strings": "x: Tensor, n: int\ns = 'n = {}'.format(n)\nt = f'{n}!'\nif s == 'n = 3' and t.endswith('!') and len(s.split(' ')) == 3:\n  return x + ord(s[0])\nreturn x",
    "string_methods": "x: Tensor, n: int\ns = ' Abc '.strip().lower() + 'x' * 2\nreturn x, len(s), s.find('c'), s.startswith('ab'), int('12') + n, float('1.5'), s.upper() == 'ABCXX', s.replace('x', 'yy').count('y'), len('-'.join(['a', 'b']))",
    "integers": "x: Tensor, n: int\nreturn x, n + 2, n - 5, n * 3, n / 2, n // 2, n % 2, -n // 2, -n % 2, n ** 2, n << 2, n >> 1, n & 1, n | 4, n ^ 7, abs(-n), min(n, 2), max(n, 5), float(n), bool(n)",
    "floats": "x: Tensor, n: int\nf = n * 1.5\nreturn x, f + 1, f / 0.3, f // 0.4, f % 0.7, f ** 0.5, -f, int(f), round(f), abs(-f), min(f, 2.0), f > n, f == 4.5, math.floor(f), math.ceil(f), math.sqrt(f), math.exp(f), math.log(f), math.sin(f), math.pow(f, 2.0), math.isnan(f), math.pi",
    "booleans": "x: Tensor, n: int\na, b = n > 1, n < 1\nreturn x, a and b, a or b, not a, a == b, a != b, a and n == 3, int(a) + 1",
    "comparisons": "x: Tensor, n: int\nreturn x, n == 3, n != 3, n < 3, n <= 3, n > 3.5, n >= 2.5, 1 < n < 5, n in [1, 3]",
    "tensor_numbers": "x: Tensor, n: int\nreturn int(x.sum()), float(x.mean()), bool(x[0, 0] > 0), x.size(0), x.dim(), x.numel(), x.size(), len(x), x.is_floating_point(), x.shape[1] + n",
    "tensor_attributes": "x: Tensor, n: int\nif x.dtype == torch.float32 and not x.is_cuda and not x.requires_grad and x.device.type == 'cpu':\n  return x.to(torch.float64)\nreturn x",
    "item": "x: Tensor, n: int\nv = x.sum().item()\nreturn x * v, x.argmax().item()",
    "asserts": "x: Tensor, n: int\nassert n > 0, 'n must be positive'\nif n > 100:\n  raise RuntimeError('too much')\nreturn x",
    "list_of_lists": "x: Tensor, n: int\na = [[1, 2], [3]]\na[1].append(n)\nt = 0\nfor b in a:\n  for c in b:\n    t += c\nreturn x, t, a",
    "comprehension": "x: Tensor, n: int\nreturn x, [i * n for i in range(4)], [t.sum() for t in x.unbind(0)], {str(i): i for i in range(2)}",
    "nested_loops": "x: Tensor, n: int\nt = 0\nfor i in range(n):\n  for j in range(i, 5, 2):\n    if j == 3:\n      break\n    t += i * j\nreturn x + t",
    "in_place_alias": "x: Tensor, n: int\ny = x.clone()\nz = y\nz += 1\nw = y[0]\nw.mul_(2)\nreturn y, z, w",
    "list_alias": "x: Tensor, n: int\na = [x]\nb = a\nb.append(x + 1)\nreturn a, len(a)",
    "slices": "x: Tensor, n: int\nreturn x[n - 2:], x[:, :n], x[..., -1], x[None], x[0, 1:n], x[torch.tensor([0, 1])], x[x > 0]",
    "shape_lists": "x: Tensor, n: int\ns = list(x.shape)\ns[0] *= 2\ns.append(1)\nreturn torch.zeros(s), x.view([-1] + s[1:2]), sum(s)",
    "annotate": "x: Tensor, n: int\na = torch.jit.annotate(List[int], [])\nb: Dict[str, List[Tensor]] = {}\nb['k'] = [x]\nb['k'].append(x + 1)\nreturn a, b, len(a)",
    "isinstance": "x: Tensor, n: Optional[int]\nif isinstance(n, int):\n  return x + n\nelse:\n  return x",
    "early_return": "x: Tensor, n: int\nfor i in range(5):\n  if i > n:\n    return x * i\n  x = x + 1\nreturn x",
    "no_grad": "x: Tensor, n: int\nwith torch.no_grad():\n  y = x * n\nreturn y",
    "multiple_assignment": "x: Tensor, n: int\na, b = x.split(2, 1)\nc, (d, e) = n, (n + 1, n + 2)\nreturn a + b, c + d * e",
    "ternary": "x: Tensor, n: int\nreturn (x if n > 1 else -x), (1.0 if n > 5 else 2.0)",
    "max_values": "x: Tensor, n: int\nv, i = x.max(1)\nreturn v, i, max([n, 2, 7]), min([1.5, 2.5]), sum([1, 2, n]), any([False, n > 1]), all([True, n > 5]), sorted([3, 1, n])",
    "devices": "x: Tensor, n: int\nreturn torch.zeros(2, device=x.device, dtype=x.dtype), torch.ones([n], dtype=torch.int64, device=torch.device('cpu'))",
    "tolist": "x: Tensor, n: int\na: List[int] = x.long().view(-1).tolist()\nreturn x, a",
    "full_slices": "x: Tensor, n: int\ny = x.clone()\ny[0] = 5.0\ny[:, 1] = x[:, 0]\ny[y > 3] = -1.0\ny[1:, ::2] += n\nreturn y",
    "functional_if": "x: Tensor, n: int\nreturn F.dropout(F.relu(x), 0.5, False), F.softmax(x, 1), F.pad(x, [1, 1]), F.interpolate(x[None, None], scale_factor=2.0), F.normalize(x), F.gelu(x), F.layer_norm(x, [4])",
    "range_variants": "x: Tensor, n: int\nt = 0\nfor i in range(10, 0, -n):\n  t += i\nfor j in range(2, n):\n  t += j * 100\nreturn x, t",
    "unions_of_none": "x: Tensor, n: int\ny: Optional[Tensor] = None\nfor i in range(n):\n  if y is None:\n    y = x\n  else:\n    y = y + x\nassert y is not None\nreturn y",
    "complex_numbers": "x: Tensor, n: int\nz = torch.complex(x, x)\nreturn torch.view_as_real(z * (1 + 2j)), z.real",
    "divmod": "x: Tensor, n: int\nq, r = divmod(-7, n)\nreturn x, q, r",
}


def _case(name, text):
    def make():
        arguments, body = text.split("\n", 1)
        lines = "".join(f"        {line}\n" for line in body.split("\n"))
        source = (
            "import math\nimport torch\nimport torch.nn.functional as F\nfrom torch import Tensor\n"
            "from typing import Dict, List, Optional, Union\n"
            f"class Scripted(torch.nn.Module):\n    def forward(self, {arguments}):\n{lines}")
        scope = _load(name, source)
        generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        first, second = torch.randn(3, 4, generator=generator), torch.randn(5, 4, generator=generator)
        return Case(torch.jit.script(scope.Scripted().eval()), (first, 3), (second, 2))

    return make


def _load(name, source):
    """A module of Python from text; TorchScript's compiler wants to find the source in a file."""
    path = pathlib.Path(_FOLDER.name) / f"scripted_{name}.py"
    path.write_text(source)
    specification = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(specification)
    sys.modules[path.stem] = module
    specification.loader.exec_module(module)
    return module


def operators():
    return {f"script_{name}": _case(name, text) for name, text in _FUNCTIONS.items()}
