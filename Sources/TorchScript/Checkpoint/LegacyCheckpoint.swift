import MartletKernels
import MartletTensor

/// A file as `torch.save` wrote it before PyTorch 1.6: five pickles one after another (magic
/// number, version, sizes of the writer's integers, the value, the storages' keys), then each
/// storage as its count of elements and its bytes.
final class LegacyCheckpoint: StorageSource {
  let value: PickleValue
  let place: String
  private let file: MappedFile
  private var isBigEndian = false
  /// The bytes of each storage, and how many elements the file says they are.
  private var contents: [String: Content] = [:]
  private var storages: [String: Storage] = [:]

  private struct Content {
    let type: StorageType
    let range: Range<Int>
  }

  /// 0x1950a86a20f9469cfc6c, lowest byte first.
  private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

  init(_ file: MappedFile) throws {
    self.file = file
    let place = "'\(file.path)'"
    self.place = place
    var position = 0
    func next(_ what: String, _ globals: PickleGlobals) throws -> PickleValue {
      let (value, end) = try file.withBytes(position..<file.byteCount) { span in
        try PickleReader.read(span, place: "\(place): \(what)", allowing: globals)
      }
      position += end
      return value
    }
    let none = PickleGlobals()
    guard case .largeInt(let magic) = try next("magic number", none), magic == Self.magic else {
      throw MartletError(.file, "\(place): is a pickle, but none that torch.save wrote")
    }
    guard try next("version", none).int == 1001 else {
      throw MartletError(.file, "\(place): is of a version of torch.save's format other than 1001")
    }
    guard let system = try next("system", none).dictionary,
      let isLittle = system["little_endian"]?.bool
    else { throw MartletError(.file, "\(place): does not tell its byte order") }
    isBigEndian = !isLittle
    value = try next("value", .checkpoints)
    guard let keys = try next("keys of storages", none).elements else {
      throw MartletError(.file, "\(place): has no list of storages")
    }
    let references = try StorageWalk.references(of: value, place: place)
    for key in keys {
      guard let key = key.string else {
        throw MartletError(.file, "\(place): a storage's key is \(key.kindName)")
      }
      guard let type = references[key] else {
        throw MartletError(
          .file, "\(place): no tensor uses storage '\(key)', so its size is unknown")
      }
      guard contents[key] == nil else {
        throw MartletError(.file, "\(place): two storages have the key '\(key)'")
      }
      contents[key] = Content(type: type, range: try range(&position, type, key))
    }
    guard position == file.byteCount else {
      throw MartletError(
        .file, "\(place): \(file.byteCount - position) bytes follow the last storage")
    }
  }

  private func range(_ position: inout Int, _ type: StorageType, _ key: String) throws
    -> Range<Int>
  {
    let cut = MartletError(
      .file, "\(place): storage '\(key)' reaches past the file's end at byte \(file.byteCount)")
    guard file.byteCount - position >= 8 else { throw cut }
    let isBig = isBigEndian
    let count = file.withBytes(position..<(position + 8)) { span in
      (0..<8).reduce(UInt64(0)) { $0 << 8 | UInt64(span[isBig ? $1 : 7 - $1]) }
    }
    position += 8
    guard count <= UInt64((file.byteCount - position) / type.byteCount) else { throw cut }
    let start = position
    position += Int(count) * type.byteCount
    return start..<position
  }

  func storage(_ reference: StorageReference, as type: StorageType) throws -> Storage {
    guard let content = contents[reference.key] else {
      throw MartletError(.file, "\(place): storage '\(reference.key)' is missing")
    }
    guard content.range.count >= reference.byteCount, content.type == type else {
      throw MartletError(
        .file,
        "\(place): storage '\(reference.key)' holds \(content.range.count) bytes of "
          + "\(content.type.name), a tensor expects \(reference.byteCount) of \(type.name)")
    }
    if let known = storages[reference.key] { return known }
    let storage = try read(content, reference.key)
    storages[reference.key] = storage
    return storage
  }

  private func read(_ content: Content, _ key: String) throws -> Storage {
    guard let mapped = AlignedMemory(file: file, range: content.range), mapped.byteCount > 0
    else { return try .allocate(byteCount: 0) }
    if content.type.dtype == .bool {
      try mapped.requireTruthValues {
        MartletError(.file, "\(place): storage '\(key)': \($0)")
      }
    }
    if isBigEndian, content.type.swapWidth > 1 {
      return Storage(memory: try mapped.withSwappedBytes(width: content.type.swapWidth))
    }
    if mapped.isAligned(to: content.type.byteCount) { return Storage(memory: mapped) }
    let storage = try Storage.allocate(byteCount: content.range.count)
    let target = try storage.writableBytes()
    file.withBytes(content.range) { target.overwrite(with: $0) }
    return storage
  }
}

/// Finds the storages that a value's tensors use.
private struct StorageWalk {
  private let place: String
  private var seen: Set<ObjectIdentifier> = []
  private var found: [String: StorageType] = [:]

  private init(place: String) { self.place = place }

  static func references(of value: PickleValue, place: String) throws -> [String: StorageType] {
    var walk = StorageWalk(place: place)
    try walk.visit(value)
    return walk.found
  }

  /// As deep as the pickle's limit allows.
  private mutating func visit(_ value: PickleValue) throws {
    guard let node = value.node, seen.insert(ObjectIdentifier(node)).inserted else { return }
    switch value {
    case .list(let list): for element in list.elements { try visit(element) }
    case .tuple(let tuple): for element in tuple.elements { try visit(element) }
    case .dictionary(let dictionary):
      try visit(dictionary.entries, dictionary.state)
    case .object(let object):
      try visit(object.argument)
      try visit(object.entries, object.state)
    case .persistent(let persistent):
      guard let reference = StorageReference(persistent.id), let type = reference.type else {
        throw MartletError(.file, "\(place): a storage of no known type")
      }
      // PyTorch 0.4 and before let a storage be a part of another.
      guard reference.rest.allSatisfy(\.isNone) else {
        throw MartletError(
          .unsupported,
          "\(place): storage '\(reference.key)' is part of another one, as PyTorch 0.4 wrote; "
            + "save the file anew")
      }
      guard found.updateValue(type, forKey: reference.key) ?? type == type else {
        throw MartletError(.file, "\(place): storage '\(reference.key)' has two types")
      }
    default: break
    }
  }

  private mutating func visit(
    _ entries: [(key: PickleValue, value: PickleValue)], _ state: PickleValue?
  ) throws {
    for (key, value) in entries {
      try visit(key)
      try visit(value)
    }
    if let state { try visit(state) }
  }
}
