import ArgumentParser
import Martlet
import MartletTensor

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `martlet profile`: where the time of a run goes.
struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Measures the steps of a run: their time, their share of it and of the peak.",
    discussion: """
      Each line: the step's number, the median of its time over the runs, its share of them all, \
      the share of what the cores could multiply and add (measured beside the runs), the bytes \
      that it reads and writes, the kernel, the operator, the sizes of its result, the module.
      """)

  @OptionGroup var options: BenchedOptions
  @OptionGroup var tuning: TuningOptions

  @Option(help: "The most threads that one run uses; as many as the process may use unless given.")
  var threads: Int?

  @Option(help: "How long to measure.")
  var seconds = 2.0

  @Option(
    help: "A file for one run as a Chrome trace, for chrome://tracing or ui.perfetto.dev.",
    completion: .file(extensions: ["json"]))
  var traceOut: String?

  @Option(
    help: """
      A file for a page that shows it all in a browser: what each thread does when, a table of \
      steps that sorts, totals by operator, kernel and module.
      """,
    completion: .file(extensions: ["html"]))
  var html: String?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds must be more than 0 and at most 3600, got \(seconds)")
    }
    if let threads, threads < 1 {
      throw ValidationError("--threads must be at least 1, got \(threads)")
    }
  }

  func run() throws {
    let benched = try options.make()
    let program = try tuning.compile(benched.module, threads: threads)
    let profile = try program.profile(benched.inputs, seconds: seconds)
    if let traceOut {
      let trace = try JSONEncoder().encode(ChromeTrace(profile, model: options.name))
      try OutputFile.write([UInt8](trace), to: traceOut)
    }
    if let html {
      let page = ProfilePage(profile, model: options.name, inputs: benched.inputs)
      try OutputFile.write(Array(try page.html().utf8), to: html)
    }
    let report = ProfileReport(profile, model: options.name)
    if json { try printJSON(report) } else { print(report) }
  }
}
