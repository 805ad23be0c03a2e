import MartletOps
import MartletTensor

/// What one run of a model did, flat and in order, with the module calls it happened in.
///
/// Nodes refer to values by `GraphValue`s that count in this recording.
struct Recording {
  enum Origin {
    case input
    case node
    /// A parameter or buffer, by every place in the tree that holds it.
    case attribute([AttributeReference])
    /// A tensor from outside of the model.
    case constant(String)
  }

  struct Value {
    let type: GraphType
    let name: String?
    let origin: Origin
    /// The frame whose body defines it.
    let frame: Int
    /// The branch or loop body that defines it, if any.
    let block: Int?
    let dependsOnInputs: Bool
    /// The tensor of a parameter, buffer or constant.
    var tensor: Tensor?
  }

  struct RecordedNode {
    let node: Node
    let frame: Int
  }

  enum Item {
    case node(Int)
    case call(Int)
  }

  /// A branch or loop body while it is being recorded.
  struct OpenBlock {
    let number: Int
    var nodes: [Node] = []
  }

  /// One call of a module's method.
  struct Frame {
    /// The frame whose body holds what is recorded here: itself, unless the module can't be
    /// reached from where it was called; then its nodes stand in the caller's body.
    let home: Int
    /// The home of the calling frame.
    let parent: Int?
    let depth: Int
    let module: Int
    /// The names from the parent's module to this one.
    let chain: [String]
    let method: String
    let scope: Scope
    let location: SourceLocation?
    var inputs: [GraphValue] = []
    var outputs: [GraphValue] = []
    var items: [Item] = []
    var isOpen = true
  }

  var values: [Value] = []
  var nodes: [RecordedNode] = []
  var frames: [Frame] = []
  /// The method's inputs, one each, packed as they were given.
  var inputs: [GraphValue] = []
  var output: Argument = .none

  func type(_ argument: Argument) -> GraphType { argument.type { values[$0.index].type } }

  func dependsOnInputs(_ argument: Argument) -> Bool {
    var depends = false
    argument.forEachValue { depends = depends || values[$0.index].dependsOnInputs }
    return depends
  }
}
