import Martlet
import MartletPictures
import MartletTensor

/// How a picture becomes a classifier's input: torchvision's `Resize`, `CenterCrop`, `ToTensor`
/// and `Normalize`.
struct Preparation: Sendable, CustomStringConvertible {
  let size: PictureSize
  /// The shorter side's length before the middle is cut out.
  let resize: Int
  let filter: ResamplingFilter
  let mean: [Float]
  let deviation: [Float]

  var channels: Int { mean.count }

  func planes(_ picture: Picture) throws -> [Float] {
    let middle = try picture.resized(shorterSide: resize, filter: filter)
      .centerCropped(width: size.width, height: size.height)
    return channels == 1
      ? try middle.greyPlane(mean: mean[0], deviation: deviation[0])
      : try middle.planes(mean: mean, deviation: deviation)
  }

  var description: String {
    "pictures are prepared so: shorter side to \(resize) (\(filter.rawValue)), middle "
      + "\(size.height)x\(size.width), \(channels == 1 ? "grey" : "RGB"), "
      + "(level / 255 - \(Self.text(mean))) / \(Self.text(deviation))"
  }

  private static func text(_ values: [Float]) -> String {
    Set(values).count == 1 ? "\(values[0])" : "\(values)"
  }
}
