import MartletOps
import MartletTensor

/// What the adaptive pools share: they cut each axis into a given number of parts.
public class AdaptivePoolLayer: ModuleBase, Forward {
  /// How many parts each axis is cut into; nil keeps the input's size.
  public let outputSize: [Int?]
  private let isNumber: Bool

  public init(_ outputSize: any PerAxis) {
    let sizes = AxisSizes(outputSize)
    self.outputSize = sizes.numbers
    isNumber = sizes.isNumber
  }

  /// One size for each axis; nil keeps the input's.
  public init(_ outputSize: [Int?]) {
    self.outputSize = outputSize
    isNumber = false
  }

  public override class var torchTypeName: String { "torch.nn.modules.pooling.\(self)" }

  public override var extraDescription: String {
    let texts = outputSize.map { Python.text($0) }
    return "output_size=\(isNumber ? texts[0] : Python.tuple(texts))"
  }

  public func forward(_ input: Tensor) throws -> Tensor { input }

  /// The sizes for an input; those that are kept stay the trace's.
  func sizes(for input: Tensor, axes: Int) -> Shape {
    let wanted = outputSize.count == 1 ? Array(repeating: outputSize[0], count: axes) : outputSize
    guard input.dim >= wanted.count, wanted.contains(where: { $0 == nil }) else {
      return Shape(wanted.map { $0 ?? 1 })
    }
    let shape = input.shape
    return Shape(
      dims: wanted.enumerated().map { d, size in
        size.map { Dim($0) } ?? shape[shape.count - wanted.count + d]
      })
  }
}

/// What the adaptive maximum pools share.
public class AdaptiveMaxPoolLayer: AdaptivePoolLayer {
  /// The pooled values, and each one's place in its channel's plane (`return_indices=True`).
  public func withIndices(
    _ input: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (values: Tensor, indices: Tensor) {
    try step(input, at: SourceLocation(file, line)) { try indexed(input) }
  }

  public override func forward(_ input: Tensor) throws -> Tensor { try indexed(input).values }

  func indexed(_ input: Tensor) throws -> (values: Tensor, indices: Tensor) { (input, input) }
}

/// The mean of each part of `[N, C, L]` or `[C, L]`.
public final class AdaptiveAvgPool1d: AdaptivePoolLayer {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.adaptiveAvgPool1d(input, sizes(for: input, axes: 1))
  }
}

/// The mean of each part of `[N, C, H, W]` or `[C, H, W]`.
public final class AdaptiveAvgPool2d: AdaptivePoolLayer {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.adaptiveAvgPool2d(input, sizes(for: input, axes: 2))
  }
}

/// The mean of each part of `[N, C, D, H, W]` or `[C, D, H, W]`.
public final class AdaptiveAvgPool3d: AdaptivePoolLayer {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.adaptiveAvgPool3d(input, sizes(for: input, axes: 3))
  }
}

/// The largest element of each part of `[N, C, L]` or `[C, L]`.
public final class AdaptiveMaxPool1d: AdaptiveMaxPoolLayer {
  override func indexed(_ input: Tensor) throws -> (values: Tensor, indices: Tensor) {
    try F.adaptiveMaxPool1dWithIndices(input, sizes(for: input, axes: 1))
  }
}

/// The largest element of each part of `[N, C, H, W]` or `[C, H, W]`.
public final class AdaptiveMaxPool2d: AdaptiveMaxPoolLayer {
  override func indexed(_ input: Tensor) throws -> (values: Tensor, indices: Tensor) {
    try F.adaptiveMaxPool2dWithIndices(input, sizes(for: input, axes: 2))
  }
}

/// The largest element of each part of `[N, C, D, H, W]` or `[C, D, H, W]`.
public final class AdaptiveMaxPool3d: AdaptiveMaxPoolLayer {
  override func indexed(_ input: Tensor) throws -> (values: Tensor, indices: Tensor) {
    try F.adaptiveMaxPool3dWithIndices(input, sizes(for: input, axes: 3))
  }
}
