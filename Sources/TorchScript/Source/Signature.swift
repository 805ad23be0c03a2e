import MartletOps
import MartletTensor
import MartletTracer

/// What a caller must know of a function.
struct Signature {
  struct Parameter {
    let name: String
    let type: GraphType
    /// Of a list that one number may fill: `BroadcastingList2[int]`.
    var count: Int?
    let defaultValue: Value?
    let isKeywordOnly: Bool
  }

  var parameters: [Parameter]
  /// Nil until the body is compiled where no annotation states it.
  var returnType: GraphType?
}

extension UnitCompiler {
  /// - Parameter selfType: of the first parameter of a method.
  func signature<Syntax>(
    _ name: String, _ syntax: FunctionSyntax, _ entry: Entry<Syntax>, selfType: GraphType?
  ) throws -> Signature {
    if let known = signatures[name] { return known }
    let types = TypeReader(unit: self, source: entry.source, qualifier: entry.qualifier)
    var parameters: [Signature.Parameter] = []
    var names: Set<String> = []
    for (index, parameter) in syntax.parameters.enumerated() {
      guard names.insert(parameter.name).inserted else {
        throw entry.source.failure(
          "expected a new name, got the parameter '\(parameter.name)' again",
          at: parameter.position)
      }
      let type: GraphType
      if index == 0, let selfType {
        type = selfType
      } else {
        type = try parameter.annotation.map { try types.type($0) } ?? .tensor
      }
      let standard = try parameter.defaultValue.map {
        types.adapted(try types.constant($0).0, to: type)
      }
      parameters.append(
        .init(
          name: parameter.name, type: type,
          count: parameter.annotation.flatMap { TypeReader.broadcastCount($0) },
          defaultValue: standard,
          isKeywordOnly: parameter.isKeywordOnly))
    }
    if selfType != nil, parameters.isEmpty {
      throw entry.source.failure("expected 'self' as the first parameter", at: syntax.position)
    }
    let result = Signature(
      parameters: parameters,
      returnType: try syntax.returnAnnotation.map { try types.type($0) })
    signatures[name] = result
    return result
  }

  /// The signature of a free function with its return type.
  func functionSignature(_ name: String) throws -> Signature? {
    guard let entry = functionSyntax[name] else { return nil }
    noteCall(of: name)
    var found = try signature(name, entry.syntax, entry, selfType: nil)
    if found.returnType == nil {
      found.returnType = try body(of: name, entry.syntax, entry, selfType: nil).returnType
    }
    return found
  }

  /// The signature of a method with its return type; nil where the class has none of the name.
  func methodSignature(_ method: String, of declared: DeclaredClass) throws -> Signature? {
    guard let syntax = declared.methodSyntax(method) else { return nil }
    let name = "\(declared.script.name).\(method)"
    var found = try signature(name, syntax, declared.entry, selfType: declared.type)
    if found.returnType == nil {
      if method == "__init__" {
        found.returnType = GraphType.none
      } else {
        found.returnType =
          try body(of: name, syntax, declared.entry, selfType: declared.type).returnType
      }
    }
    return found
  }
}
