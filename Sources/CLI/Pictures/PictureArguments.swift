import ArgumentParser

/// A height and a width in pixels, as in `224` or `480,640`.
struct PictureSize: ExpressibleByArgument, Equatable {
  let height: Int
  let width: Int

  init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), let height = parts[0], let width = parts[parts.count - 1],
      (1...16_384).contains(height), (1...16_384).contains(width)
    else { return nil }
    self.init(height: height, width: width)
  }
}

/// Numbers for each channel, as in `0.485,0.456,0.406`; one number stands for all.
struct ChannelValues: ExpressibleByArgument {
  let values: [Float]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    values = parts.compactMap { Float($0) }
    guard values.count == parts.count, values.count == 1 || values.count == 3,
      values.allSatisfy(\.isFinite)
    else { return nil }
  }

  /// One number for each of the channels; nil when there are others.
  func values(for channels: Int) -> [Float]? {
    if values.count == channels { return values }
    return values.count == 1 ? Array(repeating: values[0], count: channels) : nil
  }
}

extension ResamplingFilterOption: ExpressibleByArgument {}

/// The filters by their names in torchvision.
enum ResamplingFilterOption: String, CaseIterable {
  case bilinear, bicubic
}
