import CLibFuzzer
import Foundation
import Martlet

/// `Fuzz TARGET [libFuzzer's options and folders]`
@main
enum Fuzz {
  nonisolated(unsafe) static var target = FuzzTarget.archive
  static let scratch = ScratchFile()

  static func main() {
    var arguments = CommandLine.arguments
    guard arguments.count > 1, let target = FuzzTarget(rawValue: arguments[1]) else {
      let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
      FileHandle.standardError.write(Data("fuzz: one of \(names)\n".utf8))
      exit(64)
    }
    Self.target = target
    arguments.remove(at: 1)
    var count = Int32(arguments.count)
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    pointers.append(nil)
    let status = pointers.withUnsafeMutableBufferPointer { buffer in
      var start = buffer.baseAddress
      return LLVMFuzzerRunDriver(&count, &start) { bytes, count in
        Fuzz.test([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
      }
    }
    scratch.remove()
    exit(status)
  }

  private static func test(_ bytes: [UInt8]) -> Int32 {
    do {
      try target.run(bytes, scratch)
    } catch is MartletError {
      // Broken bytes, told so.
    } catch {
      fatalError("an error of another kind: \(error)")
    }
    return 0
  }
}
