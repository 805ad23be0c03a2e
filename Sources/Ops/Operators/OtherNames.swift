import MartletTensor

/// Operators that are others under another name, as older or decomposed graphs call them.
package enum OtherNames {
  package static let operators: [Operator] =
    splits + copies + softmaxes + [
      castFloat, castInt, symSize, symSizeAt, symCount, localScalar, isZeroTensor,
      channelShuffle, viewDType, viewCopyDType,
    ]

  // Splits whose parts PyTorch does not watch for changes.
  static let splits: [Operator] = [
    list("aten::unsafe_chunk(Tensor self, int chunks, int dim=0) -> Tensor[]", "chunk"),
    list(
      "aten::unsafe_split.Tensor(Tensor self, SymInt split_size, int dim=0) -> Tensor[]",
      "split.Tensor"),
    list(
      "aten::unsafe_split_with_sizes(Tensor self, SymInt[] split_sizes, int dim=0) -> Tensor[]",
      "split_with_sizes"),
  ]

  private static func list(_ schema: String, _ name: String) -> Operator {
    Operator(schema, .composite { try atenResults(name, $0.values) })
  }

  // Views, copied.
  static let copies: [Operator] = [
    copy("aten::view_copy(Tensor self, SymInt[] size) -> Tensor", "view"),
    copy(
      "aten::expand_copy(Tensor self, SymInt[] size, *, bool implicit=False) -> Tensor", "expand"),
    copy(
      "aten::narrow_copy(Tensor self, int dim, SymInt start, SymInt length) -> Tensor", "narrow"),
  ]

  private static func copy(_ schema: String, _ name: String) -> Operator {
    Operator(
      schema,
      .composite { arguments in
        let view = try Tensor(atenResults(name, arguments.values)[0])
        return [.tensor(try aten("clone", view, 0))]
      })
  }

  static let softmaxes: [Operator] = [
    softmax("aten::_softmax(Tensor self, int dim, bool half_to_float) -> Tensor", "softmax.int"),
    softmax(
      "aten::_log_softmax(Tensor self, int dim, bool half_to_float) -> Tensor",
      "log_softmax.int"),
    softmax(
      "aten::special_softmax(Tensor self, int dim, ScalarType? dtype=None) -> Tensor",
      "softmax.int"),
    softmax(
      "aten::special_log_softmax(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor",
      "log_softmax.int"),
  ]

  private static func softmax(_ schema: String, _ name: String) -> Operator {
    Operator(
      schema,
      .composite { arguments in
        let dtype: Value = arguments.has("dtype") ? arguments["dtype"] : .none
        if arguments.has("half_to_float"), try arguments.bool("half_to_float") {
          throw MartletError(.argument, "softmax with half to float conversion is not for the CPU")
        }
        return [.tensor(try aten(name, arguments["self"], arguments["dim"], dtype))]
      })
  }

  static let castFloat = Operator(
    "aten::_cast_Float(Tensor self, bool non_blocking=False) -> Tensor",
    .composite { [.tensor(try aten("to.dtype", $0["self"], DType.float32))] })
  static let castInt = Operator(
    "aten::_cast_Int(Tensor self, bool non_blocking=False) -> Tensor",
    .composite { [.tensor(try aten("to.dtype", $0["self"], DType.int32))] })

  static let symSize = Operator(
    "aten::sym_size(Tensor self) -> SymInt[]",
    .scalar { [Shape(try $0.tensor("self").sizes).value] })
  static let symSizeAt = Operator(
    "aten::sym_size.int(Tensor self, int dim) -> SymInt",
    .scalar { arguments in
      let x = try arguments.tensor("self")
      return [.int(Dim(x.sizes[try arguments.dim("dim", rank: x.dim)]))]
    })
  static let symCount = Operator(
    "aten::sym_numel(Tensor self) -> SymInt",
    .scalar { [.int(Dim(try $0.tensor("self").layout.count))] })
  static let localScalar = Operator(
    "aten::_local_scalar_dense(Tensor self) -> Scalar", takesComplex: true,
    .dataDependent { try atenResults("item", [$0["self"]]) })
  static let isZeroTensor = Operator(
    "aten::_is_zerotensor(Tensor self) -> bool", .scalar { _ in [false] })
  static let channelShuffle = Operator(
    "aten::native_channel_shuffle(Tensor self, SymInt groups) -> Tensor",
    .composite { [.tensor(try aten("channel_shuffle", $0["self"], $0["groups"]))] })

  /// The bytes as elements of another dtype; of another width only where the last axis divides.
  static let viewDType = Operator(
    "aten::view.dtype(Tensor(a) self, ScalarType dtype) -> Tensor(a)",
    .view { [.tensor(try reinterpreted($0))] })
  static let viewCopyDType = Operator(
    "aten::view_copy.dtype(Tensor self, ScalarType dtype) -> Tensor",
    .composite { [.tensor(try aten("clone", try reinterpreted($0), 0))] })

  private static func reinterpreted(_ arguments: Arguments) throws -> Tensor {
    let x = try arguments.tensor("self")
    guard let dtype = try arguments.dtype("dtype") else { return x }
    var layout = x.layout
    let (own, wanted) = (x.dtype.byteCount, dtype.byteCount)
    if own != wanted {
      guard let last = layout.sizes.indices.last else {
        throw MartletError(
          .shape,
          "self.dim() cannot be 0 to view \(x.dtype) as \(dtype) (different element sizes)")
      }
      guard layout.strides[last] == 1 || layout.sizes[last] <= 1 else {
        throw MartletError(
          .shape,
          "self.stride(-1) must be 1 to view \(x.dtype) as \(dtype) (different element sizes), "
            + "but got \(layout.strides[last])")
      }
      if own > wanted {
        let factor = own / wanted
        layout.sizes[last] *= factor
        layout.offset *= factor
        for d in layout.strides.indices where d != last { layout.strides[d] *= factor }
      } else {
        let factor = wanted / own
        guard layout.sizes[last] % factor == 0, layout.offset % factor == 0,
          layout.strides.dropLast().allSatisfy({ $0 % factor == 0 })
        else {
          throw MartletError(
            .shape,
            "sizes \(x.sizes), strides \(x.strides) and offset \(layout.offset) must be divisible "
              + "by \(factor) to view \(x.dtype) as \(dtype) (different element sizes)")
        }
        layout.sizes[last] /= factor
        layout.offset /= factor
        for d in layout.strides.indices where d != last { layout.strides[d] /= factor }
      }
    }
    return Tensor(storage: x.storage, layout: layout, dtype: dtype)
  }
}
