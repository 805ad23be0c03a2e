import Foundation
import MartletTensor
import TestSupport

/// Files that NumPy and safetensors wrote, as `make_files.py` gathered them.
struct FileFixtures: Decodable, Sendable {
  struct Contents: Decodable, Sendable {
    let dtype: String
    let sizes: [Int]
    let bits: [String]

    func matches(_ tensor: Tensor) throws -> Bool {
      let wanted = bits.map { UInt64($0) ?? 0 }
      return try tensor.dtype.name == dtype && tensor.shape == sizes
        && (try bitPatterns(tensor)) == wanted
    }
  }

  struct Array: Decodable, Sendable, CustomStringConvertible {
    let name: String
    let file: Data
    let canonical: Bool?
    let dtype: String
    let sizes: [Int]
    let bits: [String]

    var contents: Contents { Contents(dtype: dtype, sizes: sizes, bits: bits) }
    var description: String { name }
  }

  struct Refused: Decodable, Sendable, CustomStringConvertible {
    let name: String
    let file: Data
    let message: String
    var description: String { name }
  }

  struct Weights: Decodable, Sendable, CustomStringConvertible {
    let name: String
    let file: Data
    let metadata: [String: String]
    let tensors: [String: Contents]
    var description: String { name }
  }

  let npy: [Array]
  let refused: [Refused]
  let safetensors: [Weights]

  static let shared: FileFixtures =
    (try? jsonFixture("tensor/files.json")) ?? FileFixtures(npy: [], refused: [], safetensors: [])
}

/// Writes the bytes to a temporary file for the duration of `body`.
func withFile<R>(_ bytes: Data, _ body: (String) throws -> R) throws -> R {
  try withTemporaryFolder { folder in
    let url = folder.appending(path: "file")
    try bytes.write(to: url)
    return try body(url.path)
  }
}

/// A generator of test cases; its numbers are the same in every run.
struct TestNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
