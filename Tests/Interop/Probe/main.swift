import Foundation
import Martlet

/// Runs a model of the catalogue for Tests/Interop/check_models.py:
///
///     InteropProbe NAME [--seed S] [--weights W.safetensors] [--print]
///       [--save-state S.safetensors] [--input X.npy --output PREFIX [--save M.pt]]
///
/// The model's outputs are written to PREFIX0.npy, PREFIX1.npy, …; those of its checked trace,
/// compiled for one, two and four threads, to PREFIX-1-0.npy, PREFIX-2-0.npy, ….
struct Probe {
  var name = ""
  var seed = 0
  var weights, state, output, archive: String?
  var inputs: [String] = []
  var prints = false

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    func next() throws -> String {
      guard let value = rest.popFirst() else {
        throw MartletError(.argument, "an option lacks its value")
      }
      return value
    }
    while let argument = rest.popFirst() {
      switch argument {
      case "--seed": seed = Int(try next()) ?? 0
      case "--weights": weights = try next()
      case "--save-state": state = try next()
      case "--input": inputs.append(try next())
      case "--output": output = try next()
      case "--save": archive = try next()
      case "--print": prints = true
      default: name = argument
      }
    }
  }

  func run() throws {
    let model = try withGenerator(seed: seed) { try ModelCatalog.make(name) }
    if let weights { try model.load(weights) }
    if prints { print(model) }
    if let state { try model.stateDict().write(safetensors: state) }
    if let output, let input = inputs.first {
      model.eval()
      let input = try Tensor(npy: input)
      try save(try call(model, input), output)
      try runTraced(model, input, output)
    }
  }

  private func runTraced(_ model: some CatalogModel, _ input: Tensor, _ output: String) throws {
    let traced = try trace(model, input)
    if let archive { try traced.save(archive) }
    for threads in [1, 2, 4] {
      let program = try traced.compile(threads: threads)
      try save(try program.run([input]), "\(output)-\(threads)-")
    }
  }

  private func save(_ results: [Tensor], _ prefix: String) throws {
    for (index, tensor) in results.enumerated() { try tensor.save(npy: "\(prefix)\(index).npy") }
  }

  private func call(_ model: some CatalogModel, _ input: Tensor) throws -> [Tensor] {
    let start = ContinuousClock.now
    let result = try model(input)
    FileHandle.standardError.write(Data("\(name): \(ContinuousClock.now - start)\n".utf8))
    if let tensor = result as? Tensor { return [tensor] }
    if let (boxes, prototypes) = result as? (Tensor, Tensor) { return [boxes, prototypes] }
    if let (states, pooled) = result as? BertModel.Result {
      return [states] + (pooled.map { [$0] } ?? [])
    }
    throw MartletError(.argument, "\(name) gives a \(type(of: result))")
  }
}

do {
  let arguments = Array(CommandLine.arguments.dropFirst())
  if arguments.first == "archives", arguments.count == 2 {
    try ArchiveProbe.run(manifest: arguments[1])
  } else {
    try Probe(arguments).run()
  }
} catch {
  FileHandle.standardError.write(Data("InteropProbe: error: \(error)\n".utf8))
  exit(1)
}
