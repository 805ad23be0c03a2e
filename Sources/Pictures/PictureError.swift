/// Why a picture could not be read, drawn or written.
public struct PictureError: Error, Sendable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) { self.description = description }
}
