/// What went wrong, where, and what was expected instead.
///
/// Every error a user can cause is one of these. The layers it passes on its way up add what
/// they know: the dispatcher the operator and its arguments, modules their path.
public struct MartletError: Error, Sendable, CustomStringConvertible {
  /// The family of the mistake.
  public enum Kind: String, Sendable, Hashable {
    case shape, dtype, index, argument, value, memory, file, weights, tracing, check, graph
    case unsupported
    /// What a script itself raised.
    case raised
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
  /// The module that the error passed last, while it is on its way up.
  package var failingModule: ObjectIdentifier?

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

/// A line of source: of Swift, as `#fileID` and `#line` name it, or of an archive's code.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
  // A compile-time file name is kept as it is: every operator call makes a location.
  private enum File: Sendable {
    case literal(StaticString)
    case text(String)
  }

  private let storedFile: File
  public let line: Int

  public init(file: String, line: Int) {
    self.storedFile = .text(file)
    self.line = line
  }

  public init(_ file: StaticString, _ line: UInt) {
    self.storedFile = .literal(file)
    self.line = Int(line)
  }

  public var file: String {
    switch storedFile {
    case .literal(let name): "\(name)"
    case .text(let name): name
    }
  }

  public var description: String { "\(file):\(line)" }

  /// Whether it lies within Martlet's layers, whose callers know better what it is about.
  package var isInLayers: Bool { file.hasPrefix("MartletNN/") }

  public static func == (a: SourceLocation, b: SourceLocation) -> Bool {
    a.line == b.line && a.file == b.file
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(file)
    hasher.combine(line)
  }
}
