import MartletTensor

extension StateDict {
  /// Reads the tensors of a `.safetensors` file, in the file's order.
  ///
  /// - Throws: `MartletError` of kind `.file` that says what is wrong with the file and where.
  public init(safetensors path: String) throws {
    let file = try SafeTensors(path: path)
    self.init(try file.names.map { (name: $0, tensor: try file.tensor($0)) })
  }

  /// Writes a `.safetensors` file.
  ///
  /// - Throws: `MartletError` of kind `.file` when the file cannot be written.
  public func write(safetensors path: String) throws {
    try SafeTensors.write(Dictionary(uniqueKeysWithValues: map { ($0.name, $0.tensor) }), to: path)
  }
}

extension ModuleBase {
  /// Takes over the values of a `.safetensors` file, as `load(_:strict:)` does.
  ///
  /// - Throws: `MartletError` of kind `.file` for a broken file, of kind `.weights` for one that
  ///   does not fit; the model is then unchanged.
  @discardableResult
  public func load(_ path: String, strict: Bool = true) throws -> LoadReport {
    try load(StateDict(safetensors: path), strict: strict)
  }
}
