import MartletOps
import MartletTensor

extension PlanPass {
  /// Attention reads heads where a product left them and writes them where the next one takes
  /// them: copies that only order heads and rows go.
  static let attentionInPlace = PlanPass("attention in place") { list in
    for position in list.indices {
      guard let instruction = list[position],
        try KernelRegistry.attentionSizes(instruction) != nil, instruction.epilogue.isIdentity
      else { continue }
      try list.readThroughCopies(position)
      list.writeThroughCopy(position)
    }
  }
}

extension InstructionList {
  fileprivate mutating func readThroughCopies(_ position: Int) throws {
    guard var instruction = self[position] else { return }
    var values = instruction.arguments.values
    var isChanged = false
    // Query, key and value.
    for index in 0..<3 {
      guard case .tensor(let tensor) = values[index], tensor.isMeta,
        let writer = writer(of: tensor), let source = self[writer]?.copied,
        let layout = tensor.layout.through(source.layout), layout.isRowwise
      else { continue }
      values[index] = .tensor(source.viewed(layout))
      isChanged = true
    }
    guard isChanged else { return }
    instruction.arguments = try Arguments(instruction.operation.schema, values)
    replace(position, with: instruction)
  }

  fileprivate mutating func writeThroughCopy(_ position: Int) {
    guard var instruction = self[position] else { return }
    let result = instruction.result
    guard result.isContiguous, readerCount(result) == 1,
      !outputs.contains(where: { $0.storage === result.storage }),
      let reader = indices.first(where: { number in
        self[number]?.inputs.contains { $0.storage === result.storage } ?? false
      }),
      let copy = self[reader], let view = copy.copied, view.layout.offset == 0,
      let layout = result.layout.reordered(as: view.layout), layout.isRowwise
    else { return }
    instruction.results = [
      .tensor(Tensor(storage: copy.result.storage, layout: layout, dtype: result.dtype))
    ]
    move(reader, into: position, instruction)
  }
}

extension Instruction {
  private static let copies: Set = [
    "aten::reshape", "aten::reshape_as", "aten::contiguous", "aten::clone",
    "aten::flatten.using_ints",
  ]

  /// What a copying instruction copies, in row-major order.
  fileprivate var copied: Tensor? {
    guard Self.copies.contains(name), epilogue.isIdentity, let input = inputs.first,
      input.isMeta, input.dtype == .float32, outputs.count == 1, result.dtype == .float32,
      result.isContiguous, result.layout.offset == 0, result.count == input.count,
      input.count > 0
    else { return nil }
    return input
  }
}

extension Layout {
  /// Whether the last axis is dense and rows lie apart.
  fileprivate var isRowwise: Bool {
    rank == 4 && (strides[3] == 1 || sizes[3] == 1)
      && (strides[2] >= sizes[3] || sizes[2] < 2)
  }

  /// This view of a dense copy, as a view of what was copied from `source`; nil where an axis
  /// would have no stride of its own there.
  fileprivate func through(_ source: Layout) -> Layout? {
    let dense = Layout.contiguousStrides(source.sizes)
    let axes = source.sizes.indices.filter { source.sizes[$0] > 1 }
    // The index along each of the source's axes of the first and of the last element.
    var first = [Int](repeating: 0, count: source.sizes.count)
    var rest = offset
    for axis in axes {
      first[axis] = rest / dense[axis]
      rest %= dense[axis]
    }
    guard rest == 0 else { return nil }
    var last = first
    var result = Layout(sizes: sizes, strides: strides, offset: source.offset)
    for axis in axes { result.offset += first[axis] * source.strides[axis] }
    for axis in sizes.indices where sizes[axis] > 1 {
      let stride = strides[axis]
      guard stride > 0, let target = axes.first(where: { dense[$0] <= stride }),
        stride % dense[target] == 0
      else { return nil }
      result.strides[axis] = stride / dense[target] * source.strides[target]
      last[target] += (sizes[axis] - 1) * (stride / dense[target])
    }
    guard axes.allSatisfy({ last[$0] < source.sizes[$0] }) else { return nil }
    return result
  }

  /// Where this dense layout's elements come to lie in a copy of `view`, which shows all of them.
  fileprivate func reordered(as view: Layout) -> Layout? {
    let dense = Layout.contiguousStrides(view.sizes)
    var left = Set(view.sizes.indices.filter { view.sizes[$0] > 1 })
    var result = self
    for axis in sizes.indices where sizes[axis] > 1 {
      guard
        let match = left.first(where: {
          view.sizes[$0] == sizes[axis] && view.strides[$0] == strides[axis]
        })
      else { return nil }
      left.remove(match)
      result.strides[axis] = dense[match]
    }
    return left.isEmpty ? result : nil
  }
}
