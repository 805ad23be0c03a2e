import MartletNN
import MartletTensor

/// Elements in memory as a tensor sees them: what two tensors share when they are the same one.
struct TensorKey: Hashable {
  let storage: ObjectIdentifier
  let layout: Layout
  let dtype: DType
  let quantizer: Quantizer?

  init(_ tensor: Tensor) {
    quantizer = tensor.quantizer
    storage = ObjectIdentifier(tensor.storage)
    layout = tensor.layout
    dtype = tensor.dtype
  }
}

/// A parameter or buffer by its module's number and its name there.
struct AttributeReference: Hashable {
  let module: Int
  let name: String
}

/// The tree of a model as it was when the trace began, read once, so that a call needs no
/// reflection.
final class ModuleTable {
  final class Record {
    let module: ModuleBase?
    let typeName: String
    let path: String
    var attributes: [TracedModule.Attribute] = []
    private(set) var children: [(name: String, module: Int)] = []
    private(set) var childNumbers: [String: Int] = [:]
    var parents: [(module: Int, name: String)] = []
    var methods: [(name: String, graph: Graph)] = []
    private var callCounts: [String: Int] = [:]

    init(module: ModuleBase?, typeName: String, path: String) {
      self.module = module
      self.typeName = typeName
      self.path = path
    }

    func addChild(_ name: String, _ number: Int) {
      children.append((name, number))
      childNumbers[name] = number
    }

    /// `forward`, then `forward1`, as PyTorch names a module's further calls.
    func nextMethodName(_ name: String) -> String {
      let count = callCounts[name, default: 0]
      callCounts[name] = count + 1
      return count == 0 ? name : "\(name)\(count)"
    }
  }

  private(set) var records: [Record] = []
  private var numbers: [ObjectIdentifier: Int] = [:]
  private var attributes: [TensorKey: [AttributeReference]] = [:]
  private var chains: [[Int]: [String]?] = [:]

  /// - Parameter root: the traced module, or nil for a function.
  init(root: ModuleBase?) {
    if let root {
      _ = add(root, path: "", parent: nil)
    } else {
      records.append(Record(module: nil, typeName: "", path: ""))
    }
  }

  func number(of module: AnyObject) -> Int? { numbers[ObjectIdentifier(module)] }

  /// Where the tensor is a parameter or buffer, first found first.
  func references(to tensor: Tensor) -> [AttributeReference] { attributes[TensorKey(tensor)] ?? [] }

  /// Takes in a module that was not in the tree, under a name made from its type.
  func adopt(_ module: ModuleBase, into parent: Int) -> Int {
    let type = type(of: module).torchTypeName.split(separator: ".").last.map(String.init) ?? ""
    let base = snakeCase(type)
    let record = records[parent]
    var name = base
    var number = 1
    while record.childNumbers[name] != nil || record.attributes.contains(where: { $0.name == name })
    {
      name = "\(base)_\(number)"
      number += 1
    }
    return add(module, path: joined(records[parent].path, name), parent: (parent, name))
  }

  /// The names that lead from one module down to another, or nil when it is not below.
  func chain(from ancestor: Int, to module: Int) -> [String]? {
    if ancestor == module { return [] }
    if let known = chains[[ancestor, module]] { return known }
    var found: [String]?
    var visited: Set<Int> = [module]
    var level: [(module: Int, names: [String])] = [(module, [])]
    while found == nil, !level.isEmpty {
      var next: [(module: Int, names: [String])] = []
      for (module, names) in level {
        for parent in records[module].parents where visited.insert(parent.module).inserted {
          if parent.module == ancestor, found == nil { found = names + [parent.name] }
          next.append((parent.module, names + [parent.name]))
        }
      }
      level = next
    }
    let chain = found.map { Array($0.reversed()) }
    chains[[ancestor, module]] = .some(chain)
    return chain
  }

  private func add(_ module: ModuleBase, path: String, parent: (Int, String)?) -> Int {
    let number = records.count
    numbers[ObjectIdentifier(module)] = number
    records.append(
      Record(module: module, typeName: type(of: module).torchTypeName, path: path))
    link(number, parent)
    addEntries(module.entries(), to: number)
    return number
  }

  private func link(_ child: Int, _ parent: (Int, String)?) {
    guard let (parent, name) = parent else { return }
    records[child].parents.append((parent, name))
    records[parent].addChild(name, child)
  }

  private func addEntries(_ entries: [ModuleEntry], to number: Int) {
    let record = records[number]
    for entry in entries {
      switch entry.content {
      case .parameter(let parameter):
        addAttribute(.init(entry.name, parameter.value, .parameter), to: number)
      case .buffer(let buffer):
        addAttribute(
          .init(entry.name, buffer.value, .buffer(isPersistent: buffer.isPersistent)), to: number)
      case .module(let child):
        if let known = numbers[ObjectIdentifier(child)] {
          // A reference back up would make the tree endless.
          if chain(from: known, to: number) == nil { link(known, (number, entry.name)) }
        } else {
          _ = add(child, path: joined(record.path, entry.name), parent: (number, entry.name))
        }
      case .modules(let items, let isDictionary):
        let kind = isDictionary ? "ModuleDict" : "ModuleList"
        let container = records.count
        records.append(
          Record(
            module: nil, typeName: "torch.nn.modules.container.\(kind)",
            path: joined(record.path, entry.name)))
        link(container, (number, entry.name))
        addEntries(items, to: container)
      }
    }
  }

  private func addAttribute(_ attribute: TracedModule.Attribute, to number: Int) {
    records[number].attributes.append(attribute)
    attributes[TensorKey(attribute.tensor), default: []].append(
      AttributeReference(module: number, name: attribute.name))
  }
}

func joined(_ path: String, _ name: String) -> String {
  if path.isEmpty { return name }
  return name.isEmpty ? path : "\(path).\(name)"
}

/// `BasicBlock` is `basic_block`.
private func snakeCase(_ type: String) -> String {
  var result = ""
  var previousIsUpper = true
  for character in type where character.isLetter || character.isNumber || character == "_" {
    if character.isUppercase, !previousIsUpper { result.append("_") }
    previousIsUpper = character.isUppercase || character == "_"
    result.append(contentsOf: character.lowercased())
  }
  return result.isEmpty ? "module" : result
}
