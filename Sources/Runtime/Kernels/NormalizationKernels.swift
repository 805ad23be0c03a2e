import MartletKernels
import MartletOps
import MartletTensor

/// Normalisations in float32, with constant statistics where the operator has them.
extension KernelRegistry {
  static let normalizationKernels: [String: KernelBuild] = [
    "aten::batch_norm": buildBatchNorm, "aten::layer_norm": buildLayerNorm,
    "aten::group_norm": buildGroupNorm, "aten::rms_norm": buildRMSNorm,
  ]

  @Sendable private static func buildBatchNorm(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let input = try instruction.arguments.tensor("input")
    guard instruction.isFloat32, input.dim >= 2,
      let affine = try BatchNormAffine(instruction.arguments)
    else { return false }
    let channels = input.sizes[1]
    let scale = try Tensor(affine.scale, shape: [channels])
    let shift = try Tensor(affine.shift, shape: [channels])
    let x = try builder.dense(input)
    let (a, b) = (try builder.operand(scale), try builder.operand(shift))
    let y = try builder.result(instruction.result)
    builder.mayReplace(x, by: y)
    let inner = input.sizes.dropFirst(2).reduce(1, *)
    let last = instruction.epilogue.function
    let threads = builder.threads
    builder.add(
      "scale", instruction.title, instruction.origin, inputs: [x, a, b], outputs: [y]
    ) {
      scaleChannels(
        x.elements($0), scale: a.elements($0), shift: b.elements($0), into: y.elements($0),
        inner: inner, then: last, threads: threads)
    }
    return true
  }

  @Sendable private static func buildLayerNorm(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let input = try arguments.tensor("input")
    guard instruction.isFloat32 else { return false }
    let size = try arguments.ints("normalized_shape").reduce(1, *)
    let x = try builder.dense(input)
    let weight = try arguments.optionalTensor("weight").map { try builder.dense($0) }
    let bias = try arguments.optionalTensor("bias").map { try builder.dense($0) }
    let y = try builder.result(instruction.result)
    builder.mayReplace(x, by: y)
    let epsilon = try arguments.double("eps")
    let threads = builder.threads
    builder.add(
      "layer norm", instruction.title, instruction.origin,
      inputs: [x] + [weight, bias].compactMap { $0 }, outputs: [y]
    ) {
      layerNorm(
        x.elements($0), into: y.elements($0), size: size, epsilon: epsilon,
        weight: weight?.elements($0), bias: bias?.elements($0), threads: threads)
    }
    return true
  }

  @Sendable private static func buildRMSNorm(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let input = try arguments.tensor("input")
    guard instruction.isFloat32 else { return false }
    let size = try arguments.ints("normalized_shape").reduce(1, *)
    let x = try builder.dense(input)
    let weight = try arguments.optionalTensor("weight").map { try builder.dense($0) }
    let y = try builder.result(instruction.result)
    builder.mayReplace(x, by: y)
    let epsilon = try arguments.optionalDouble("eps") ?? Double(Float.ulpOfOne)
    let threads = builder.threads
    builder.add(
      "RMS norm", instruction.title, instruction.origin,
      inputs: [x] + [weight].compactMap { $0 }, outputs: [y]
    ) {
      rmsNorm(
        x.elements($0), into: y.elements($0), size: size, epsilon: epsilon,
        weight: weight?.elements($0), threads: threads)
    }
    return true
  }

  @Sendable private static func buildGroupNorm(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let input = try arguments.tensor("input")
    guard instruction.isFloat32, input.dim >= 2 else { return false }
    let x = try builder.dense(input)
    let weight = try arguments.optionalTensor("weight").map { try builder.dense($0) }
    let bias = try arguments.optionalTensor("bias").map { try builder.dense($0) }
    let y = try builder.result(instruction.result)
    builder.mayReplace(x, by: y)
    let groups = try arguments.int("num_groups")
    let epsilon = try arguments.double("eps")
    let (batch, channels) = (input.sizes[0], input.sizes[1])
    let inner = input.sizes.dropFirst(2).reduce(1, *)
    let threads = builder.threads
    builder.add(
      "group norm", instruction.title, instruction.origin,
      inputs: [x] + [weight, bias].compactMap { $0 }, outputs: [y]
    ) {
      groupNorm(
        x.elements($0), into: y.elements($0), batch: batch, channels: channels, inner: inner,
        groups: groups, epsilon: epsilon, weight: weight?.elements($0), bias: bias?.elements($0),
        threads: threads)
    }
    return true
  }
}

/// Batch normalisation with known statistics, as x · scale + shift by channel.
struct BatchNormAffine {
  let scale: [Float]
  let shift: [Float]

  /// Nil in training mode, or where statistics are missing, computed in the run, or not float32.
  init?(_ arguments: Arguments) throws {
    guard try !arguments.bool("training"),
      let mean = try arguments.optionalTensor("running_mean"),
      let variance = try arguments.optionalTensor("running_var")
    else { return nil }
    let weight = try arguments.optionalTensor("weight")
    let bias = try arguments.optionalTensor("bias")
    for tensor in [mean, variance, weight, bias].compactMap({ $0 }) {
      guard !tensor.isMeta, tensor.dtype == .float32 else { return nil }
    }
    let epsilon = try arguments.double("eps")
    let means: [Float] = try mean.elements()
    let variances: [Float] = try variance.elements()
    let weights: [Float]? = try weight?.elements()
    let biases: [Float]? = try bias?.elements()
    var (scale, shift): ([Float], [Float]) = ([], [])
    for channel in means.indices {
      let factor =
        Double(weights?[channel] ?? 1) / (Double(variances[channel]) + epsilon).squareRoot()
      scale.append(Float(factor))
      shift.append(Float(Double(biases?[channel] ?? 0) - Double(means[channel]) * factor))
    }
    (self.scale, self.shift) = (scale, shift)
  }
}
