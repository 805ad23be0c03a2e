import ArgumentParser
import Martlet
import MartletKernels
import MartletPictures
import MartletTensor
import MartletTracer

/// An archive that takes one picture, and what it says of itself.
struct PictureModel {
  let path: String
  let module: TracedModule
  let metadata: ModelMetadata?
  /// The sizes and the dtype of the example it was traced with, where the archive has it.
  let example: (sizes: [Int], dtype: DType)?

  init(_ path: String) throws {
    self.path = path
    module = try TorchScript.load(path)
    do {
      metadata = try ModelMetadata(extraFiles: module.extraFiles)
    } catch let error as MartletError {
      throw MartletError(error.kind, "'\(path)': \(error.message)")
    }
    let tensors = (module.exampleInputs[module.mainMethod] ?? []).flatMap(\.tensors)
    example = tensors.first.flatMap { $0.dim == 4 ? ($0.sizes, $0.dtype) : nil }
  }

  /// 1 for grey pictures, 3 for colours.
  var channels: Int { metadata?.channels ?? example?.sizes[1] ?? 3 }

  /// Pixels as the network's input, `[1, channels, H, W]`.
  func input(_ planes: [Float], height: Int, width: Int) throws -> Tensor {
    let tensor = try Tensor(planes, shape: [1, channels, height, width])
    guard let dtype = example?.dtype, dtype.isFloatingPoint, dtype != .float32 else {
      return tensor
    }
    return try tensor.converted(to: dtype)
  }

  /// The names of the classes: a file's lines, or what the archive holds.
  func labels(from file: String?) throws -> [String]? {
    if let file {
      guard let bytes = try? readFile(file) else {
        throw MartletError(.file, "could not open '\(file)': give a text file with a label a line")
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw MartletError(
          .file, "'\(file)' is no UTF-8 text; give a text file with a label a line")
      }
      return Self.lines(text)
    }
    if let metadata, !metadata.labels.isEmpty { return metadata.labels }
    return module.extraFiles["labels.txt"].map { Self.lines(String(decoding: $0, as: UTF8.self)) }
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map(trimmed)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// Compiles for one picture's sizes, before any is read, so that what does not fit is told once.
  func compile(
    _ tuning: TuningOptions, threads: Int, channels: Int, height: Int, width: Int
  ) throws -> Program {
    let zeros = [Float](repeating: 0, count: channels * height * width)
    do {
      return try tuning.compile(
        module, threads: threads,
        preparing: [.tensor(try input(zeros, height: height, width: width))])
    } catch let error as MartletError where error.kind == .shape || error.kind == .argument {
      throw MartletError(
        error.kind,
        "'\(path)' does not take a picture of [1, \(channels), \(height), \(width)]; give another "
          + "--size, or see martlet inspect: \(error.message)")
    }
  }
}

/// What `classify` and `detect` have in common.
struct PictureOptions: ParsableArguments {
  @ArgumentParser.Argument(
    help: ArgumentHelp("A TorchScript archive.", valueName: "archive"))
  var path: String

  @ArgumentParser.Argument(
    help: ArgumentHelp("JPEG, PNG or WebP files, or folders of them.", valueName: "picture"))
  var pictures: [String]

  @Option(help: "A text file with the classes' names, one a line.")
  var labels: String?

  @Option(help: "How many threads work at the same time; as many as there are processors.")
  var threads: Int?

  @OptionGroup var tuning: TuningOptions

  @Flag(help: "Tell on standard error how pictures are prepared.")
  var verbose = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads must be at least 1, got \(threads)")
    }
  }

  /// How many pictures are worked on at the same time, and by how many threads each.
  func workers(for count: Int) -> (pictures: Int, threads: Int) {
    let all = threads ?? ProcessorCount.default
    let pictures = max(min(all, count), 1)
    return (pictures, max(all / pictures, 1))
  }

  func say(_ text: String) {
    if verbose { StandardError.write("\(text)\n") }
  }
}
