import MartletTensor

/// Makes tensors of what a pickle says of them. What the pickle shares, the tensors share.
package final class TensorReader {
  private let source: any StorageSource
  /// By the node of the call that builds it.
  private var tensors: [ObjectIdentifier: StoredTensor] = [:]
  /// Keeps the nodes alive whose identities are the keys.
  private var nodes: [PickleNode] = []

  init(_ source: any StorageSource) { self.source = source }

  /// Reads tensors whose storages are entries of the archive's folder.
  ///
  /// - Parameter mayLackValues: whether a tensor whose storage is missing or too short becomes a
  ///   meta tensor. PyTorch writes example inputs (`traced_inputs.pkl`) without their values.
  /// - Throws: `MartletError` of kind `.file` when the archive's byte order is unknown.
  package convenience init(
    _ archive: ZipArchive, folder: String = "data", mayLackValues: Bool = false
  ) throws {
    self.init(try ArchiveStorages(archive, folder: folder, mayLackBytes: mayLackValues))
  }

  /// Whether the value is a tensor, of whatever kind.
  package static func isTensor(_ value: PickleValue) -> Bool {
    guard let callee = value.object?.callee else { return false }
    return callee.module == "torch._utils" && StoredTensor.rebuilders.keys.contains(callee.name)
  }

  /// - Parameter name: the tensor's name for messages.
  /// - Throws: `MartletError` of kind `.file` for what is no tensor or a broken one, of kind
  ///   `.dtype` for a dtype and of kind `.unsupported` for a kind of tensor that Martlet lacks.
  package func tensor(_ value: PickleValue, named name: String) throws -> StoredTensor {
    guard let object = value.object, let callee = object.callee, Self.isTensor(value) else {
      throw wrong(name, "is \(value.kindName), not a tensor")
    }
    let key = ObjectIdentifier(object)
    if let known = tensors[key] { return known }
    let result = try make(callee.name, object.arguments, name)
    nodes.append(object)
    tensors[key] = result
    return result
  }

  private func make(_ function: String, _ arguments: [PickleValue], _ name: String) throws
    -> StoredTensor
  {
    if case .some(.some(let kind)) = StoredTensor.rebuilders[function] {
      throw MartletError(
        .unsupported, "\(source.place): '\(name)' is a \(kind) tensor, which Martlet does not have")
    }
    switch function {
    case "_rebuild_parameter", "_rebuild_parameter_with_state":
      guard arguments.count >= 2, TensorReader.isTensor(arguments[0]),
        let requiresGrad = arguments[1].bool
      else { throw wrong(name, "is a broken parameter") }
      // A parameter of a parameter is no file of PyTorch's, and would recurse.
      guard arguments[0].object?.callee?.name.hasPrefix("_rebuild_parameter") == false else {
        throw wrong(name, "is a broken parameter")
      }
      var result = try tensor(arguments[0], named: name)
      result.isParameter = true
      result.requiresGrad = requiresGrad
      return result
    case "_rebuild_meta_tensor_no_storage":
      return try metaTensor(arguments, name)
    case "_rebuild_qtensor":
      guard arguments.count >= 6 else { throw wrong(name, "is a broken quantised tensor") }
      var result = try strided(arguments, name)
      guard result.type.isQuantized else {
        throw wrong(name, "is quantised, yet of type \(result.type.name)")
      }
      result.quantization = try quantization(arguments[4], of: result, name)
      result.requiresGrad = arguments[5].bool ?? false
      return result
    default:
      var result = try strided(
        arguments, name, function == "_rebuild_tensor_v3" ? arguments.dropFirst(6).first : nil)
      result.requiresGrad = arguments.count > 4 && arguments[4].bool == true
      return result
    }
  }

  /// A view of a storage: `(storage, offset, sizes, strides, …)`.
  private func strided(_ arguments: [PickleValue], _ name: String, _ dtype: PickleValue? = nil)
    throws -> StoredTensor
  {
    guard arguments.count >= 4, case .persistent(let persistent) = arguments[0],
      let reference = StorageReference(persistent.id), let offset = arguments[1].int,
      let sizes = sizes(arguments[2]), let strides = sizes.isEmpty ? [] : arguments[3].ints
    else { throw wrong(name, "is a broken tensor") }
    guard
      let type = reference.type ?? dtype.flatMap({ $0.global }).flatMap(StorageType.dtype)
    else { throw wrong(name, "is a tensor of no known dtype") }
    guard let martletType = type.dtype else {
      throw MartletError(
        .dtype, "\(source.place): '\(name)' is of dtype \(type.name), which Martlet does not have")
    }
    let layout = try layout(sizes, strides, offset, type, reference.byteCount, name)
    let storage: Storage
    do {
      storage = try source.storage(reference, as: type)
    } catch let error as MartletError {
      throw MartletError(error.kind, "\(error.message) (needed for '\(name)')")
    }
    return StoredTensor(
      tensor: Tensor(storage: storage, layout: layout, dtype: martletType), type: type)
  }

  private func metaTensor(_ arguments: [PickleValue], _ name: String) throws -> StoredTensor {
    guard arguments.count >= 3,
      let type = arguments[0].global.flatMap(StorageType.dtype),
      let sizes = sizes(arguments[1]), let strides = arguments[2].ints,
      strides.count == sizes.count
    else { throw wrong(name, "is a broken meta tensor") }
    guard let dtype = type.dtype else {
      throw MartletError(
        .dtype, "\(source.place): '\(name)' is of dtype \(type.name), which Martlet does not have")
    }
    let reach = try reach(sizes, strides, 0, name)
    let (bytes, overflow) = reach.multipliedReportingOverflow(by: type.byteCount)
    guard !overflow else { throw wrong(name, "of sizes \(sizes) is beyond any memory") }
    return StoredTensor(
      tensor: Tensor(
        storage: .meta(byteCount: bytes), layout: Layout(sizes: sizes, strides: strides),
        dtype: dtype),
      type: type, requiresGrad: arguments.count > 3 && arguments[3].bool == true)
  }

  private func quantization(_ value: PickleValue, of tensor: StoredTensor, _ name: String) throws
    -> StoredQuantization
  {
    guard let parts = value.elements, parts.count >= 3, let scheme = parts[0].global,
      scheme.module == "torch"
    else { throw wrong(name, "has no quantisation scheme") }
    switch scheme.name {
    case "per_tensor_affine":
      guard let scale = parts[1].double, let zeroPoint = parts[2].int else { break }
      return .perTensor(scale: scale, zeroPoint: zeroPoint)
    case "per_channel_affine", "per_channel_affine_float_qparams":
      guard parts.count >= 4, let axis = parts[3].int, tensor.tensor.sizes.indices.contains(axis),
        [parts[1], parts[2]].allSatisfy({ $0.object?.callee?.name == "_rebuild_tensor_v2" })
      else { break }
      let scales = try self.tensor(parts[1], named: "\(name).scales").tensor
      let zeroPoints = try self.tensor(parts[2], named: "\(name).zero_points").tensor
      let count = [tensor.tensor.sizes[axis]]
      let hasFloats = scheme.name == "per_channel_affine_float_qparams"
      guard scales.sizes == count, zeroPoints.sizes == count,
        scales.dtype == (hasFloats ? .float32 : .float64),
        zeroPoints.dtype == (hasFloats ? .float32 : .int64)
      else { break }
      return .perChannel(scales: scales, zeroPoints: zeroPoints, axis: axis)
    default:
      throw MartletError(
        .unsupported,
        "\(source.place): '\(name)' is quantised by \(scheme), which Martlet does not have")
    }
    throw wrong(name, "has broken quantisation parameters")
  }
}

