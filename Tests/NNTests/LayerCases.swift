import MartletNN
import MartletOps
import MartletTensor

extension LayerCase {
  static let all: [LayerCase] =
    linear + convolution + normalization + pooling + space + padding + dropout + activations
    + recurrent + attention + containers

  static let linear: [LayerCase] = [
    unary("linear") { Linear(5, 3) },
    unary("linear.noBias") { Linear(3, 2, bias: false) },
    unary("linear.vector") { Linear(3, 2) },
    called("bilinear", { Bilinear(3, 4, 2) }) { [try $0($1[0], $1[1])] },
    called("bilinear.noBias", { Bilinear(2, 3, 2, bias: false) }) { [try $0($1[0], $1[1])] },
    unary("identity") { Identity() },
    unary("embedding") { Embedding(7, 3) },
    unary("embedding.padding") { Embedding(5, 3, paddingIdx: -1) },
  ]

  static let convolution: [LayerCase] = [
    unary("conv1d") { Conv1d(2, 3, kernelSize: 3) },
    unary("conv1d.same") {
      Conv1d(2, 4, kernelSize: 4, padding: .same, dilation: 2, groups: 2)
    },
    unary("conv1d.circular") {
      Conv1d(2, 2, kernelSize: 3, padding: 2, paddingMode: .circular)
    },
    unary("conv2d") { Conv2d(3, 4, kernelSize: 3, stride: 2, padding: 1) },
    unary("conv2d.rectangular") {
      Conv2d(
        2, 3, kernelSize: [1, 3], stride: [2, 1], padding: [0, 1], dilation: [1, 2], bias: false)
    },
    unary("conv2d.depthwise") { Conv2d(4, 8, kernelSize: 3, groups: 4) },
    unary("conv2d.unbatched") { Conv2d(2, 2, kernelSize: 2) },
    unary("conv2d.valid") { Conv2d(2, 2, kernelSize: 2, padding: .valid) },
    unary("conv2d.reflect") {
      Conv2d(2, 2, kernelSize: 3, padding: [1, 2], paddingMode: .reflect)
    },
    unary("conv2d.replicateSame") {
      Conv2d(2, 2, kernelSize: [2, 3], padding: .same, paddingMode: .replicate)
    },
    unary("conv3d") { Conv3d(2, 2, kernelSize: [2, 1, 3], padding: [1, 0, 1]) },
    unary("convTranspose1d") {
      ConvTranspose1d(2, 4, kernelSize: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2)
    },
    unary("convTranspose2d") {
      ConvTranspose2d(3, 2, kernelSize: [2, 3], stride: 2, bias: false, dilation: [1, 2])
    },
    called(
      "convTranspose2d.size", { ConvTranspose2d(2, 2, kernelSize: 3, stride: 2, padding: 1) }
    ) { [try $0($1[0], outputSize: [8, 5])] },
    unary("convTranspose3d") { ConvTranspose3d(2, 2, kernelSize: 2, stride: [1, 2, 1]) },
  ]

  static let normalization: [LayerCase] = [
    unary("batchNorm1d") { BatchNorm1d(3) },
    unary("batchNorm1d.sequence") { BatchNorm1d(3, eps: 1e-3, momentum: 0.3) },
    unary("batchNorm2d") { BatchNorm2d(2) },
    unary("batchNorm2d.plain") { BatchNorm2d(2, affine: false, trackRunningStats: false) },
    unary("batchNorm2d.average") { BatchNorm2d(2, momentum: nil) },
    unary("batchNorm2d.noBias") { BatchNorm2d(2, bias: false) },
    unary("batchNorm3d") { BatchNorm3d(2) },
    unary("groupNorm") { GroupNorm(2, 6) },
    unary("groupNorm.plain") { GroupNorm(3, 6, eps: 0.1, affine: false) },
    unary("layerNorm") { LayerNorm(6) },
    unary("layerNorm.shape") { LayerNorm([3, 4], eps: 1e-12, bias: false) },
    unary("layerNorm.plain") { LayerNorm([5], elementwiseAffine: false) },
    unary("rmsNorm") { RMSNorm(6) },
    unary("rmsNorm.eps") { RMSNorm([2, 3], eps: 1e-3, elementwiseAffine: false) },
    unary("instanceNorm1d") { InstanceNorm1d(3) },
    unary("instanceNorm2d") { InstanceNorm2d(3, affine: true) },
    unary("instanceNorm2d.unbatched") { InstanceNorm2d(3) },
    unary("instanceNorm2d.tracking") {
      InstanceNorm2d(3, affine: true, trackRunningStats: true)
    },
    unary("instanceNorm3d") { InstanceNorm3d(2) },
    unary("localResponseNorm") { LocalResponseNorm(2) },
    unary("localResponseNorm.image") { LocalResponseNorm(3, alpha: 0.1, beta: 0.5, k: 2) },
  ]

