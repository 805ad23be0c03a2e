/// Functions of `torch.nn.functional` for scripts that call them. Archives bring their own.
enum FunctionalSource {
  static let qualifier = "__torch__.torch.nn.functional"

  /// Those that are operators with the same parameters.
  static let aliases: [String: String] = [
    "conv1d": "aten::conv1d", "conv2d": "aten::conv2d", "conv3d": "aten::conv3d",
    "conv_transpose1d": "aten::conv_transpose1d", "conv_transpose2d": "aten::conv_transpose2d",
    "conv_transpose3d": "aten::conv_transpose3d", "linear": "aten::linear",
    "bilinear": "aten::bilinear", "max_pool1d": "aten::max_pool1d",
    "max_pool2d": "aten::max_pool2d", "max_pool3d": "aten::max_pool3d",
    "avg_pool1d": "aten::avg_pool1d", "avg_pool2d": "aten::avg_pool2d",
    "avg_pool3d": "aten::avg_pool3d", "adaptive_avg_pool1d": "aten::adaptive_avg_pool1d",
    "adaptive_avg_pool2d": "aten::adaptive_avg_pool2d",
    "adaptive_avg_pool3d": "aten::adaptive_avg_pool3d",
    "adaptive_max_pool1d": "aten::adaptive_max_pool1d",
    "adaptive_max_pool2d": "aten::adaptive_max_pool2d", "gelu": "aten::gelu",
    "logsigmoid": "aten::log_sigmoid", "softplus": "aten::softplus", "prelu": "aten::prelu",
    "sigmoid": "aten::sigmoid", "tanh": "aten::tanh", "one_hot": "aten::one_hot",
    "glu": "aten::glu", "softshrink": "aten::softshrink", "hardshrink": "aten::hardshrink",
    "pixel_shuffle": "aten::pixel_shuffle", "pixel_unshuffle": "aten::pixel_unshuffle",
    "cosine_similarity": "aten::cosine_similarity",
    "pairwise_distance": "aten::pairwise_distance", "pdist": "aten::pdist",
    "scaled_dot_product_attention": "aten::scaled_dot_product_attention",
    "channel_shuffle": "aten::channel_shuffle", "affine_grid": "aten::affine_grid_generator",
  ]

