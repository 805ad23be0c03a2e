import Martlet

/// The images that the training did not see, with what PyTorch makes of them.
struct HeldOutDigits {
  /// 8x8 grey levels each, 0 (paper) to 16 (ink), row by row.
  let pixels: [[UInt8]]
  /// What the writers meant.
  let labels: [Int]
  /// PyTorch's ten logits for each image.
  let torchLogits: [[Float]]

  var count: Int { labels.count }

  /// - Throws: `MartletError` when a file of train.py is missing or not what it writes.
  init(folder: String) throws {
    let images = try Tensor(npy: "\(folder)/test_images.npy")
    let levels = try images.array(of: UInt8.self)
    let answers = try Tensor(npy: "\(folder)/test_labels.npy").array(of: UInt8.self)
    let logits = try Tensor(npy: "\(folder)/test_logits.npy").array(of: Float.self)
    guard !answers.isEmpty, levels.count == answers.count * 64, logits.count == answers.count * 10
    else { throw DigitsError("the files in \(folder) do not fit together; run train.py again") }
    pixels = answers.indices.map { Array(levels[$0 * 64..<($0 + 1) * 64]) }
    labels = answers.map(Int.init)
    torchLogits = answers.indices.map { Array(logits[$0 * 10..<($0 + 1) * 10]) }
  }

  /// One image as the network takes it: `[1, 1, 8, 8]` in [0, 1].
  func image(_ index: Int) throws -> Tensor {
    try Tensor(pixels[index].map { Float($0) / 16 }, shape: [1, 1, 8, 8])
  }
}

/// Why the demo cannot go on.
struct DigitsError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
