import MartletKernels
import MartletTensor

/// The kinds of files of weights.
enum WeightsFormat {
  case safetensors
  case torch

  /// Told by the file's first bytes.
  ///
  /// - Throws: `MartletError` of kind `.file` for a file that cannot be read or is none of them.
  init(path: String) throws {
    let file: MappedFile
    do { file = try MappedFile(path: path) } catch {
      throw MartletError(.file, error.description)
    }
    let head = file.withBytes(0..<min(file.byteCount, 9)) { span in span.indices.map { span[$0] } }
    if head.starts(with: [0x50, 0x4B]) || head.starts(with: [0x80, 2]) {
      self = .torch
    } else if head.count == 9, head[8] == UInt8(ascii: "{") {
      self = .safetensors
    } else {
      throw MartletError(
        .file, "'\(path)': begins like neither safetensors nor a file of torch.save")
    }
  }
}
