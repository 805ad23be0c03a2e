import MartletKernels
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sizes around the vector's width.
let awkwardSizes = [0, 1, 3, 7, 8, 9, 15, 16, 17, 127, 1000]

/// A fixed sequence of numbers in −1..<1.
struct Noise {
  private var state: UInt64

  init(_ seed: UInt64 = 1) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> Float {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Float(Int64(truncatingIfNeeded: state >> 40) - (1 << 23)) / Float(1 << 23)
  }

  mutating func values(_ count: Int) -> [Float] { (0..<count).map { _ in next() } }
}

/// A slice that starts at an odd offset in its memory, with sentinels around it.
struct Guarded {
  let slice: MemorySlice<Float>
  private let whole: MemorySlice<Float>
  private static let sentinel: Float = 12345.678

  init(_ values: [Float], offset: Int = 3) throws {
    let edge = [Float](repeating: Self.sentinel, count: offset)
    whole = try MemorySlice(edge + values + [Self.sentinel, Self.sentinel])
    slice = whole[from: offset, count: values.count]
  }

  init(count: Int) throws { try self.init([Float](repeating: .nan, count: count)) }

  var isIntact: Bool {
    let all = whole.values()
    let offset = all.count - slice.count - 2
    return all.prefix(offset).allSatisfy { $0 == Self.sentinel }
      && all.suffix(2).allSatisfy { $0 == Self.sentinel }
  }
}

/// The largest difference over the largest expected magnitude; NaN and infinity must agree.
func relativeDifference(_ got: [Float], _ expected: [Float]) -> Float {
  guard got.count == expected.count else { return .infinity }
  var (difference, largest) = (Float(0), Float(0))
  for (a, b) in zip(got, expected) {
    if a.isNaN && b.isNaN || a == b {
      if b.isFinite { largest = max(largest, abs(b)) }
      continue
    }
    if !a.isFinite || !b.isFinite { return .infinity }
    difference = max(difference, abs(a - b))
    largest = max(largest, abs(b))
  }
  return largest == 0 ? difference : difference / largest
}

func expectClose(
  _ got: [Float], _ expected: [Float], within tolerance: Float = 1e-6, _ comment: Comment? = nil,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
  let difference = relativeDifference(got, expected)
  #expect(difference <= tolerance, comment, sourceLocation: sourceLocation)
}

/// Runs the kernel with 1, 2 and 5 threads and demands the same bits.
func sameBits(
  count: Int, sourceLocation: Testing.SourceLocation = #_sourceLocation,
  _ kernel: (MemorySlice<Float>, Int) throws -> Void
) throws -> [Float] {
  try sameBits(
    initial: [Float](repeating: .nan, count: count), sourceLocation: sourceLocation, kernel)
}
