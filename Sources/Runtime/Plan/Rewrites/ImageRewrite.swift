import MartletOps
import MartletTensor

extension PlanPass {
  /// Products and norms over channels that lie last give images where all that is read of them is
  /// the image, as ConvNeXt's blocks do: kernels write NCHWc instead, and what follows them there
  /// can be part of them.
  static let imagesFromTokens = PlanPass("images from tokens") { list in
    for position in list.indices { try list.giveImage(position) }
  }
}

extension InstructionList {
  fileprivate mutating func giveImage(_ position: Int) throws {
    guard var instruction = self[position], !instruction.isImage, instruction.isFloat32,
      instruction.name == "aten::linear" || instruction.name == "aten::layer_norm",
      instruction.epilogue.isIdentity, instruction.outputs.count == 1,
      let image = instruction.result.image, let readers = readers(of: image, after: position)
    else { return }
    let given = try Tensor.meta(image.sizes, .float32)
    instruction.results = [.tensor(given)]
    instruction.isImage = true
    replace(position, with: instruction)
    for reader in readers {
      guard let old = self[reader] else { continue }
      replace(reader, with: try old.reading(given, insteadOf: image.storage))
    }
  }

  /// The instructions that read a tensor's storage, which the one at the position writes; nil where
  /// one reads another view of it, none does, or it is a result of the plan.
  private func readers(of tensor: Tensor, after position: Int) -> [Int]? {
    var (found, left) = ([Int](), readerCount(tensor))
    guard left > 0, !outputs.contains(where: { $0.storage === tensor.storage }) else { return nil }
    for position in indices.dropFirst(position + 1) {
      guard let instruction = self[position] else { continue }
      var (views, others) = (0, 0)
      instruction.forEachInput { input in
        guard input.storage === tensor.storage else { return }
        views += 1
        if !input.showsSame(as: tensor) { others += 1 }
      }
      if views == 0 { continue }
      if others > 0 { return nil }
      found.append(position)
      left -= views
      if left == 0 { break }
    }
    return found
  }
}

extension Instruction {
  /// The same with another tensor in the place of those in a storage.
  fileprivate func reading(_ tensor: Tensor, insteadOf storage: Storage) throws -> Instruction {
    func changed(_ old: Tensor) -> Tensor { old.storage === storage ? tensor : old }
    var result = self
    result.arguments = try Arguments(
      operation.schema, arguments.values.map { $0.mapTensors(changed) })
    result.epilogue.operations = epilogue.operations.map { operation in
      guard case .combine(let function, let operand, let isReversed) = operation else {
        return operation
      }
      return .combine(function, changed(operand), isReversed: isReversed)
    }
    return result
  }
}

extension Tensor {
  /// [N, H, W, C] in memory as [N, C, H, W].
  fileprivate var image: Tensor? {
    guard dim == 4, isContiguous, count > 0 else { return nil }
    let moved = [0, 3, 1, 2]
    return viewed(
      Layout(
        sizes: moved.map { sizes[$0] }, strides: moved.map { strides[$0] }, offset: layout.offset))
  }

  /// Whether both have the same elements in the same places; strides of single ones are nothing.
  fileprivate func showsSame(as other: Tensor) -> Bool {
    storage === other.storage && dtype == other.dtype && sizes == other.sizes
      && layout.offset == other.layout.offset
      && sizes.indices.allSatisfy { sizes[$0] == 1 || strides[$0] == other.strides[$0] }
  }
}
