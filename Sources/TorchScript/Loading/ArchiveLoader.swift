import MartletKernels
import MartletOps
import MartletTensor
import MartletTracer

/// Makes a module of an archive's entries.
struct ArchiveLoader {
  /// The versions of PyTorch 1.4 to today.
  static let versions = 1...10

  private let archive: ZipArchive
  /// Operators are asked for when the first of the code has been parsed.
  private static let catalog = BesideWork.begin(tiles: 1) { _ in Catalog.prepare() }

  init(_ archive: ZipArchive) { self.archive = archive }

  func module() throws -> TracedModule {
    _ = Self.catalog
    guard !archive.contains("model.json") else {
      throw archive.wrong(
        "is an archive of PyTorch 1.3 or older, which Martlet does not read; load it with a "
          + "newer PyTorch and save it again")
    }
    guard archive.contains("constants.pkl") || !sources.isEmpty else {
      throw archive.wrong(
        archive.contains("data.pkl")
          ? "holds no code: it is a file of torch.save; trace the model and save that with "
            + "torch.jit.save, or give this file as --weights to martlet trace"
          : "holds neither data.pkl nor code: it is no archive of torch.jit.save")
    }
    let version = try version()
    let files = try sources.map { name in
      SourceFile(
        qualifier: name.dropFirst("code/".count).dropLast(".py".count)
          .split(separator: "/").joined(separator: "."),
        path: name, text: try archive.text(name))
    }
    do {
      archive.beginChecks()
      let constants = try constants()
      let unit = try SourceCompiler.compile(files, constants: constants, version: version)
      var builder = ModuleBuilder(
        unit: unit,
        values: ValueReader(try TensorReader(archive), unit: unit, place: place("data")),
        hasBufferLists: version > 2)
      let root = try read("data")
      let module = try builder.root(
        root, exampleInputs: try exampleInputs(unit), extraFiles: try extraFiles())
      try archive.finishChecks()
      return module
    } catch let error as MartletError where !error.message.contains(archive.path) {
      throw error.prefixed(by: "'\(archive.path)': ")
    }
  }

  private var sources: [String] {
    archive.names.filter { $0.hasPrefix("code/") && $0.hasSuffix(".py") }
  }

  private func version() throws -> Int {
    guard let name = [".data/version", "version"].first(where: archive.contains) else {
      throw archive.wrong("holds no version")
    }
    let text = try archive.text(name)
    guard let version = Int(text.prefix { !$0.isWhitespace }) else {
      throw archive.wrong("expected a version's number, got '\(text.prefix(20))'", entry: name)
    }
    guard ArchiveLoader.versions.contains(version) else {
      throw archive.wrong(
        "is of file version \(version); Martlet reads \(ArchiveLoader.versions.lowerBound) to "
          + "\(ArchiveLoader.versions.upperBound)", entry: name)
    }
    return version
  }

  private func place(_ pickle: String) -> String { archive.place("\(pickle).pkl") }

  private func read(_ pickle: String) throws -> PickleValue {
    try PickleReader.read(
      archive.bytes("\(pickle).pkl"), place: place(pickle), allowing: .torchScript)
  }

  /// The tensors that the source calls `CONSTANTS.c0`, `CONSTANTS.c1`, ….
  private func constants() throws -> [Value] {
    guard archive.contains("constants.pkl") else { return [] }
    let reader = ValueReader(
      try TensorReader(archive, folder: "constants"), unit: .empty, place: place("constants"))
    let value = try read("constants")
    guard let elements = value.elements else {
      throw archive.wrong("holds \(value.kindName), not a tuple", entry: "constants.pkl")
    }
    return try elements.enumerated().map { index, element in
      try reader.value(element, named: "c\(index)")
    }
  }

  /// The example inputs of each method: shapes and dtypes, for PyTorch leaves their values out.
  private func exampleInputs(_ unit: CompilationUnit) throws -> [String: [Value]] {
    guard archive.contains("traced_inputs.pkl") else { return [:] }
    let reader = ValueReader(
      try TensorReader(archive, folder: "traced_inputs", mayLackValues: true), unit: unit,
      place: place("traced_inputs"))
    let value = try reader.value(try read("traced_inputs"), named: "traced_inputs")
    guard case .dictionary(let entries) = value else { return [:] }
    var inputs: [String: [Value]] = [:]
    for entry in entries {
      guard case .string(let method) = entry.key else { continue }
      switch entry.value {
      case .list(let items), .tuple(let items): inputs[method] = items
      default: inputs[method] = [entry.value]
      }
    }
    return inputs
  }

  private func extraFiles() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in archive.names where name.hasPrefix("extra/") && !name.hasSuffix("/") {
      files[String(name.dropFirst("extra/".count))] = try archive.bytes(name)
    }
    return files
  }
}

extension MartletError {
  /// The same error with words before its message.
  func prefixed(by text: String) -> MartletError {
    var error = MartletError(kind, text + message)
    error.operatorCall = operatorCall
    error.modulePath = modulePath
    error.location = location
    return error
  }
}
