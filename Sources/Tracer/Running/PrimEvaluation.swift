import MartletOps
import MartletTensor

/// The structural nodes that compute, for all that walk a graph.
package enum PrimEvaluation {
  /// - Parameter unit: where enumerations are declared.
  package static func results(
    of prim: Prim, _ node: Node, _ arguments: [Value], in graph: Graph,
    unit: CompilationUnit = .empty
  ) throws -> [Value] {
    switch prim {
    case .constant:
      guard let label = node.label, let tensor = graph.constants[label] else {
        throw MartletError(.graph, "the constant's tensor is missing: \(graph.line(of: node))")
      }
      return [.tensor(tensor)]
    case .listConstruct: return [.list(arguments)]
    case .tupleConstruct: return [.tuple(arguments)]
    case .dictConstruct: return [dictionary(arguments)]
    case .listUnpack, .tupleUnpack: return try unpacked(node, arguments, in: graph)
    case .tupleIndex: return [try item(node, arguments, in: graph)]
    case .tupleSlice: return [try slice(node, arguments, in: graph)]
    case .dictItem:
      return [try dictionaryItem(arguments)]
    case .createObject:
      guard let output = node.outputs.first, case .module(let name) = graph.type(of: output)
      else { break }
      return [.object(ScriptObject(className: name))]
    case .enumMember:
      guard let label = node.label, let member = unit.enumMember(label) else {
        throw MartletError(.graph, "there is no \(node.label ?? "")")
      }
      return [.enumeration(member)]
    case .uncheckedCast where arguments.count == 1: return arguments
    case .uninitialized: return [.none]
    case .raiseException: throw try exception(arguments)
    case .isInstance:
      guard let value = arguments.first, let types = node.label else { break }
      return [.bool(try InstanceTest(types).accepts(value))]
    case .toList:
      guard case .tensor(let tensor)? = arguments.first, let output = node.outputs.first else {
        break
      }
      return [try NestedLists(tensor).value(of: graph.type(of: output))]
    default: break
    }
    throw MartletError(.graph, "cannot run \(graph.line(of: node))")
  }

  private static func dictionary(_ arguments: [Value]) -> Value {
    var entries: [Value.DictionaryEntry] = []
    for index in stride(from: 0, to: arguments.count - 1, by: 2) {
      let entry = Value.DictionaryEntry(key: arguments[index], value: arguments[index + 1])
      if let known = entries.firstIndex(where: { $0.key.isEqual(to: entry.key) }) {
        entries[known] = entry
      } else {
        entries.append(entry)
      }
    }
    return .dictionary(entries)
  }

  private static func unpacked(
    _ node: Node, _ arguments: [Value], in graph: Graph
  ) throws -> [Value] {
    switch arguments.first?.content {
    case .list(let items)?, .tuple(let items)?:
      guard items.count == node.outputs.count else {
        throw MartletError(
          .shape,
          "expected \(node.outputs.count) items, got \(items.count): the trace fixed their number")
      }
      return items
    default: throw MartletError(.graph, "cannot run \(graph.line(of: node))")
    }
  }

  private static func item(
    _ node: Node, _ arguments: [Value], in graph: Graph
  ) throws -> Value {
    guard case .tuple(let items)? = arguments.first, case .int(let index)? = arguments.last else {
      throw MartletError(.graph, "cannot run \(graph.line(of: node))")
    }
    let position = index.number < 0 ? index.number + items.count : index.number
    guard items.indices.contains(position) else {
      throw MartletError(.index, "no such item: \(graph.line(of: node))")
    }
    return items[position]
  }

  private static func slice(
    _ node: Node, _ arguments: [Value], in graph: Graph
  ) throws -> Value {
    guard arguments.count == 3, case .tuple(let items) = arguments[0],
      case .int(let first) = arguments[1], case .int(let last) = arguments[2],
      first.number >= 0, first.number <= last.number, last.number <= items.count
    else { throw MartletError(.graph, "cannot run \(graph.line(of: node))") }
    return .tuple(Array(items[first.number..<last.number]))
  }

  private static func dictionaryItem(_ arguments: [Value]) throws -> Value {
    guard arguments.count == 2, case .dictionary(let entries) = arguments[0].content else {
      throw MartletError(.graph, "expects a dictionary and a key")
    }
    guard let entry = entries.first(where: { $0.key.isEqual(to: arguments[1]) }) else {
      throw MartletError(.index, "KeyError: \(arguments[1].summary)")
    }
    return entry.value
  }

  private static func exception(_ arguments: [Value]) throws -> MartletError {
    guard let first = arguments.first else { return MartletError(.raised, "an exception") }
    let message: String
    if case .string(let text) = first { message = text } else { message = first.summary }
    guard arguments.count > 1, case .string(let name) = arguments[1] else {
      return MartletError(.raised, message)
    }
    let type = name.split(separator: ".").last.map(String.init) ?? name
    return MartletError(.raised, "\(type): \(message)")
  }
}
