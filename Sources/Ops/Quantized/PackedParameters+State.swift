import MartletTensor

/// How archives hold packed parameters: the class's name and what its `__getstate__` gives.
extension PackedParameters {
  /// Packed parameters from an archive.
  ///
  /// - Parameters:
  ///   - className: one of `classNames`.
  ///   - state: what `__setstate__` is given; convolutions in any of PyTorch's three versions.
  /// - Throws: `MartletError` of kind `.unsupported` for other classes, states that PyTorch makes
  ///   for other processors, `.file` for a malformed one.
  public convenience init(className: String, state: Value) throws {
    let fields: [Value]
    switch state {
    case .tuple(let items), .list(let items): fields = items
    default: throw Self.malformed(className, state)
    }
    switch className {
    case Self.linearClass:
      guard fields.count == 2 else { throw Self.malformed(className, state) }
      self.init(
        .linear(
          try PackedLinear(
            checking: try Tensor(fields[0]), bias: try Tensor?(fields[1]))))
    case Self.convolution2dClass, Self.convolution3dClass:
      let axes = className == Self.convolution2dClass ? 2 : 3
      self.init(.convolution(try PackedConvolution(state: fields, spatialAxes: axes)))
    case Self.embeddingClass:
      guard fields.count == 4, let weight = try [Tensor](fields[1]).first else {
        throw Self.malformed(className, state)
      }
      self.init(.embedding(try PackedEmbedding(checking: weight)))
    case Self.cellClass:
      guard fields.count == 5 else { throw Self.malformed(className, state) }
      self.init(.cell(try PackedCell(state: fields)))
    default:
      throw MartletError(
        .unsupported, "objects of the class \(className) are not ones that Martlet has")
    }
  }

  /// What `__getstate__` gives, as PyTorch 2 writes it.
  public var state: Value {
    switch content {
    case .linear(let packed): .tuple([.tensor(packed.weight), packed.bias.value])
    case .convolution(let packed): packed.state
    case .embedding(let packed):
      .tuple([.int(1), .list([.tensor(packed.weight)]), .list([]), .list([.int(8)])])
    case .cell(let packed): packed.state
    }
  }

  static func malformed(_ className: String, _ state: Value) -> MartletError {
    MartletError(.file, "the state of \(className) is not as PyTorch writes it: \(state.summary)")
  }
}

extension PackedConvolution {
  /// From any version of the state.
  fileprivate init(state: [Value], spatialAxes axes: Int) throws {
    let name =
      axes == 2 ? PackedParameters.convolution2dClass : PackedParameters.convolution3dClass
    let malformed = PackedParameters.malformed(name, .tuple(state))
    func numbers(_ value: Value) throws -> [Int] {
      try [Tensor](value).map { try $0.scalar(as: Int64.self).number }
    }
    switch state.first {
    case .tensor(let weight)?:
      guard state.count == 6 else { throw malformed }
      try self.init(
        checking: weight, bias: try Tensor?(state[1]), stride: try numbers(state[2]),
        padding: try numbers(state[3]), dilation: try numbers(state[4]),
        outputPadding: Array(repeating: 0, count: axes),
        groups: try Tensor(state[5]).scalar(as: Int64.self).number, isTransposed: false,
        spatialAxes: axes)
    case .string("2")?:
      guard state.count == 3 else { throw malformed }
      let (tensors, optional) = (try [Tensor](state[1]), try [Tensor?](state[2]))
      guard tensors.count == 2, optional.count == 1 else { throw malformed }
      try self.init(
        settings: try tensors[0].integers(), weight: tensors[1], bias: optional[0],
        spatialAxes: axes, malformed)
    case .int(let version)? where version.number == 3:
      guard state.count == 3 else { throw malformed }
      let tensors = try [Tensor?](state[2])
      guard tensors.count == 3, let weight = tensors[1] else { throw malformed }
      try self.init(
        settings: try [Dim](state[1]).map(\.number), weight: weight, bias: tensors[2],
        spatialAxes: axes, malformed)
    default: throw malformed
    }
  }

  private init(
    settings: [Int], weight: Tensor, bias: Tensor?, spatialAxes axes: Int,
    _ malformed: MartletError
  ) throws {
    guard settings.count == 4 * axes + 3, settings[0] == axes else { throw malformed }
    func part(_ index: Int) -> [Int] { Array(settings[(1 + index * axes)...].prefix(axes)) }
    try self.init(
      checking: weight, bias: bias, stride: part(0), padding: part(1), dilation: part(2),
      outputPadding: part(3), groups: settings[4 * axes + 1],
      isTransposed: settings[4 * axes + 2] & 1 == 1, spatialAxes: axes)
  }

  fileprivate var state: Value {
    let settings =
      [spatialAxes] + stride + padding + dilation + outputPadding
      + [groups, isTransposed ? 1 : 0]
    // A short list of numbers always fits.
    let numbers = try? Tensor(settings.map { Int16(truncatingIfNeeded: $0) })
    return .tuple([
      .string("2"), .list([numbers.value, .tensor(weight)]), .list([bias.value]),
    ])
  }
}

extension PackedCell {
  fileprivate init(state: [Value]) throws {
    let kind = try String(state[0])
    let biases = try [Tensor](state[1])
    let numbers = try [Dim](state[3]).map(\.number)
    guard case .list(let products) = state[4], products.count == 2,
      case .packed(let input) = products[0], case .packed(let hidden) = products[1],
      case .linear = input.content, case .linear = hidden.content
    else { throw PackedParameters.malformed(PackedParameters.cellClass, .tuple(state)) }
    guard let kind = Kind(rawValue: kind) else {
      throw MartletError(
        .unsupported, "recurrent cells packed as '\(kind)' are not ones that Martlet has")
    }
    guard kind == .half || biases.count == 2 else {
      throw PackedParameters.malformed(PackedParameters.cellClass, .tuple(state))
    }
    self.init(
      kind: kind, inputProduct: input, hiddenProduct: hidden, inputBias: biases.first,
      hiddenBias: biases.count == 2 ? biases[1] : nil, reducesRange: numbers.first == 1)
  }

  fileprivate var state: Value {
    let biases = [inputBias, hiddenBias].compactMap { $0 }
    return .tuple([
      .string(kind.rawValue), .list(biases.map { .tensor($0) }), .list([]),
      .list(kind == .dynamic ? [.int(reducesRange ? 1 : 0)] : []),
      .list([.packed(inputProduct), .packed(hiddenProduct)]),
    ])
  }
}
