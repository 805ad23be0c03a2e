import Foundation
import Martlet
import MartletPictures
import MartletTensor

/// Standard output.
enum Output {
  /// Writes what was printed so far.
  ///
  /// - Throws: `MartletError` of kind `.file` when it cannot be written, as to a full disk.
  static func finish() throws {
    guard fflush(nil) != 0 else { return }
    throw MartletError(.file, "could not write to standard output: \(systemReason(errno))")
  }

  private static func systemReason(_ code: Int32) -> String {
    reason(NSError(domain: NSPOSIXErrorDomain, code: Int(code)))
  }
}

/// The system's words for why a file could not be read or written.
func reason(_ error: any Error) -> String { systemReason(error) }

extension Picture {
  /// Writes a file in the format that its name ends in, all of it or nothing.
  func save(_ path: String) throws {
    guard let format = PictureFormat(path: path) else {
      throw MartletError(.argument, "'\(path)' ends in none of .png, .jpg, .webp")
    }
    try OutputFile.write(try encoded(as: format), to: path)
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
  return String(format: "%.4g", number)
}

/// A count of bytes as a person reads it.
func byteText(_ count: Int) -> String {
  count < 1_000_000
    ? "\((Double(count) / 100).rounded() / 10) kB" : "\((Double(count) / 1e5).rounded() / 10) MB"
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
