/// A colour in sRGB, eight bits a channel.
public struct Color: Sendable, Hashable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  public init(grey level: UInt8) { self.init(red: level, green: level, blue: level) }

  public static let black = Color(grey: 0)
  public static let white = Color(grey: 255)
}