  static let text = """
    def relu(input: Tensor, inplace: bool=False) -> Tensor:
      return torch.relu_(input) if inplace else torch.relu(input)
    def relu6(input: Tensor, inplace: bool=False) -> Tensor:
      return torch.hardtanh_(input, 0., 6.) if inplace else torch.hardtanh(input, 0., 6.)
    def silu(input: Tensor, inplace: bool=False) -> Tensor:
      return torch.silu_(input) if inplace else torch.silu(input)
    def mish(input: Tensor, inplace: bool=False) -> Tensor:
      return torch.mish_(input) if inplace else torch.mish(input)
    def hardswish(input: Tensor, inplace: bool=False) -> Tensor:
      return torch.hardswish_(input) if inplace else torch.hardswish(input)
    def hardsigmoid(input: Tensor, inplace: bool=False) -> Tensor:
      return torch.hardsigmoid_(input) if inplace else torch.hardsigmoid(input)
    def selu(input: Tensor, inplace: bool=False) -> Tensor:
      return torch.selu_(input) if inplace else torch.selu(input)
    def elu(input: Tensor, alpha: float=1., inplace: bool=False) -> Tensor:
      return torch.elu_(input, alpha) if inplace else torch.elu(input, alpha)
    def celu(input: Tensor, alpha: float=1., inplace: bool=False) -> Tensor:
      return torch.celu_(input, alpha) if inplace else torch.celu(input, alpha)
    def leaky_relu(input: Tensor, negative_slope: float=0.01, inplace: bool=False) -> Tensor:
      if inplace:
        return torch.leaky_relu_(input, negative_slope)
      return torch.leaky_relu(input, negative_slope)
    def hardtanh(input: Tensor, min_val: float=-1., max_val: float=1.,
        inplace: bool=False) -> Tensor:
      if inplace:
        return torch.hardtanh_(input, min_val, max_val)
      return torch.hardtanh(input, min_val, max_val)
    def threshold(input: Tensor, threshold: float, value: float, inplace: bool=False) -> Tensor:
      if inplace:
        return torch.threshold_(input, threshold, value)
      return torch.threshold(input, threshold, value)
    def softsign(input: Tensor) -> Tensor:
      return torch.div(input, torch.add(torch.abs(input), 1))
    def tanhshrink(input: Tensor) -> Tensor:
      return torch.sub(input, torch.tanh(input))
    def _axis(dim: int) -> int:
      return 0 if dim == 0 or dim == 1 or dim == 3 else 1
    def softmax(input: Tensor, dim: Optional[int]=None, _stacklevel: int=3,
        dtype: Optional[int]=None) -> Tensor:
      axis = dim if dim is not None else _axis(input.dim())
      if dtype is None:
        return torch.softmax(input, axis)
      return torch.softmax(input, axis, dtype)
    def softmin(input: Tensor, dim: Optional[int]=None, _stacklevel: int=3,
        dtype: Optional[int]=None) -> Tensor:
      return softmax(torch.neg(input), dim, _stacklevel, dtype)
    def log_softmax(input: Tensor, dim: Optional[int]=None, _stacklevel: int=3,
        dtype: Optional[int]=None) -> Tensor:
      axis = dim if dim is not None else _axis(input.dim())
      if dtype is None:
        return torch.log_softmax(input, axis)
      return torch.log_softmax(input, axis, dtype)
    def dropout(input: Tensor, p: float=0.5, training: bool=True, inplace: bool=False) -> Tensor:
      if p < 0. or p > 1.:
        raise ValueError("dropout probability has to be between 0 and 1, but got {}".format(p))
      if inplace:
        return torch.dropout_(input, p, training)
      return torch.dropout(input, p, training)
    def embedding(input: Tensor, weight: Tensor, padding_idx: Optional[int]=None,
        max_norm: Optional[float]=None, norm_type: float=2., scale_grad_by_freq: bool=False,
        sparse: bool=False) -> Tensor:
      index = -1
      if padding_idx is not None:
        index = padding_idx if padding_idx >= 0 else weight.size(0) + padding_idx
      if max_norm is not None:
        input = input.contiguous()
        torch.embedding_renorm_(weight, input, max_norm, norm_type)
      return torch.embedding(weight, input, index, scale_grad_by_freq, sparse)
    def layer_norm(input: Tensor, normalized_shape: List[int], weight: Optional[Tensor]=None,
        bias: Optional[Tensor]=None, eps: float=1e-05) -> Tensor:
      return torch.layer_norm(input, normalized_shape, weight, bias, eps)
    def group_norm(input: Tensor, num_groups: int, weight: Optional[Tensor]=None,
        bias: Optional[Tensor]=None, eps: float=1e-05) -> Tensor:
      return torch.group_norm(input, num_groups, weight, bias, eps)
    def batch_norm(input: Tensor, running_mean: Optional[Tensor], running_var: Optional[Tensor],
        weight: Optional[Tensor]=None, bias: Optional[Tensor]=None, training: bool=False,
        momentum: float=0.1, eps: float=1e-05) -> Tensor:
      return torch.batch_norm(
        input, weight, bias, running_mean, running_var, training, momentum, eps, True)
    def instance_norm(input: Tensor, running_mean: Optional[Tensor]=None,
        running_var: Optional[Tensor]=None, weight: Optional[Tensor]=None,
        bias: Optional[Tensor]=None, use_input_stats: bool=True, momentum: float=0.1,
        eps: float=1e-05) -> Tensor:
      return torch.instance_norm(
        input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, True)
    def normalize(input: Tensor, p: float=2., dim: int=1, eps: float=1e-12) -> Tensor:
      denominator = torch.norm(input, p, [dim], True).clamp_min(eps).expand_as(input)
      return torch.div(input, denominator)
    def pad(input: Tensor, pad: List[int], mode: str="constant",
        value: Optional[float]=None) -> Tensor:
      return torch.pad(input, pad, mode, value)
    def _reduction(name: str) -> int:
      if name == "none":
        return 0
      if name == "mean":
        return 1
      if name == "sum":
        return 2
      raise ValueError("{} is not a valid value for reduction".format(name))
    def mse_loss(input: Tensor, target: Tensor, size_average: Optional[bool]=None,
        reduce: Optional[bool]=None, reduction: str="mean") -> Tensor:
      return torch.mse_loss(input, target, _reduction(reduction))
    def l1_loss(input: Tensor, target: Tensor, size_average: Optional[bool]=None,
        reduce: Optional[bool]=None, reduction: str="mean") -> Tensor:
      return torch.l1_loss(input, target, _reduction(reduction))
    def smooth_l1_loss(input: Tensor, target: Tensor, size_average: Optional[bool]=None,
        reduce: Optional[bool]=None, reduction: str="mean", beta: float=1.) -> Tensor:
      return torch.smooth_l1_loss(input, target, _reduction(reduction), beta)
    def nll_loss(input: Tensor, target: Tensor, weight: Optional[Tensor]=None,
        size_average: Optional[bool]=None, ignore_index: int=-100,
        reduce: Optional[bool]=None, reduction: str="mean") -> Tensor:
      return torch.nll_loss_nd(input, target, weight, _reduction(reduction), ignore_index)
    def cross_entropy(input: Tensor, target: Tensor, weight: Optional[Tensor]=None,
        size_average: Optional[bool]=None, ignore_index: int=-100,
        reduce: Optional[bool]=None, reduction: str="mean",
        label_smoothing: float=0.) -> Tensor:
      return torch.cross_entropy_loss(
        input, target, weight, _reduction(reduction), ignore_index, label_smoothing)
    def binary_cross_entropy(input: Tensor, target: Tensor, weight: Optional[Tensor]=None,
        size_average: Optional[bool]=None, reduce: Optional[bool]=None,
        reduction: str="mean") -> Tensor:
      return torch.binary_cross_entropy(input, target, weight, _reduction(reduction))
    def unfold(input: Tensor, kernel_size: BroadcastingList2[int],
        dilation: BroadcastingList2[int]=[1, 1], padding: BroadcastingList2[int]=[0, 0],
        stride: BroadcastingList2[int]=[1, 1]) -> Tensor:
      return torch.im2col(input, kernel_size, dilation, padding, stride)
    def fold(input: Tensor, output_size: BroadcastingList2[int],
        kernel_size: BroadcastingList2[int], dilation: BroadcastingList2[int]=[1, 1],
        padding: BroadcastingList2[int]=[0, 0],
        stride: BroadcastingList2[int]=[1, 1]) -> Tensor:
      return torch.col2im(input, output_size, kernel_size, dilation, padding, stride)
    def grid_sample(input: Tensor, grid: Tensor, mode: str="bilinear",
        padding_mode: str="zeros", align_corners: Optional[bool]=None) -> Tensor:
      how = 0
      if mode == "nearest":
        how = 1
      elif mode == "bicubic":
        how = 2
      border = 0
      if padding_mode == "border":
        border = 1
      elif padding_mode == "reflection":
        border = 2
      corners = align_corners if align_corners is not None else False
      return torch.grid_sampler(input, grid, how, border, corners)
    """ + interpolation

