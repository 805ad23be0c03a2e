class LRASPPHead(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  _is_full_backward_hook : Optional[bool]
  cbr : __torch__.torch.nn.modules.container.___torch_mangle_6292.Sequential
  scale : __torch__.torch.nn.modules.container.___torch_mangle_6296.Sequential
  low_classifier : __torch__.torch.nn.modules.conv.___torch_mangle_6297.Conv2d
  high_classifier : __torch__.torch.nn.modules.conv.___torch_mangle_6298.Conv2d
  def forward(self: __torch__.torchvision.models.segmentation.lraspp.___torch_mangle_6299.LRASPPHead,
    argument_1: Tensor,
    argument_2: Tensor) -> Tensor:
    high_classifier = self.high_classifier
    low_classifier = self.low_classifier
    scale = self.scale
    cbr = self.cbr
    input = torch.mul((cbr).forward(argument_1, ), (scale).forward(argument_1, ))
    _0 = ops.prim.NumToTensor(torch.size(argument_2, 2))
    _1 = int(_0)
    _2 = ops.prim.NumToTensor(torch.size(argument_2, 3))
    input0 = torch.upsample_bilinear2d(input, [_1, int(_2)], False, None)
    _3 = (low_classifier).forward(argument_2, )
    input1 = torch.add(_3, (high_classifier).forward(input0, ))
    return input1
