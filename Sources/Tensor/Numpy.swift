import MartletKernels

/// NumPy's `.npy` files: one array each.
extension Tensor {
  /// The array of a `.npy` file (format versions 1 to 3, either byte order, C or Fortran order).
  ///
  /// - Throws: `MartletError` of kind `.file` that says what is wrong with the file and where:
  ///   it cannot be read, is no `.npy` file, is too short or too long, or holds elements that
  ///   Martlet has no dtype for.
  public init(npy path: String) throws {
    let file = try MappedFile.opened(path)
    let header = try NumpyHeader(file)
    let (sizes, dtype, start) = (header.sizes, header.dtype, header.byteCount)
    let available = file.byteCount - start
    let expected: Int
    do { expected = try Tensor.byteCount(of: sizes, dtype) } catch {
      throw file.wrong("shape \(sizes) is beyond any file's size")
    }
    guard available == expected else {
      throw file.wrong(
        "\(dtype) \(sizes) takes \(expected) bytes, but \(available) follow the header, "
          + "which ends at byte \(start)")
    }
    let tensor = try Tensor.allocate(sizes, dtype)
    // The parts of complex numbers are turned around one by one.
    let width = dtype.componentType.byteCount
    let memory = try tensor.storage.writableBytes()
    try file.withBytes(start..<file.byteCount) { source in
      if dtype == .bool { try file.requireTruthValues(source, at: start) }
      guard header.isBigEndian, width > 1 else { return memory.overwrite(with: source) }
      memory.withMutableSpan(of: UInt8.self, offset: 0, count: expected) { target in
        for i in source.indices { target[i] = source[i ^ (width - 1)] }
      }
    }
    self = header.isFortranOrder ? tensor.viewed(.fortran(sizes)) : tensor
  }

  /// Writes the tensor as a `.npy` file, the bytes that `numpy.save` writes for it. The file
  /// appears whole or not at all.
  ///
  /// - Throws: `MartletError` of kind `.dtype` for bfloat16, which NumPy does not have, `.file`
  ///   when the file cannot be written, `.tracing` when the tensor is being traced.
  public func save(
    npy path: String, file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try noteRead("save(npy:)", false, SourceLocation(file, line))
    guard let code = dtype.numpyCode else {
      throw MartletError(
        .dtype, "NumPy has no \(dtype); convert the tensor to float32 to save it as .npy")
    }
    let header = NumpyHeader.bytes(code: code, sizes: sizes)
    let tensor = try compacted()
    let memory = try tensor.storage.bytes()
    let start = tensor.layout.offset * dtype.byteCount
    try FileError.translated {
      var output = try AtomicFile(path: path)
      try output.write(header)
      try output.write(memory, range: start..<(start + count * dtype.byteCount))
      try output.commit()
    }
  }
}

extension Layout {
  /// Column-major, without gaps.
  static func fortran(_ sizes: [Int]) -> Layout {
    let reversed = contiguousStrides(sizes.reversed())
    return Layout(sizes: sizes, strides: reversed.reversed())
  }
}

extension DType {
  /// NumPy's letter and width, or nil for bfloat16 and quantised types.
  var numpyCode: String? {
    switch self {
    case .float32: "<f4"
    case .float64: "<f8"
    case .float16: "<f2"
    case .bfloat16, .qint8, .quint8, .qint32: nil
    case .int8: "|i1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .uint8: "|u1"
    case .bool: "|b1"
    case .complex64: "<c8"
    case .complex128: "<c16"
    }
  }
}

extension MappedFile {
  static func opened(_ path: String) throws -> MappedFile {
    try FileError.translated { try MappedFile(path: path) }
  }

  /// An error about what the file holds.
  func wrong(_ message: String) -> MartletError { MartletError(.file, "'\(path)': \(message)") }

  /// Refuses bytes that are neither 0 nor 1; no Swift `Bool` may hold them.
  func requireTruthValues(_ bytes: Span<UInt8>, at start: Int, _ name: String = "") throws {
    for i in bytes.indices where bytes[i] > 1 {
      throw wrong("\(name)byte \(start + i) is \(bytes[i]), which is no truth value")
    }
  }
}
