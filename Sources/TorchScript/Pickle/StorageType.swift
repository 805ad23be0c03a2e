import MartletTensor

/// How a file of PyTorch's names the types of its values. A new dtype is one line of the table.
package struct StorageType: Sendable, Hashable {
  /// The class that pickles name, as in `FloatStorage`.
  package let storageName: String
  /// PyTorch's name of the type, as in `float32`.
  package let name: String
  /// Martlet's type of the stored numbers, or nil when it has none. Of quantised values, that of
  /// their integers.
  package let dtype: DType?
  /// The bytes one element takes.
  package let byteCount: Int
  /// The bytes that change places under the other byte order: a complex number has two parts.
  let swapWidth: Int
  package let isQuantized: Bool

  private init(
    _ storageName: String, _ name: String, _ dtype: DType?, _ byteCount: Int,
    swapWidth: Int? = nil, isQuantized: Bool = false
  ) {
    self.storageName = storageName
    self.name = name
    self.dtype = dtype
    self.byteCount = byteCount
    self.swapWidth = swapWidth ?? byteCount
    self.isQuantized = isQuantized
  }

  package static let all: [StorageType] = [
    StorageType("FloatStorage", "float32", .float32, 4),
    StorageType("DoubleStorage", "float64", .float64, 8),
    StorageType("HalfStorage", "float16", .float16, 2),
    StorageType("BFloat16Storage", "bfloat16", .bfloat16, 2),
    StorageType("CharStorage", "int8", .int8, 1),
    StorageType("ShortStorage", "int16", .int16, 2),
    StorageType("IntStorage", "int32", .int32, 4),
    StorageType("LongStorage", "int64", .int64, 8),
    StorageType("ByteStorage", "uint8", .uint8, 1),
    StorageType("BoolStorage", "bool", .bool, 1),
    StorageType("ComplexFloatStorage", "complex64", .complex64, 8, swapWidth: 4),
    StorageType("ComplexDoubleStorage", "complex128", .complex128, 16, swapWidth: 8),
    StorageType("QInt8Storage", "qint8", .int8, 1, isQuantized: true),
    StorageType("QUInt8Storage", "quint8", .uint8, 1, isQuantized: true),
    StorageType("QInt32Storage", "qint32", .int32, 4, isQuantized: true),
    StorageType("UInt16Storage", "uint16", nil, 2),
    StorageType("UInt32Storage", "uint32", nil, 4),
    StorageType("UInt64Storage", "uint64", nil, 8),
    StorageType("ComplexHalfStorage", "complex32", nil, 4, swapWidth: 2),
    StorageType("Float8_e4m3fnStorage", "float8_e4m3fn", nil, 1),
    StorageType("Float8_e5m2Storage", "float8_e5m2", nil, 1),
    StorageType("Float8_e4m3fnuzStorage", "float8_e4m3fnuz", nil, 1),
    StorageType("Float8_e5m2fnuzStorage", "float8_e5m2fnuz", nil, 1),
    StorageType("QUInt4x2Storage", "quint4x2", nil, 1, isQuantized: true),
    StorageType("QUInt2x4Storage", "quint2x4", nil, 1, isQuantized: true),
  ]

  /// The row of a dtype's own values.
  package static func of(_ dtype: DType) -> StorageType? {
    all.first { $0.dtype == dtype && !$0.isQuantized }
  }

  /// The row of a quantised type, by PyTorch's name for it.
  static func quantized(_ name: String) -> StorageType? {
    byName[name].flatMap { $0.isQuantized ? $0 : nil }
  }

  private static let byStorageName = Dictionary(
    uniqueKeysWithValues: all.map { ($0.storageName, $0) })
  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The row of a storage class, as in `torch.FloatStorage`.
  static func named(_ global: PickleGlobal) -> StorageType? {
    global.module == "torch" ? byStorageName[global.name] : nil
  }

  /// The row of a dtype's name, as in `torch.float32`.
  static func dtype(_ global: PickleGlobal) -> StorageType? {
    global.module == "torch" ? byName[global.name] : nil
  }
}