  private static let interpolation = """

    def interpolate(input: Tensor, size: Optional[BroadcastingList1[int]]=None,
        scale_factor: Optional[BroadcastingList1[float]]=None, mode: str="nearest",
        align_corners: Optional[bool]=None, recompute_scale_factor: Optional[bool]=None,
        antialias: bool=False) -> Tensor:
      corners = align_corners if align_corners is not None else False
      axes = input.dim() - 2
      if size is not None and len(size) == 1:
        size = size * axes
      if scale_factor is not None and len(scale_factor) == 1:
        scale_factor = scale_factor * axes
      if mode == "nearest":
        if axes == 1:
          return torch.upsample_nearest1d(input, size, scale_factor)
        if axes == 2:
          return torch.upsample_nearest2d(input, size, scale_factor)
        return torch.upsample_nearest3d(input, size, scale_factor)
      if mode == "linear":
        return torch.upsample_linear1d(input, size, corners, scale_factor)
      if mode == "bilinear":
        if antialias:
          return torch._upsample_bilinear2d_aa(input, size, corners, scale_factor)
        return torch.upsample_bilinear2d(input, size, corners, scale_factor)
      if mode == "bicubic":
        if antialias:
          return torch._upsample_bicubic2d_aa(input, size, corners, scale_factor)
        return torch.upsample_bicubic2d(input, size, corners, scale_factor)
      if mode == "trilinear":
        return torch.upsample_trilinear3d(input, size, corners, scale_factor)
      if mode == "area" and size is not None:
        return torch.adaptive_avg_pool2d(input, size)
      raise ValueError("interpolate: expected a mode, got {}".format(mode))
    """
}
