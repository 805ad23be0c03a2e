import MartletKernels
import Testing

struct CRC32FoldingTests {
  /// The register after the bytes, bit by bit.
  private func register(_ bytes: [UInt8], from start: UInt32) -> UInt32 {
    bytes.reduce(start) { register, byte in
      var register = register ^ UInt32(byte)
      for _ in 0..<8 {
        register = register & 1 == 1 ? register >> 1 ^ 0xEDB8_8320 : register >> 1
      }
      return register
    }
  }

  @Test func residuesLeaveTheSameRegister() throws {
    var state: UInt64 = 1
    let bytes: [UInt8] = (0..<1000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return UInt8(truncatingIfNeeded: state >> 40)
    }
    for count in [0, 1, 63, 64, 65, 127, 128, 129, 192, 255, 256, 700, 977] {
      for (offset, start) in [(0, ~0), (1, 0), (23, 0x1234_5678)] as [(Int, UInt32)] {
        let message = bytes[offset..<offset + count]
        guard let residue = CRC32Folding.fold(message.span, register: start) else {
          #expect(count < 64 || KernelMode.current == .portable)
          continue
        }
        #expect(residue.byteCount == count / 64 * 64)
        #expect(
          register(residue.bytes, from: 0)
            == register(Array(message.prefix(residue.byteCount)), from: start))
      }
    }
  }
}
