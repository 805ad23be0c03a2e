import MartletKernels

/// A colour for each class of a model, neighbours far apart.
public enum Palette {
  /// The colour of a class; the same in every picture.
  ///
  /// Hues go round by the golden angle, so that any number of them lie apart; lightness and
  /// strength change beside them. (Oklch: B. Ottosson, *A perceptual color space for image
  /// processing*, 2020.)
  public static func color(_ label: Int) -> Color {
    let number = Double(label.magnitude % 10_000)
    let hue = (25 + 137.508 * number) * .pi / 180
    let lightness = [0.70, 0.58, 0.80, 0.64, 0.50][Int(number) % 5]
    let strength = [0.20, 0.11][Int(number) / 5 % 2]
    return color(lightness, strength * Libm.cos(hue), strength * Libm.sin(hue))
  }

  /// From Oklab's coordinates; what sRGB does not hold is cut off.
  private static func color(_ lightness: Double, _ a: Double, _ b: Double) -> Color {
    func cubed(_ x: Double) -> Double { x * x * x }
    let long = cubed(lightness + 0.3963377774 * a + 0.2158037573 * b)
    let middle = cubed(lightness - 0.1055613458 * a - 0.0638541728 * b)
    let short = cubed(lightness - 0.0894841775 * a - 1.2914855480 * b)
    return Color(
      red: level(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
      green: level(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
      blue: level(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short))
  }

  private static func level(_ linear: Double) -> UInt8 {
    let light = min(max(linear, 0), 1)
    let value = light <= 0.0031308 ? 12.92 * light : 1.055 * Libm.pow(light, 1 / 2.4) - 0.055
    return UInt8((value * 255).rounded())
  }
}

extension Color {
  /// Black or white, whichever is the better read on this colour.
  public var legibleText: Color {
    func linear(_ level: UInt8) -> Double { Libm.pow(Double(level) / 255, 2.2) }
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    // Where the contrasts (WCAG 2.1) of both are equal.
    return luminance > 0.179 ? .black : .white
  }
}
