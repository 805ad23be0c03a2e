import MartletTracer

/// The operators for which PNNX gives ncnn a layer: those of its passes level 2 and ncnn
/// (https://github.com/Tencent/ncnn, tools/pnnx/src), and those it computes away.
enum NCNNOperators {
  /// Whether ncnn takes an operator, whichever its overload and whether in place.
  static func takes(_ name: String) -> Bool {
    let base = name.split(separator: ".").first.map(String.init) ?? name
    guard let scope = base.firstRange(of: "::") else { return false }
    var operation = base[scope.upperBound...]
    if operation.last == "_", !operation.hasPrefix("__") { operation.removeLast() }
    return names.contains(String(operation))
  }

  private static let names: Set<String> = Set(
    """
    abs acos acosh add asin asinh atan atan2 atanh ceil cos cosh div erf exp expm1 floor \
    floor_divide fmod log log10 log1p logaddexp max maximum min minimum mul neg pow reciprocal \
    remainder round rsqrt rsub sign sin sinh sqrt square sub tan tanh trunc \
    adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d \
    adaptive_max_pool2d adaptive_max_pool3d avg_pool1d avg_pool2d avg_pool3d max_pool1d max_pool2d \
    max_pool3d max_pool1d_with_indices max_pool2d_with_indices max_pool3d_with_indices \
    batch_norm group_norm instance_norm layer_norm rms_norm \
    _convolution _convolution_mode convolution conv1d conv2d conv3d conv_transpose1d \
    conv_transpose2d conv_transpose3d linear matmul mm bmm addmm baddbmm einsum t \
    celu elu gelu glu hardshrink hardsigmoid hardswish hardtanh leaky_relu log_sigmoid mish prelu \
    relu relu6 selu sigmoid silu softmax log_softmax softplus softshrink clamp clamp_min clamp_max \
    embedding col2im im2col pad constant_pad_nd reflection_pad1d reflection_pad2d \
    replication_pad1d replication_pad2d replication_pad3d pixel_shuffle pixel_unshuffle \
    channel_shuffle grid_sampler scaled_dot_product_attention lstm gru rnn_tanh rnn_relu \
    upsample_nearest1d upsample_nearest2d upsample_linear1d upsample_bilinear2d upsample_bicubic2d \
    _weight_norm linalg_vector_norm norm amax amin cumsum diag flatten flip logsumexp mean prod \
    roll slice_scatter squeeze sum stft istft transpose unsqueeze expand expand_as permute repeat \
    reshape reshape_as view unflatten select slice cat chunk stack split split_with_sizes \
    tensor_split unbind contiguous clone copy detach dropout feature_dropout alpha_dropout \
    feature_alpha_dropout to type_as size Int ScalarImplicit IntImplicit NumToTensor \
    zeros ones full arange zeros_like ones_like full_like new_zeros new_ones \
    repeat_interleave frobenius_norm view_as_real view_as_complex istft \
    _native_multi_head_attention
    """.split(separator: " ").map(String.init))

  /// Whether the module a node stands in becomes one layer, whatever is inside: PNNX knows it by
  /// its class.
  static func hasLayer(_ scope: Scope?) -> Bool {
    guard let name = scope?.typeName, name.hasPrefix("torch.nn.modules."),
      let last = name.split(separator: ".").last
    else { return false }
    return layers.contains(String(last))
  }

  private static let layers: Set<String> = Set(
    """
    AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d \
    AdaptiveMaxPool3d AvgPool1d AvgPool2d AvgPool3d BatchNorm1d BatchNorm2d BatchNorm3d CELU \
    ChannelShuffle ConstantPad1d ConstantPad2d ConstantPad3d Conv1d Conv2d Conv3d \
    ConvTranspose1d ConvTranspose2d ConvTranspose3d ELU Embedding Fold GELU GLU GRU GroupNorm \
    Hardshrink Hardsigmoid Hardswish Hardtanh InstanceNorm2d InstanceNorm3d LSTM LayerNorm \
    LeakyReLU Linear LocalResponseNorm LogSigmoid LogSoftmax MaxPool1d MaxPool2d MaxPool3d \
    Mish MultiheadAttention PReLU PixelShuffle PixelUnshuffle RMSNorm RNN ReLU ReLU6 \
    ReflectionPad1d ReflectionPad2d ReplicationPad1d ReplicationPad2d ReplicationPad3d SELU \
    SiLU Sigmoid Softmax Softmax2d Softplus Softshrink Tanh Unfold Upsample \
    UpsamplingBilinear2d UpsamplingNearest2d ZeroPad2d
    """.split(separator: " ").map(String.init))
}
