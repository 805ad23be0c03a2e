class Loops(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  _is_full_backward_hook : Optional[bool]
  step : __torch__.torch.nn.modules.linear.___torch_mangle_15656.Linear
  def forward(self: __torch__.models_scripted.Loops,
    x: Tensor,
    limit: int=6) -> Tuple[Tensor, int]:
    states = annotate(List[Tensor], [])
    _0 = torch.gt(torch.sum(torch.abs(x)), 0.5)
    if bool(_0):
      _1 = torch.lt(0, limit)
    else:
      _1 = False
    x0 = x
    count = 0
    _2 = _1
    while _2:
      step = self.step
      x1 = torch.mul(torch.tanh((step).forward(x0, )), 0.69999999999999996)
      _3 = torch.append(states, x1)
      count0 = torch.add(count, 1)
      _4 = torch.gt(torch.sum(torch.abs(x1)), 0.5)
      if bool(_4):
        _5 = torch.lt(count0, limit)
      else:
        _5 = False
      _2, x0, count = _5, x1, count0
    _6 = torch.len(states)
    _7 = 0
    _8 = torch.gt(_6, 0)
    while _8:
      _9 = torch.eq(torch.remainder(_7, 2), 0)
      if _9:
        pass
      else:
        _10 = torch._set_item(states, _7, torch.mul(states[_7], 2))
      _11 = torch.add(_7, 1)
      _12 = torch.__and__(torch.lt(_11, _6), True)
      _8, _7 = _12, _11
    if torch.eq(torch.len(states), 0):
      _13 = (x0, count)
    else:
      _14 = torch.sum(torch.stack(states), [0])
      _13 = (_14, count)
    return _13
