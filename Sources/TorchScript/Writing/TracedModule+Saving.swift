import MartletOps
import MartletTensor
import MartletTracer

extension TracedModule {
  /// Saves the module as a TorchScript archive that `torch.jit.load` and PNNX read: its classes
  /// under PyTorch's names, its parameters and buffers, and the shapes of the example inputs.
  ///
  /// The file appears whole or not at all, and one module always gives the same bytes. Entries
  /// are stored at multiples of 64 bytes, and the version is the oldest that has the operators.
  ///
  ///     try traced.save("resnet18.pt")
  ///
  /// - Parameter extraFiles: what `torch.jit.load(_extra_files:)` gives back, by name. Those of
  ///   the archive that the module comes from stay unless replaced.
  /// - Throws: `MartletError` of kind `.file` when the file cannot be written, `.value` when the
  ///   module holds tensors without values, `.argument` for a method's or file's name that an
  ///   archive cannot have.
  public func save(_ path: String, extraFiles: [String: [UInt8]] = [:]) throws {
    let contents = try ArchiveContents(self)
    var archive = try ZipWriter(path: path, root: ArchiveContents.root)
    try contents.write(
      to: &archive, extraFiles: self.extraFiles.merging(extraFiles) { _, new in new })
    try archive.finish()
  }
}

/// What an archive of a module holds, made before a file is begun.
struct ArchiveContents {
  /// The folder in the archive; PyTorch's own name where it knows no file's.
  static let root = "archive"

  private let data, constants: PickleWriter
  private let tracedInputs: PickleWriter?
  private let sources: [(qualifier: String, text: String)]
  private let version: Int

  init(_ module: TracedModule) throws {
    let context = SourceContext(isSaved: true)
    let classes = try ModuleClasses(module, context: context)
    let pickler = ModulePickler(classes: classes, unit: module.unit)
    var data = PickleWriter()
    try pickler.write(module, to: &data)
    var printer = ClassPrinter(classes: classes, unit: module.unit, context: context)
    try printer.addAll()
    var constants = PickleWriter()
    let values = context.constants
    try constants.tuple(count: values.count) { pickle in
      for value in values { try pickler.write(value, .any, to: &pickle) }
    }
    self.data = data
    self.constants = constants
    tracedInputs = try Self.tracedInputs(module, pickler)
    sources = printer.files
    version = context.version
  }

  func write(to archive: inout ZipWriter, extraFiles: [String: [UInt8]]) throws {
    for (name, bytes) in extraFiles.sorted(by: { $0.key < $1.key }) {
      try archive.add("extra/\(name)", bytes)
    }
    try archive.add(pickle: data, named: "data")
    for (qualifier, text) in sources {
      let path = qualifier.split(separator: ".").joined(separator: "/")
      try archive.add("code/\(path).py", Array(text.utf8))
    }
    try archive.add(pickle: constants, named: "constants")
    if let tracedInputs { try archive.add(pickle: tracedInputs, named: "traced_inputs") }
    try archive.add("version", Array("\(version)\n".utf8))
    try archive.add("byteorder", Array("little".utf8))
    try archive.add(".data/serialization_id", Array(archive.identity.utf8))
  }

  /// The inputs of each traced method: `Dict[str, List[Any]]`, tensors without their elements.
  private static func tracedInputs(_ module: TracedModule, _ pickler: ModulePickler) throws
    -> PickleWriter?
  {
    let methods = module.methodNames.filter { module.exampleInputs[$0] != nil }
    guard !methods.isEmpty else { return nil }
    var pickle = PickleWriter()
    try pickle.dictionary(type: "Dict[str, List[Any]]") { pickle in
      for method in methods {
        pickle.string(method)
        try pickle.list(type: "List[Any]") { pickle in
          for input in module.exampleInputs[method] ?? [] {
            try pickler.write(input, .any, to: &pickle, isShapeOnly: true)
          }
        }
      }
    }
    return pickle
  }
}