  static let pooling: [LayerCase] = [
    unary("maxPool1d") { MaxPool1d(3, stride: 2, padding: 1) },
    unary("maxPool2d") { MaxPool2d(2) },
    unary("maxPool2d.ceil") {
      MaxPool2d([3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2], ceilMode: true)
    },
    called("maxPool2d.indices", { MaxPool2d(2) }) {
      let result = try $0.withIndices($1[0])
      return [result.values, result.indices]
    },
    unary("maxPool3d") { MaxPool3d(2, stride: 1) },
    unary("avgPool1d") { AvgPool1d(3, stride: 2, padding: 1) },
    unary("avgPool2d") { AvgPool2d(2, ceilMode: true) },
    unary("avgPool2d.excluding") {
      AvgPool2d([3, 2], stride: 2, padding: [1, 0], countIncludePad: false)
    },
    unary("avgPool2d.divisor") { AvgPool2d(2, divisorOverride: 3) },
    unary("avgPool3d") { AvgPool3d([2, 1, 2]) },
    unary("adaptiveAvgPool1d") { AdaptiveAvgPool1d(3) },
    unary("adaptiveAvgPool2d") { AdaptiveAvgPool2d([2, 3]) },
    unary("adaptiveAvgPool2d.one") { AdaptiveAvgPool2d(1) },
    unary("adaptiveAvgPool2d.kept") { AdaptiveAvgPool2d([nil, 2]) },
    unary("adaptiveAvgPool3d") { AdaptiveAvgPool3d(2) },
    unary("adaptiveMaxPool1d") { AdaptiveMaxPool1d(3) },
    unary("adaptiveMaxPool2d") { AdaptiveMaxPool2d([2, 3]) },
    called("adaptiveMaxPool2d.indices", { AdaptiveMaxPool2d(2) }) {
      let result = try $0.withIndices($1[0])
      return [result.values, result.indices]
    },
    unary("adaptiveMaxPool3d") { AdaptiveMaxPool3d([1, 2, 3]) },
  ]

  static let space: [LayerCase] = [
    unary("upsample") { Upsample(scaleFactor: 2) },
    unary("upsample.size") { Upsample(size: [5, 4], mode: .bilinear) },
    unary("upsample.number") { Upsample(size: 4, mode: .linear, alignCorners: true) },
    unary("upsample.cubic") {
      Upsample(scaleFactor: [1.5, 2.5], mode: .bicubic, alignCorners: false)
    },
    unary("upsamplingNearest2d") { UpsamplingNearest2d(size: 5) },
    unary("upsamplingBilinear2d") { UpsamplingBilinear2d(scaleFactor: 2) },
    unary("pixelShuffle") { PixelShuffle(2) },
    unary("pixelUnshuffle") { PixelUnshuffle(2) },
    unary("channelShuffle") { ChannelShuffle(2) },
    unary("flatten") { Flatten() },
    unary("flatten.part") { Flatten(startDim: 0, endDim: 1) },
    unary("unflatten") { Unflatten(1, [2, 3]) },
    unary("unfold") { Unfold([2, 3], dilation: 2, padding: 1, stride: [1, 2]) },
    unary("fold") { Fold([4, 5], [2, 2]) },
  ]

  static let padding: [LayerCase] = [
    unary("reflectionPad1d") { ReflectionPad1d(1) },
    unary("reflectionPad2d") { ReflectionPad2d(1) },
    unary("reflectionPad3d") { ReflectionPad3d(1) },
    unary("replicationPad1d") { ReplicationPad1d(1) },
    unary("replicationPad2d") { ReplicationPad2d(1) },
    unary("replicationPad3d") { ReplicationPad3d(1) },
    unary("circularPad1d") { CircularPad1d(1) },
    unary("circularPad2d") { CircularPad2d(1) },
    unary("circularPad3d") { CircularPad3d(1) },
    unary("zeroPad1d") { ZeroPad1d(1) },
    unary("zeroPad2d") { ZeroPad2d(1) },
    unary("zeroPad3d") { ZeroPad3d(1) },
    unary("zeroPad2d.cut") { ZeroPad2d([1, -1, 2, 0]) },
    unary("constantPad1d") { ConstantPad1d([1, 2], value: 3.5) },
    unary("constantPad2d") { ConstantPad2d([1, 2, 1, 2], value: 3.5) },
    unary("constantPad3d") { ConstantPad3d([1, 2, 1, 2, 1, 2], value: 3.5) },
  ]

  static let dropout: [LayerCase] = [
    unary("dropout") { Dropout(p: 0.3) },
    unary("dropout1d") { Dropout1d() },
    unary("dropout2d") { Dropout2d(p: 0.4, inplace: true) },
    unary("dropout3d") { Dropout3d() },
    unary("alphaDropout") { AlphaDropout(p: 0.2) },
    unary("featureAlphaDropout") { FeatureAlphaDropout(p: 0.2) },
  ]
}
