import Foundation
import MartletKernels
import Testing

/// As `printf` writes them, which Foundation's formats call.
@Test(arguments: [0, -0.0, 1, 0.1, -1234.5678, 1e300, 5e-324, 1e20, 2.5, .pi])
private func numbersAreWrittenAsByPrintf(value: Double) {
  for digits in [0, 1, 6, 17, 40] {
    #expect(
      NumberText.text(value, .fixed, digits: digits) == String(format: "%.\(digits)f", value))
    #expect(
      NumberText.text(value, .scientific, digits: digits) == String(format: "%.\(digits)e", value))
    #expect(
      NumberText.text(value, .capitalScientific, digits: digits)
        == String(format: "%.\(digits)E", value))
    #expect(
      NumberText.text(value, .general, digits: digits) == String(format: "%.\(digits)g", value))
  }
}
