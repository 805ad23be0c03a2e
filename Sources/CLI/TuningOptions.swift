import ArgumentParser
import Foundation
import Martlet
import MartletTensor

/// How a command chooses convolution algorithms.
struct TuningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Choose the algorithms of convolutions by timing them, and keep the choices in this file; \
      those that it holds already are not timed again.
      """, valueName: "file"))
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
    let record = exists ? try read(tuning) : TuningRecord()
    let known = record.count
    let options = CompileOptions(threads: threads, tuning: .measured(record))
    let program = try module.compile(options: options)
    if let inputs { try program.prepare(inputs) }
    if record.count > known || !exists {
      try OutputFile.write(Array(record.text.utf8), to: tuning)
    }
    return program
  }

  private func read(_ path: String) throws -> TuningRecord {
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw MartletError(.file, "could not open '\(path)': \(reason(error))")
    }
    return try TuningRecord(text: text)
  }
}
