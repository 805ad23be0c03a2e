import Foundation
import MartletKernels
import Testing

/// Machine code against a disassembler where there is one, and against bytes that it confirmed.
struct EncodingTests {
  private static let disassembler = ["/usr/bin/objdump", "/usr/local/bin/objdump"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(.enabled(if: disassembler != nil, "objdump is not installed"))
  func disassemblerReadsWhatWasMeant() throws {
    let cases = EncodingCases.all
    let lines = try disassemble(cases.assembler.bytes)
    try #require(lines.count == cases.texts.count)
    var different = 0
    for (i, line) in lines.enumerated() where different < 20 {
      if line.start != cases.starts[i] || line.text != cases.texts[i] {
        different += 1
        let bytes = cases.encodings[i].map { String($0, radix: 16) }.joined(separator: " ")
        Issue.record("meant \(cases.texts[i]), reads \(line.text) (\(bytes))")
      }
    }
  }

  /// One number for all the encodings that the disassembler confirmed.
  @Test func encodingsAreAsConfirmed() {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in EncodingCases.all.assembler.bytes {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    #expect(EncodingCases.all.texts.count == 5217)
    #expect(hash == 0x1046_1F6B_E420_25CD)
  }

  @Test(arguments: goldenEncodings)
  func encodesAsListed(_ text: String, _ bytes: String) throws {
    let i = try #require(EncodingCases.all.texts.firstIndex(of: text))
    let expected = bytes.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    #expect(EncodingCases.all.encodings[i] == expected)
  }

  private func disassemble(_ bytes: [UInt8]) throws -> [(start: Int, text: String)] {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "encodings-\(UUID().uuidString).bin")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: try #require(Self.disassembler))
    process.arguments = ["-D", "-w", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "\t")
      guard parts.count == 3, let start = Int(parts[0].dropLast().trimmed, radix: 16) else {
        return nil
      }
      return (start, normalized(parts[2]))
    }
  }

  /// Spaces made single, and older spellings of broadcasts as the newer ones.
  private func normalized(_ text: Substring) -> String {
    var text = text.split(separator: " ").joined(separator: " ")
    if let range = text.range(of: "{1to16}") {
      text.removeSubrange(range)
      text = text.replacingOccurrences(of: "DWORD PTR", with: "DWORD BCST")
    }
    return text
  }
}

extension Substring {
  fileprivate var trimmed: Substring { drop { $0 == " " } }
}
