import ArgumentParser
import Martlet

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How a command chooses convolution algorithms.
struct TuningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Choose the algorithms of convolutions by timing them, and keep the choices in this file; \
      those that it holds already are not timed again.
      """, valueName: "file"), completion: .file())
  var tuning: String?

  /// Compiles the module, for as many threads, and keeps what was timed.
  func compile(
    _ module: TracedModule, threads: Int?, preparing inputs: [Value]? = nil
  ) throws -> Program {
    guard let tuning else {
      let program = try module.compile(threads: threads)
      if let inputs { try program.prepare(inputs) }
      return program
    }
    let exists = FileManager.default.fileExists(atPath: tuning)
    let record =
      exists
      ? try TuningRecord(text: String(contentsOfFile: tuning, encoding: .utf8)) : TuningRecord()
    let known = record.count
    let options = CompileOptions(threads: threads, tuning: .measured(record))
    let program = try module.compile(options: options)
    if let inputs { try program.prepare(inputs) }
    if record.count > known || !exists {
      try record.text.write(toFile: tuning, atomically: true, encoding: .utf8)
    }
    return program
  }
}
