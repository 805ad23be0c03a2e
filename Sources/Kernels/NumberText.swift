#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Numbers as C's `printf` writes them.
package enum NumberText {
  package enum Style: String, Sendable {
    case fixed = "f"
    case scientific = "e"
    case capitalScientific = "E"
    /// The shorter of the two.
    case general = "g"
  }

  /// - Parameter digits: after the point; of all of them where the style is `general`.
  package static func text(_ value: Double, _ style: Style, digits: Int) -> String {
    let form = "%.*" + style.rawValue
    let arguments: [any CVarArg] = [CInt(clamping: digits), value]
    return unsafe withVaList(arguments) { list in
      // A double has at most 309 digits before its point.
      let room = 400 + Int(CInt(clamping: max(digits, 0)))
      return unsafe String(unsafeUninitializedCapacity: room) { buffer in
        unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
          Int(unsafe vsnprintf(characters.baseAddress, characters.count, form, list))
        }
      }
    }
  }
}

/// The process's standard error.
package enum StandardError {
  package static func write(_ text: String) {
    var text = text
    unsafe text.withUTF8 { bytes in
      var rest = unsafe UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, unsafe !rest.isEmpty {
        let count = unsafe systemWrite(STDERR_FILENO, start, rest.count)
        if count <= 0 { return }
        unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
    }
  }
}

private func systemWrite(_ file: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
  unsafe write(file, start, count)
}
