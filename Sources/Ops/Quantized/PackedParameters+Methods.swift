import MartletTensor

extension PackedParameters {
  /// What a method of PyTorch's class gives: the parts again, unpacked.
  ///
  /// - Throws: `MartletError` of kind `.unsupported` for methods that the class has not.
  package func call(_ method: String) throws -> Value {
    switch (content, method) {
    case (.linear(let packed), "unpack"):
      return .tuple([.tensor(packed.weight), packed.bias.value])
    case (.linear(let packed), "bias"): return packed.bias.value
    case (.convolution(let packed), "unpack"):
      return .tuple([.tensor(packed.weight), packed.bias.value])
    case (.convolution(let packed), "weight"): return .tensor(packed.weight)
    case (.convolution(let packed), "bias"): return packed.bias.value
    case (.convolution(let packed), "stride"): return packed.stride.value
    case (.convolution(let packed), "padding"): return packed.padding.value
    case (.convolution(let packed), "dilation"): return packed.dilation.value
    case (.convolution(let packed), "output_padding"): return packed.outputPadding.value
    case (.convolution(let packed), "groups"): return packed.groups.value
    case (.convolution(let packed), "transpose"): return packed.isTransposed.value
    case (.embedding(let packed), "unpack"): return .tensor(packed.weight)
    default:
      throw MartletError(.unsupported, "\(className) has no method '\(method)' that Martlet knows")
    }
  }
}
