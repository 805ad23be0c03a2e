/// Why a picture could not be drawn or written.
public struct PictureError: Error, Sendable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) { self.description = description }
}
