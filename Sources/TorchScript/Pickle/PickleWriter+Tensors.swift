import MartletTensor

extension PickleWriter {
  /// A tensor as a view of its storage, which goes into an entry of its own; tensors that share
  /// a storage share the entry, as in PyTorch.
  ///
  /// - Throws: `MartletError` of kind `.value` for a meta tensor, `.dtype` for a dtype that
  ///   PyTorch's files have no name for.
  package mutating func tensor(_ tensor: Tensor, requiresGrad: Bool = false) throws {
    try shared(TensorKey(tensor, requiresGrad)) { pickle in
      if let quantizer = tensor.quantizer {
        try pickle.quantized(tensor, quantizer, requiresGrad: requiresGrad)
      } else {
        try pickle.unshared(tensor, requiresGrad: requiresGrad)
      }
    }
  }

  private mutating func unshared(_ tensor: Tensor, requiresGrad: Bool = false) throws {
    guard let type = StorageType.of(tensor.dtype) else {
      throw MartletError(.dtype, "PyTorch's archives have no \(tensor.dtype)")
    }
    global(PickleGlobal("torch._utils", "_rebuild_tensor_v2"))
    emit(.mark)
    try view(tensor, type)
    bool(requiresGrad)
    noHooks()
    emit(.tuple)
    emit(.reduce)
  }

  /// A quantised tensor: its integers, and how they stand for numbers.
  private mutating func quantized(_ tensor: Tensor, _ quantizer: Quantizer, requiresGrad: Bool)
    throws
  {
    guard let type = StorageType.quantized(tensor.dtype.name) else {
      throw MartletError(.dtype, "PyTorch's archives have no \(tensor.dtype)")
    }
    global(PickleGlobal("torch._utils", "_rebuild_qtensor"))
    emit(.mark)
    try view(tensor, type)
    emit(.mark)
    global(PickleGlobal("torch", quantizer.schemeName))
    // PyTorch makes tensors of scales anew for each tensor, and remembers none.
    switch quantizer {
    case .perTensor(let scale, let zeroPoint):
      double(scale)
      int(zeroPoint)
    case .perChannel(let scales, let zeroPoints, let axis):
      try unshared(Tensor(scales))
      try unshared(Tensor(zeroPoints.map { Int64($0) }))
      int(axis)
    case .perChannelFloat(let scales, let zeroPoints, let axis):
      try unshared(Tensor(scales))
      try unshared(Tensor(zeroPoints))
      int(axis)
    }
    emit(.tuple)
    bool(requiresGrad)
    noHooks()
    emit(.tuple)
    emit(.reduce)
  }

  /// Storage, offset, sizes and strides.
  private mutating func view(_ tensor: Tensor, _ type: StorageType) throws {
    let storage = tensor.storage
    guard !storage.isMeta else {
      throw MartletError(.value, "a meta tensor has no values to save")
    }
    shared(StorageKey(storage, type)) { pickle in
      pickle.emit(.mark)
      pickle.string("storage")
      pickle.global(PickleGlobal("torch", type.storageName))
      pickle.string("\(pickle.storages.count)")
      pickle.string("cpu")
      pickle.int(storage.byteCount / type.byteCount)
      pickle.emit(.tuple)
      pickle.emit(.binPersistentID)
      pickle.storages.append(storage)
    }
    let layout = tensor.layout
    int(layout.count == 0 ? 0 : layout.offset)
    for numbers in [layout.sizes, layout.strides] {
      emit(.mark)
      for number in numbers { int(number) }
      emit(.tuple)
    }
  }

  private mutating func noHooks() {
    global(PickleGlobal("collections", "OrderedDict"))
    emit(.emptyTuple)
    emit(.reduce)
  }

  /// Two tensors that are the same view of the same storage are one.
  private struct TensorKey: Hashable, Sendable {
    let storage: ObjectIdentifier
    let dtype: DType
    let layout: Layout
    let quantizer: Quantizer?
    let requiresGrad: Bool

    init(_ tensor: Tensor, _ requiresGrad: Bool) {
      storage = ObjectIdentifier(tensor.storage)
      dtype = tensor.dtype
      layout = tensor.layout
      quantizer = tensor.quantizer
      self.requiresGrad = requiresGrad
    }
  }

  private struct StorageKey: Hashable, Sendable {
    let storage: ObjectIdentifier
    let type: StorageType

    init(_ storage: Storage, _ type: StorageType) {
      self.storage = ObjectIdentifier(storage)
      self.type = type
    }
  }
}
