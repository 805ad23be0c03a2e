import MartletTensor

/// Weights of quantised layers into packed parameters and out of them.
enum QuantizedPacking {
  package static let operators: [Operator] =
    [linear, linearHalf, linearUnpack, linearUnpackHalf, embedding, embeddingUnpack]
    + convolutions + convolutionUnpacks + numbers + cells

  private static let linearType = PackedParameters.linearClass
  private static let type2d = PackedParameters.convolution2dClass
  private static let type3d = PackedParameters.convolution3dClass

  static let linear = Operator(
    "quantized::linear_prepack(Tensor W, Tensor? B=None) -> \(linearType) W_prepack",
    takesQuantized: true,
    .dataDependent { arguments in
      let weight = try arguments.tensor("W")
      guard weight.isQuantized else {
        throw Quantization.expectedQuantized("quantized::linear_prepack", weight)
      }
      let packed = try PackedLinear(checking: weight, bias: try arguments.optionalTensor("B"))
      return [.packed(PackedParameters(.linear(packed)))]
    })

  static let linearHalf = Operator(
    "quantized::linear_prepack_fp16(Tensor W, Tensor? B=None) -> \(linearType) W_prepack",
    .dataDependent { arguments in
      let packed = try PackedLinear(
        checking: try arguments.tensor("W").throughHalf(), bias: try arguments.optionalTensor("B"))
      return [.packed(PackedParameters(.linear(packed)))]
    })

  static let linearUnpack = unpack(
    "quantized::linear_unpack(\(linearType) W_prepack) "
      + "-> (Tensor W_origin, Tensor? B_origin)")
  static let linearUnpackHalf = unpack(
    "quantized::linear_unpack_fp16(\(linearType) W_prepack) "
      + "-> (Tensor W_origin, Tensor? B_origin)")

  static let embedding = Operator(
    "quantized::embedding_bag_prepack(Tensor weight) "
      + "-> \(PackedParameters.embeddingClass) W_prepack", takesQuantized: true,
    .dataDependent { arguments in
      [
        .packed(
          PackedParameters(
            .embedding(try PackedEmbedding(checking: try arguments.tensor("weight")))))
      ]
    })
  static let embeddingUnpack = Operator(
    "quantized::embedding_bag_unpack(\(PackedParameters.embeddingClass) W_prepack) "
      + "-> Tensor W_origin", takesQuantized: true,
    .scalar { [.tensor(try $0.packedEmbedding("W_prepack").weight)] })

  static let convolutions =
    [1, 2, 3].map { axes in
      Operator(
        "quantized::conv\(axes)d_prepack(Tensor weight, Tensor? bias, int[] stride, "
          + "int[] padding, int[] dilation, int groups) -> \(axes == 3 ? type3d : type2d)",
        takesQuantized: true,
        .dataDependent { [.packed(try convolution($0, axes: axes, isTransposed: false))] })
    }
    + [1, 2, 3].map { axes in
      Operator(
        "quantized::conv_transpose\(axes)d_prepack(Tensor weight, Tensor? bias, int[] stride, "
          + "int[] padding, int[] output_padding, int[] dilation, int groups) "
          + "-> \(axes == 3 ? type3d : type2d)", takesQuantized: true,
        .dataDependent { [.packed(try convolution($0, axes: axes, isTransposed: true))] })
    }
    + [
      Operator(
        "quantized::conv_prepack(Tensor weight, Tensor? bias, int[] stride, int[] padding, "
          + "int[] dilation, int groups) -> \(type2d)", takesQuantized: true,
        .dataDependent { [.packed(try convolution($0, axes: 2, isTransposed: false))] })
    ]

  static let convolutionUnpacks = [
    "quantized::conv_unpack(\(type2d)", "quantized::conv1d_unpack(\(type2d)",
    "quantized::conv2d_unpack(\(type2d)", "quantized::conv3d_unpack(\(type3d)",
    "quantized::conv_transpose1d_unpack(\(type2d)", "quantized::conv_transpose2d_unpack(\(type2d)",
    "quantized::conv_transpose3d_unpack(\(type3d)",
  ].map { start in
    unpack("\(start) packed_weights) -> (Tensor unpacked_weights, Tensor? B_origin)")
  }

  /// What a packed convolution says of itself.
  static let numbers: [Operator] = {
    let lists: [(String, @Sendable (PackedConvolution) -> [Int])] = [
      ("stride", { $0.stride }), ("padding", { $0.padding }), ("dilation", { $0.dilation }),
      ("output_padding", { $0.outputPadding }),
    ]
    let families = [
      ("conv2d", type2d), ("conv3d", type3d), ("conv_transpose2d", type2d),
      ("conv_transpose3d", type3d),
    ]
    return families.flatMap { family, type in
      lists.map { name, value in
        Operator(
          "quantized::\(family)_\(name)(\(type) packed_weights) -> int[]",
          .scalar { [value(try $0.packedConvolution("packed_weights")).value] })
      } + [
        Operator(
          "quantized::\(family)_groups(\(type) packed_weights) -> int",
          .scalar { [try $0.packedConvolution("packed_weights").groups.value] }),
        Operator(
          "quantized::\(family)_transpose(\(type) packed_weights) -> int",
          .scalar { [.int(try $0.packedConvolution("packed_weights").isTransposed ? 1 : 0)] }),
      ]
    }
  }()

