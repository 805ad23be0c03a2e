class Numbers(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  _is_full_backward_hook : Optional[bool]
  def forward(self: __torch__.models_scripted.Numbers,
    x: Tensor,
    n: int,
    scale: float) -> Tuple[Tensor, List[int], bool, float]:
    half = torch.floordiv(n, 2)
    rest = torch.remainder(n, 2)
    power = torch.pow(float(n), 0.5)
    values = annotate(List[int], [])
    for i in range(n):
      _0 = torch.sub(torch.mul(i, half), torch.mul(i, i))
      _1 = torch.append(values, torch.sub(_0, rest))
    torch.sort(values)
    torch.reverse(values)
    if torch.gt(n, 3):
      if torch.lt(scale, 1.):
        _2 = True
      else:
        _3 = torch.__not__(torch.is_floating_point(x))
        _2 = _3
      flag = _2
    else:
      flag = False
    size = torch.size(x, -1)
    if flag:
      _4 = torch.slice(x, -1, None, torch.sub(size, 1))
      y = _4
    else:
      y = torch.slice(x, -1, None, None, 2)
    _5 = torch.add(torch.sum(values), torch.len(values))
    _6 = torch.add(torch.add(_5, ops.prim.min(n, 4)), ops.prim.abs(torch.neg(n)))
    total = torch.add(_6, int(power))
    _7 = torch.mul(y, total)
    _8 = torch.div(torch.round(scale), torch.add(n, 1))
    _9 = (torch.add(_7, _8), values, flag, power)
    return _9
