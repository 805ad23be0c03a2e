import MartletOps
import MartletTensor
import MartletTracer

/// From TorchScript source to graphs.
package enum SourceCompiler {
  /// Compiles everything that the files declare.
  ///
  /// - Parameters:
  ///   - files: all files of an archive, in any order.
  ///   - constants: what the source calls `CONSTANTS.c0`, `CONSTANTS.c1`, …
  ///   - version: the archive's file version; operators of older ones keep their meaning. Nil is
  ///     the newest.
  /// - Throws: `MartletError` that names file, line and column and what was expected.
  package static func compile(
    _ files: [SourceFile], constants: [Value] = [], version: Int? = nil
  ) throws -> CompilationUnit {
    let unit = UnitCompiler(constants: constants, version: version)
    for file in files { try unit.add(file) }
    return try unit.compile()
  }
}

/// Everything that is declared, and what has been compiled of it.
final class UnitCompiler {
  struct Entry<Syntax> {
    let syntax: Syntax
    let source: SourceText
    /// What unqualified names are looked up in.
    let qualifier: String
  }

  let constants: [Value]
  let version: Int?
  private(set) var order: [String] = []
  private(set) var classSyntax: [String: Entry<ClassSyntax>] = [:]
  private(set) var functionSyntax: [String: Entry<FunctionSyntax>] = [:]
  /// Declared so far: attributes and signatures, no bodies.
  var declaredClasses: [String: DeclaredClass] = [:]
  var classesInProgress: Set<String> = []
  var signatures: [String: Signature] = [:]
  /// Graphs by the function's or method's qualified name.
  var compiled: [String: ScriptFunction] = [:]
  var functionsInProgress: Set<String> = []
  /// Who calls whom, for finding recursion.
  var calls: [String: [(callee: String, source: SourceText, position: Int)]] = [:]
  private var hasFunctional = false
  /// Functions of the library that nothing has called yet.
  private var library: Set<String> = []
  /// How much work the rest of the source may take: what unrolls or doubles must end.
  var budget = 100_000
  /// How many bodies are compiled within each other because their types are inferred.
  var depth = 0

  init(constants: [Value], version: Int?) {
    self.constants = constants
    self.version = version
  }

  /// - Parameter isLibrary: whether only what is called is compiled.
  func add(_ file: SourceFile, isLibrary: Bool = false) throws {
    let source = SourceText(path: file.path, text: file.text)
    budget += 4 * source.bytes.count
    var parser = try SourceParser(source)
    for declaration in try parser.file() {
      let (name, position) =
        switch declaration {
        case .class(let syntax): (syntax.name, syntax.position)
        case .function(let syntax): (syntax.name, syntax.position)
        }
      let qualified = "\(file.qualifier).\(name)"
      guard classSyntax[qualified] == nil, functionSyntax[qualified] == nil else {
        throw source.failure("expected a new name, got '\(qualified)' again", at: position)
      }
      if isLibrary { library.insert(qualified) } else { order.append(qualified) }
      switch declaration {
      case .class(let syntax):
        classSyntax[qualified] = Entry(syntax: syntax, source: source, qualifier: file.qualifier)
      case .function(let syntax):
        functionSyntax[qualified] = Entry(
          syntax: syntax, source: source, qualifier: file.qualifier)
      }
    }
  }

  /// Declares the functions of `torch.nn.functional` once.
  func addFunctional() throws {
    guard !hasFunctional else { return }
    hasFunctional = true
    try add(
      SourceFile(
        qualifier: FunctionalSource.qualifier, path: "torch/nn/functional.py",
        text: FunctionalSource.text), isLibrary: true)
  }

  /// A function of the library that is called is compiled too.
  func noteCall(of name: String) {
    if library.remove(name) != nil { order.append(name) }
  }

  func compile() throws -> CompilationUnit {
    var classes: [String: ScriptClass] = [:]
    var functions: [String: ScriptFunction] = [:]
    // Bodies may declare more: functions of PyTorch's library that they call.
    var index = 0
    var names: [String] = []
    while index < order.count {
      let name = order[index]
      index += 1
      if let entry = classSyntax[name] {
        let declared = try declaredClass(name, from: entry.source, at: entry.syntax.position)
        var methods: [ScriptFunction] = []
        for method in declared.methods {
          methods.append(
            try body(of: "\(name).\(method.name)", method, declared.entry, selfType: declared.type))
        }
        // Initialisers may have declared attributes.
        var result = declaredClasses[name]?.script ?? declared.script
        result.methods = methods
        classes[name] = result
      } else if let entry = functionSyntax[name] {
        functions[name] = try body(of: name, entry.syntax, entry, selfType: nil)
      }
      names.append(name)
    }
    try refuseRecursion()
    return CompilationUnit(classes: classes, functions: functions, order: names)
  }

  /// Compiles a function once.
  @discardableResult
  func body<Syntax>(
    of name: String, _ syntax: FunctionSyntax, _ entry: Entry<Syntax>, selfType: GraphType?
  ) throws -> ScriptFunction {
    if let done = compiled[name] { return done }
    guard functionsInProgress.insert(name).inserted else {
      throw entry.source.failure(
        "expected no recursion: the type of '\(name)' cannot be inferred from itself",
        at: syntax.position)
    }
    depth += 1
    defer {
      depth -= 1
      functionsInProgress.remove(name)
    }
    guard depth < 32 else {
      throw entry.source.failure(
        "expected a return type: too many functions infer theirs from others", at: syntax.position)
    }
    let signature = try signature(name, syntax, entry, selfType: selfType)
    let compiler = FunctionCompiler(
      unit: self, name: name, source: entry.source, qualifier: entry.qualifier)
    let function: ScriptFunction
    if let selfType, case .module(let owner) = selfType,
      declaredClasses[owner]?.script.kind == .interface
    {
      function = compiler.declaration(syntax, signature)
    } else {
      function = try compiler.compile(syntax, signature)
    }
    compiled[name] = function
    signatures[name]?.returnType = function.returnType
    return function
  }

  /// Functions that call themselves, perhaps through others, have no graph that ends.
  private func refuseRecursion() throws {
    enum Mark { case open, done }
    var marks: [String: Mark] = [:]
    for start in calls.keys.sorted() where marks[start] == nil {
      var path: [(name: String, next: Int)] = [(start, 0)]
      marks[start] = .open
      while let top = path.last {
        let edges = calls[top.name] ?? []
        guard top.next < edges.count else {
          marks[top.name] = .done
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let edge = edges[top.next]
        switch marks[edge.callee] {
        case .open?:
          throw edge.source.failure(
            "expected no recursion: '\(edge.callee)' is called from within itself",
            at: edge.position)
        case .done?: break
        case nil:
          marks[edge.callee] = .open
          path.append((edge.callee, 0))
        }
      }
    }
  }
}
