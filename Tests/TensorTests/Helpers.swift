import MartletTensor
import Testing

extension DType {
  static func named(_ name: String) -> DType? { allCases.first { $0.name == name } }
}

/// The elements' bits, in row-major order; of complex ones, both parts'.
func bitPatterns(_ tensor: Tensor) throws -> [UInt64] {
  switch tensor.dtype {
  case .float32: try tensor.array(of: Float.self).map { UInt64($0.bitPattern) }
  case .float64: try tensor.array(of: Double.self).map(\.bitPattern)
  case .float16: try tensor.array(of: Float16.self).map { UInt64($0.bitPattern) }
  case .bfloat16: try tensor.array(of: BFloat16.self).map { UInt64($0.bitPattern) }
  case .int8: try tensor.array(of: Int8.self).map { UInt64(UInt8(bitPattern: $0)) }
  case .int16: try tensor.array(of: Int16.self).map { UInt64(UInt16(bitPattern: $0)) }
  case .int32: try tensor.array(of: Int32.self).map { UInt64(UInt32(bitPattern: $0)) }
  case .int64: try tensor.array(of: Int64.self).map { UInt64(bitPattern: $0) }
  case .uint8: try tensor.array(of: UInt8.self).map { UInt64($0) }
  case .bool: try tensor.array(of: Bool.self).map { $0 ? 1 : 0 }
  case .complex64, .complex128: try bitPatterns(tensor.viewedAsReal())
  case .qint8, .quint8, .qint32: try bitPatterns(tensor.storedNumbers)
  }
}

/// Expects a `MartletError` with this message, which may be only its beginning.
func expectError<R>(
  _ message: String, kind: MartletError.Kind? = nil,
  sourceLocation: Testing.SourceLocation = #_sourceLocation, _ body: () throws -> R
) {
  do {
    _ = try body()
    Issue.record("expected the error: \(message)", sourceLocation: sourceLocation)
  } catch let error as MartletError {
    #expect(
      error.message.hasPrefix(message), "got: \(error.message)", sourceLocation: sourceLocation)
    if let kind { #expect(error.kind == kind, sourceLocation: sourceLocation) }
  } catch {
    Issue.record("another error: \(error)", sourceLocation: sourceLocation)
  }
}
