/// What went wrong, where, and what was expected instead.
///
/// Every error a user can cause is one of these. The layers it passes on its way up add what
/// they know: the dispatcher the operator and its arguments, modules their path.
public struct MartletError: Error, Sendable, CustomStringConvertible {
  /// The family of the mistake.
  public enum Kind: String, Sendable, Hashable {
    case shape, dtype, index, argument, value, memory, file, weights, tracing, check, graph
    case unsupported
  }

  public let kind: Kind
  /// One sentence: what was expected and what was got.
  public let message: String
  /// The operator's name and what it was given, as in `aten::linear(input: float32[2, 3], …)`.
  public var operatorCall: String?
  /// The failing module's path below the module that was called, as in `layer1.0.conv1`.
  public var modulePath: String?
  /// The Swift line whose call failed.
  public var location: SourceLocation?

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public var description: String {
    var text = message
    if let operatorCall { text += "\n  in \(operatorCall)" }
    if let modulePath, !modulePath.isEmpty { text += "\n  in module \(modulePath)" }
    if let location { text += "\n  at \(location)" }
    return text
  }
}

/// A line of Swift source, as `#fileID` and `#line` name it.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
  public let file: String
  public let line: Int

  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  @inlinable public init(_ file: StaticString, _ line: UInt) {
    self.init(file: "\(file)", line: Int(line))
  }

  public var description: String { "\(file):\(line)" }
}
