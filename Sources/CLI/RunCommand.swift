import ArgumentParser
import Martlet
import MartletKernels
import MartletTensor

/// `martlet run`: what an archive's model gives for inputs from files.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs an archive on inputs from .npy files.",
    discussion: """
      With --output-dir, writes output_0.npy, output_1.npy, … in the order of the flattened \
      result: tuples, lists and dictionaries in turn. Without it, prints each one's dtype, shape \
      and first values.
      """)

  @OptionGroup var options: ArchiveOptions

  @Option(
    help: "The folder for output_0.npy, output_1.npy, …; made if it is not there.",
    completion: .directory)
  var outputDir: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let (module, inputs) = try options.load()
    let outputs = try options.run(module, inputs)
    if let outputDir {
      try FileError.translated { try Folder.make(outputDir) }
      for (index, output) in outputs.enumerated() {
        try output.save(npy: "\(outputDir)/output_\(index).npy")
      }
    }
    if json {
      try printJSON(try outputs.enumerated().map { try Row($0, $1, outputDir) })
    } else if outputDir == nil {
      for (index, output) in outputs.enumerated() { print(try Row(index, output, nil)) }
    }
  }

  private struct Row: Encodable, CustomStringConvertible {
    let name: String
    let dtype: String
    let shape: [Int]
    let first: [String]
    let file: String?

    init(_ index: Int, _ tensor: Tensor, _ folder: String?) throws {
      name = "output_\(index)"
      dtype = "\(tensor.dtype)"
      shape = tensor.sizes
      first = try firstValues(tensor)
      file = folder.map { "\($0)/output_\(index).npy" }
    }

    var description: String {
      let count = shape.reduce(1, *)
      let dots = count > first.count ? ", …" : ""
      return "\(name): \(dtype) \(shape) [\(first.joined(separator: ", "))\(dots)]"
    }
  }
}

/// The first six elements in row-major order.
func firstValues(_ tensor: Tensor) throws -> [String] {
  let count = min(tensor.sizes.reduce(1, *), 6)
  guard count > 0 else { return [] }
  if tensor.dtype.isComplex {
    let values = try tensor.converted(to: .complex128).elements(as: Complex<Double>.self)
    return values.prefix(count).map { "\($0)" }
  }
  if tensor.dtype == .bool {
    return try tensor.elements(as: Bool.self).prefix(count).map { "\($0)" }
  }
  if tensor.dtype == .float64 {
    return try tensor.elements(as: Double.self).prefix(count).map { "\($0)" }
  }
  if tensor.dtype.isFloatingPoint {
    return try tensor.converted(to: .float32).elements(as: Float.self).prefix(count).map { "\($0)" }
  }
  return try tensor.converted(to: .int64).elements(as: Int64.self).prefix(count).map { "\($0)" }
}
