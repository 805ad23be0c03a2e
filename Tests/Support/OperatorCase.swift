import Foundation
import MartletOps
import MartletTensor

/// One golden call of an operator, as Tests/Fixtures/operator_cases.py writes it.
public struct OperatorCase: Sendable, CustomTestStringConvertible {
  public let family: String
  public let index: Int
  public let operatorName: String
  public let arguments: [Value]
  /// Nil where PyTorch refuses the call.
  public let results: [Value]?
  /// What PyTorch says when it refuses.
  public let error: String?
  /// What the storage of each changed argument holds after the call, flat.
  public let after: [Int: Value]
  /// What each list or dictionary that the call changes holds after it.
  public let changed: [Int: Value]
  /// Of the random numbers it draws.
  public let seed: Int?
  public let tolerance: Double?
  public let note: String?

  public var testDescription: String { "\(family) \(index): \(operatorName) \(note ?? "")" }

  /// The names of the families that have golden cases.
  public static let families: [String] = {
    let folder = fixtureURL("operators").path
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  /// The cases of every family.
  public static func all() throws -> [OperatorCase] { try families.flatMap(cases) }

  /// The schemas, as PyTorch prints them, of the operators that have golden cases.
  public static func schemas() throws -> [String: String] {
    try families.reduce(into: [:]) { found, family in
      let body = try json(fixtureURL("operators/\(family).json"))
      found.merge(body["schemas"] as? [String: String] ?? [:]) { first, _ in first }
    }
  }

  public static func cases(_ family: String) throws -> [OperatorCase] {
    let body = try json(fixtureURL("operators/\(family).json"))
    let tensors = try GoldenTensors(fixtureURL("operators/\(family).safetensors"))
    return try (body["cases"] as? [[String: Any]] ?? []).enumerated().map { index, entry in
      func decode(_ key: String) throws -> [Value]? {
        try (entry[key] as? [Any])?.map { try tensors.value($0) }
      }
      func byIndex(_ key: String) throws -> [Int: Value] {
        try (entry[key] as? [String: Any] ?? [:]).reduce(into: [:]) { found, item in
          found[Int(item.key) ?? -1] = try tensors.value(item.value)
        }
      }
      return OperatorCase(
        family: family, index: index, operatorName: entry["op"] as? String ?? "",
        arguments: try decode("arguments") ?? [], results: try decode("results"),
        error: entry["error"] as? String,
        after: try byIndex("after"), changed: try byIndex("changed"), seed: entry["seed"] as? Int,
        tolerance: entry["tolerance"] as? Double,
        note: entry["note"] as? String)
    }
  }

  private static func json(_ url: URL) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] ?? [:]
  }
}

/// Named so that this target need not import Testing.
public protocol CustomTestStringConvertible {
  var testDescription: String { get }
}

/// The tensors beside the cases.
private struct GoldenTensors {
  private let header: [String: Any]
  private let data: Data
  private let start: Int

  init(_ url: URL) throws {
    data = try Data(contentsOf: url)
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    start = 8 + length
    header =
      try JSONSerialization.jsonObject(with: data.subdata(in: 8..<start)) as? [String: Any] ?? [:]
  }

  func value(_ encoded: Any) throws -> Value {
    guard let entry = encoded as? [String: Any], let (kind, body) = first(entry) else {
      return .none
    }
    switch kind {
    case "t": return .tensor(try tensor(entry))
    case "q": return .tensor(try quantized(entry, try Tensor(value(body))))
    case "p":
      return .packed(
        try PackedParameters(className: body as? String ?? "", state: value(entry["state"] ?? "")))
    case "b": return .bool(body as? Bool ?? false)
    case "i": return .int(Dim(body as? Int ?? 0))
    case "f": return .double(Double(body as? String ?? "") ?? .nan)
    case "c":
      let parts = (body as? [String] ?? []).map { Double($0) ?? .nan }
      return .complex(parts[0], parts[1])
    case "s": return .string(body as? String ?? "")
    case "d": return .device(body as? String ?? "")
    case "l": return .list(try (body as? [Any] ?? []).map(value))
    case "u": return .tuple(try (body as? [Any] ?? []).map(value))
    case "e":
      let parts = body as? [Any] ?? []
      return .enumeration(
        EnumerationMember(
          className: parts[0] as? String ?? "", name: parts[1] as? String ?? "",
          value: try value(parts[2])))
    case "m":
      return .dictionary(
        try (body as? [[Any]] ?? []).map {
          Value.DictionaryEntry(key: try value($0[0]), value: try value($0[1]))
        })
    default: throw MartletError(.file, "unknown kind '\(kind)' in a golden case")
    }
  }

  private func first(_ entry: [String: Any]) -> (String, Any)? {
    for kind in ["t", "q", "p", "b", "i", "f", "c", "s", "d", "l", "u", "m", "e"] {
      if let body = entry[kind] { return (kind, body) }
    }
    return nil
  }

  private func quantized(_ entry: [String: Any], _ numbers: Tensor) throws -> Tensor {
    if let scale = (entry["scale"] as? String).flatMap(Double.init) {
      return try numbers.quantized(
        by: .perTensor(scale: scale, zeroPoint: entry["zero_point"] as? Int ?? 0))
    }
    return try numbers.quantized(
      by: Quantizer(
        scales: try Tensor(value(entry["scales"] ?? "")),
        zeroPoints: try Tensor(value(entry["zero_points"] ?? "")),
        axis: entry["axis"] as? Int ?? 0))
  }

  private func tensor(_ entry: [String: Any]) throws -> Tensor {
    let name = entry["t"] as? String ?? ""
    let tensor = name.hasPrefix("c") ? try complex(String(name.dropFirst())) : try stored(name)
    guard let size = entry["size"] as? [Int], let stride = entry["stride"] as? [Int] else {
      return tensor
    }
    return tensor.viewed(
      Layout(sizes: size, strides: stride, offset: entry["offset"] as? Int ?? 0))
  }

  /// The parts of complex numbers stand in a last axis.
  private func complex(_ name: String) throws -> Tensor {
    let parts = try stored(name)
    return Tensor(
      storage: parts.storage, layout: Layout(contiguous: Array(parts.sizes.dropLast())),
      dtype: parts.dtype.complexType)
  }

  private func stored(_ name: String) throws -> Tensor {
    guard let info = header[name] as? [String: Any], let code = info["dtype"] as? String,
      let sizes = info["shape"] as? [Int], let offsets = info["data_offsets"] as? [Int],
      let dtype = Self.dtypes[code]
    else { throw MartletError(.file, "no golden tensor '\(name)'") }
    let tensor = try Tensor.allocate(sizes, dtype)
    let bytes = data.subdata(in: (start + offsets[0])..<(start + offsets[1]))
    try tensor.overwrite(bytes: Array(bytes))
    return tensor
  }

  private static let dtypes: [String: DType] = [
    "F32": .float32, "F64": .float64, "F16": .float16, "BF16": .bfloat16, "I8": .int8,
    "I16": .int16, "I32": .int32, "I64": .int64, "U8": .uint8, "BOOL": .bool,
  ]
}
