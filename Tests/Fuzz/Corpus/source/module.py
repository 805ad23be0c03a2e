class M(Module):
  __parameters__ = []
  __buffers__ = []
  def forward(self: __torch__.M,
    x: Tensor,
    n: int) -> Tuple[Tensor, List[int]]:
    sizes = annotate(List[int], [])
    named = {"a": torch.relu(x), "b": torch.neg(x)}
    y = x
    for i in range(n):
      _0 = torch.append(sizes, torch.size(y, 0))
      if torch.gt(i, 2):
        y0 = torch.add(y, named["a"], alpha=1)
      else:
        y0 = torch.view(y, [-1, int(torch.mul(i, 2.5))])
      y = y0
    _1 = (self).count(sizes, )
    opt = torch.tensor([float(_1), 1.5e-3])
    return (torch.mul(y, opt), sizes)
  def count(self: __torch__.M,
    sizes: List[int]) -> int:
    c = 0
    _2 = True
    while _2:
      c = torch.add(c, 1)
      _2 = torch.lt(c, torch.len(sizes))
    text = torch.format("{} of {}", c, "sizes")
    if torch.eq(text, "2 of sizes"):
      ops.prim.RaiseException("AssertionError: ")
    return c
