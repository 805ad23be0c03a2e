import MartletKernels
import MartletTensor

/// A file that `torch.save` wrote, as data.
struct Checkpoint {
  private let place: String
  private let value: PickleValue
  private let reader: TensorReader

  /// - Throws: `MartletError` of kind `.file` that says what is wrong with the file and where.
  init(path: String) throws {
    let file: MappedFile
    do { file = try MappedFile(path: path, access: .copyOnWrite) } catch {
      throw MartletError(.file, error.description)
    }
    let head = file.withBytes(0..<min(file.byteCount, 2)) { span in span.indices.map { span[$0] } }
    if head == [0x80, 2] {
      let legacy = try LegacyCheckpoint(file)
      place = "'\(path)'"
      value = legacy.value
      reader = TensorReader(legacy)
      return
    }
    let archive = try ZipArchive(file)
    guard !archive.contains("constants.pkl") else {
      throw archive.wrong("is a TorchScript archive, not a file of weights")
    }
    place = archive.place("data.pkl")
    value = try PickleReader.read(
      archive.bytes("data.pkl"), place: place, allowing: .checkpoints)
    reader = try TensorReader(archive)
  }

  /// The state dictionary's tensors.
  func tensors() throws -> [(name: String, tensor: Tensor)] {
    guard let dictionary = value.dictionary else {
      throw MartletError(
        .file, "\(place): holds \(value.kindName); a dictionary of tensors is expected")
    }
    let entries = try stateDictionary(dictionary).entries
    var result: [(name: String, tensor: Tensor)] = []
    result.reserveCapacity(entries.count)
    for (key, value) in entries where TensorReader.isTensor(value) {
      guard let name = key.string else {
        throw MartletError(.file, "\(place): names a tensor by \(key.kindName)")
      }
      let stored = try reader.tensor(value, named: name)
      result.append((name, try stored.complete()))
    }
    return result
  }

  private func stateDictionary(_ dictionary: PickleDictionary) throws -> PickleDictionary {
    let holdsTensors = { (dictionary: PickleDictionary) in
      dictionary.entries.contains { TensorReader.isTensor($0.value) }
    }
    // A checkpoint may hold single tensors beside, such as a loss.
    for key in ["state_dict", "model_state_dict", "model_state", "model"] {
      if let inner = dictionary[key]?.dictionary, holdsTensors(inner) { return inner }
    }
    if holdsTensors(dictionary) || dictionary.entries.isEmpty { return dictionary }
    let keys = dictionary.entries.prefix(10).map { $0.key.string ?? $0.key.kindName }
    throw MartletError(
      .file, "\(place): no dictionary of tensors is in it; its keys are \(keys)")
  }
}

extension PickleGlobals {
  /// What checkpoints hold beside tensors: numbers of NumPy's and settings. Nothing is made of it.
  static let checkpoints = tensors.union(
    PickleGlobals(names: [
      PickleGlobal("numpy.core.multiarray", "scalar"),
      PickleGlobal("numpy._core.multiarray", "scalar"),
      PickleGlobal("numpy.core.multiarray", "_reconstruct"),
      PickleGlobal("numpy._core.multiarray", "_reconstruct"),
      PickleGlobal("numpy", "dtype"),
      PickleGlobal("numpy", "ndarray"),
      PickleGlobal("_codecs", "encode"),
      PickleGlobal("argparse", "Namespace"),
      PickleGlobal("pathlib", "PosixPath"),
      PickleGlobal("collections", "Counter"),
      PickleGlobal("collections", "defaultdict"),
      PickleGlobal("builtins", "set"),
      PickleGlobal("builtins", "dict"),
      PickleGlobal("builtins", "list"),
      PickleGlobal("builtins", "complex"),
      PickleGlobal("builtins", "slice"),
      PickleGlobal("builtins", "bytearray"),
      PickleGlobal("__builtin__", "set"),
      PickleGlobal("__builtin__", "dict"),
      PickleGlobal("__builtin__", "list"),
    ]))
}
