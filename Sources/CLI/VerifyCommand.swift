import ArgumentParser
import Martlet
import MartletTensor
import MartletTracer

/// `martlet verify`: runs an archive and compares the results with those in files.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Runs an archive and compares its results with .npy files.",
    discussion: """
      Prints each output's dtype, shape and largest differences, and fails when one lies beyond \
      the tolerance: the largest absolute difference over the largest magnitude expected. Whole \
      numbers must be equal; NaN equals NaN. With --per-node, finds the first node whose value \
      differs between the compiled program and another archive, or the operators' reference.
      """)

  @OptionGroup var options: ArchiveOptions

  @Option(
    help: "A .npy file for an output, in the order of the flattened result.", completion: .numpy)
  var expect: [String] = []

  @Option(help: "The largest difference allowed, relative to the largest magnitude.")
  var tolerance = 1e-4

  @Option(
    help: "Compare node by node with another archive, or with 'eager': the reference.",
    completion: .archive)
  var perNode: String?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard tolerance >= 0 else {
      throw ValidationError("--tolerance must not be negative, got \(tolerance)")
    }
    if expect.isEmpty, perNode == nil {
      throw ValidationError("give --expect, or --per-node")
    }
  }

  func run() throws {
    let (module, inputs) = try options.load()
    var problems: [String] = []
    if !expect.isEmpty {
      let failed = try compare(try options.run(module, inputs))
      if failed > 0 {
        problems.append("\(failed) of \(expect.count) outputs differ beyond the tolerance")
      }
    }
    if let perNode {
      let comparison = NodeComparison(
        threads: options.threads, tolerance: tolerance, reference: options.reference)
      let found =
        perNode == "eager"
        ? try comparison.first(in: module, inputs)
        : try comparison.first(in: module, against: try TorchScript.load(perNode), inputs)
      if json { try printJSON(found) } else { print(found) }
      if found.node != nil { problems.append("a node's value differs beyond the tolerance") }
    }
    if !problems.isEmpty {
      throw MartletError(.check, "\(problems.joined(separator: "; ")) \(tolerance)")
    }
  }

  /// Prints how the outputs differ and gives the number of those that do too much.
  private func compare(_ outputs: [Tensor]) throws -> Int {
    guard outputs.count == expect.count else {
      throw MartletError(
        .check, "the model gives \(outputs.count) outputs, \(expect.count) were expected")
    }
    var rows: [Row] = []
    for (index, output) in outputs.enumerated() {
      let difference = try TensorDifference(output, expected: try Tensor(npy: expect[index]))
      rows.append(Row(index, output, difference, tolerance))
    }
    if json { try printJSON(rows) } else { for row in rows { print(row) } }
    return rows.count { !$0.passes }
  }

  private struct Row: Encodable, CustomStringConvertible {
    let name: String
    let dtype: String
    let shape: [Int]
    /// Infinity is null in JSON.
    let absolute: Double?
    let relative: Double?
    let passes: Bool
    let problem: String?

    init(_ index: Int, _ tensor: Tensor, _ difference: TensorDifference, _ tolerance: Double) {
      name = "output_\(index)"
      dtype = "\(tensor.dtype)"
      shape = tensor.sizes
      absolute = difference.absolute.isFinite ? difference.absolute : nil
      relative = difference.relative.isFinite ? difference.relative : nil
      passes = difference.isWithin(tolerance)
      problem = passes ? nil : difference.explanation
    }

    var description: String {
      func text(_ number: Double?) -> String { number.map(shortNumber) ?? "infinite" }
      let verdict = problem.map { "  FAILED: \($0)" } ?? "  ok"
      return "\(name): \(dtype) \(shape)  largest difference \(text(absolute)), relative "
        + "\(text(relative))\(verdict)"
    }
  }
}

extension TensorDifference {
  /// What differs, in words.
  var explanation: String {
    if let mismatch { return mismatch }
    guard let position, let elements else { return "equal" }
    return "element \(position) is \(elements.got), expected \(elements.expected)"
  }
}
