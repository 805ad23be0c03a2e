import ArgumentParser
import Martlet
import MartletKernels
import MartletTensor

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
    let exists = Folder.somethingExists(at: tuning)
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
    try TuningRecord(text: String(decoding: try readFile(path), as: UTF8.self))
  }
}
