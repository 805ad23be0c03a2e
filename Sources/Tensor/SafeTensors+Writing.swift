import MartletKernels

extension SafeTensors {
  /// Writes a safetensors file, the bytes that the reference implementation writes: widest types
  /// first, then by name. The file appears whole or not at all, so one that is mapped may be
  /// written over.
  ///
  /// - Throws: `MartletError` of kind `.file` when the file cannot be written, `.argument` when a
  ///   tensor has the reserved name `__metadata__`, `.dtype` for complex128, `.tracing` when one is
  ///   being traced.
  public static func write(
    _ tensors: [String: Tensor], to path: String, metadata: [String: String] = [:],
    file: StaticString = #fileID, line: UInt = #line
  ) throws {
    let sorted = tensors.sorted { a, b in
      let (rankA, rankB) = (a.value.dtype.safeTensorsRank, b.value.dtype.safeTensorsRank)
      return rankA == rankB ? a.key.utf8.lexicographicallyPrecedes(b.key.utf8) : rankA > rankB
    }
    for (name, tensor) in sorted {
      guard name != SafeTensorsHeader.metadataKey else {
        throw MartletError(.argument, "'\(name)' is no name for a tensor in a safetensors file")
      }
      try tensor.noteRead("SafeTensors.write", false, SourceLocation(file, line))
    }
    let header = try header(sorted, metadata)
    try FileError.translated {
      var output = try AtomicFile(path: path)
      try output.write(header)
      for (_, tensor) in sorted {
        let tensor = try tensor.compacted()
        let start = tensor.layout.offset * tensor.dtype.byteCount
        try output.write(
          tensor.storage.bytes(),
          range: start..<(start + tensor.count * tensor.dtype.byteCount))
      }
      try output.commit()
    }
  }

  private static func header(
    _ tensors: [(key: String, value: Tensor)], _ metadata: [String: String]
  ) throws -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }
        .map { "\($0.key.jsonQuoted):\($0.value.jsonQuoted)" }
      members.append(
        "\(SafeTensorsHeader.metadataKey.jsonQuoted):{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for (name, tensor) in tensors {
      guard let code = tensor.dtype.safeTensorsCode else {
        throw MartletError(
          .dtype, "'\(name)' is \(tensor.dtype), which safetensors files cannot hold")
      }
      let end = offset + tensor.count * tensor.dtype.byteCount
      let sizes = tensor.sizes.map(String.init).joined(separator: ",")
      members.append(
        "\(name.jsonQuoted):{\"dtype\":\"\(code)\","
          + "\"shape\":[\(sizes)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    // Values begin at a multiple of eight.
    text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
    guard text.count <= SafeTensorsHeader.largestByteCount else {
      throw MartletError(
        .file, "a safetensors header of \(text.count) bytes is longer than readers allow")
    }
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }
}

extension DType {
  /// The place in the reference implementation's order of types, narrowest first.
  fileprivate var safeTensorsRank: Int {
    let order: [DType] = [
      .bool, .uint8, .int8, .int16, .float16, .bfloat16, .int32, .float32, .complex64, .float64,
      .int64,
    ]
    return order.firstIndex(of: self) ?? 0
  }
}
