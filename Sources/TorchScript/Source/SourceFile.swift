import MartletTensor

/// One file of TorchScript source.
package struct SourceFile: Sendable {
  /// The prefix of the names that it declares, as `__torch__.torch.nn.modules.conv`.
  package let qualifier: String
  /// How messages name it, as `code/__torch__/torch/nn/modules/conv.py`.
  package let path: String
  package let text: String

  package init(qualifier: String, path: String, text: String) {
    self.qualifier = qualifier
    self.path = path
    self.text = text
  }
}

/// A file's bytes, for lexing and for messages that point into them.
final class SourceText: Sendable {
  let path: String
  let bytes: [UInt8]
  private let lineStarts: [Int]

  init(path: String, text: String) {
    self.path = path
    bytes = Array(text.utf8)
    lineStarts =
      [0] + bytes.indices.lazy.filter { [bytes] in bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
  }

  /// The line's number, from 1.
  func line(at offset: Int) -> Int {
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  func location(at offset: Int) -> SourceLocation {
    SourceLocation(file: path, line: line(at: offset))
  }

  /// An error that names file, line and column and shows the place.
  func failure(_ message: String, at offset: Int, kind: MartletError.Kind = .graph) -> MartletError
  {
    let line = line(at: offset)
    let start = lineStarts[line - 1]
    let end = bytes[start...].firstIndex { $0 == 10 || $0 == 13 } ?? bytes.count
    let column = min(offset, end) - start
    // A long line is shown around the place only.
    let from = max(start, start + column - 60)
    let shown = String(decoding: bytes[from..<min(end, from + 100)], as: UTF8.self)
    let marker = String(repeating: " ", count: start + column - from) + "^"
    return MartletError(
      kind, "\(path), line \(line), column \(column + 1): \(message)\n    \(shown)\n    \(marker)")
  }
}
