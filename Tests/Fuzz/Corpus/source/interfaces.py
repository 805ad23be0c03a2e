class Interfaces(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  _is_full_backward_hook : NoneType
  stage : __torch__.models_scripted.Stage
  twice : __torch__.models_scripted.Double
  def forward(self: __torch__.models_scripted.Interfaces,
    x: Tensor) -> Tensor:
    twice = self.twice
    def __forked_function():
      return (twice).forward(x, )
    future = fork(__forked_function)
    stage = self.stage
    y = (stage).forward(x, )
    return torch.add(y, torch.wait(future))
class Shift(Module):
  __parameters__ = ["by", ]
  __buffers__ = []
  by : Tensor
  training : bool
  _is_full_backward_hook : Optional[bool]
  def forward(self: __torch__.models_scripted.Shift,
    x: Tensor) -> Tensor:
    by = self.by
    return torch.add(x, by)
class Double(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  _is_full_backward_hook : Optional[bool]
  def forward(self: __torch__.models_scripted.Double,
    x: Tensor) -> Tensor:
    return torch.mul(x, 2)
class Stage(ModuleInterface):
  def forward(self, x: Tensor) -> Tensor:
    pass
