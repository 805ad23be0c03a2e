import Martlet
import MartletKernels
import MartletTensor

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Standard output.
enum Output {
  /// Writes what was printed so far.
  ///
  /// - Throws: `MartletError` of kind `.file` when it cannot be written, as to a full disk.
  static func finish() throws {
    do throws(FileError) { try StandardOutput.finish() } catch {
      throw MartletError(.file, "could not write to standard output: \(error.reason)")
    }
  }
}

/// Prints a value as JSON, its keys sorted.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// A duration in milliseconds, to the microsecond.
func milliseconds(_ duration: Duration) -> Double {
  (duration / .microseconds(1)).rounded() / 1000
}

/// A number in four significant digits.
func shortNumber(_ number: Double) -> String {
  guard number.isFinite else { return "\(number)" }
  guard number != 0 else { return "0" }
  return NumberText.text(number, .general, digits: 4)
}

/// A number with so many digits after its point.
func fixed(_ number: Double, digits: Int) -> String {
  NumberText.text(number, .fixed, digits: digits)
}

/// A text with spaces behind it.
func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(width - text.count, 0))
}

/// A text without the spaces around it.
func trimmed(_ text: Substring) -> String {
  let start = text.drop(while: \.isWhitespace)
  let end = start.lastIndex { !$0.isWhitespace }
  return end.map { String(start[...$0]) } ?? ""
}

/// The last part of a path.
func fileName(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

/// A count of bytes as a person reads it.
func byteText(_ count: Int) -> String {
  if count < 1000 { return "\(count) B" }
  return count < 1_000_000
    ? "\((Double(count) / 100).rounded() / 10) kB" : "\((Double(count) / 1e5).rounded() / 10) MB"
}

/// A count of floating-point operations as a person reads it.
func workText(_ count: Int) -> String {
  if count < 1_000_000 { return "\(grouped(count)) FLOP" }
  return count < 1_000_000_000
    ? "\(shortNumber(Double(count) / 1e6)) MFLOP" : "\(shortNumber(Double(count) / 1e9)) GFLOP"
}

/// The memory that the process holds, in bytes; nil where the system does not tell.
enum ProcessMemory {
  /// The most so far.
  static var peakByteCount: Int? { field("VmHWM:") }
  static var byteCount: Int? { field("VmRSS:") }

  private static func field(_ name: String) -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
      let kilobytes = line.split(whereSeparator: \.isWhitespace).compactMap({ Int($0) }).first
    else { return nil }
    return kilobytes * 1024
  }
}

/// - Throws: `MartletError` of kind `.file`.
func readFile(_ path: String) throws -> [UInt8] {
  try FileError.translated { try MappedFile.bytes(of: path) }
}