/// Checks against the storage.
extension TensorReader {
  /// The sizes of a tuple of integers or of a `torch.Size`.
  private func sizes(_ value: PickleValue) -> [Int]? {
    if value.object?.callee == PickleGlobal("torch", "Size") {
      return value.object?.arguments.first?.ints
    }
    return value.ints
  }

  private func layout(
    _ sizes: [Int], _ strides: [Int], _ offset: Int, _ type: StorageType, _ byteCount: Int,
    _ name: String
  ) throws -> Layout {
    guard sizes.count == strides.count else {
      throw wrong(name, "has \(sizes.count) sizes and \(strides.count) strides")
    }
    let reach = try reach(sizes, strides, offset, name)
    guard reach <= byteCount / type.byteCount else {
      throw wrong(
        name,
        "of sizes \(sizes), strides \(strides) and offset \(offset) reaches past its storage of "
          + "\(byteCount / type.byteCount) elements")
    }
    return Layout(sizes: sizes, strides: strides, offset: offset)
  }

  /// The elements of a storage that the view needs.
  private func reach(_ sizes: [Int], _ strides: [Int], _ offset: Int, _ name: String) throws -> Int
  {
    guard offset >= 0, sizes.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
      throw wrong(name, "has negative sizes \(sizes), strides \(strides) or offset \(offset)")
    }
    guard sizes.count <= 64 else {
      throw wrong(name, "has \(sizes.count) dimensions; 64 are known")
    }
    var (count, last) = (1, offset)
    var overflow = false
    for (size, stride) in zip(sizes, strides) where size > 0 {
      var over: Bool
      (count, over) = count.multipliedReportingOverflow(by: size)
      overflow = overflow || over || count > 1 << 56
      let step = (size - 1).multipliedReportingOverflow(by: stride)
      (last, over) = last.addingReportingOverflow(step.partialValue)
      overflow = overflow || over || step.overflow
    }
    guard !overflow, last < .max else {
      throw wrong(name, "of sizes \(sizes) and strides \(strides) is beyond any memory")
    }
    return sizes.contains(0) ? 0 : last + 1
  }

  private func wrong(_ name: String, _ message: String) -> MartletError {
    MartletError(.file, "\(source.place): '\(name)' \(message)")
  }
}
