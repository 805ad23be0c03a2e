import MartletKernels
import MartletOps
import MartletTensor

/// What steps over images in NCHWc read and write. A storage is computed in one format; a step
/// that wants the other gets a conversion before it, once for each storage.
extension StepBuilder {
  /// Whether the tensor lies in NCHWc already.
  func isBlocked(_ tensor: Tensor) -> Bool {
    tensor.dtype == .float32 && blockedPlace(of: tensor.storage)?.part(tensor) != nil
  }

  /// The image in NCHWc, with a conversion before it where it does not lie so.
  mutating func blockedOperand(_ tensor: Tensor) throws -> Operand {
    if let operand = blockedPlace(of: tensor.storage)?.part(tensor) { return operand }
    guard let set = instructionSet, tensor.dtype == .float32,
      let shape = BlockedShape(tensor.sizes, lanes: set.lanes)
    else { throw MartletError(.graph, "no image of float32: \(tensor.dtype)\(tensor.sizes)") }
    if let tokens = try blockedTokens(tensor, shape) { return tokens }
    let x = try dense(tensor)
    if shape.pixels == 1, shape.channels % shape.lanes == 0 {
      return Operand(source: x.source, offset: x.layout.offset, blocked: shape)
    }
    guard
      let conversion = try LayoutConversion(
        .toBlocked, .channelsFirst, blocked: shape, instructionSet: set)
    else { throw MartletError(.graph, "no conversion to \(shape)") }
    if case .constant = x.source {
      let memory = try allocated(shape.count)
      conversion.run(
        x.constantElements(), into: MemorySlice(memory, count: shape.count), threads: threads)
      return Operand(source: .constant(memory), offset: 0, blocked: shape)
    }
    let buffer = addBuffer(byteCount: shape.count * MemoryLayout<Float>.stride)
    let place = BlockedPlace(buffer: buffer, offset: 0, shape: shape)
    if tensor.layout.offset == 0, tensor.isContiguous,
      tensor.count * MemoryLayout<Float>.stride == tensor.storage.byteCount
    {
      setBlockedPlace(place, of: tensor.storage)
    }
    let (y, threads) = (place.operand, threads)
    add("to blocked", "layout", Origin(), inputs: [x], outputs: [y]) {
      conversion.run(x.elements($0), into: y.elements($0), threads: threads)
    }
    return y
  }

  /// New memory for an image in NCHWc that a step writes: within a concatenation's where it is
  /// part of one.
  mutating func blockedResult(_ tensor: Tensor, _ shape: BlockedShape) -> Operand {
    let place = newPlace(tensor.storage, shape)
    return place.operand
  }

  private mutating func newPlace(_ storage: Storage, _ shape: BlockedShape) -> BlockedPlace {
    if let place = blockedPlace(of: storage) { return place }
    let place: BlockedPlace
    if let home = homes[ObjectIdentifier(storage)], home.partShape == shape {
      let whole = newPlace(home.whole, home.wholeShape)
      place = BlockedPlace(
        buffer: whole.buffer,
        offset: whole.offset + home.firstChannel / shape.lanes * shape.blockStride, shape: shape)
    } else {
      let buffer = addBuffer(byteCount: shape.count * MemoryLayout<Float>.stride)
      place = BlockedPlace(buffer: buffer, offset: 0, shape: shape)
      if shape.isAlsoPlain { bind(storage, to: buffer) }
    }
    setBlockedPlace(place, of: storage)
    return place
  }

  /// Makes a dense twin of a storage that was computed in NCHWc.
  mutating func addPlainTwin(of storage: Storage) throws {
    guard let place = blockedPlace(of: storage), let set = instructionSet,
      let conversion = try LayoutConversion(
        .fromBlocked, .channelsFirst, blocked: place.shape, instructionSet: set)
    else { throw MartletError(.graph, "a tensor is used before it is computed") }
    let buffer = addBuffer(byteCount: storage.byteCount)
    bind(storage, to: buffer)
    let shape = place.shape
    let y = Operand(
      source: .buffer(buffer),
      layout: Layout(contiguous: [shape.batch, shape.channels, shape.height, shape.width]),
      dtype: .float32)
    let (x, threads) = (place.operand, threads)
    add("from blocked", "layout", Origin(), inputs: [x], outputs: [y]) {
      conversion.run(x.elements($0), into: y.elements($0), threads: threads)
    }
  }

  /// Memory of the plan's own.
  func allocated(_ count: Int) throws -> AlignedMemory {
    do {
      return try AlignedMemory(byteCount: count * MemoryLayout<Float>.stride)
    } catch {
      throw MartletError(.memory, "could not allocate \(error.byteCount) bytes for a plan")
    }
  }
}
