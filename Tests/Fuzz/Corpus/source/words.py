class Words(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  _is_full_backward_hook : Optional[bool]
  names : List[str]
  table : Dict[str, int]
  def forward(self: __torch__.models_scripted.Words,
    x: Tensor) -> Tensor:
    names = self.names
    _0 = [9223372036854775807, torch.len(names)]
    total = 0
    for index in range(ops.prim.min(_0)):
      name = names[index]
      key = torch.format("{}_{}", name, index)
      table = self.table
      if torch.__contains__(table, key):
        _2 = torch.__not__(torch.startswith(key, "one"))
        _1 = _2
      else:
        _1 = False
      if _1:
        table0 = self.table
        total0 = torch.add(total, table0[key])
      else:
        total0 = total
      total = total0
    if torch.gt(torch.size(x, 0), 2):
      mode = "wide"
    else:
      mode = "narrow"
    if torch.eq(mode, "wide"):
      _3 = torch.mul(x, total)
    else:
      if torch.eq(mode, "narrow"):
        pass
      else:
        _4 = torch.format("no mode {}", mode)
        _5 = torch.add("AssertionError: ", _4)
        ops.prim.RaiseException(_5)
      _3 = torch.add(x, total)
    return _3
