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
