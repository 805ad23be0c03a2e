import MartletTensor

/// What a state dictionary and a model do not share, after `load(_:strict:)`.
public struct LoadReport: Sendable, Hashable {
  /// Names that the model has and the dictionary lacks.
  public let missingKeys: [String]
  /// Names that the dictionary has and the model lacks.
  public let unexpectedKeys: [String]
}

extension ModuleBase {
  /// The parameters and persistent buffers by name, in PyTorch's order; a tensor that modules share
  /// appears under each of its names. The tensors are values: changing the model later does not
  /// change them.
  public func stateDict() -> StateDict {
    StateDict(stateLeaves().map { (name: $0.path, tensor: $0.leaf.value) })
  }

  /// Takes over the values of a state dictionary, converted to the dtypes that the model has.
  ///
  /// - Parameter strict: whether names on one side only are an error. Sizes that differ always are.
  /// - Returns: the names on one side only.
  /// - Throws: one `MartletError` of kind `.weights` that lists every missing, unexpected and
  ///   mis-shaped name, in PyTorch's words; the model is then unchanged.
  @discardableResult
  public func load(_ stateDict: StateDict, strict: Bool = true) throws -> LoadReport {
    var stateDict = stateDict
    for (path, module) in namedModules() {
      module.adapt(&stateDict, prefix: path.isEmpty ? "" : path + ".")
    }
    var missing: [String] = []
    var mismatches: [String] = []
    var changes: [(leaf: Leaf, tensor: Tensor)] = []
    let leaves = stateLeaves()
    for (path, leaf) in leaves {
      guard let given = stateDict[path] else {
        if !leaf.mayBeMissing { missing.append(path) }
        continue
      }
      let sizes = leaf.value.sizes
      // Very old checkpoints hold numbers as tensors of one axis.
      let tensor =
        sizes.isEmpty && given.sizes == [1]
        ? given.viewed(Layout(sizes: [], strides: [], offset: given.layout.offset)) : given
      guard tensor.sizes == sizes else {
        mismatches.append(
          "size mismatch for \(path): copying a param with shape \(Python.size(given.sizes)) "
            + "from checkpoint, the shape in current model is \(Python.size(sizes)).")
        continue
      }
      changes.append((leaf, tensor))
    }
    let known = Set(leaves.map(\.path))
    let unexpected = inModuleOrder(stateDict.keys.filter { !known.contains($0) })
    if strict {
      if !unexpected.isEmpty {
        mismatches.insert("Unexpected key(s) in state_dict: \(quoted(unexpected)). ", at: 0)
      }
      if !missing.isEmpty {
        mismatches.insert("Missing key(s) in state_dict: \(quoted(missing)). ", at: 0)
      }
    }
    guard mismatches.isEmpty else {
      throw MartletError(
        .weights,
        "Error(s) in loading state_dict for \(typeName):\n\t"
          + mismatches.joined(separator: "\n\t"))
    }
    let converted = try changes.map { ($0.leaf, try $0.tensor.converted(to: $0.leaf.value.dtype)) }
    for (leaf, tensor) in converted { leaf.set(tensor) }
    return LoadReport(missingKeys: missing, unexpectedKeys: unexpected)
  }

  /// PyTorch asks each module, parents first, for the names below it that it does not know.
  private func inModuleOrder(_ keys: [String]) -> [String] {
    if keys.isEmpty { return [] }
    let order = Dictionary(
      namedModules().enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
    func position(_ key: String) -> Int {
      var path = key[...]
      while let dot = path.lastIndex(of: ".") {
        path = path[..<dot]
        if let found = order[String(path)] { return found }
      }
      return 0
    }
    return keys.enumerated().map { (position($1), $0, $1) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
      .map(\.2)
  }

  private func quoted(_ keys: [String]) -> String {
    keys.map { "\"\($0)\"" }.joined(separator: ", ")
  }
}
