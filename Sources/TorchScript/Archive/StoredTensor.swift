import MartletTensor

/// A tensor as a file holds it.
package struct StoredTensor: Sendable {
  /// A view of the file's storage. Of quantised values, their integers.
  package var tensor: Tensor
  package var type: StorageType
  package var requiresGrad = false
  /// Whether the file holds it as a `torch.nn.Parameter`; TorchScript's archives never do.
  package var isParameter = false
  package var quantization: StoredQuantization?

  /// The functions of `torch._utils` that pickles build tensors with; those that Martlet has no
  /// kind of tensor for, with its name.
  static let rebuilders: [String: String?] = [
    "_rebuild_tensor": nil,
    "_rebuild_tensor_v2": nil,
    "_rebuild_tensor_v3": nil,
    "_rebuild_parameter": nil,
    "_rebuild_parameter_with_state": nil,
    "_rebuild_qtensor": nil,
    "_rebuild_meta_tensor_no_storage": nil,
    "_rebuild_sparse_tensor": "sparse",
    "_rebuild_sparse_csr_tensor": "sparse CSR",
    "_rebuild_nested_tensor": "nested",
    "_rebuild_device_tensor_from_numpy": "device",
    "_rebuild_device_tensor_from_cpu_tensor": "device",
    "_rebuild_wrapper_subclass": "subclassed",
  ]
}

/// How a quantised tensor's integers stand for numbers: (q - zero point) * scale.
package enum StoredQuantization: Sendable {
  case perTensor(scale: Double, zeroPoint: Int)
  /// One scale and zero point for each index of the axis: float64 and int64 tensors, or float32
  /// both where PyTorch calls the scheme `per_channel_affine_float_qparams`.
  case perChannel(scales: Tensor, zeroPoints: Tensor, axis: Int)
}

extension StoredTensor {
  /// The tensor with its quantizer, where it has one.
  ///
  /// - Throws: `MartletError` when the scheme does not fit the tensor.
  package func complete() throws -> Tensor {
    switch quantization {
    case nil: return tensor
    case .perTensor(let scale, let zeroPoint)?:
      return try tensor.quantized(by: .perTensor(scale: scale, zeroPoint: zeroPoint))
    case .perChannel(let scales, let zeroPoints, let axis)?:
      if scales.dtype == .float32 {
        return try tensor.quantized(
          by: .perChannelFloat(
            scales: scales.elements(as: Float.self),
            zeroPoints: zeroPoints.elements(as: Float.self),
            axis: axis))
      }
      return try tensor.quantized(
        by: .perChannel(
          scales: scales.elements(as: Double.self),
          zeroPoints: zeroPoints.elements(as: Int64.self).map { Int($0) }, axis: axis))
    }
  }
}