  static let cells = [
    Operator(
      "quantized::make_quantized_cell_params_dynamic(\(linearType) w_ih, \(linearType) w_hh, "
        + "Tensor bias_ih, Tensor bias_hh, bool reduce_range=False) "
        + "-> \(PackedParameters.cellClass)",
      .dataDependent { arguments in
        let (input, hidden) = (try arguments.packed("w_ih"), try arguments.packed("w_hh"))
        return [
          .packed(
            PackedParameters(
              .cell(
                PackedCell(
                  kind: .dynamic, inputProduct: input, hiddenProduct: hidden,
                  inputBias: try arguments.tensor("bias_ih"),
                  hiddenBias: try arguments.tensor("bias_hh"),
                  reducesRange: try arguments.bool("reduce_range")))))
        ]
      }),
    Operator(
      "quantized::make_quantized_cell_params_fp16(\(linearType) w_ih, \(linearType) w_hh) "
        + "-> \(PackedParameters.cellClass)",
      .scalar { arguments in
        let (input, hidden) = (try arguments.packed("w_ih"), try arguments.packed("w_hh"))
        return [
          .packed(
            PackedParameters(
              .cell(
                PackedCell(
                  kind: .half, inputProduct: input, hiddenProduct: hidden, inputBias: nil,
                  hiddenBias: nil, reducesRange: false))))
        ]
      }),
  ]

  private static func unpack(_ schema: String) -> Operator {
    Operator(
      schema, takesQuantized: true,
      .scalar { arguments in
        switch try PackedParameters(arguments.values[0]).content {
        case .linear(let packed): return [.tensor(packed.weight), packed.bias.value]
        case .convolution(let packed):
          let isFlat = arguments.schema.name.hasSuffix("1d_unpack")
          // A convolution over one axis is packed as one over two.
          let weight = isFlat ? Axes.squeezed(packed.weight, [2]) : packed.weight
          return [.tensor(weight), packed.bias.value]
        case .embedding, .cell:
          throw MartletError(.argument, "\(arguments.schema.name) expects weights and a bias")
        }
      })
  }

  private static func convolution(
    _ arguments: Arguments, axes: Int, isTransposed: Bool
  ) throws -> PackedParameters {
    func list(_ name: String, _ first: Int) throws -> [Int] {
      let given = try arguments.ints(name)
      return axes == 1 && given.count == 1 ? [first] + given : given
    }
    let weight = try arguments.tensor("weight")
    if axes == 1, weight.dim != 3 {
      throw MartletError(
        .shape, "Weights are expected to have 3 dimensions, got \(weight.sizes)")
    }
    return PackedParameters(
      .convolution(
        try PackedConvolution(
          checking: axes == 1 ? Axes.unsqueezed(weight, 2) : weight,
          bias: try arguments.optionalTensor("bias"), stride: try list("stride", 1),
          padding: try list("padding", 0), dilation: try list("dilation", 1),
          outputPadding: isTransposed
            ? try list("output_padding", 0) : Array(repeating: 0, count: max(axes, 2)),
          groups: try arguments.int("groups"), isTransposed: isTransposed,
          spatialAxes: max(axes, 2))))
  }
}

extension PackedParameters: ValueConvertible {
  public convenience init(_ value: Value) throws {
    guard case .packed(let object) = value else {
      throw MartletError(
        .argument, "expected packed parameters, got \(value.summary) (\(value.kindName))")
    }
    self.init(object.content)
  }
  public var value: Value { .packed(self) }
}

extension Arguments {
  package func packed(_ name: String) throws -> PackedParameters {
    guard case .packed(let object) = self[name] else {
      throw MartletError(.argument, "expected packed parameters for '\(name)'")
    }
    return object
  }

  package func packedLinear(_ name: String) throws -> PackedLinear {
    guard case .linear(let packed) = try packed(name).content else {
      throw MartletError(.argument, "expected packed parameters of a linear layer for '\(name)'")
    }
    return packed
  }

  package func packedConvolution(_ name: String) throws -> PackedConvolution {
    guard case .convolution(let packed) = try packed(name).content else {
      throw MartletError(.argument, "expected packed parameters of a convolution for '\(name)'")
    }
    return packed
  }

  package func packedEmbedding(_ name: String) throws -> PackedEmbedding {
    guard case .embedding(let packed) = try packed(name).content else {
      throw MartletError(.argument, "expected packed parameters of an embedding for '\(name)'")
    }
    return packed
  }
}

extension Tensor {
  /// Rounded to float16's precision, its largest numbers for what lies beyond.
  func throughHalf() throws -> Tensor {
    guard dtype == .float32 else {
      throw MartletError(.dtype, "expected float32 weights, got \(dtype)")
    }
    let limit = 65504.0
    let bounded = try Clamping.clamp(.tensor(self), .double(-limit), .double(limit))
    return try bounded.converted(to: .float16).converted(to: .float32)
  }
}
