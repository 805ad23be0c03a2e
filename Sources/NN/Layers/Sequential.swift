import MartletTensor

/// Modules run one after the other, each on the result of the one before; inherit from it for a
/// network that is no more than that.
///
///     let head = Sequential(Linear(64, 32), ReLU(), Linear(32, 10))
///     let block = Sequential { Conv2d(3, 8, kernelSize: 3); if deep { BatchNorm2d(8) }; ReLU() }
///     let named = Sequential(["conv": Conv2d(3, 8, kernelSize: 3), "relu": ReLU()])
open class Sequential: ModuleBase, Forward {
  private let items: [(name: String, module: any UnaryModule)]

  /// Modules named by position.
  public init(_ modules: [any UnaryModule]) {
    items = modules.enumerated().map { ("\($0)", $1) }
  }

  /// Modules with names of their own, in this order.
  public init(named modules: [(name: String, module: any UnaryModule)]) { items = modules }

  /// Modules with names of their own, in this order.
  public convenience init(_ modules: KeyValuePairs<String, any UnaryModule>) {
    self.init(named: modules.map { ($0.key, $0.value) })
  }

  public convenience init(_ modules: any UnaryModule...) { self.init(modules) }

  public convenience init(@ModuleBuilder _ modules: () -> [any UnaryModule]) {
    self.init(modules())
  }

  open override class var torchTypeName: String {
    self == Sequential.self
      ? "torch.nn.modules.container.Sequential" : String(describing: self)
  }

  open func forward(_ input: Tensor) throws -> Tensor {
    try items.reduce(input) { try $1.module($0) }
  }

  /// The number of modules.
  public var count: Int { items.count }

  /// The module at a position, from 0.
  public subscript(position: Int) -> any UnaryModule { items[position].module }

  package override func entries() -> [ModuleEntry] {
    items.map { ModuleEntry(name: $0.name, content: .module($0.module)) } + reflectedEntries()
  }
}

/// Collects the modules of a block, with conditions and loops.
@resultBuilder
public enum ModuleBuilder {
  public static func buildExpression(_ module: any UnaryModule) -> [any UnaryModule] { [module] }
  public static func buildExpression(_ modules: [any UnaryModule]) -> [any UnaryModule] { modules }
  public static func buildBlock(_ parts: [any UnaryModule]...) -> [any UnaryModule] {
    parts.flatMap { $0 }
  }
  public static func buildOptional(_ part: [any UnaryModule]?) -> [any UnaryModule] { part ?? [] }
  public static func buildEither(first part: [any UnaryModule]) -> [any UnaryModule] { part }
  public static func buildEither(second part: [any UnaryModule]) -> [any UnaryModule] { part }
  public static func buildArray(_ parts: [[any UnaryModule]]) -> [any UnaryModule] {
    parts.flatMap { $0 }
  }
}
