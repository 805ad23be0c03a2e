import Foundation

/// One file that is written anew for each input: what Martlet reads, it maps.
struct ScratchFile {
  private let path: String
  /// Where what was read may be written again.
  var second: String { path + ".out" }

  init() {
    let memory = "/dev/shm"
    let folder =
      FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    path = "\(folder)/martlet-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
  }

  func holding(_ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  func remove() {
    for path in [path, second] { try? FileManager.default.removeItem(atPath: path) }
  }
}
