/// Modules named by position (`torch.nn.ModuleList`). A property that is a Swift array of modules
/// does the same without a class of its own in the tree. Inherit from it for a list under another
/// class's name.
open class ModuleList<Element: ModuleBase>: ModuleBase, RandomAccessCollection {
  private let items: [Element]

  public init(_ modules: [Element] = []) { items = modules }

  open override class var torchTypeName: String { "torch.nn.modules.container.ModuleList" }

  public var startIndex: Int { 0 }
  public var endIndex: Int { items.count }
  public subscript(position: Int) -> Element { items[position] }

  override var groupsEqualChildren: Bool {
    Self.torchTypeName == "torch.nn.modules.container.ModuleList"
  }

  package override func entries() -> [ModuleEntry] {
    items.enumerated().map { ModuleEntry(name: "\($0)", content: .module($1)) }
  }
}

/// Modules under names, in the order they were given (`torch.nn.ModuleDict`). A property that is a
/// Swift dictionary of modules does the same, sorted by name.
public final class ModuleDict<Element: ModuleBase>: ModuleBase {
  private let items: [(name: String, module: Element)]

  public init(_ modules: KeyValuePairs<String, Element> = [:]) {
    items = modules.map { ($0.key, $0.value) }
  }

  public override class var torchTypeName: String { "torch.nn.modules.container.ModuleDict" }

  /// The names in order.
  public var keys: [String] { items.map(\.name) }
  /// The modules in the order of the names.
  public var values: [Element] { items.map(\.module) }
  public var count: Int { items.count }

  public subscript(name: String) -> Element? { items.first { $0.name == name }?.module }

  package override func entries() -> [ModuleEntry] {
    items.map { ModuleEntry(name: $0.name, content: .module($0.module)) }
  }
}
